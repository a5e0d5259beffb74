"""Everybody who can sign in, whom they look after, and the counter that each send raises."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from chat.models.columns import ONE_TREE, identity, number, words


class Role(StrEnum):
    """What somebody is to the organization; the first two are staff."""

    ADMINISTRATOR = "administrator"
    THERAPIST = "therapist"
    CLIENT = "client"
    CONTACT = "contact"


STAFF = frozenset({Role.ADMINISTRATOR, Role.THERAPIST})


class Person(SQLModel, table=True):
    """A member of one organization. `client_id` is set for a contact: the client whose contact it is."""

    __tablename__ = "person"
    __table_args__ = (
        Index("person_by_name", "organization_id", "role", "active", "search_name", "id"),
        Index("person_contacts", "client_id"),
        Index("person_by_email", "email_key"),
        Index("person_by_phone", "phone"),
    )

    id: int | None = identity()
    organization_id: int = number("organization.id")
    role: str = words()
    name: str = words()
    search_name: str = words()  # `lib.words.folded` of the name
    username: str | None = words(optional=True, unique=True)  # folded; none until the invitation is accepted
    password_hash: str | None = words(optional=True)
    email: str | None = words(optional=True)
    email_key: str | None = words(optional=True)  # folded, for finding who asked for a new password
    phone: str | None = words(optional=True)
    born: str | None = words(optional=True)  # ISO date; tells namesakes apart
    time_zone: str | None = words(optional=True)
    language: str | None = words(optional=True)
    active: bool = Field(default=True)
    in_portal: bool = Field(default=False)  # staff: the second gate
    messaging_enabled: bool = Field(default=False)  # clients: the third gate
    alerts_email: str | None = words(optional=True)  # none, each; empty: what is usual for the role
    alerts_email_at: int | None = number(optional=True)
    alerts_email_by: int | None = number(optional=True)
    alerted_at: int | None = number(optional=True)  # staff: when the last alert email about unread messages left
    mail_failed_at: int | None = number(optional=True)  # since when mails to this address come to nothing
    mail_failure: str | None = words(optional=True)  # and why, as an alert says it
    text_ok: bool = Field(default=False)  # clients: *Text message OK* is ticked
    text_ok_at: int | None = number(optional=True)
    text_ok_by: int | None = number(optional=True)
    texts_off_at: int | None = number(optional=True)  # clients: since their STOP, whatever is ticked
    client_id: int | None = number("person.id", optional=True)
    relation: str | None = words(optional=True)  # contacts: what they are to the client
    version: int = Field(default=1)  # for telling two people that both are editing
    created_at: int = number()


class Mailbox(SQLModel, table=True):
    """One person's counters: what a send locks and raises. Nothing refers to it."""

    __tablename__ = "mailbox"
    __table_args__ = ONE_TREE

    person_id: int = number("person.id", key=True)
    change: int = number(default=0)  # rises with every change of a conversation as this person sees it
    unread: int = number(default=0)  # conversations with something unread, trashed ones excluded
    horizon: int = number(default=0)  # a cursor below it must start anew
    clients_change: int = number(default=0)  # the change that said last: something about a client whom one looks after


class Assignment(SQLModel, table=True):
    """A therapist looks after a client."""

    __tablename__ = "assignment"
    __table_args__ = (Index("assignment_by_therapist", "therapist_id", "client_id"), ONE_TREE)

    client_id: int = number("person.id", key=True)
    therapist_id: int = number("person.id", key=True)
    created_at: int = number()
