"""Short words for what the outbox does, as the tests of alerts and quick links need them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select

from chat.actions.alerts import Claim, Claimed, Handing, Outcome, claim_alerts, settle_alert
from chat.actions.letters import Letter, prepare_message
from chat.lib.clock import SECOND
from chat.models import Alert, Mailbox
from chat.models.columns import table
from chat.transaction import Who
from tests.databases import House, Sent
from tests.people import later

ALERTS, BOXES = table(Alert), table(Mailbox)


def claim(house: House, limit: int = 100, after: int = 0) -> Claimed:
    """What one look at the outbox claims."""
    claimed: Claimed = house.do(claim_alerts, None, Claim(limit, after))
    return claimed


def prepare(house: House, mine: Handing) -> Letter | None:
    """The mail of a claimed alert about a message, or None."""
    letter: Letter | None = house.do(prepare_message, None, mine)
    return letter


def settle(house: House, mine: Handing, state: str = "sent", letter: Letter | None = None, **more: Any) -> bool:
    """Note how the attempt ended; whether it counted."""
    known = {"prepared_at": letter.prepared_at, "link": letter.link} if letter else {}
    counted: bool = house.do(settle_alert, None, Outcome(mine.alert, mine.attempt, state, **(known | more)))
    return counted


def rounds(house: House) -> list[Letter]:
    """All that leaves now: claimed, prepared, taken by the mail server and settled."""
    letters = []
    while (claimed := claim(house)).more:
        for mine in claimed.alerts:
            letter = prepare(house, mine)
            if letter is not None:
                letters.append(letter)
                assert settle(house, mine, letter=letter)
    return letters


def leaving(house: House, *, seconds: float = 0, minutes: float = 0, hours: float = 0) -> list[Letter]:
    """All that leaves so long after noon."""
    with house.at(later(seconds=seconds, minutes=minutes, hours=hours)):
        return rounds(house)


def states(house: House, who: Who, place: Sent | None = None) -> list[tuple[str, str | None]]:
    """State and reason of each of somebody's alerts, the oldest first."""
    rows = select(ALERTS.c.state, ALERTS.c.error).where(ALERTS.c.person_id == who.person)
    rows = rows if place is None else rows.where(ALERTS.c.conversation_id == place.conversation)
    return [(row[0], row[1]) for row in house.run(rows.order_by(ALERTS.c.id))]


def due_at(house: House, who: Who) -> list[int]:
    """When each of somebody's alerts that wait is due, in seconds after noon, the oldest alert first."""
    waiting = select(ALERTS.c.due_at).where(ALERTS.c.person_id == who.person, ALERTS.c.state == "waiting").order_by(ALERTS.c.id)
    return [(row[0] - later()) // SECOND for row in house.run(waiting)]


@contextmanager
def after(house: House, **time: float) -> Iterator[None]:
    """The clock stands so long after noon."""
    with house.at(later(**time)):
        yield
