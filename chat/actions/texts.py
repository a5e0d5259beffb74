"""Consent to text messages: what the client replies, what staff record, what the carrier says."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Executable, Text, and_, case, null, select, update

from chat.access import PEOPLE
from chat.actions.batch import Batch
from chat.actions.touch import lock_around_clients, tell_lookers
from chat.lib.sql import Row, Rows, Sets, Statement, parameter
from chat.models import TextConsent, TextReceived
from chat.models.columns import table
from chat.models.people import Role
from chat.queries.texts import CLOSE
from chat.transaction import Transaction

_RECEIVED, _CONSENTS = table(TextReceived), table(TextConsent)
STOP = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
START = frozenset({"START", "UNSTOP"})
HELP = frozenset({"HELP", "INFO"})


@dataclass(frozen=True, slots=True)
class Received:
    """A text that came in: the gateway's id of the event, the number that sent it, and what it says."""

    sid: str
    phone: str
    body: str


@dataclass(frozen=True, slots=True)
class TextTime:
    """When the gateway got a text; None if it cannot say, then the time of its arrival here counts."""

    sid: str
    at: int | None


class Event(NamedTuple):
    """A STOP or START of a number: when it arrived here, what it was, when the gateway got it (None: not asked)."""

    at: int
    word: str
    gateway_at: int | None


def _read(_: Sets) -> Executable:
    return select(_RECEIVED.c.claim).where(_RECEIVED.c.sid == parameter("sid", Text()))


def _holders(_: Sets) -> Executable:
    mine = and_(PEOPLE.c.phone == parameter("phone", Text()), PEOPLE.c.role == Role.CLIENT.value)
    return select(PEOPLE.c.id, PEOPLE.c.organization_id, PEOPLE.c.texts_off_at).where(mine).order_by(PEOPLE.c.id)


def _stop(sets: Sets) -> Executable:
    since = case((PEOPLE.c.texts_off_at.is_(None), parameter("now")), else_=PEOPLE.c.texts_off_at)
    return update(PEOPLE).values(texts_off_at=since).where(sets.has(PEOPLE.c.id, "people"))


def _start(sets: Sets) -> Executable:
    off = and_(sets.has(PEOPLE.c.id, "people"), PEOPLE.c.texts_off_at.is_not(None))
    return update(PEOPLE).values(texts_off_at=null()).where(off).returning(PEOPLE.c.id)


def _person(_: Sets) -> Executable:
    return select(PEOPLE.c.id, PEOPLE.c.organization_id, PEOPLE.c.phone).where(PEOPLE.c.id == parameter("person"))


def _received(_: Sets) -> Executable:
    return select(_RECEIVED.c.phone, _RECEIVED.c.at).where(_RECEIVED.c.sid == parameter("sid", Text()))


def _set_time(_: Sets) -> Executable:
    return update(_RECEIVED).values(gateway_at=parameter("told")).where(_RECEIVED.c.sid == parameter("sid", Text()))


def _events(_: Sets) -> Executable:
    rows = select(_RECEIVED.c.at, _RECEIVED.c.word, _RECEIVED.c.gateway_at)
    return rows.where(_RECEIVED.c.phone == parameter("phone", Text())).order_by(_RECEIVED.c.at)


def _readded(sets: Sets) -> Executable:
    added = and_(_CONSENTS.c.event == "number_added", _CONSENTS.c.at > parameter("since"))
    return select(_CONSENTS.c.person_id).where(sets.has(_CONSENTS.c.person_id, "people"), added)


READ, HOLDERS, TURN_OFF, TURN_ON, PERSON = (Statement(build) for build in (_read, _holders, _stop, _start, _person))
RECEIVED, SET_TIME, EVENTS, READDED = (Statement(build) for build in (_received, _set_time, _events, _readded))
INSERT_RECEIVED = Rows(_RECEIVED, ("sid", "at", "claim", "phone", "word"), skip_existing=True)
INSERT_CONSENT = Rows(_CONSENTS, ("organization_id", "person_id", "phone", "at", "event", "by_id"))


def keyword(body: str) -> str | None:
    """stop, start or help, if that is all that a text says; case, blanks and punctuation do not count."""
    word = re.sub(r"[\W_]+", "", body).upper()
    return "stop" if word in STOP else "start" if word in START else "help" if word in HELP else None


def receive_text(tx: Transaction, what: Received) -> str | None:
    """Do what a text asks for, each event once; the answer is the keyword that it was, None for anything else or a repeat.

    A number may be that of several clients: the carrier stops texts to the number, so all of them are stopped.
    """
    claim, word = secrets.token_hex(8), keyword(what.body)
    row = (what.phone, word) if word in {"stop", "start"} else (None, None)
    tx.write(INSERT_RECEIVED, [(what.sid, tx.now, claim, *row)])
    if tx.rows(READ, sid=what.sid)[0][0] != claim or word is None:
        return None
    if word == "stop":
        batch, holders = _lock(tx, what.phone)
        _turn(tx, what.phone, batch, holders, word)
    elif word == "start":
        batch, holders = _lock(tx, what.phone)
        _turn(tx, what.phone, batch, _changed(holders, word), word)
    return word


