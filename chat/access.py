"""Who may see and do what. Rows that a person names are reached through here, or not at all.

Each rule stands once: as an expression for statements over many rows, or as a function over facts already read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Executable, FromClause, and_, exists, or_, select

from chat.errors import NotFound, Refused
from chat.lib.clock import DAY
from chat.lib.sentences import Sentence
from chat.lib.sql import Row, Sets, Statement, literal, parameter
from chat.models import Assignment, Organization, Person
from chat.models.columns import table
from chat.models.conversations import CONVERSATIONS, PARTICIPANTS
from chat.models.people import STAFF, Role
from chat.transaction import Reading, Who

TRASH_DAYS = 15
PEOPLE, ASSIGNMENTS, ORGANIZATIONS = table(Person), table(Assignment), table(Organization)

#: Role → roles that it may write to first, and the relation that this needs. Everything absent is refused.
MAY_WRITE_TO: dict[str, dict[str, str]] = {
    Role.ADMINISTRATOR: {Role.ADMINISTRATOR: "organization", Role.THERAPIST: "organization", Role.CLIENT: "organization"},
    Role.THERAPIST: {Role.ADMINISTRATOR: "organization", Role.THERAPIST: "organization", Role.CLIENT: "assigned"},
    Role.CLIENT: {Role.ADMINISTRATOR: "assigned", Role.THERAPIST: "assigned"},
    Role.CONTACT: {},
}


@dataclass(frozen=True, slots=True)
class Member:
    """A person as the rules see one."""

    id: int
    organization: int
    role: str
    name: str
    active: bool
    in_portal: bool
    messaging_enabled: bool
    cc: bool = False
    relation: str | None = None
    born: str | None = None
    staff: bool = field(init=False)  # whether this is a member of the team

    def __post_init__(self) -> None:
        """Work out once what every rule asks."""
        object.__setattr__(self, "staff", self.role in STAFF)


MEMBER_COLUMNS = tuple(
    PEOPLE.c[name] for name in ("id", "organization_id", "role", "name", "active", "in_portal", "messaging_enabled")
)


@lru_cache(16_384)
def _member(row: Row, cc: bool, relation: str | None) -> Member:
    number, organization, role, name, active, in_portal, enabled = row
    return Member(number, organization, role, name, bool(active), bool(in_portal), bool(enabled), cc, relation)


def member(row: Row, *, cc: bool = False, relation: str | None = None) -> Member:
    """A Member from the columns of `MEMBER_COLUMNS`, which come first in `row`. The same row gives the same one again."""
    return _member(row[:7], cc, relation)


def related(person: ColumnElement[Any], role: ColumnElement[Any], client: ColumnElement[Any]) -> ColumnElement[bool]:
    """Rule: this person stands in a relation to this client now (true where a conversation concerns no client)."""
    assigned = exists().where(ASSIGNMENTS.c.client_id == client, ASSIGNMENTS.c.therapist_id == person)
    return or_(client.is_(None), role.in_([Role.ADMINISTRATOR.value, Role.CLIENT.value, Role.CONTACT.value]), assigned)


def readable(
    person: FromClause, conversation: FromClause = CONVERSATIONS, participant: FromClause = PARTICIPANTS
) -> ColumnElement[bool]:
    """Rule: this participant sees the conversation now. Needs the parameter `cutoff`, as `in_mailbox` does."""
    kept = in_mailbox(participant.c.trashed_at, person.c.organization_id)
    return participant.c.ended_at.is_(None) & kept & related(person.c.id, person.c.role, conversation.c.client_id)


def silent(person: FromClause) -> ColumnElement[bool]:
    """Rule: the sender's side of a mass message's conversation without a reply. Needs the parameter `cutoff`."""
    side = PARTICIPANTS.c
    never = side.received_at.is_(None) & side.sent_at.is_(None) & (side.visible > 0)
    kept = in_mailbox(side.trashed_at, person.c.organization_id)
    return never & kept & related(person.c.id, person.c.role, CONVERSATIONS.c.client_id)


def in_mailbox(trashed_at: ColumnElement[Any], organization: ColumnElement[Any]) -> ColumnElement[bool]:
    """Rule: not in a trash, or not yet gone from it. Needs the parameter `cutoff`: trash from before it is gone, except where
    the practice deletes nothing, or not for so long."""
    return or_(trashed_at.is_(None), trashed_at > parameter("cutoff"), ~deletes(organization))


def deletes(organization: ColumnElement[Any]) -> ColumnElement[bool]:
    """Rule: the practice has deleted for good since before `cutoff`, without a break."""
    # Under another name: whatever else a statement asks of the practice is not this.
    house = ORGANIZATIONS.alias("house")
    return exists().where(house.c.id == organization, house.c.deletes_since <= parameter("cutoff"))


def trash_cutoff(now: int) -> int:
    """What was trashed at or before this instant is gone for its owner: 15 × 24 h, whatever the calendar did."""
    return now - TRASH_DAYS * DAY


def gone_at(trashed_at: int | None, deletes_since: int | None) -> int | None:
    """When what was trashed then is gone for its owner; None for never. The 15 days count while the practice deletes."""
    if trashed_at is None or deletes_since is None:
        return None
    return max(trashed_at, deletes_since) + TRASH_DAYS * DAY


def _named_of(rule: Callable[[FromClause], ColumnElement[bool]], *columns: str) -> Statement:
    def build(sets: Sets) -> Executable:
        # Each by its whole key, and only then the person (the sum says so to PostgreSQL): one may take part in ten thousand
        # conversations, and a plan cannot know who.
        wanted = sets.relation("wanted", conversation=BigInteger(), person=BigInteger())
        mine = and_(PARTICIPANTS.c.conversation_id == wanted.c.conversation, PARTICIPANTS.c.person_id == wanted.c.person)
        joined = wanted.join(PARTICIPANTS, mine).join(CONVERSATIONS, CONVERSATIONS.c.id == PARTICIPANTS.c.conversation_id)
        here = (CONVERSATIONS.c[name] for name in ("id", "client_id", "last_seq"))
        rows = select(*here, *(PARTICIPANTS.c[name] for name in columns))
        person = PEOPLE.c.id == PARTICIPANTS.c.person_id + literal(0)
        return rows.select_from(joined.join(PEOPLE, person)).where(rule(PEOPLE))

    return Statement(build)


CONVERSATIONS_OF, SILENT_OF = _named_of(readable, "newest", "change"), _named_of(silent, "newest")


def conversations(reading: Reading, who: Who, ids: Iterable[int]) -> dict[int, Row]:
    """Those of the named conversations that `who` may see now: id → (id, client, last seq, newest visible, change)."""
    wanted = [(number, who.person) for number in set(ids) if who.reaches(number, reading.now)]
    rows = reading.rows(CONVERSATIONS_OF, wanted=wanted, cutoff=trash_cutoff(reading.now)) if wanted else []
    return {row[0]: row for row in rows}


def silent_conversations(reading: Reading, who: Who, ids: Iterable[int]) -> dict[int, Row]:
    """Those of the named conversations that `who` began by a mass message and that nobody has answered: as `conversations`.

    They stand in no folder; the mass message stands for them, and prints them.
    """
    wanted = [(number, who.person) for number in set(ids)] if who.scope is None else []
    rows = reading.rows(SILENT_OF, wanted=wanted, cutoff=trash_cutoff(reading.now)) if wanted else []
    return {row[0]: row for row in rows}


def conversation(reading: Reading, who: Who, number: int) -> Row:
    """The named conversation, if `who` may see it now; NotFound otherwise."""
    found = conversations(reading, who, (number,)).get(number)
    if found is None:
        raise NotFound
    return found


CLIENT_OF = Statement(
    lambda _: select(*MEMBER_COLUMNS, related(parameter("person"), parameter("role", PEOPLE.c.role.type), PEOPLE.c.id)).where(
        PEOPLE.c.id == parameter("client"),
        PEOPLE.c.organization_id == parameter("organization"),
        PEOPLE.c.role == Role.CLIENT.value,
    )
)


def client(reading: Reading, who: Who, number: int) -> Member:
    """The named client, for staff who look after them (administrators: every one of the organization); NotFound otherwise."""
    if who.role not in STAFF or who.scope is not None:
        raise NotFound
    rows = reading.rows(CLIENT_OF, person=who.person, role=who.role, client=number, organization=who.organization)
    if not rows or not rows[0][7]:
        raise NotFound
    return member(rows[0])


def require_administrator(reading: Reading) -> None:
    """For administrators, signed in whole; NotFound for everybody else."""
    if reading.me.role != Role.ADMINISTRATOR or reading.me.scope is not None:
        raise NotFound


STAFF_MEMBER = Statement(
    lambda _: select(*MEMBER_COLUMNS).where(
        PEOPLE.c.id == parameter("person"),
        PEOPLE.c.organization_id == parameter("organization"),
        PEOPLE.c.role.in_(sorted(STAFF)),
    )
)


def staff_member(reading: Reading, number: int) -> Member:
    """The named member of the asker's team, active or not, for staff; NotFound otherwise."""
    if reading.me.role not in STAFF or reading.me.scope is not None:
        raise NotFound
    rows = reading.rows(STAFF_MEMBER, person=number, organization=reading.me.organization)
    if not rows:
        raise NotFound
    return member(rows[0])


