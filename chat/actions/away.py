"""Away messages: a therapist's clients are answered once a period, by a message that is marked as automatic.

For staff alone.

A job answers, so that nobody's send waits for it. It looks at what is committed: what no worker answered yet, the next one
answers, and a key made of period and client keeps two of them from answering twice. Only what a client wrote by hand is
answered: never a team member, a contact, or another automatic message, so that nothing can answer back.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Executable, and_, delete, exists, insert, select

from chat.access import ORGANIZATIONS, PEOPLE, related
from chat.actions.messages import send_messages
from chat.actions.posting import SendMessage
from chat.errors import Invalid, NotFound
from chat.lib.sentences import Sentence
from chat.lib.sql import Changes, Rows, Sets, Statement, literal, parameter
from chat.lib.zones import day_of, midnight
from chat.models import AwayAnswer, Message
from chat.models.columns import table
from chat.models.conversations import CONVERSATIONS, PARTICIPANTS
from chat.models.people import STAFF
from chat.queries.away import AWAY, OWN, zone_of
from chat.transaction import Asked, Transaction, Who

_ANSWERS, _MESSAGES = table(AwayAnswer), table(Message)
LENGTH, LONGEST, STEP = 1_000, 366, 25  # characters of the text; days of a period; answers a step
_FAMILY = uuid.UUID("0c3f7f2e-6d0e-4b0c-9a55-5b1f2f0f8a64")  # each answer has a key derived from its period and client
_NEW = ("id", "person_id", "first_day", "last_day", "begins_at", "ends_at", "data_key_id", "text")


@dataclass(frozen=True, slots=True)
class SetAway:
    """What clients are answered, from the first through the last day (ISO dates in the asker's zone); without text, nothing."""

    text: str
    first_day: str = ""
    last_day: str = ""


def _insert(_: Sets) -> Executable:
    names = [name for name in _NEW if name != "id"]
    return insert(AWAY).values({name: parameter(name, AWAY.c[name].type) for name in names}).returning(AWAY.c.id)


def _running(_: Sets) -> Executable:
    return select(AWAY.c.id).where(AWAY.c.begins_at <= parameter("now"), AWAY.c.ends_at > parameter("now"))


def _due(sets: Sets) -> Executable:
    therapist, client = PEOPLE.alias("therapist"), PEOPLE.alias("client")
    wrote = and_(
        _MESSAGES.c.conversation_id == CONVERSATIONS.c.id,
        _MESSAGES.c.author_id == CONVERSATIONS.c.client_id,
        _MESSAGES.c.automatic.is_(False),
        _MESSAGES.c.sent_at >= AWAY.c.begins_at,
        _MESSAGES.c.sent_at < AWAY.c.ends_at,
    )
    here = and_(
        PARTICIPANTS.c.person_id == AWAY.c.person_id,
        PARTICIPANTS.c.received_at >= AWAY.c.begins_at,
        PARTICIPANTS.c.ended_at.is_(None),
    )
    joined = AWAY.join(therapist, therapist.c.id == AWAY.c.person_id).join(PARTICIPANTS, here)
    joined = joined.join(ORGANIZATIONS, ORGANIZATIONS.c.id == therapist.c.organization_id)
    joined = joined.join(CONVERSATIONS, CONVERSATIONS.c.id == PARTICIPANTS.c.conversation_id)
    joined = joined.join(client, client.c.id == CONVERSATIONS.c.client_id).join(_MESSAGES, wrote)
    answered = exists().where(_ANSWERS.c.away_id == AWAY.c.id, _ANSWERS.c.client_id == client.c.id)
    gates = and_(
        *(ORGANIZATIONS.c.messaging_enabled, therapist.c.active, therapist.c.in_portal, client.c.active),
        client.c.messaging_enabled,
        related(therapist.c.id, therapist.c.role, client.c.id),
    )
    therapist_is = (therapist.c.id, therapist.c.organization_id, therapist.c.role)
    columns = (AWAY.c.id, AWAY.c.begins_at, AWAY.c.text, *therapist_is, client.c.id, CONVERSATIONS.c.id)
    rows = select(*columns).select_from(joined).where(sets.has(AWAY.c.id, "running"), gates, ~answered)
    return rows.order_by(_MESSAGES.c.sent_at, CONVERSATIONS.c.id, _MESSAGES.c.seq).limit(literal(STEP))


RUNNING, DUE, INSERT = Statement(_running), Statement(_due), Statement(_insert)
RENEW = Changes(AWAY, ("id",), ("last_day", "ends_at", "text"))
INSERT_ANSWERS = Rows(_ANSWERS, ("away_id", "client_id", "at"), skip_existing=True)
FORGET_ANSWERS = Statement(lambda _: delete(_ANSWERS).where(_ANSWERS.c.away_id == parameter("away")))
FORGET = Statement(lambda _: delete(AWAY).where(AWAY.c.id == parameter("away")))


def set_away(tx: Transaction, what: SetAway) -> dict[str, int]:
    """Set the asker's own away message, or take it away. The same first day goes on with the period that runs (staff)."""
    if tx.me.role not in STAFF or tx.me.scope is not None:
        raise NotFound
    rows = tx.rows(OWN, person=tx.me.person)
    if not what.text.strip():
        _forget(tx, rows)
        tx.audit("set_away", details="off")
        return {}
    first, last = _days(tx, what)
    zone = zone_of(tx)
    ends_at = midnight(last + timedelta(days=1), zone)
    if rows and rows[0][1] == what.first_day and rows[0][4] > tx.now:
        number, key = rows[0][0], rows[0][5]
        tx.write(RENEW, [(number, what.last_day, ends_at, tx.seal(key, _place(tx, number), what.text))])
    else:
        _forget(tx, rows)
        _begin(tx, what, max(tx.now, midnight(first, zone)), ends_at)
    tx.audit("set_away", details=f"{what.first_day} to {what.last_day}")
    return {}


def answer_while_away(tx: Transaction, _what: None = None) -> bool:
    """One step: answer clients who wrote to somebody who is away. Whether there may be more."""
    due: dict[tuple[int, int], tuple[Asked[SendMessage], int]] = {}
    running = [row[0] for row in tx.rows(RUNNING, now=tx.now)]
    # Asked apart: nobody is away most of the time, and whoever is has few conversations among all.
    rows = tx.rows(DUE, running=running) if running else ()
    for away, begun, sealed, person, organization, role, client, talk in rows:
        if (away, client) not in due:
            who = Who(person, organization, role, address="away message")
            text = tx.open(f"away.text:{person}:{away}", sealed)
            # By the instant and not by the row's number, which another period may have been given before.
            key = str(uuid.uuid5(_FAMILY, f"{person}:{begun}:{client}"))
            due[away, client] = (Asked(who, SendMessage(key, text, conversation=talk, automatic=True)), client)
    if due:
        send_messages(tx, [asked for asked, _ in due.values()])
        # Also those that were refused: whatever was in the way, the same answer is not tried over and over.
        tx.write(INSERT_ANSWERS, [(away, client, tx.now) for away, client in due])
    return bool(due)


def _days(tx: Transaction, what: SetAway) -> tuple[date, date]:
    if len(what.text) > LENGTH:
        long = Sentence(
            "An away message may have up to {most} characters; this one has {length}.", most=LENGTH, length=len(what.text)
        )
        raise Invalid(long, field="text")
    try:
        first, last = date.fromisoformat(what.first_day), date.fromisoformat(what.last_day)
    except ValueError as error:
        raise Invalid("Say the first and the last day on which you are away.", field="first_day") from error
    today = day_of(tx.now, zone_of(tx))
    if last < first:
        raise Invalid("The last day comes before the first one.", field="last_day")
    if last < today:
        raise Invalid("The last day is over already. Choose today or a later one.", field="last_day")
    if (last - max(first, today)).days > LONGEST:
        raise Invalid("An away message ends within a year. You can set it again then.", field="last_day")
    return first, last


def _begin(tx: Transaction, what: SetAway, begins_at: int, ends_at: int) -> None:
    key = tx.make_keys([f"away:{tx.me.person}"])[0]
    given = {"person_id": tx.me.person, "first_day": what.first_day, "last_day": what.last_day, "data_key_id": key}
    number = tx.rows(INSERT, **given, begins_at=begins_at, ends_at=ends_at, text=b"")[0][0]
    # Sealed to its own number, which it has only now.
    tx.write(RENEW, [(number, what.last_day, ends_at, tx.seal(key, _place(tx, number), what.text))])


def _forget(tx: Transaction, rows: list[tuple[int, ...]]) -> None:
    for row in rows:
        tx.rows(FORGET_ANSWERS, away=row[0])
        tx.rows(FORGET, away=row[0])
        tx.destroy_keys([row[5]])


def _place(tx: Transaction, number: int) -> str:
    return f"away.text:{tx.me.person}:{number}"
