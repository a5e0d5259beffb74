"""Active or not. And whatever happens to people: rights, tombstones, counters and the feed say the same."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from chat import access
from chat.actions.assignments import Assigned, HandOver, assign, hand_over, unassign
from chat.actions.mailboxes import Selection, move_to_trash
from chat.actions.marks import MarkRead, mark_read
from chat.actions.messages import send_messages
from chat.actions.staff import Deactivate, NamedStaff
from chat.actions.standing import activate, deactivate
from chat.errors import CoreError, NotFound, Refused
from chat.lib import clock
from chat.models import AuditEntry, Conversation, Participant, Person
from chat.models.columns import table
from chat.queries.conversations import conversations
from chat.transaction import Who
from tests import recount
from tests.databases import House, Sent, into, to_people
from tests.people import NOON

AUDIT, PARTS, PEOPLE, TALKS = table(AuditEntry), table(Participant), table(Person), table(Conversation)


# Clients


def test_to_an_inactive_client_nothing_can_be_written_by_anybody_and_reading_stays(house: House) -> None:
    sent = house.begin(house.dana, house.ben, body="one")
    house.add_cc(sent, house.hal, (1, None))
    cursors = {who: house.feed(who).cursor for who in (house.dana, house.ben)}
    house.do(deactivate, house.ben, Deactivate(house.dana.person))
    assert house.rung == {house.dana.person, house.ben.person, house.hal.person}
    for who, cursor in cursors.items():
        (change,) = house.feed(who, cursor).changes
        closed = change.conversation["closed"] or {}
        assert (closed["gate"], "Dana Reed is inactive" in closed["message"]) == ("inactive", True)
    for who in (house.dana, house.ben, house.hal):
        assert [message["body"] for message in house.page(who, sent).messages] == ["one"]
        refusal = house.refusal(send_messages, who, into(sent))
        assert (type(refusal), refusal.details["gate"]) == (Refused, "inactive")
    for who, other in ((house.ben, house.dana), (house.ada, house.dana), (house.dana, house.ben)):
        assert house.refusal(send_messages, who, to_people(other, subject="New")).details["gate"] == "inactive"


def test_an_inactive_client_is_made_active_again(house: House) -> None:
    sent = house.begin(house.dana, house.ben)
    before = house.state()
    house.do(activate, house.ben, NamedStaff(house.dana.person))
    assert house.state() == before
    house.do(deactivate, house.ben, Deactivate(house.dana.person))
    before = house.state()
    house.do(deactivate, house.ben, Deactivate(house.dana.person))
    assert house.state() == before
    house.do(activate, house.ada, NamedStaff(house.dana.person))
    assert house.row(house.dana, sent)["closed"] is house.row(house.ben, sent)["closed"] is None
    house.reply(house.dana, sent)


@pytest.mark.parametrize("action", [activate, deactivate])
def test_others_make_nobody_active_or_inactive(house: House, action: Any) -> None:
    before = house.state()
    for who in (house.cleo, house.dana, house.eli, house.hal, house.ivy, house.jon, house.kim):
        for other in (house.dana, house.ben, house.hal):
            assert isinstance(house.refusal(action, who, Deactivate(other.person, house.cleo.person)), NotFound), (who, other)
    assert isinstance(house.refusal(action, house.ben, Deactivate(house.cleo.person, house.ben.person)), NotFound)
    assert isinstance(house.refusal(action, house.ada, Deactivate(house.hal.person)), NotFound)
    assert isinstance(house.refusal(action, house.ada, Deactivate(house.kim.person)), NotFound)
    scoped = dataclasses.replace(house.ada, scope={})
    assert isinstance(house.refusal(action, scoped, Deactivate(house.cleo.person, house.ben.person)), NotFound)
    assert house.state() == before


def test_both_steps_are_on_record(house: House) -> None:
    house.do(deactivate, house.ben, Deactivate(house.dana.person))
    house.do(activate, house.ada, NamedStaff(house.dana.person))
    rows = house.run(select(AUDIT.c.action, AUDIT.c.actor_id, AUDIT.c.client_id).where(AUDIT.c.action.like("%activate")))
    assert rows == [
        ("deactivate", house.ben.person, house.dana.person),
        ("activate", house.ada.person, house.dana.person),
    ]


# Whatever happens to people

STAFF = ("ada", "ben", "cleo", "lea")
CLIENTS = ("dana", "eli")
EVERYBODY = (*STAFF, *CLIENTS)
NUMBER = st.integers(0, 11)


@dataclass
class Play:
    """Several people doing several things to each other, by number; what is refused changes nothing."""

    house: House
    places: list[Sent] = field(default_factory=list)
    now: int = NOON
    devices: dict[str, tuple[int, set[int]]] = field(default_factory=dict)

    def who(self, names: tuple[str, ...], at: int) -> Who:
        return self.house.cast[names[at % len(names)]]

    def step(self, kind: str, a: int, b: int, c: int) -> None:
        self.now += clock.MINUTE
        with self.house.at(self.now):
            with suppress(CoreError):
                getattr(self, kind)(a, b, c)
            self.compare()

    def assign(self, a: int, b: int, _: int) -> None:
        self.house.do(assign, self.house.ada, Assigned(self.who(CLIENTS, a).person, self.who(STAFF, b).person))

    def unassign(self, a: int, b: int, _: int) -> None:
        self.house.do(unassign, self.house.ada, Assigned(self.who(CLIENTS, a).person, self.who(STAFF, b).person))

    def hand_over(self, a: int, b: int, c: int) -> None:
        what = HandOver(self.who(STAFF, a).person, self.who(STAFF, b).person, c % 2 == 1)
        self.house.do(hand_over, self.house.ada, what)

    def send(self, a: int, b: int, c: int) -> None:
        author, other = self.who(EVERYBODY, a), self.who(EVERYBODY, b)
        third = (self.who(STAFF, c),) if c % 3 == 0 and self.who(STAFF, c) not in {author, other} else ()
        subject = f"{a} {b} {c}" if third or c % 2 else None
        place = self.house.begin(author, other, *third, subject=subject)
        self.places += [place] if place.seq == 1 else []

    def reply(self, a: int, b: int, _: int) -> None:
        if self.places:
            self.house.reply(self.who(EVERYBODY, a), self.places[b % len(self.places)])

    def read(self, a: int, b: int, c: int) -> None:
        if self.places:
            self.house.do(mark_read, self.who(EVERYBODY, a), MarkRead(self.places[b % len(self.places)].conversation, c + 1))

    def trash(self, a: int, b: int, _: int) -> None:
        if self.places:
            place = self.places[b % len(self.places)]
            self.house.do(move_to_trash, self.who(EVERYBODY, a), Selection((place.conversation,)))

    def deactivate(self, a: int, b: int, _: int) -> None:
        what = Deactivate(self.who(EVERYBODY[1:], a).person, self.who(STAFF, b).person, b % 2 == 1)
        self.house.do(deactivate, self.house.ada, what)

    def activate(self, a: int, _b: int, _c: int) -> None:
        self.house.do(activate, self.house.ada, NamedStaff(self.who(EVERYBODY, a).person))

    def compare(self) -> None:
        """Rights by relation, tombstones, and what a device has that hears of changes only: all alike, for everybody."""
        assert recount.faults(self.house.connection) == []
        everything = [row[0] for row in self.house.run(select(TALKS.c.id))]
        out = {row[0] for row in self.house.run(select(PEOPLE.c.id).where(PEOPLE.c.active.is_(False), PEOPLE.c.role != "client"))}
        for name in EVERYBODY:
            who = self.house.cast[name]
            there = self.there(who)
            # Who is out keeps no session to ask by, and has no conversation until they are in again.
            related = set() if who.person in out else set(self.house.ask(access.conversations, who, everything))
            assert related == there, name
            assert self.heard(name) == there, name

    def compare_folders(self) -> None:
        """The folders list what is there, too."""
        for name in EVERYBODY:
            who = self.house.cast[name]
            folders = [self.house.ask(conversations, folder, who=who)[0] for folder in ("inbox", "sent", "trash")]
            assert {row["id"] for rows in folders for row in rows} == self.there(who), name

    def there(self, who: Who) -> set[int]:
        mine = select(PARTS.c.conversation_id).where(PARTS.c.person_id == who.person, PARTS.c.ended_at.is_(None))
        return {row[0] for row in self.house.run(mine)}

    def heard(self, name: str) -> set[int]:
        cursor, held = self.devices.get(name, (0, set[int]()))
        answer = self.house.feed(self.house.cast[name], cursor)
        assert (answer.reset, answer.more) == (False, False)
        for change in answer.changes:
            place = change.conversation["id"]
            held = held - {place} if change.conversation.get("gone") else held | {place}
            if not change.conversation.get("gone"):
                assert change.conversation == self.house.row(self.house.cast[name], place)
        self.devices[name] = answer.cursor, held
        return held


KINDS = ("assign", "unassign", "hand_over", "send", "send", "reply", "reply", "read", "trash", "deactivate", "activate")
STEPS = st.lists(st.tuples(st.sampled_from(KINDS), NUMBER, NUMBER, NUMBER), max_size=14)
BEN, CLEO, LEA, DANA, TO_BEN = 1, 2, 3, 4, 1


WRITTEN, TAKEN, GIVEN = ("send", DANA, TO_BEN, 1), ("unassign", 0, BEN, 0), ("assign", 0, BEN, 0)
REPLY, OUT, BACK = ("reply", DANA, 0, 0), ("deactivate", 0, CLEO, 0), ("activate", BEN, 0, 0)


@given(STEPS)
@example([WRITTEN, ("hand_over", BEN, CLEO, 1), ("hand_over", CLEO, BEN, 1), REPLY])
@example([WRITTEN, TAKEN, GIVEN, TAKEN, GIVEN, REPLY])
@example([WRITTEN, OUT, BACK, GIVEN, REPLY])
@settings(deadline=None, max_examples=10, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
def test_rights_tombstones_counters_and_feed_agree_whatever_happens(house: House, steps: list[tuple[str, int, int, int]]) -> None:
    with house.undone():
        lea = house.someone("therapist", "Lea Ortiz", like=house.ada)
        play = Play(dataclasses.replace(house, cast={**house.cast, "lea": lea}))
        for kind, a, b, c in steps:
            play.step(kind, a, b, c)
        play.compare_folders()


def test_the_play_notices_rights_that_disagree(house: House) -> None:
    """Each of the three ways of asking is compared, not only run."""

    def spoilt(spoil: Callable[[], object]) -> None:
        with house.undone():
            lea = house.someone("therapist", "Lea Ortiz", like=house.ada)
            play = Play(dataclasses.replace(house, cast={**house.cast, "lea": lea}))
            play.step("send", DANA, TO_BEN, 2)
            spoil()
            with pytest.raises(AssertionError):
                play.compare()

    spoilt(lambda: house.unassign(house.dana, house.ben))
    mine = PARTS.update().where(PARTS.c.person_id == house.ben.person)
    spoilt(lambda: house.run(mine.values(ended_at=NOON)))
    spoilt(lambda: house.run(mine.values(change=0, message_change=0)))