def may_begin(author: Member, other: Member, assigned: set[tuple[int, int]]) -> bool:
    """Whether `author` may write to `other` first; `assigned` holds (client, therapist) pairs."""
    if author.id == other.id or author.organization != other.organization:
        return False
    if any(one.staff and not one.active for one in (author, other)):
        return False
    relation = MAY_WRITE_TO[author.role].get(other.role)
    if relation == "assigned":
        pair = (author.id, other.id) if author.role == Role.CLIENT else (other.id, author.id)
        return pair in assigned and (other.in_portal or not other.staff)
    return relation == "organization"


def reaches(staff: Member, client_id: int | None, assigned: set[tuple[int, int]]) -> bool:
    """Whether a member of staff stands in relation to this client (or to a conversation without one)."""
    return client_id is None or staff.role == Role.ADMINISTRATOR or (client_id, staff.id) in assigned


def closed(author: Member, client: Member | None, others: Iterable[Member], *, messaging: bool) -> Refused | None:
    """Why `author` cannot write here now, with the gate that is shut; None if nothing stands in the way."""
    if not messaging:
        return Refused(
            "Secure messaging is not turned on for this practice. An administrator can turn it on.", gate="organization"
        )
    staff = [other for other in others if other.staff and other.active]
    if client is None:
        return (
            None
            if staff
            else Refused("Nobody else takes part in this conversation any more. Write a new message instead.", gate="inactive")
        )
    if author.staff and not author.in_portal:
        return Refused("You are not in the client portal yet. An administrator can add you.", gate="portal")
    if not client.active:
        return Refused(Sentence("{name} is inactive. Messages can be read, but not written.", name=client.name), gate="inactive")
    if not client.messaging_enabled and author.id == client.id:
        return Refused("Secure messaging is turned off for you. Please call the practice.", gate="client")
    if not client.messaging_enabled:
        return Refused(Sentence("Secure messaging is off for {name}.", name=client.name), gate="client")
    if not author.staff and not any(other.in_portal for other in staff):
        return Refused(
            "Nobody at the practice receives this conversation any more. Write a new message, or call the practice.",
            gate="assignment",
        )
    return None
