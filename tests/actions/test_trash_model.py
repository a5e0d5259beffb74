"""Random days of two mailboxes against a small model of the rules: what is deleted never comes back, nothing else is lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from chat.actions.deletions import delete_permanently, purge
from chat.actions.erasing import erase
from chat.actions.holds import HeldClient, lift_hold, set_hold
from chat.actions.mailboxes import Selection, move_to_inbox, move_to_trash, undo_trash
from chat.actions.marks import MarkRead, MarkUnread, mark_read, mark_unread
from chat.actions.messages import send_messages
from chat.actions.organizations import Practice, save_organization
from chat.errors import CoreError
from chat.lib import clock
from chat.models import Mailbox, Message
from chat.models.columns import table
from chat.queries import conversations
from chat.queries.keeping import YEAR
from chat.queries.organizations import practice
from tests.databases import House, to_people
from tests.people import NOON

PEOPLE = ("ben", "dana")
ACTIONS = (
    "send",
    "trash",
    "undo",
    "restore",
    "delete",
    "read",
    "unread",
    "purge",
    "erase",
    "days",
    *("hold", "lift"),
    "keep",
    "rule",
)
RULES: dict[str, dict[str, Any]] = {"keep": {"deletion_allowed": False}, "rule": {"deletion_allowed": True, "retention_years": 1}}
FREE = {"deletion_allowed": True, "retention_years": 0}
DAYS = 15 * clock.DAY


@dataclass
class Side:
    """One person's side of the conversation, by the rules of the product."""

    shown: list[int] = field(default_factory=list)
    received: bool = False
    wrote: bool = False
    trashed: int | None = None
    unread: int = 0

    def forget(self) -> None:
        self.shown, self.received, self.wrote, self.trashed, self.unread = [], False, False, None, 0

    def folders(self) -> list[str]:
        if not self.shown:
            return []
        if self.trashed is not None:
            return ["trash"]
        return [name for name, there in (("inbox", self.received), ("sent", self.wrote)) if there]


class Model:
    """Two people, one direct conversation, and a clock."""

    def __init__(self) -> None:
        self.now = NOON
        self.last = 0
        self.sent: dict[int, int] = {}
        self.held, self.years = False, 0
        self.since: int | None = 0
        self.erasable: set[int] = set()  # whatever may have been erased so far
        self.sides = {name: Side() for name in PEOPLE}

    def tick(self) -> None:
        for side in self.sides.values():
            if side.trashed is not None and self.since is not None and self.now >= max(side.trashed, self.since) + DAYS:
                side.forget()

    def do(self, action: str, who: str) -> bool:
        """Carry out the action by the rules; whether it is allowed."""
        side = self.sides[who]
        if action in {"hold", "lift"}:
            allowed = self.held == (action == "lift")
            self.held = self.held != allowed
            return allowed
        if action in {"keep", "rule"}:
            self.rule(RULES[action])
            return True
        if action == "erase":
            self.erasable |= self.unkept()
        if action == "send":
            self._send(who)
            return True
        if action in {"purge", "erase"}:
            return True
        if not side.shown:
            return False
        if action == "delete" and self.outranked(side, who):
            return False
        return bool(getattr(self, f"_{action}")(side))

    def rule(self, changed: dict[str, Any]) -> None:
        """The Practice page is saved."""
        self.years = changed.get("retention_years", self.years)
        if not changed["deletion_allowed"]:
            self.since = None
        elif self.since is None:
            self.since = self.now

    def outranked(self, side: Side, who: str) -> bool:
        """Whether something keeps what this person would delete, as far as they may know."""
        young = self.years > 0 and self.sent[side.shown[-1]] + self.years * YEAR > self.now
        return self.since is None or young or (self.held and who == "ben")

    def unkept(self) -> set[int]:
        """What nobody sees and nothing keeps now."""
        if self.held or self.since is None:
            return set()
        seen = {seq for side in self.sides.values() for seq in side.shown}
        return {seq for seq, at in self.sent.items() if seq not in seen and at + self.years * YEAR <= self.now}

    def _send(self, who: str) -> None:
        self.last += 1
        self.sent[self.last] = self.now
        for name, side in self.sides.items():
            side.trashed = None
            side.shown.append(self.last)
            if name == who:
                side.wrote = True
            else:
                side.received, side.unread = True, side.unread + 1

    def _trash(self, side: Side) -> bool:
        side.trashed = self.now if side.trashed is None else side.trashed
        return True

    def _restore(self, side: Side) -> bool:
        side.trashed, side.received = None, True
        return True

    def _undo(self, side: Side) -> bool:
        side.trashed = None
        return True

    def _delete(self, side: Side) -> bool:
        if side.trashed is None:
            return False
        side.forget()
        return True

    def _read(self, side: Side) -> bool:
        side.unread = 0
        return True

    def _unread(self, _: Side) -> bool:
        return True  # what it does to the counter is compared through the recount, see `unread_again`


def carry_out(house: House, action: str, who: str, talk: int) -> bool:
    """The same in the house; whether it was allowed."""
    me = getattr(house, who)
    other = house.dana if who == "ben" else house.ben
    ways: dict[str, Callable[[], object]] = {
        "send": lambda: house.do(send_messages, me, to_people(other)),
        "trash": lambda: house.do(move_to_trash, me, Selection((talk,))),
        "undo": lambda: house.do(undo_trash, me, Selection((talk,))),
        "restore": lambda: house.do(move_to_inbox, me, Selection((talk,))),
        "delete": lambda: house.do(delete_permanently, me, Selection((talk,))),
        "read": lambda: house.do(mark_read, me, MarkRead(talk, 10_000)),
        "unread": lambda: house.do(mark_unread, me, MarkUnread((talk,))),
        "purge": lambda: house.do(purge),
        "erase": lambda: house.do(erase),
        "hold": lambda: house.do(set_hold, house.ada, HeldClient(house.dana.person, "A court")),
        "lift": lambda: house.do(lift_hold, house.ada, HeldClient(house.dana.person, "Over")),
        "keep": lambda: save(house, RULES["keep"]),
        "rule": lambda: save(house, RULES["rule"]),
    }
    try:
        ways[action]()
    except CoreError:
        return False
    return True


