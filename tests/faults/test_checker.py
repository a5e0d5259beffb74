"""The checker finds each thing that may go wrong, and nothing where all is well."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.faults.checker import on_disk, on_page, unanswered
from tests.faults.history import History
from tests.faults.stored import Stored
from tests.journeys.device import Device

TALK, ME = 7, 1


def number(_: str) -> int:
    return TALK


class Told:
    """Three messages: acknowledged as the second of a conversation, unknown, refused."""

    def __init__(self) -> None:
        self.history = History()
        self.kept, self.unknown, self.refused = (self.history.begin("ben") for _ in range(3))
        self.history.done(self.kept.key, {"conversation": "seven", "seq": 2})
        self.history.refused(self.refused.key, "No.")
        self.there = Stored({(TALK, 2): self.kept.body}, {(TALK, ME): {1, 2}})


def page(*seqs: int, told: Told, unread: int = 1) -> Device:
    """What somebody's browser shows."""
    one = Device("ben", 1)
    one.unread = unread
    one.rows = {"seven": {"id": "seven", "unread": unread}}
    one.messages = {"seven": {seq: {"seq": seq, "body": told.there.bodies.get((TALK, seq), "Before.")} for seq in seqs}}
    return one


def test_it_finds_nothing_where_all_is_well() -> None:
    told = Told()
    assert on_disk(told.history, told.there, number, settled=True).all == []
    told.there.bodies[TALK, 3] = told.unknown.body
    assert on_disk(told.history, told.there, number, settled=True).all == [], "an unknown one may be there"
    assert on_page(page(1, 2, told=told), page(1, 2, told=told), ME, told.there, number).all == []


def lose(told: Told) -> None:
    del told.there.bodies[TALK, 2]


def double(told: Told) -> None:
    told.there.bodies[TALK, 3] = told.kept.body


def double_unknown(told: Told) -> None:
    told.there.bodies |= {(TALK, 3): told.unknown.body, (TALK, 4): told.unknown.body}


def misplace(told: Told) -> None:
    told.there.bodies[TALK, 5] = told.there.bodies.pop((TALK, 2))


def keep_refused(told: Told) -> None:
    told.there.bodies[TALK, 3] = told.refused.body


def make_up(told: Told) -> None:
    told.there.bodies[TALK, 3] = "campaign from nowhere"


def miscount(told: Told) -> None:
    told.there.faults.append("mailbox 1: unread 2, counted 1")


@pytest.mark.parametrize(
    ("harm", "kind"),
    [
        (lose, "lost"),
        (double, "doubled"),
        (double_unknown, "doubled"),
        (misplace, "other"),
        (keep_refused, "other"),
        (make_up, "other"),
        (miscount, "other"),
    ],
)
def test_it_finds_on_disk_what_went_wrong(harm: Callable[[Told], None], kind: str) -> None:
    told = Told()
    harm(told)
    found = on_disk(told.history, told.there, number, settled=True)
    assert [one.partition(":")[0] for one in found.all] == [kind]


@pytest.mark.parametrize(
    ("open_", "fresh", "kind"),
    [((2,), (1, 2), "holes"), ((1, 2), (1,), "lost"), ((1, 2, 3), (1, 2, 3), "other")],
    ids=["a hole", "not shown", "not theirs"],
)
def test_it_finds_on_a_page_what_went_wrong(open_: tuple[int, ...], fresh: tuple[int, ...], kind: str) -> None:
    told = Told()
    found = on_page(page(*open_, told=told), page(*fresh, told=told), ME, told.there, number)
    assert kind in {one.partition(":")[0] for one in found.all}


def test_it_finds_an_open_page_that_counts_or_orders_otherwise() -> None:
    told = Told()
    found = on_page(page(1, 2, told=told, unread=2), page(1, 2, told=told), ME, told.there, number)
    assert len(found.other) == 2, "the count, and the row"
    swapped = page(1, 2, told=told)
    swapped.messages["seven"][2]["body"], swapped.messages["seven"][1]["body"] = "Before.", told.kept.body
    assert "differ" in on_page(swapped, page(1, 2, told=told), ME, told.there, number).other[0]


def test_it_finds_a_conversation_that_is_not_shown_at_all() -> None:
    told = Told()
    nothing = Device("ben", 1)
    assert on_page(nothing, nothing, ME, told.there, number).lost == [f"ben may see conversation {TALK} and is not shown it"]


def test_what_nobody_answered_is_found_unless_it_was_given_up() -> None:
    told = Told()
    assert len(unanswered(told.history, ()).other) == 1
    assert unanswered(told.history, [told.unknown.key]).all == []