def note_text_times(tx: Transaction, times: Sequence[TextTime]) -> None:
    """Note when the gateway got these texts, and let what it got last of a number stand, whatever arrived last here."""
    phones = set()
    for one in times:
        for phone, arrived in tx.rows(RECEIVED, sid=one.sid):
            tx.rows(SET_TIME, sid=one.sid, told=arrived if one.at is None else one.at)
            phones.add(phone)
    for phone in sorted(phones):
        _settle(tx, phone)


def note_number(tx: Transaction, client: int, before: str | None, after: str | None, ticks: tuple[bool, bool]) -> bool:
    """Record what staff changed of a client's number and of *Text message OK* (before, after).

    A STOP belongs to the number that sent it: a number that was deleted and is added again begins anew on our side. The
    answer is whether one held until now.
    """
    steps: list[tuple[str, str | None]] = []
    stopped = False
    if before != after:
        steps += [("number_removed", before), ("number_added", after)]
        stopped = bool(tx.rows(TURN_ON, people=[client]))
    if ticks[0] != ticks[1]:
        steps.append(("ticked", after) if ticks[1] else ("unticked", before or after))
    by = tx.me.person
    tx.write(INSERT_CONSENT, [(tx.me.organization, client, phone, tx.now, event, by) for event, phone in steps if phone])
    return stopped


def note_blocked(tx: Transaction, person: int) -> None:
    """The carrier refuses texts to this client's number: a STOP that we may never have heard of."""
    for number, organization, phone in tx.rows(PERSON, person=person):
        tx.write(INSERT_CONSENT, [(organization, number, phone or "", tx.now, "blocked", None)])
        tx.audit("texts_blocked", organization_id=organization, person_id=number, client_id=number)


def _settle(tx: Transaction, phone: str) -> None:
    batch, holders = _lock(tx, phone)
    events = [Event(*row) for row in tx.rows(EVENTS, phone=phone)]
    last = last_by_gateway(events)
    if last is None:
        return
    # A number that staff added again meanwhile began anew with it.
    began = {row[0] for row in tx.rows(READDED, people=[row[0] for row in holders], since=events[-1].at)}
    wrong = [row for row in _changed(holders, last.word) if row[0] not in began]
    _turn(tx, phone, batch, wrong, last.word, f"{last.word}_was_last", last.gateway_at)


def last_by_gateway(events: Sequence[Event]) -> Event | None:
    """Which of a number's events (in order of arrival) the gateway got last; None where the order of arrival stands: what came
    last came long after the others, or not all that might have changed places were asked for yet.

    The gateway counts seconds. Where a STOP and a START share one, the STOP stands: a text too few does less harm.
    """
    known = [one for one in events if one.gateway_at is not None]
    if not known or events[-1].gateway_at is None or any(_disputed(one, events) for one in events if one.gateway_at is None):
        return None
    return max(known, key=lambda one: (one.gateway_at, one.word == "stop"))


def _disputed(one: Event, events: Sequence[Event]) -> bool:
    return any(other.word != one.word and abs(other.at - one.at) <= CLOSE for other in events)


def _lock(tx: Transaction, phone: str) -> tuple[Batch, list[Row]]:
    """What staff see of all who have this number, locked, and then these people as they are: two events take turns."""
    batch = lock_around_clients(tx, [row[0] for row in tx.rows(HOLDERS, phone=phone)])
    return batch, tx.rows(HOLDERS, phone=phone)


def _changed(holders: list[Row], word: str) -> list[Row]:
    return [row for row in holders if (row[2] is None) == (word == "stop")]


def _turn(
    tx: Transaction, phone: str, batch: Batch, holders: list[Row], word: str, event: str = "", since: int | None = None
) -> None:
    """Turn texts off (`since` when, now if not given) or on for these, and put the event on record, by its word if not given."""
    people = [row[0] for row in holders]
    if _changed(holders, word):  # staff with an open page see it at once; a second STOP changes nothing there
        tell_lookers(batch, people)
        batch.save()
    if word == "stop":
        tx.rows(TURN_OFF, people=people, now=tx.now if since is None else since)
    else:
        tx.rows(TURN_ON, people=people)
    tx.write(INSERT_CONSENT, [(row[1], row[0], phone, tx.now, event or word, None) for row in holders])
    for person, organization, _ in holders:
        tx.audit(f"{word}_texts", organization_id=organization, actor_id=person, person_id=person, client_id=person)
