"""What is counted of a day: who wrote, how long somebody waited, what stayed unread; for whom, and what never counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import delete, insert, update

from chat.actions.marks import MarkRead, mark_read
from chat.actions.mass_messages import SendMass, advance, send_mass_message
from chat.actions.messages import send_messages
from chat.lib.clock import DAY, HOUR, MINUTE
from chat.models import Message, Organization, Person
from chat.models.columns import table
from chat.models.conversations import SPANS
from chat.queries import tallies
from chat.queries.tallies import AT_ONCE, QUIET, STEP, TALLIES, WAITS, WEEKS, due, rounded, window
from chat.transaction import Who
from tests.databases import House, Sent, into
from tests.people import NOON, later
from tests.tallies import count_days, days_of, numbers, place

#: Enough after the first days for all that happened on them to be a day old.
SOON = later(days=4)
FIRST, SECOND = "2026-03-04", "2026-03-05"


def read(house: House, who: Who, where: Sent, at: int) -> None:
    """Somebody has the conversation on screen."""
    with house.at(at):
        house.do(mark_read, who, MarkRead(where.conversation, where.seq))


def say(house: House, who: Who, where: Sent, at: int) -> Sent:
    """Somebody writes into a conversation."""
    with house.at(at):
        return house.reply(who, where)


def test_a_day_is_counted_some_minutes_after_it_is_over(house: House) -> None:
    place(house)
    midnight = NOON + 12 * HOUR
    with house.at(midnight + QUIET - 1):
        assert house.ask(due) is None
    with house.at(midnight + QUIET):
        days = house.ask(due)
    assert days is not None
    assert (days.first, days.last) == (date(2026, 3, 4), date(2026, 3, 4))
    assert (days.since, days.until) == (midnight - DAY, midnight)


def test_a_day_waits_for_the_audit_trail_and_today_does_not_keep_it_waiting(house: House) -> None:
    house.begin(house.dana, house.ben)
    with house.at(later(days=1)):
        assert house.ask(due) is None, "what was sent has no place yet"
        place(house)
        house.begin(house.eli, house.ben)
        assert house.ask(due) is not None


def test_each_practice_is_counted_day_by_day_once(house: House) -> None:
    with house.at(later(days=10)):
        assert count_days(house) == 4, "two steps for ten days, in each practice"
        assert count_days(house) == 0
    for who in (house.ada, house.ivy):
        assert days_of(house, who) == [date(2026, 3, day) for day in range(4, 14)]
    assert AT_ONCE < 10


def test_only_the_weeks_that_are_shown_are_counted(house: House) -> None:
    house.set(Organization, house.ada.organization, created_at=NOON - 900 * DAY)
    with house.at(later(days=1)):
        count_days(house)
    assert days_of(house, house.ada)[0] == window(date(2026, 3, 5)) == date(2025, 12, 15)
    assert window(date(2026, 3, 8)) == window(date(2026, 3, 2)) == date(2025, 12, 15), "from Monday to Sunday"
    assert (date(2026, 3, 2) - date(2025, 12, 15)).days == 7 * (WEEKS - 1)


def test_a_row_that_a_wrong_clock_wrote_does_not_stop_the_counting(house: House) -> None:
    row = {"organization_id": house.ada.organization, "person_id": 0, "received": 0, "sent": 0, "late": 0, "waits": "{}"}
    house.run(insert(TALLIES).values(row | {"day": "2031-01-01"}))
    with house.at(later(days=1)):
        place(house)
        days = house.ask(due)
    assert days is not None
    assert (days.organization, str(days.first)) == (house.ada.organization, FIRST)


def test_what_clients_and_the_team_wrote_is_counted_for_the_practice_and_for_those_concerned(house: House) -> None:
    talk = house.begin(house.dana, house.ben)
    house.reply(house.dana, talk)
    house.reply(house.ben, talk)
    house.begin(house.cleo, house.fay)
    with house.at(SOON):
        count_days(house)
    assert numbers(house, house.ada, whole=True)[FIRST] == (2, 2, 0, '{"1":1}')
    assert numbers(house, house.ben)[FIRST] == (2, 1, 0, '{"1":1}')
    assert numbers(house, house.cleo) == {FIRST: (0, 1, 0, "{}")}
    assert numbers(house, house.ada) == {}, "an administrator who takes no part has nothing of their own"


def test_another_practice_is_never_counted(house: House) -> None:
    house.begin(house.kim, house.jon)
    with house.at(SOON):
        count_days(house)
    assert numbers(house, house.ada, whole=True) == {}
    assert numbers(house, house.ivy, whole=True)[FIRST] == (1, 0, 0, "{}")


def test_a_contact_counts_as_a_client_does(house: House) -> None:
    talk = house.begin(house.ben, house.dana, subject="Friday")
    house.add_cc(talk, house.hal, (1, None))
    house.reply(house.hal, talk)
    with house.at(SOON):
        count_days(house)
    assert numbers(house, house.ben)[FIRST] == (1, 1, 0, "{}")


def test_what_the_house_writes_to_many_or_among_the_team_is_not_counted(house: House) -> None:
    talk = house.begin(house.dana, house.ben)
    house.do(send_messages, house.ben, replace(into(talk), automatic=True))
    house.begin(house.ben, house.cleo)
    many = SendMass("00000000-0000-4000-8000-000000000001", "Closed", "On Friday.", to=(house.dana.person, house.eli.person))
    house.do(send_mass_message, house.ben, many)
    while house.do(advance):
        pass
    with house.at(SOON):
        count_days(house)
    assert house.count(Message) == 5
    assert numbers(house, house.ada, whole=True)[FIRST] == (1, 0, 0, "{}")


def test_whoever_got_an_automatic_answer_still_waits_for_one(house: House) -> None:
    talk = house.begin(house.dana, house.ben)
    house.do(send_messages, house.ben, replace(into(talk), automatic=True))
    say(house, house.ben, talk, later(minutes=40))
    with house.at(SOON):
        count_days(house)
    assert numbers(house, house.ben)[FIRST] == (1, 1, 0, '{"45":1}')


def test_an_answer_to_a_message_to_many_waits_for_the_teams(house: House) -> None:
    many = SendMass("00000000-0000-4000-8000-000000000001", "Closed", "On Friday.", to=(house.dana.person,))
    house.do(send_mass_message, house.ben, many)
    while house.do(advance):
        pass
    ((talk,),) = house.run(table(Message).select().with_only_columns(table(Message).c.conversation_id))
    house.reply(house.dana, talk)
    say(house, house.ben, Sent(talk, 2), later(minutes=40))
    with house.at(SOON):
        count_days(house)
    assert numbers(house, house.ben)[FIRST] == (1, 1, 0, '{"45":1}')


def test_a_wait_runs_from_the_first_message_without_an_answer_to_the_first_answer(house: House) -> None:
    talk = house.begin(house.ben, house.dana)
    say(house, house.dana, talk, later(hours=1))
    say(house, house.dana, talk, later(hours=2))
    say(house, house.ben, talk, later(hours=3))
    say(house, house.ben, talk, later(hours=4))
    say(house, house.dana, talk, later(hours=5))
    say(house, house.ben, talk, later(hours=5, minutes=4))
    with house.at(SOON):
        count_days(house)
    assert numbers(house, house.ben)[FIRST] == (3, 4, 0, '{"5":1,"120":1}')


def test_an_answer_over_the_weekend_stands_on_its_day_with_the_whole_time(house: House) -> None:
    friday, monday = later(days=2, hours=4), later(days=5, hours=-3)
    with house.at(friday):
        talk = house.begin(house.dana, house.ben)
    say(house, house.ben, talk, monday)
    with house.at(later(days=9)):
        count_days(house)
    assert numbers(house, house.ben) == {
        "2026-03-06": (1, 0, 0, "{}"),
        "2026-03-07": (0, 0, 1, "{}"),
        "2026-03-09": (0, 1, 0, '{"4320":1}'),
    }


def test_a_message_without_an_answer_is_no_wait_of_any_day(house: House) -> None:
    house.begin(house.dana, house.ben)
    with house.at(SOON):
        count_days(house)
    assert {waits for *_, waits in numbers(house, house.ada, whole=True).values()} == {"{}"}


def test_an_answer_counts_for_whoever_gave_it(house: House) -> None:
    moe = house.someone("therapist", "Moe", like=house.ben, of=[house.dana])
    talk = house.begin(house.dana, house.ben, moe, subject="Both of you")
    say(house, moe, talk, later(minutes=10))
    say(house, house.ben, talk, later(minutes=20))
    with house.at(SOON):
        count_days(house)
    assert numbers(house, moe)[FIRST] == (1, 1, 0, '{"10":1}')
    assert numbers(house, house.ben)[FIRST] == (1, 1, 0, "{}")
    assert numbers(house, house.ada, whole=True)[FIRST] == (1, 2, 0, '{"10":1}')


def test_whoever_takes_over_without_history_does_not_learn_how_long_somebody_waited(house: House) -> None:
    talk = house.begin(house.dana, house.ben)
    house.add_cc(talk, house.cleo, (2, None))
    house.assign(house.dana.person, house.cleo.person)
    say(house, house.cleo, talk, later(hours=20))
    with house.at(SOON):
        count_days(house)
    assert numbers(house, house.cleo) == {SECOND: (0, 1, 0, "{}")}
    assert numbers(house, house.ada, whole=True)[SECOND] == (0, 1, 1, '{"1440":1}')


def test_a_message_counts_as_unread_on_the_day_on_which_it_is_a_day_old(house: House) -> None:
    talk = house.begin(house.dana, house.ben)
    read(house, house.ben, talk, later(hours=24, seconds=1))
    with house.at(SOON):
        count_days(house)
    for found in (numbers(house, house.ben), numbers(house, house.ada, whole=True)):
        assert found == {FIRST: (1, 0, 0, "{}"), SECOND: (0, 0, 1, "{}")}


def test_what_was_read_within_a_day_does_not(house: House) -> None:
    talk = house.begin(house.dana, house.ben)
    house.begin(house.ben, house.eli)
    read(house, house.ben, talk, later(hours=24))
    with house.at(SOON):
        count_days(house)
    assert set(numbers(house, house.ben)) == set(numbers(house, house.ada, whole=True)) == {FIRST}


def test_a_contact_who_read_it_is_nobody_of_the_team(house: House) -> None:
    talk = house.begin(house.dana, house.ben, subject="Friday")
    house.add_cc(talk, house.hal, (1, None))
    read(house, house.hal, talk, later(minutes=1))
    with house.at(SOON):
        count_days(house)
    assert numbers(house, house.ada, whole=True)[SECOND] == (0, 0, 1, "{}")


def test_for_the_practice_it_is_enough_that_one_of_the_team_read_it(house: House) -> None:
    moe = house.someone("therapist", "Moe", like=house.ben, of=[house.dana])
    talk = house.begin(house.dana, house.ben, moe, subject="Both of you")
    read(house, house.dana, talk, later(minutes=1))
    read(house, house.ben, talk, later(hours=1))
    with house.at(SOON):
        count_days(house)
    assert numbers(house, moe)[SECOND] == (0, 0, 1, "{}")
    assert SECOND not in numbers(house, house.ben)
    assert SECOND not in numbers(house, house.ada, whole=True)


def test_who_no_longer_looks_after_a_client_gets_nothing_more_of_them(house: House) -> None:
    house.begin(house.dana, house.ben)
    house.unassign(house.dana, house.ben)
    with house.at(SOON):
        count_days(house)
    assert numbers(house, house.ben) == {}
    assert numbers(house, house.ada, whole=True) == {FIRST: (1, 0, 0, "{}"), SECOND: (0, 0, 1, "{}")}


def test_what_somebody_took_over_was_not_written_to_them(house: House) -> None:
    talk = house.begin(house.dana, house.ben)
    house.add_cc(talk, house.cleo, (1, 1))
    house.assign(house.dana.person, house.cleo.person)
    house.run(update(SPANS).where(SPANS.c.person_id == house.cleo.person).values(inherited=True))
    with house.at(SOON):
        count_days(house)
    assert numbers(house, house.cleo) == {}
    assert numbers(house, house.ben)[FIRST] == (1, 0, 0, "{}")


def test_what_one_deleted_for_good_is_in_nothing_that_is_counted_later(house: House) -> None:
    talk = house.begin(house.dana, house.ben)
    mine = (SPANS.c.person_id == house.ben.person, SPANS.c.conversation_id == talk.conversation)
    house.run(update(SPANS).where(*mine).values(hidden=True, to_seq=1))
    span = {"conversation_id": talk.conversation, "person_id": house.ben.person, "from_seq": 2, "cc": False, "hidden": False}
    house.run(insert(SPANS).values(**span, inherited=False))
    say(house, house.ben, talk, later(minutes=40))
    with house.at(SOON):
        count_days(house)
    assert numbers(house, house.ben) == {FIRST: (0, 1, 0, "{}")}
    assert numbers(house, house.ada, whole=True)[FIRST] == (1, 1, 0, '{"45":1}')


def test_a_colleagues_client_is_in_nobody_elses_numbers(house: House) -> None:
    talk = house.begin(house.fay, house.cleo)
    say(house, house.cleo, talk, later(hours=1))
    with house.at(SOON):
        count_days(house)
    assert numbers(house, house.ben) == {}
    assert numbers(house, house.cleo)[FIRST] == (1, 1, 0, '{"60":1}')


def test_what_somebody_wrote_who_was_deactivated_since_still_counts_for_the_practice(house: House) -> None:
    talk = house.begin(house.dana, house.ben)
    say(house, house.ben, talk, later(hours=1))
    house.set(Person, house.ben.person, active=False)
    with house.at(SOON):
        count_days(house)
    assert numbers(house, house.ada, whole=True)[FIRST] == (1, 1, 0, '{"60":1}')


def test_what_was_erased_before_its_day_was_counted_is_not_in_it(house: House) -> None:
    talk = house.begin(house.dana, house.ben)
    say(house, house.ben, talk, later(hours=1))
    messages = table(Message)
    house.run(delete(messages).where(messages.c.conversation_id == talk.conversation, messages.c.seq == 1))
    with house.at(SOON):
        count_days(house)
    assert numbers(house, house.ada, whole=True) == {FIRST: (0, 1, 0, "{}")}


def test_days_are_those_of_the_practices_own_clocks(house: House) -> None:
    house.set(Organization, house.ada.organization, time_zone="America/New_York")
    with house.at(later(hours=16)):  # eleven in the evening there
        house.begin(house.dana, house.ben)
    with house.at(later(hours=17)):
        count_days(house)
        assert numbers(house, house.ben) == {}, "the day is not over there"
    with house.at(SOON):
        count_days(house)
    assert numbers(house, house.ben)[FIRST] == (1, 0, 0, "{}")


def test_a_day_of_any_size_is_counted_in_steps(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    talk = house.begin(house.dana, house.ben)
    for minute in range(1, 5):
        say(house, (house.ben, house.dana)[minute % 2], talk, later(minutes=minute))
    with house.at(SOON), house.undone():
        count_days(house)
        whole = house.run(TALLIES.select())
    assert STEP > 5
    monkeypatch.setattr(tallies, "STEP", 2)
    with house.at(SOON), house.counted() as seen:
        count_days(house)
    assert house.run(TALLIES.select()) == whole
    assert sum("FROM audit_entry" in text and "send_message" not in text and "LIMIT" in text for text in seen) > 4


@pytest.mark.parametrize(
    ("wait", "minutes"),
    [(0, 1), (MINUTE, 1), (MINUTE + 1, 2), (46 * MINUTE, 60), (25 * HOUR, 2 * 1440), (1 << 50, WAITS[-1])],
)  # fmt: skip
def test_a_wait_is_rounded_up_to_what_one_would_say(wait: int, minutes: int) -> None:
    assert rounded(wait) == minutes
    assert list(WAITS) == sorted(set(WAITS))
