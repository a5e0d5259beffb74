"""Being told if a message stays unread: once, to its author alone, and not if anything came first."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import insert, select

from chat.actions.assignments import Assigned, unassign
from chat.actions.clients import NamedClient, disable_messaging
from chat.actions.deletions import delete_permanently
from chat.actions.erasing import erase
from chat.actions.mailboxes import Selection, move_to_trash
from chat.actions.marks import MarkRead, MarkUnread, mark_read, mark_unread
from chat.actions.messages import SendMessage, send_messages
from chat.actions.watches import DAYS, STEP, Watched, stop_watch, tell_unread
from chat.errors import Conflict, Invalid, NotFound
from chat.lib.clock import DAY, HOUR, MINUTE
from chat.lib.signing import fingerprint
from chat.models import Alert, Organization, Person, Watch
from chat.models.columns import table
from chat.queries.watches import own_not_read
from chat.transaction import Who
from tests.databases import House, Sent, into, to_people
from tests.people import NOON
from tests.recount import faults


def ask(house: House, days: int = 3, *, author: Who | None = None, to: Who | None = None, place: Sent | None = None) -> Sent:
    """Ben writes to Dana and wants to know if it stays unread."""
    what = into(place) if place else to_people(to or house.dana)
    return Sent(**house.do(send_messages, author or house.ben, replace(what, unread_after=days)))


def told(house: House, instant: int) -> list[tuple[int, int]]:
    """Whom the jobs tell of which seq at this instant."""
    here = table(Watch)
    before = set(house.run(select(here.c.person_id, here.c.seq).where(here.c.told_at.is_not(None))))
    with house.at(instant):
        while house.do(tell_unread):
            pass
    assert faults(house.connection) == []
    return sorted(set(house.run(select(here.c.person_id, here.c.seq).where(here.c.told_at.is_not(None)))) - before)


def mails(house: House) -> list[tuple[int, int]]:
    """The emails about it: whose, and when they are due."""
    here = table(Alert)
    return house.run(select(here.c.person_id, here.c.due_at).where(here.c.kind == "not_read").order_by(here.c.id))


@pytest.mark.parametrize("days", DAYS)
def test_whoever_asked_is_told_when_the_days_are_over_and_not_a_moment_before(house: House, days: int) -> None:
    with house.at(NOON):
        ask(house, days)
    assert told(house, NOON + days * DAY - 1) == []
    assert told(house, NOON + days * DAY) == [(house.ben.person, 1)]
    assert mails(house) == [(house.ben.person, NOON + days * DAY)]
    assert told(house, NOON + 99 * DAY) == [], "once"
    assert len(mails(house)) == 1


def test_the_authors_devices_hear_of_it_and_nobody_elses(house: House) -> None:
    with house.at(NOON):
        place = ask(house)
    cursors = {who.person: house.feed(who).cursor for who in (house.ben, house.dana, house.ada)}
    told(house, NOON + 3 * DAY)
    (change,) = house.feed(house.ben, cursors[house.ben.person]).changes
    (watch,) = change.conversation["watches"]
    assert watch == {"seq": 1, "days": 3, "due_at": NOON + 3 * DAY, "told_at": NOON + 3 * DAY}
    for who in (house.dana, house.ada):
        assert house.feed(who, cursors[who.person]).changes == []
    assert "watches" not in house.row(house.dana, place)


def test_whoever_of_the_team_reads_beside_the_author_sees_nothing_of_it(house: House) -> None:
    with house.at(NOON):
        house.assign(house.dana.person, house.cleo.person)
        thread = house.begin(house.dana, house.ben, house.cleo, subject="Sleep")
        ask(house, place=thread)
    assert [one["seq"] for one in house.row(house.ben, thread)["watches"]] == [2]
    assert house.row(house.cleo, thread)["watches"] == []
    told(house, NOON + 3 * DAY)
    assert house.ask(own_not_read, who=house.cleo) == house.ask(own_not_read, who=house.dana) == []
    assert len(house.ask(own_not_read, who=house.ben)) == 1


def test_reading_makes_it_void_and_marking_unread_again_does_not_bring_it_back(house: House) -> None:
    with house.at(NOON):
        place = ask(house)
        assert len(house.row(house.ben, place)["watches"]) == 1
        house.do(mark_read, house.dana, MarkRead(place.conversation, 1))
        assert house.row(house.ben, place)["watches"] == []
        house.do(mark_unread, house.dana, MarkUnread((place.conversation,)))
    assert told(house, NOON + 3 * DAY) == []
    assert (house.count(Watch), mails(house)) == (0, [])


def test_reading_an_earlier_message_makes_nothing_void(house: House) -> None:
    with house.at(NOON):
        place = house.begin(house.ben, house.dana)
        ask(house, place=place)
        house.do(mark_read, house.dana, MarkRead(place.conversation, 1))
    assert told(house, NOON + 3 * DAY) == [(house.ben.person, 2)]


def test_what_is_read_after_it_was_told_of_is_not_listed_any_more(house: House) -> None:
    with house.at(NOON):
        place = ask(house)
    told(house, NOON + 3 * DAY)
    listed = house.ask(own_not_read, who=house.ben)
    assert [(one["conversation"], one["seq"], one["client_name"], one["days"]) for one in listed] == [
        (place.conversation, 1, "Dana Reed", 3)
    ]
    house.do(mark_read, house.dana, MarkRead(place.conversation, 1))
    assert house.ask(own_not_read, who=house.ben) == []
    assert house.row(house.ben, place)["watches"] == []


@pytest.mark.parametrize("what", ["author", "client", "disabled", "house", "unassigned"])
def test_what_ends_before_the_days_are_over_makes_it_void(house: House, what: str) -> None:
    with house.at(NOON):
        ask(house)
        if what == "author":
            house.set(Person, house.ben.person, active=False)
        elif what == "client":
            house.set(Person, house.dana.person, active=False)
        elif what == "disabled":
            house.do(disable_messaging, house.ben, NamedClient(house.dana.person))
        elif what == "house":
            house.set(Organization, house.ben.organization, messaging_enabled=False)
        else:
            house.do(unassign, house.ada, Assigned(house.dana.person, house.ben.person))
    assert told(house, NOON + 3 * DAY) == []
    assert (house.count(Watch), mails(house)) == (0, [])


def test_what_its_author_deleted_for_good_is_told_of_no_more_also_when_a_new_message_comes(house: House) -> None:
    with house.at(NOON):
        place = ask(house)
        house.do(move_to_trash, house.ben, Selection((place.conversation,)))
        house.do(delete_permanently, house.ben, Selection((place.conversation,)))
        house.reply(house.dana, place)
    assert told(house, NOON + 3 * DAY) == []
    assert house.count(Watch) == 0


def test_in_the_trash_it_is_told_of_all_the_same(house: House) -> None:
    with house.at(NOON):
        place = ask(house)
        house.do(move_to_trash, house.ben, Selection((place.conversation,)))
    assert told(house, NOON + 3 * DAY) == [(house.ben.person, 1)]
    assert house.row(house.ben, place)["folders"] == ["trash"], "being told is no message"


def test_what_is_erased_leaves_no_watch_behind(house: House) -> None:
    with house.at(NOON):
        place = ask(house)
        for who in (house.dana, house.ben):
            house.do(move_to_trash, who, Selection((place.conversation,)))
            house.do(delete_permanently, who, Selection((place.conversation,)))
        assert house.count(Watch) == 0, "its author deleted it"
        row = {"conversation_id": place.conversation, "seq": 1, "person_id": house.ben.person, "days": 3, "due_at": NOON + DAY}
        house.run(insert(table(Watch)).values(**row))
        while house.do(erase):
            pass
    assert house.count(Watch) == 0, "whatever was left"


def test_one_can_think_better_of_it_before_and_after(house: House) -> None:
    with house.at(NOON):
        place = ask(house)
        ask(house, place=place)
        cursor = house.feed(house.ben).cursor
        house.do(stop_watch, house.ben, Watched(place.conversation, 1))
        (change,) = house.feed(house.ben, cursor).changes
        assert [one["seq"] for one in change.conversation["watches"]] == [2]
        house.do(stop_watch, house.ben, Watched(place.conversation, 1))
        assert house.feed(house.ben, change.number).changes == [], "there was nothing to stop"
    assert told(house, NOON + 3 * DAY) == [(house.ben.person, 2)]
    house.do(stop_watch, house.ben, Watched(place.conversation, 2))
    assert house.ask(own_not_read, who=house.ben) == []


def test_nobody_stops_what_another_asked_for(house: House) -> None:
    with house.at(NOON):
        house.assign(house.dana.person, house.cleo.person)
        thread = house.begin(house.dana, house.ben, house.cleo, subject="Sleep")
        ask(house, place=thread)
    what = Watched(thread.conversation, 2)
    house.do(stop_watch, house.cleo, what)
    for who in (house.dana, house.eli, house.fay, house.jon):
        assert isinstance(house.refusal(stop_watch, who, what), NotFound)
    assert house.count(Watch) == 1


def test_an_email_an_hour_speaks_for_all_that_comes_to_pass_until_then(house: House) -> None:
    end = NOON + 3 * DAY
    for minutes, client in ((0, house.dana), (10, house.eli), (20, house.gus), (140, house.dana)):
        house.set(Person, client.person, messaging_enabled=True)
        with house.at(NOON + minutes * MINUTE):
            ask(house, to=client)
    ben = house.ben.person
    for minutes in (0, 10, 20):
        told(house, end + minutes * MINUTE)
    assert mails(house) == [(ben, end), (ben, end + HOUR)]
    told(house, end + 140 * MINUTE)
    assert mails(house)[2:] == [(ben, end + 140 * MINUTE)], "the last one left more than an hour ago"


def test_an_email_that_waited_for_its_hour_counts_from_when_it_left(house: House) -> None:
    end = NOON + 3 * DAY
    for minutes, client in ((0, house.dana), (1, house.eli), (100, house.dana)):
        with house.at(NOON + minutes * MINUTE):
            ask(house, to=client)
    for minutes in (0, 1, 100):
        told(house, end + minutes * MINUTE)
    assert [(at - end) // MINUTE for _, at in mails(house)] == [0, 60, 120]


def test_who_wants_an_email_for_each_message_gets_one_for_each_of_these(house: House) -> None:
    house.set(Person, house.ben.person, alerts_email="each")
    end = NOON + 3 * DAY
    for minutes, client in ((0, house.dana), (10, house.eli)):
        with house.at(NOON + minutes * MINUTE):
            ask(house, to=client)
    for minutes in (0, 10):
        told(house, end + minutes * MINUTE)
    assert [at for _, at in mails(house)] == [end, end + 10 * MINUTE]


def test_a_step_that_comes_to_nothing_is_done_again_and_tells_once(house: House) -> None:
    with house.at(NOON):
        ask(house)
    with house.undone():
        assert told(house, NOON + 3 * DAY) == [(house.ben.person, 1)]
    assert told(house, NOON + 3 * DAY) == [(house.ben.person, 1)]
    assert len(mails(house)) == 1


def test_a_step_is_small_and_says_that_there_is_more(house: House) -> None:
    with house.at(NOON):
        place = ask(house)
        for _ in range(STEP):
            ask(house, place=place)
        other = ask(house, to=house.eli)
    with house.at(NOON + 3 * DAY):
        assert house.do(tell_unread) is True
        assert {row["told_at"] for row in house.row(house.ben, other)["watches"]} == {None}
        assert house.do(tell_unread) is False
        assert {row["told_at"] for row in house.row(house.ben, other)["watches"]} == {NOON + 3 * DAY}
        assert house.do(tell_unread) is False


@pytest.mark.parametrize("days", [0, 4, 6, 30, -1])
def test_other_numbers_of_days_are_refused_and_nothing_is_sent(house: House, days: int) -> None:
    before = house.state()
    refusal = house.refusal(send_messages, house.ben, replace(to_people(house.dana), unread_after=days))
    assert isinstance(refusal, Invalid)
    assert refusal.message == "Choose 1, 2, 3, 5 or 7 days."
    assert house.state() == before


def test_only_staff_ask_and_only_of_what_they_write_to_a_client(house: House) -> None:
    for author, to in ((house.dana, house.ben), (house.ben, house.cleo)):
        refusal = house.refusal(send_messages, author, replace(to_people(to), unread_after=3))
        assert isinstance(refusal, Invalid)
        assert refusal.details["field"] == "unread_after"
    assert house.count(Watch) == 0


def test_the_same_key_asks_once_and_with_other_days_is_another_command(house: House) -> None:
    what = replace(to_people(house.dana), unread_after=3)
    first = house.do(send_messages, house.ben, what)
    assert house.do(send_messages, house.ben, what) == first
    assert house.count(Watch) == 1
    assert isinstance(house.refusal(send_messages, house.ben, replace(what, unread_after=5)), Conflict)
    assert isinstance(house.refusal(send_messages, house.ben, replace(what, unread_after=None)), Conflict)


def test_a_key_from_before_one_could_ask_is_still_the_key_of_the_same_command() -> None:
    what = SendMessage("key", "Hello", conversation=7)
    assert what.fingerprint == fingerprint(7, [], None, "Hello", [], (), False)


def test_a_send_that_asks_for_nothing_costs_no_statement_more(house: House) -> None:
    place = house.begin(house.ben, house.dana)
    house.reply(house.ben, place)
    counts = []
    for days in (None, 3):
        with house.counted() as seen:
            house.do(send_messages, house.ben, replace(into(place), unread_after=days))
        counts.append(len(seen))
        assert any("watch" in one for one in seen) is (days is not None)
    assert counts[1] == counts[0] + 2
