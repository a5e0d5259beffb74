"""The tenant: on screen a practice."""

from __future__ import annotations

from sqlmodel import Field, SQLModel

from chat.models.columns import identity, number, words


class Organization(SQLModel, table=True):
    """A practice. Nothing of one is ever visible in another."""

    __tablename__ = "organization"

    id: int | None = identity()
    name: str = words()
    mail_name: str = words(default="")  # as alert emails may show it; empty: they do not
    time_zone: str = words(default="UTC")
    messaging_enabled: bool = Field(default=False)  # the first gate
    emergency_text: str = words(default="")
    idle_minutes: int = Field(default=15)
    second_factor_required: bool = Field(default=False)
    attachments_allowed: bool = Field(default=True)
    deletes_since: int | None = number(optional=True, default=0)  # since when it deletes for good; none: it keeps everything
    retention_years: int = Field(default=0)  # so long every message is kept at least, whoever deletes it
    version: int = Field(default=1)  # for telling two administrators that both are editing
    created_at: int = number()
