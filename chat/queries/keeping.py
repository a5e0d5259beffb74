"""What outranks the trash: a practice that deletes nothing, its minimum retention, and a hold on a client's record."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Executable, and_, case, exists, select

from chat.access import ORGANIZATIONS, PEOPLE
from chat.errors import Refused
from chat.lib.clock import DAY
from chat.lib.sentences import Sentence
from chat.lib.sql import Sets, Statement, parameter
from chat.models import Hold, MassRecipient
from chat.models.columns import table
from chat.models.conversations import CONVERSATIONS
from chat.transaction import Reading

HOLDS, _RECIPIENTS = table(Hold), table(MassRecipient)
FOREVER = 1 << 61
YEAR = 366 * DAY  # of a retention: never shorter than the calendar's


class Keeping(NamedTuple):
    """What holds for one conversation. `held`: the name of the client whose record is on hold; of a mass message no name."""

    deletes_since: int | None
    retention_years: int
    held: str | None = None

    @property
    def retention(self) -> int:
        """How long each message is kept at least, in milliseconds."""
        return self.retention_years * YEAR

    def erasable(self, now: int) -> int | None:
        """What was sent at or before this instant may be erased; None for nothing."""
        if self.held is not None or self.deletes_since is None:
            return None
        # Without a retention whatever the clock does: a message may come from an hour that is still to be.
        return now - self.retention if self.retention else FOREVER


def on_hold(client: ColumnElement[Any]) -> ColumnElement[bool]:
    """Rule: this client's record is on hold."""
    return exists().where(HOLDS.c.client_id == client, HOLDS.c.lifted_at.is_(None))


def _keeping(sets: Sets) -> Executable:
    client = PEOPLE.alias("client")
    held = case((and_(client.c.id.is_not(None), on_hold(client.c.id)), client.c.name))
    joined = CONVERSATIONS.join(ORGANIZATIONS, ORGANIZATIONS.c.id == CONVERSATIONS.c.organization_id)
    joined = joined.outerjoin(client, client.c.id == CONVERSATIONS.c.client_id)
    rules = (ORGANIZATIONS.c.deletes_since, ORGANIZATIONS.c.retention_years, held)
    return select(CONVERSATIONS.c.id, *rules).select_from(joined).where(sets.has(CONVERSATIONS.c.id, "ids"))


def _held_masses(sets: Sets) -> Executable:
    here = and_(_RECIPIENTS.c.client_id == HOLDS.c.client_id, sets.has(_RECIPIENTS.c.mass_message_id, "masses"))
    lasts = and_(HOLDS.c.organization_id == parameter("organization"), HOLDS.c.lifted_at.is_(None))
    sent = _RECIPIENTS.c.conversation_id.is_not(None)
    return select(_RECIPIENTS.c.mass_message_id).select_from(HOLDS.join(_RECIPIENTS, here)).where(lasts, sent).distinct()


KEEPING, HELD_MASSES = Statement(_keeping), Statement(_held_masses)
HOUSE_RULES = Statement(
    lambda _: select(ORGANIZATIONS.c.deletes_since, ORGANIZATIONS.c.retention_years).where(
        ORGANIZATIONS.c.id == parameter("organization")
    )
)


def keeping(reading: Reading, conversations: Collection[int]) -> dict[int, Keeping]:
    """What keeps these conversations, by id; one statement."""
    rows = reading.rows(KEEPING, ids=list(conversations)) if conversations else []
    return {row[0]: Keeping(*row[1:]) for row in rows}


def keeping_masses(reading: Reading, masses: Collection[int]) -> dict[int, Keeping]:
    """The same for mass messages of the asker's: one of which a client's record is on hold is held as a whole."""
    if not masses:
        return {}
    rules = reading.rows(HOUSE_RULES, organization=reading.me.organization)[0]
    held = {row[0] for row in reading.rows(HELD_MASSES, organization=reading.me.organization, masses=list(masses))}
    return {number: Keeping(rules[0], rules[1], "" if number in held else None) for number in masses}


def plural_years(years: int) -> str:
    """So many years in words."""
    return "1 year" if years == 1 else f"{years} years"


def outranked(rules: Keeping, newest_at: int | None, now: int, *, staff: bool) -> Refused | None:
    """Why what was last written at `newest_at` cannot be deleted for good now; None if nothing stands in the way.

    Only staff are told of a hold: clients and contacts must not learn that there is one.
    """
    if rules.deletes_since is None:
        return Refused("The practice keeps all messages: nothing is deleted for good. The trash only puts it out of the way.",
                       kept_by="practice", until=None)  # fmt: skip
    if staff and rules.held is not None:
        nobody = Sentence(
            "The record of a client who got this is on hold. "
            "Nothing of it is deleted for good until an administrator lifts the hold."
        )
        named = Sentence(
            "{name}’s record is on hold. Nothing of it is deleted for good until an administrator lifts the hold.",
            name=rules.held,
        )
        return Refused(named if rules.held else nobody, kept_by="hold", until=None)
    if newest_at is not None and rules.retention and newest_at + rules.retention > now:
        least = Sentence(
            "The practice keeps messages for at least {count} year. Before that, nothing is deleted for good.",
            "The practice keeps messages for at least {count} years. Before that, nothing is deleted for good.",
            count=rules.retention_years,
        )
        return Refused(least, kept_by="retention", until=newest_at + rules.retention)
    return None


def kept_view(rules: Keeping, newest_at: int | None, now: int, *, staff: bool) -> dict[str, Any] | None:
    """The same as readers see it on what lies in their trash: what keeps it, until when if that is known, and the sentence."""
    refusal = outranked(rules, newest_at, now, staff=staff)
    return None if refusal is None else {**refusal.details, "message": refusal.message}
