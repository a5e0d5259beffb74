"""Drafts of the asker."""

from __future__ import annotations

from typing import TypedDict

from sqlalchemy import Executable, Text, select

from chat import access
from chat.lib.sql import Sets, Statement, parameter
from chat.models import Draft
from chat.models.columns import table
from chat.queries.damage import opened_or_none
from chat.transaction import Reading

_DRAFTS = table(Draft)
FOR_EVERYONE = "t:*"  # the place of a draft for all whom staff may pick


class DraftView(TypedDict):
    """What was begun, and where: a conversation, or the recipients of a new one."""

    conversation: int | None
    to: list[int]
    everyone: bool
    subject: str | None
    body: str
    saved_at: int


def _mine(_: Sets) -> Executable:
    columns = (_DRAFTS.c.place, _DRAFTS.c.subject, _DRAFTS.c.body, _DRAFTS.c.saved_at)
    return select(*columns).where(_DRAFTS.c.person_id == parameter("person")).order_by(_DRAFTS.c.saved_at.desc())


MINE = Statement(_mine)
AT = Statement(
    lambda _: select(_DRAFTS.c.body, _DRAFTS.c.saved_at).where(
        _DRAFTS.c.person_id == parameter("person"), _DRAFTS.c.place == parameter("place", Text())
    )
)


def drafts(reading: Reading) -> list[DraftView]:
    """The asker's drafts, the latest first: for new recipients, and in conversations that are theirs to see now."""
    found: list[DraftView] = []
    for place, subject, sealed, saved_at in reading.rows(MINE, person=reading.me.person):
        where = f"{reading.me.person}:{place}"
        body = opened_or_none(reading, f"draft.body:{where}", sealed)
        if body is None:
            continue  # nothing to go on writing
        there = int(place[2:]) if place[0] == "c" else None
        found.append(
            {
                "conversation": there,
                "to": [int(word) for word in place[2:].split(",") if word.isdigit()] if place[0] == "t" else [],
                "everyone": place == FOR_EVERYONE,
                "subject": opened_or_none(reading, f"draft.subject:{where}", subject) if subject else None,
                "body": body,
                "saved_at": saved_at,
            }
        )
    there_now = access.conversations(
        reading, reading.me, [one["conversation"] for one in found if one["conversation"] is not None]
    )
    whole = reading.me.scope is None
    return [one for one in found if (whole if one["conversation"] is None else one["conversation"] in there_now)]


def draft_in(reading: Reading, conversation: int) -> tuple[str, int] | None:
    """The asker's draft in a conversation: (text, when it was saved). None, too, for one that is damaged."""
    for sealed, saved_at in reading.rows(AT, person=reading.me.person, place=f"c:{conversation}"):
        text = opened_or_none(reading, f"draft.body:{reading.me.person}:c:{conversation}", sealed)
        return None if text is None else (text, saved_at)
    return None
