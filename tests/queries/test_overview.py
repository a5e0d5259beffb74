"""The overview: weeks of counted days, of the practice or one's own, for staff alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest

from chat.actions.tallies import Counted, keep_tallies
from chat.errors import NotFound
from chat.models import Organization
from chat.queries.overview import Overview, Week, median, overview
from chat.queries.tallies import WEEKS, Count, Counts
from chat.transaction import Who
from tests.databases import House
from tests.people import NOON, later
from tests.tallies import count_days

MONDAY = date(2026, 3, 2)  # of the week in which the tests begin


def keep(house: House, counts: Counts, like: Who | None = None) -> None:
    house.do(keep_tallies, None, Counted((like or house.ada).organization, counts))


def asked(house: House, who: Who) -> Overview:
    return house.ask(overview, who=who)


def test_a_practice_of_which_nothing_was_counted_has_no_weeks(house: House) -> None:
    found = asked(house, house.ada)
    assert (found.through, found.weeks, found.empty) == (None, [], True)


def test_days_make_weeks_from_monday_on_also_those_in_which_nothing_was(house: House) -> None:
    day = MONDAY - timedelta(days=14)
    with house.at(later(days=4)):  # Sunday
        keep(house, {
            (day, 0): Count(), (day + timedelta(days=6), 0): Count(1, 2, 3, Counter({5: 1})),
            (MONDAY, 0): Count(10, 0, 0), (MONDAY + timedelta(days=2), 0): Count(1, 1, 1, Counter({5: 1, 60: 1})),
        })  # fmt: skip
        found = asked(house, house.ada)
    assert found.through == MONDAY + timedelta(days=2)
    assert found.weeks == [
        Week(day, 1, 2, 3, Counter({5: 1})),
        Week(MONDAY - timedelta(days=7)),
        Week(MONDAY, 11, 1, 1, Counter({5: 1, 60: 1})),
    ]
    assert (found.weeks[2].answers, found.weeks[2].median, found.weeks[1].median) == (2, 5, None)
    assert not found.empty


def test_one_week_alone_is_one(house: House) -> None:
    keep(house, {(MONDAY, 0): Count(sent=1)})
    assert [week.begins for week in asked(house, house.ada).weeks] == [MONDAY]


def test_no_more_weeks_are_shown_than_the_last_ones(house: House) -> None:
    house.set(Organization, house.ada.organization, created_at=0)
    with house.at(later(days=1)):
        count_days(house)
        assert len(asked(house, house.ada).weeks) == WEEKS
    with house.at(later(days=1 + 7 * 4)):
        assert len(asked(house, house.ada).weeks) == WEEKS - 4, "what was not counted meanwhile is not made up"
    with house.at(later(days=400)):
        assert asked(house, house.ada).weeks == []


def test_an_administrator_sees_the_practice_and_a_therapist_their_own(house: House) -> None:
    with house.at(NOON):
        house.begin(house.fay, house.cleo)
        talk = house.begin(house.dana, house.ben)
        house.reply(house.ben, talk)
    with house.at(later(days=1)):
        count_days(house)
        seen = {name: asked(house, house.cast[name]) for name in ("ada", "ben", "cleo", "ivy", "jon")}
    assert {name: [(week.received, week.sent) for week in one.weeks] for name, one in seen.items()} == {
        "ada": [(2, 1)], "ben": [(1, 1)], "cleo": [(1, 0)], "ivy": [(0, 0)], "jon": [(0, 0)],
    }  # fmt: skip
    assert {name: one.whole for name, one in seen.items()} == {
        "ada": True, "ben": False, "cleo": False, "ivy": True, "jon": False
    }  # fmt: skip
    assert {name for name, one in seen.items() if one.empty} == {"ivy", "jon"}


def test_unread_messages_alone_are_something(house: House) -> None:
    keep(house, {(MONDAY, 0): Count(late=1)})
    assert not asked(house, house.ada).empty


def test_nobody_but_staff_with_a_session_of_their_own_has_one(house: House) -> None:
    for who in (house.dana, house.hal, replace(house.ada, scope={1: later(days=1)})):
        with pytest.raises(NotFound):
            asked(house, who)


@pytest.mark.parametrize(
    ("waits", "minutes"),
    [({}, None), ({30: 1}, 30), ({1: 1, 60: 1}, 1), ({1: 1, 60: 2}, 60), ({60: 1, 5: 1, 10: 1}, 10), ({1: 5, 9999: 4}, 1)],
)  # fmt: skip
def test_half_of_the_answers_came_within_the_median(waits: dict[int, int], minutes: int | None) -> None:
    assert median(Counter(waits)) == minutes
