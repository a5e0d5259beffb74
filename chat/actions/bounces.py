"""Addresses that take no mails: a mark on their person, set by a mail that came to nothing, gone with the next that arrives."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Executable, Text, and_, null, select, update

from chat.access import PEOPLE
from chat.actions.touch import lock_around_clients, tell_lookers
from chat.lib.sql import Sets, Statement, parameter
from chat.transaction import Transaction

#: Reasons for which an address, and not the moment or we, is to blame. The first word of an alert's reason.
BOUNCES = frozenset({"refused", "bad_address", "gave_up"})


def _marked(sets: Sets) -> Executable:
    return select(PEOPLE.c.id).where(sets.has(PEOPLE.c.id, "people"), PEOPLE.c.mail_failed_at.is_not(None))


def _mark(_: Sets) -> Executable:
    values = {"mail_failed_at": parameter("now"), "mail_failure": parameter("reason", Text())}
    return update(PEOPLE).values(values).where(PEOPLE.c.id == parameter("person"))


def _clear(_: Sets) -> Executable:
    marked = and_(PEOPLE.c.id == parameter("person"), PEOPLE.c.mail_failed_at.is_not(None))
    return update(PEOPLE).values(mail_failed_at=null(), mail_failure=null()).where(marked).returning(PEOPLE.c.id)


MARKED, MARK, CLEAR = Statement(_marked), Statement(_mark), Statement(_clear)


def note_bounces(tx: Transaction, reasons: Mapping[int, str]) -> None:
    """Mark those whose mail failed for good, where their address is to blame; staff with an open page see it at once."""
    blamed = {person: reason for person, reason in reasons.items() if reason.partition(" ")[0] in BOUNCES}
    known = {row[0] for row in tx.rows(MARKED, people=list(blamed))} if blamed else set()
    fresh = sorted(set(blamed) - known)
    if not fresh:
        return
    batch = lock_around_clients(tx, fresh)
    for person in fresh:
        tx.rows(MARK, person=person, now=tx.now, reason=blamed[person])
    tell_lookers(batch, fresh)
    batch.save()


def forget_bounce(tx: Transaction, person: int) -> None:
    """A mail arrived: what was marked is so no longer."""
    if tx.rows(MARKED, people=[person]):
        batch = lock_around_clients(tx, [person])
        clear_bounce(tx, person)
        tell_lookers(batch, [person])
        batch.save()


def clear_bounce(tx: Transaction, person: int) -> bool:
    """There is another address now. The answer is whether the old one was marked: then the caller tells the open pages."""
    return bool(tx.rows(CLEAR, person=person))
