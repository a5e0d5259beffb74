"""Consent to text messages: what the client replies, what staff record, what the carrier says."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from sqlalchemy import Executable, Text, and_, case, null, select, update

from chat.access import PEOPLE
from chat.actions.touch import lock_conversations_with, tell_staff
from chat.lib.sql import Row, Rows, Sets, Statement, parameter
from chat.models import TextConsent, TextReceived
from chat.models.columns import table
from chat.models.people import Role
from chat.transaction import Transaction

_RECEIVED = table(TextReceived)
STOP = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
START = frozenset({"START", "UNSTOP"})
HELP = frozenset({"HELP", "INFO"})


@dataclass(frozen=True, slots=True)
class Received:
    """A text that came in: the gateway's id of the event, the number that sent it, and what it says."""

    sid: str
    phone: str
    body: str


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


READ, HOLDERS, TURN_OFF, TURN_ON, PERSON = (Statement(build) for build in (_read, _holders, _stop, _start, _person))
INSERT_RECEIVED = Rows(_RECEIVED, ("sid", "at", "claim"), skip_existing=True)
INSERT_CONSENT = Rows(table(TextConsent), ("organization_id", "person_id", "phone", "at", "event", "by_id"))


def keyword(body: str) -> str | None:
    """stop, start or help, if that is all that a text says; case, blanks and punctuation do not count."""
    word = re.sub(r"[\W_]+", "", body).upper()
    return "stop" if word in STOP else "start" if word in START else "help" if word in HELP else None


def receive_text(tx: Transaction, what: Received) -> str | None:
    """Do what a text asks for, each event once; the answer is the keyword that it was, None for anything else or a repeat.

    A number may be that of several clients: the carrier stops texts to the number, so all of them are stopped.
    """
    claim = secrets.token_hex(8)
    tx.write(INSERT_RECEIVED, [(what.sid, tx.now, claim)])
    word = keyword(what.body)
    if tx.rows(READ, sid=what.sid)[0][0] != claim or word is None:
        return None
    holders = tx.rows(HOLDERS, phone=what.phone)
    if word == "stop":
        _turn(tx, what.phone, holders, off=True)
    elif word == "start":
        _turn(tx, what.phone, [row for row in holders if row[2] is not None], off=False)
    return word


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


def _turn(tx: Transaction, phone: str, holders: list[Row], *, off: bool) -> None:
    event = "stop" if off else "start"
    # Staff with an open page see it at once; a second STOP changes nothing there.
    batch = lock_conversations_with(tx, [row[0] for row in holders if off == (row[2] is None)])
    tell_staff(batch)
    batch.save()
    tx.rows(TURN_OFF if off else TURN_ON, people=[row[0] for row in holders], **({"now": tx.now} if off else {}))
    tx.write(INSERT_CONSENT, [(row[1], row[0], phone, tx.now, event, None) for row in holders])
    for person, organization, _ in holders:
        tx.audit(f"{event}_texts", organization_id=organization, actor_id=person, person_id=person, client_id=person)