def save(house: House, changed: dict[str, Any]) -> None:
    """Save the Practice page with these changes."""
    found = house.ask(practice, who=house.ada)
    house.do(save_organization, house.ada, Practice(**({name: found[name] for name in found if name != "id"} | changed)))


def compare(house: House, model: Model, talk: int) -> None:
    boxes, messages = table(Mailbox), table(Message)
    for name, side in model.sides.items():
        me = getattr(house, name)
        found = house.ask(conversations.messages_page, talk, who=me)
        assert [m["seq"] for m in found.messages] == side.shown if found else side.shown == []
        for folder in ("inbox", "sent", "trash"):
            there = bool(house.ask(conversations.conversations, folder, who=me)[0])
            assert there == (folder in side.folders()), (name, folder)
        unread = found.conversation["unread"] if found else 0
        box = house.run(select(boxes.c.unread).where(boxes.c.person_id == me.person))[0][0]
        assert unread == side.unread
        assert box in ({1, 0} if side.trashed is not None else {int(unread > 0)})
    kept = {row[0] for row in house.run(select(messages.c.seq).where(messages.c.conversation_id == talk))}
    assert kept >= {seq for side in model.sides.values() for seq in side.shown}, "nothing that somebody sees is erased"
    assert kept >= model.sent.keys() - model.erasable, "and nothing that is kept"


BOTH = [("trash", "ben", 1), ("trash", "dana", 1)]
GONE = [("days", "ben", 16), ("purge", "ben", 1)]
steps = st.lists(st.tuples(st.sampled_from(ACTIONS), st.sampled_from(PEOPLE), st.integers(1, 16)), max_size=10)


@given(steps)
@example([("trash", "dana", 1), ("days", "dana", 16), ("send", "ben", 1), ("purge", "ben", 1), ("erase", "ben", 1)])
@example([("trash", "ben", 1), ("delete", "ben", 1), ("send", "dana", 1), ("restore", "ben", 1), ("erase", "ben", 1)])
@example([("trash", "ben", 1), ("undo", "ben", 1), ("trash", "ben", 1), ("days", "ben", 14), ("undo", "ben", 1)])
@example([("unread", "dana", 1), ("trash", "dana", 1), ("restore", "dana", 1), ("read", "dana", 1)])
@example([*BOTH, ("hold", "ben", 1), *GONE, ("erase", "ben", 1), ("lift", "ben", 1), ("erase", "ben", 1)])
@example([("hold", "ben", 1), ("trash", "ben", 1), ("delete", "ben", 1), ("trash", "dana", 1), ("delete", "dana", 1)])
@example([*BOTH, ("keep", "ben", 1), *GONE, ("delete", "dana", 1), ("rule", "ben", 1), ("days", "ben", 14), ("send", "dana", 1)])
@example([*BOTH, ("rule", "ben", 1), *GONE, ("erase", "ben", 1), ("days", "ben", 366), ("erase", "ben", 1)])
@example([*BOTH, *GONE, ("rule", "ben", 1), ("erase", "ben", 1), ("keep", "ben", 1), ("rule", "ben", 1), ("erase", "ben", 1)])
@settings(deadline=None, max_examples=20, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
def test_random_days_of_two_mailboxes_agree_with_the_rules(house: House, days: Sequence[tuple[str, str, int]]) -> None:
    model = Model()
    with house.undone():
        with house.at(model.now):
            talk = house.begin(house.ben, house.dana).conversation
            model.do("send", "ben")
        for action, who, count in days:
            if action == "days":
                model.now += count * clock.DAY
            model.tick()
            with house.at(model.now):
                if action != "days":
                    allowed = model.do(action, who)
                    assert carry_out(house, action, who, talk) == allowed, (action, who)
                    unread_again(house, model, action, who, talk)
                compare(house, model, talk)
        finish(house, model, talk)


def unread_again(house: House, model: Model, action: str, who: str, talk: int) -> None:
    """Marking unread makes the newest message of others unread again, if there is one and nothing was unread."""
    side = model.sides[who]
    if action == "unread" and side.shown and side.unread == 0:
        messages = table(Message)
        other = house.dana.person if who == "ben" else house.ben.person
        theirs = house.run(select(messages.c.seq).where(messages.c.conversation_id == talk, messages.c.author_id == other))
        side.unread = int(any(row[0] in side.shown for row in theirs))


def settle(house: House) -> None:
    """All that the jobs have to do."""
    while house.do(purge):
        pass
    while house.do(erase):
        pass


def finish(house: House, model: Model, talk: int) -> None:
    """In the end exactly what somebody can see is left; before, what is kept by a rule or a hold as well."""
    messages = table(Message)
    with house.at(model.now):
        settle(house)
        model.erasable |= model.unkept()
        compare(house, model, talk)
        if model.held:
            carry_out(house, "lift", "ben", talk)
        save(house, FREE)
        model.rule(FREE)
        model.held = False
        settle(house)
        model.erasable |= model.unkept()
        compare(house, model, talk)
    kept = {row[0] for row in house.run(select(messages.c.seq).where(messages.c.conversation_id == talk))}
    assert kept == {seq for side in model.sides.values() for seq in side.shown}
