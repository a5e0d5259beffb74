"""Text messages of a client, as staff see them on the Client Info tab."""

from __future__ import annotations

from typing import TypedDict

from sqlalchemy import Executable, Text, and_, exists, select

from chat import access
from chat.access import PEOPLE
from chat.lib.clock import DAY, MINUTE
from chat.lib.languages import ENGLISH, spoken
from chat.lib.sentences import Sentence
from chat.lib.sql import Sets, Statement, parameter
from chat.models import TextConsent, TextReceived
from chat.models.columns import table
from chat.transaction import Reading

_CONSENTS, RECEIVED = table(TextConsent), table(TextReceived)
SHOWN = 100
CLOSE = 15 * MINUTE  # the gateway repeats what was not taken within that time, and so events may change places
ASKED_FOR = 4 * DAY  # then what arrived last stands
ASKED_AT_ONCE = 20
BLOCKED = Sentence(
    "The carrier blocks texts to this number. Only the client can lift it: by texting START to us, or with their carrier."
)


class ConsentView(TypedDict):
    """One step: what, when, and by whom (staff); `by` is None where the client or the carrier did it."""

    at: int
    event: str
    phone: str
    by: str | None


class TextsView(TypedDict):
    """Whether texts leave. `off_since`: the client's STOP; `blocked`: what to do where the carrier refuses the number."""

    on: bool
    off_since: int | None
    blocked: str | None
    events: list[ConsentView]


def _state(_: Sets) -> Executable:
    return select(PEOPLE.c.phone, PEOPLE.c.text_ok, PEOPLE.c.texts_off_at).where(PEOPLE.c.id == parameter("client"))


def _languages(_: Sets) -> Executable:
    return select(PEOPLE.c.language).where(PEOPLE.c.phone == parameter("phone", Text()))


def _consents(_: Sets) -> Executable:
    by = PEOPLE.alias("by")
    rows = select(_CONSENTS.c.at, _CONSENTS.c.event, _CONSENTS.c.phone, by.c.name)
    joined = rows.select_from(_CONSENTS.outerjoin(by, by.c.id == _CONSENTS.c.by_id))
    mine = joined.where(_CONSENTS.c.person_id == parameter("client"))
    return mine.order_by(_CONSENTS.c.id.desc()).limit(parameter("limit"))


def _disputed(_: Sets) -> Executable:
    other = RECEIVED.alias("other")
    close = other.c.at.between(RECEIVED.c.at - parameter("close"), RECEIVED.c.at + parameter("close"))
    another = and_(other.c.phone == RECEIVED.c.phone, other.c.word != RECEIVED.c.word, close)
    unasked = and_(RECEIVED.c.at > parameter("since"), RECEIVED.c.word.is_not(None), RECEIVED.c.gateway_at.is_(None))
    rows = select(RECEIVED.c.sid).where(unasked, exists().where(another))
    return rows.order_by(RECEIVED.c.at).limit(parameter("limit"))


STATE, LANGUAGES, CONSENTS, DISPUTED = (Statement(build) for build in (_state, _languages, _consents, _disputed))


def disputed(reading: Reading) -> list[str]:
    """Events of which the gateway has to be asked when it got them: a STOP and a START of one number, close to each other.

    They are found when both are committed, so it does not matter which process took which.
    """
    return [row[0] for row in reading.rows(DISPUTED, close=CLOSE, since=reading.now - ASKED_FOR, limit=ASKED_AT_ONCE)]


def language_of(reading: Reading, phone: str) -> str:
    """The language to answer a number in: that of whoever has it, English where several have several."""
    languages = {spoken(row[0]) for row in reading.rows(LANGUAGES, phone=phone)}
    return (languages.pop() if len(languages) == 1 else None) or ENGLISH


def texts(reading: Reading, client: int) -> TextsView:
    """Whether a client gets texts, why not, and each step of the consent, the newest first; for staff who look after them."""
    number = access.client(reading, reading.me, client).id
    phone, ticked, off_since = reading.rows(STATE, client=number)[0]
    rows = reading.rows(CONSENTS, client=number, limit=SHOWN)
    events = [ConsentView(at=row[0], event=row[1], phone=row[2], by=row[3]) for row in rows]
    last = next((one["event"] for one in events if one["event"] != "unticked"), None)
    return {
        "on": bool(phone and ticked and off_since is None),
        "off_since": off_since,
        "blocked": BLOCKED if last == "blocked" else None,
        "events": events,
    }
