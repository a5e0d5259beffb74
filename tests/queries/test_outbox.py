"""The rules of alerting, each by itself: what becomes of an alert by the facts of a moment."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chat.lib.clock import DAY, HOUR, MINUTE
from chat.queries.outbox import Due, LastLink, LastText, Verdict, anything_due, decide, due_alerts, last_spoken
from chat.transaction import Policy
from tests.databases import House
from tests.outbox import after, claim, leaving
from tests.people import NOON

POLICY = Policy()
ALERT = Due(
    1, 1, "waiting", NOON, "message", "email", 1, 4, 7, 2, None, NOON, "client", True, "dana@example.org", None, None, None, True,
    True, True, True, "", "", True, True, 0, None,
)  # fmt: skip
STAFF, LATE = replace(ALERT, role="therapist"), NOON + 15 * MINUTE


def link(created_at: int, **more: Any) -> LastLink:
    return replace(LastLink(1, created_at, created_at + 15 * MINUTE, 0, None), **more)


def verdict(due: Due = ALERT, last: LastLink | None = None, now: int = NOON) -> tuple[str, str | None, int] | None:
    found = decide(due, last, now, POLICY)
    return (found.state, found.reason, found.due_at) if found else None


def test_an_alert_without_anything_against_it_goes_out() -> None:
    assert verdict() is None
    assert verdict(STAFF, now=LATE) is None


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"seen": 2}, Verdict("dropped", "read")),
        ({"seen": 3}, Verdict("dropped", "read")),
        ({"readable": False}, Verdict("dropped", "no_access")),
        ({"active": False}, Verdict("dropped", "inactive")),
        ({"client_active": False}, Verdict("dropped", "inactive")),
        ({"client_enabled": False}, Verdict("dropped", "off")),
        ({"messaging": False}, Verdict("dropped", "off")),
        ({"choice": "none"}, Verdict("dropped", "unsubscribed")),
        ({"email": None}, Verdict("failed", "no_address")),
        ({"created_at": NOON - 4 * DAY}, Verdict("failed", "gave_up")),
    ],
)
def test_one_fact_is_enough(facts: dict[str, Any], expected: Verdict) -> None:
    assert decide(replace(ALERT, **facts), None, NOON, POLICY) == expected


def test_what_is_read_is_dropped_rather_than_given_up() -> None:
    assert verdict(replace(ALERT, seen=2, created_at=NOON - 5 * DAY)) == ("dropped", "read", 0)


def test_the_clients_gate_does_not_concern_staff() -> None:
    assert verdict(replace(STAFF, client_active=False, client_enabled=False), now=LATE) is None


@pytest.mark.parametrize(
    ("created", "now", "expected"),
    [
        (NOON, NOON, ("dropped", "folded", 0)),  # left at the same moment or later: it speaks for this one
        (NOON + 1, NOON + 1, ("waiting", "folded", NOON + 5 * MINUTE)),
        (NOON + 5 * MINUTE - 1, NOON + 5 * MINUTE, ("waiting", "folded", NOON + 15 * MINUTE)),
        (NOON + 5 * MINUTE, NOON + 5 * MINUTE, None),
        (NOON + 1, NOON + 15 * MINUTE, ("dropped", "folded", 0)),
    ],
)
def test_a_mail_speaks_for_five_minutes(created: int, now: int, expected: tuple[str, str, int] | None) -> None:
    assert verdict(replace(ALERT, created_at=created), link(NOON), now) == expected


@pytest.mark.parametrize(
    "last", [link(NOON, seen_through=0, end_reason="revoked"), link(NOON, seen_through=-1), link(NOON - 5 * MINUTE), None]
)
def test_a_mail_that_was_followed_or_lost_its_link_or_is_old_speaks_for_nothing(last: LastLink | None) -> None:
    assert verdict(replace(ALERT, created_at=NOON + 1), last, NOON + 1) is None


def test_a_link_shorter_than_the_folding_folds_no_longer_than_it_lives() -> None:
    short = link(NOON, ends_at=NOON + MINUTE)
    assert verdict(replace(ALERT, created_at=NOON + MINUTE - 1), short, NOON + MINUTE - 1) == ("waiting", "folded", NOON + MINUTE)
    assert verdict(replace(ALERT, created_at=NOON + MINUTE), short, NOON + MINUTE) is None


TEXT = replace(ALERT, channel="sms", phone="+15551230001")


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, None),
        ({"texts": False}, Verdict("dropped", "texts_off")),
        ({"phone": None}, Verdict("failed", "no_phone")),
        ({"choice": "none"}, None),  # unsubscribing ends the emails only
        ({"email": None}, None),
        ({"active": False}, Verdict("dropped", "inactive")),
    ],
)
def test_texts_have_their_own_facts(facts: dict[str, Any], expected: Verdict | None) -> None:
    assert decide(replace(TEXT, **facts), None, NOON, POLICY) == expected


def test_a_stop_ends_the_texts_only() -> None:
    assert verdict(replace(ALERT, texts=False)) is None


@pytest.mark.parametrize(
    ("created", "seen", "now", "expected"),
    [
        (NOON, 0, NOON, ("dropped", "folded", 0)),
        (NOON + 1, 0, NOON + 1, ("waiting", "folded", NOON + 5 * MINUTE)),
        (NOON + 1, 0, NOON + 5 * MINUTE, ("dropped", "folded", 0)),
        (NOON + 1, 1, NOON + 1, None),  # what the last text was about has been read
        (NOON + 5 * MINUTE, 0, NOON + 5 * MINUTE, None),
    ],
)
def test_a_text_speaks_for_five_minutes(created: int, seen: int, now: int, expected: tuple[str, str, int] | None) -> None:
    last = LastText(1, NOON)
    found = decide(replace(TEXT, created_at=created, seen=seen), last, now, POLICY)
    assert (found and (found.state, found.reason, found.due_at)) == expected


@pytest.mark.parametrize(
    ("alerted_at", "choice", "expected"),
    [
        (NOON, None, ("dropped", "folded", 0)),
        (NOON - 1, None, ("waiting", "folded", NOON - 1 + HOUR)),
        (NOON - HOUR, None, None),
        (None, None, None),
        (NOON, "each", None),
    ],
)
def test_staff_are_told_at_most_hourly(alerted_at: int | None, choice: str | None, expected: tuple[str, str, int] | None) -> None:
    assert verdict(replace(STAFF, alerted_at=alerted_at, choice=choice), now=LATE) == expected


def test_staff_are_told_of_what_stayed_unread_for_a_quarter_of_an_hour() -> None:
    assert verdict(STAFF, now=LATE - 1) == ("waiting", None, LATE)
    assert verdict(replace(STAFF, alerted_at=NOON - 50 * MINUTE)) == ("waiting", "folded", LATE), "whichever comes later"
    assert verdict(replace(STAFF, choice="each")) is None


def test_an_alert_comes_with_what_deciding_needs(house: House) -> None:
    house.begin(house.ben, house.dana)
    with after(house, seconds=10):
        (mine,) = claim(house).alerts
    (due,) = house.ask(due_alerts, [mine.alert])
    assert (due.state, due.attempt, due.kind, due.channel) == ("claimed", 1, "message", "email")
    assert (due.person, due.seq) == (house.dana.person, 1)
    assert (due.email, bool(due.readable), due.seen, bool(due.password)) == ("dana@example.org", True, 0, True)
    assert house.ask(due_alerts, []) == []


def test_only_links_whose_mail_has_left_speak(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    (letter,) = leaving(house, seconds=10)
    dues = [replace(ALERT, person=house.dana.person, conversation=sent.conversation)]
    (found,) = house.ask(last_spoken, dues).values()
    assert isinstance(found, LastLink)
    assert found.id == letter.link
    assert house.ask(last_spoken, [replace(dues[0], person=house.eli.person)]) == {1: None}
    assert house.ask(last_spoken, [replace(dues[0], channel="sms")]) == {1: None}
    assert house.ask(last_spoken, [replace(dues[0], conversation=None)]) == {}


def test_whether_anything_is_due_is_told_by_a_question(house: House) -> None:
    house.begin(house.ben, house.dana)
    assert not house.ask(anything_due)
    with after(house, seconds=10):
        assert house.ask(anything_due)
        claim(house)
        assert not house.ask(anything_due)
