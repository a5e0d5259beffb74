"""The practice's settings."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from chat.access import ORGANIZATIONS
from chat.errors import NotFound
from chat.lib.sql import Statement, parameter
from chat.models.people import Role
from chat.transaction import Reading

_NAMES = (
    *("id", "version", "name", "mail_name", "time_zone", "messaging_enabled", "emergency_text"),
    *("idle_minutes", "second_factor_required", "attachments_allowed", "retention_years"),
)
_FLAGS = ("messaging_enabled", "second_factor_required", "attachments_allowed", "deletion_allowed")
PRACTICE = Statement(
    lambda _: select(*(ORGANIZATIONS.c[name] for name in _NAMES), ORGANIZATIONS.c.deletes_since.is_not(None)).where(
        ORGANIZATIONS.c.id == parameter("organization")
    )
)


def practice(reading: Reading) -> dict[str, Any]:
    """All settings of the asker's practice; for administrators."""
    if reading.me.role != Role.ADMINISTRATOR or reading.me.scope is not None:
        raise NotFound
    row = reading.rows(PRACTICE, organization=reading.me.organization)[0]
    found = dict(zip((*_NAMES, "deletion_allowed"), row, strict=True))
    return found | {name: bool(found[name]) for name in _FLAGS}
