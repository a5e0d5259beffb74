"""The demo looks the same at any time of the day."""

from datetime import UTC, date, datetime

import pytest

from chat.cli.demo import instant, last_day

SCRIPTS = [
    {"messages": [("eli", 1, "20:41", "I filled in all seven days.")]},
    {"messages": [("dana", 7, "12:15", "Yes please."), ("dana", 0, "08:48", "I’ll bring the notebook.")]},
]


@pytest.mark.parametrize(("hour", "day"), [(4, 21), (13, 21), (14, 22), (23, 22)])
def test_what_was_written_today_is_yesterdays_until_its_hour_has_come(hour: int, day: int) -> None:
    now = int(datetime(2026, 11, 22, hour, 0, tzinfo=UTC).timestamp() * 1000)  # 8:48 in New York is 13:48 here
    newest = last_day(SCRIPTS, now)
    assert newest == date(2026, 11, day)
    assert instant(newest, 1, "20:41") < instant(newest, 0, "08:48") < now
