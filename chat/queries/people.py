"""People as somebody may find them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypedDict

from sqlalchemy import ColumnElement, Executable, Subquery, Text, and_, case, false, func, or_, select, union_all

from chat.access import (
    ASSIGNMENTS,
    MAY_WRITE_TO,
    MEMBER_COLUMNS,
    ORGANIZATIONS,
    PEOPLE,
    Member,
    closed,
    member,
    readable,
    trash_cutoff,
)
from chat.errors import NotFound
from chat.lib.languages import speaks, spoken
from chat.lib.sql import Sets, Statement, parameter
from chat.lib.words import WORDS, patterns
from chat.models import Mailbox
from chat.models.columns import table
from chat.models.conversations import CONVERSATIONS, PARTICIPANTS, SPANS
from chat.models.people import STAFF, Role
from chat.queries.views import may_open
from chat.transaction import Reading

_BOXES = table(Mailbox)
PAGE = 50
RECENT = 12


class FoundPerson(TypedDict):
    """Somebody whom one may write to. `direct` is the ongoing direct conversation with them."""

    id: int
    name: str
    role: str
    born: str | None
    direct: int | None
    closed: dict[str, Any] | None


class Me(TypedDict):
    """Who is signed in, and the practice as they see it."""

    id: int
    name: str
    role: str
    username: str | None
    in_portal: bool
    messaging: bool
    unread: int
    organization: dict[str, Any]
    idle_minutes: int
    alerts: str  # which alert emails they want: usual, each or none
    language: str | None  # that they chose, if it has a catalogue


def _me(_: Sets) -> Executable:
    joined = PEOPLE.join(ORGANIZATIONS, ORGANIZATIONS.c.id == PEOPLE.c.organization_id).join(
        _BOXES, _BOXES.c.person_id == PEOPLE.c.id
    )
    own = (
        PEOPLE.c.id,
        PEOPLE.c.name,
        PEOPLE.c.role,
        PEOPLE.c.username,
        PEOPLE.c.in_portal,
        PEOPLE.c.messaging_enabled,
        _BOXES.c.unread,
    )
    house = tuple(
        ORGANIZATIONS.c[name] for name in ("id", "name", "time_zone", "messaging_enabled", "emergency_text", "idle_minutes")
    )
    return (
        select(*own, *house, PEOPLE.c.alerts_email, PEOPLE.c.language)
        .select_from(joined)
        .where(PEOPLE.c.id == parameter("person"))
    )


ME = Statement(_me)


def me(reading: Reading) -> Me:
    """The person who asks."""
    row = reading.rows(ME, person=reading.me.person)[0]
    names = ("id", "name", "role", "username", "in_portal", "messaging", "unread")
    house = dict(zip(("id", "name", "time_zone", "messaging", "emergency_text"), row[7:12], strict=True))
    house["messaging"] = bool(house["messaging"])
    mine = dict(zip(names, row[:7], strict=True)) | {"organization": house, "idle_minutes": row[12], "alerts": row[13] or "usual"}
    own = spoken(row[14])
    mine["language"] = own if speaks(own, staff=row[2] in STAFF) else None
    return Me(**{**mine, "in_portal": bool(row[4]), "messaging": bool(row[5])})  # type: ignore[typeddict-item]


def _reachable(role: str) -> ColumnElement[bool]:
    """Rule (as `access.MAY_WRITE_TO`, in its set form): whom somebody of this role may write to first."""
    assigned = select(ASSIGNMENTS.c.client_id).where(ASSIGNMENTS.c.therapist_id == parameter("person"))
    mine = select(ASSIGNMENTS.c.therapist_id).where(ASSIGNMENTS.c.client_id == parameter("person"))
    team = and_(PEOPLE.c.role.in_(sorted(STAFF)), PEOPLE.c.active)
    clients = and_(PEOPLE.c.role == Role.CLIENT.value, PEOPLE.c.active)
    return {
        Role.ADMINISTRATOR.value: or_(team, clients),
        Role.THERAPIST.value: or_(team, and_(clients, PEOPLE.c.id.in_(assigned))),
        Role.CLIENT.value: and_(team, PEOPLE.c.in_portal, PEOPLE.c.id.in_(mine)),
    }.get(role, false())


def _find(role: Role) -> Statement:
    def build(_: Sets) -> Executable:
        # One role after the other, each by the index of names: the first page is found without sorting a whole practice.
        found = union_all(*(select(_first(role, other, relation)) for other, relation in MAY_WRITE_TO[role].items())).subquery()
        return select(found).order_by(found.c.search_name, found.c.id).limit(parameter("limit"))

    return Statement(build)


def _first(role: Role, other: str, relation: str) -> Subquery:
    """The first of one role whom somebody of `role` may write to, and whose names hold all words."""
    words = and_(*(PEOPLE.c.search_name.like(parameter(name, Text()), escape="\\") for name in WORDS))
    here = and_(PEOPLE.c.organization_id == parameter("organization"), PEOPLE.c.role == other, PEOPLE.c.active)
    rows = select(*MEMBER_COLUMNS, PEOPLE.c.born, PEOPLE.c.search_name).where(here, words, PEOPLE.c.id != parameter("person"))
    if relation == "assigned":
        client, therapist = ASSIGNMENTS.c.client_id, ASSIGNMENTS.c.therapist_id
        mine, theirs = (client, therapist) if role == Role.CLIENT else (therapist, client)
        rows = rows.join_from(ASSIGNMENTS, PEOPLE, and_(mine == parameter("person"), theirs == PEOPLE.c.id))
    if role == Role.CLIENT:
        rows = rows.where(PEOPLE.c.in_portal)
    return rows.order_by(PEOPLE.c.search_name, PEOPLE.c.id).limit(parameter("limit")).subquery()


FIND = {role: _find(role) for role in Role if MAY_WRITE_TO[role]}


def _direct(sets: Sets) -> Executable:
    return select(CONVERSATIONS.c.birth, CONVERSATIONS.c.id).where(sets.has(CONVERSATIONS.c.birth, "births"))


DIRECT = Statement(_direct)


def _recent(_: Sets) -> Executable:
    partner = SPANS.alias("partner")
    received, sent = (func.coalesce(column, 0) for column in (PARTICIPANTS.c.received_at, PARTICIPANTS.c.sent_at))
    newest = case((received > sent, received), else_=sent)
    me_row = PEOPLE.alias("me")
    mine = (
        select(PARTICIPANTS.c.conversation_id, newest.label("at"))
        .join(CONVERSATIONS, CONVERSATIONS.c.id == PARTICIPANTS.c.conversation_id)
        .join(me_row, me_row.c.id == PARTICIPANTS.c.person_id)
        .where(PARTICIPANTS.c.person_id == parameter("person"), readable(me_row))
        .order_by(PARTICIPANTS.c.change.desc())
        .limit(200)
        .subquery("mine")
    )
    joined = mine.join(partner, partner.c.conversation_id == mine.c.conversation_id)
    rows = (
        select(partner.c.person_id, func.max(mine.c.at))
        .select_from(joined)
        .where(partner.c.to_seq.is_(None), partner.c.person_id != parameter("person"))
    )
    return rows.group_by(partner.c.person_id).order_by(func.max(mine.c.at).desc()).limit(parameter("limit"))


RECENT_PEOPLE = Statement(_recent)


def _named(role: str) -> Statement:
    def build(sets: Sets) -> Executable:
        named = and_(sets.has(PEOPLE.c.id, "people"), PEOPLE.c.id != parameter("person"))
        here = and_(PEOPLE.c.organization_id == parameter("organization"), named)
        return select(*MEMBER_COLUMNS, PEOPLE.c.born, PEOPLE.c.search_name).where(here, _reachable(role))

    return Statement(build)


NAMED = {role.value: _named(role.value) for role in Role}


def find_people(reading: Reading, search: str) -> list[FoundPerson]:
    """Those whom the asker may write to, also behind a shut gate, whose name holds every word of `search`; the first by name."""
    who = reading.me
    if who.scope is not None:
        raise NotFound
    statement = FIND.get(Role(who.role))
    if statement is None:
        return []
    own = {"person": who.person, "organization": who.organization, "limit": PAGE}
    return _views(reading, reading.rows(statement, **own, **patterns(search)))


def recent_people(reading: Reading) -> list[FoundPerson]:
    """Those whom the asker wrote with lately and may write to now, the latest first."""
    who = reading.me
    if who.scope is not None:
        raise NotFound
    order = [row[0] for row in reading.rows(RECENT_PEOPLE, person=who.person, limit=RECENT, cutoff=trash_cutoff(reading.now))]
    rows = reading.rows(NAMED[who.role], person=who.person, organization=who.organization, people=order) if order else []
    return _views(reading, sorted(rows, key=lambda row: order.index(row[0])))


def named_people(reading: Reading, people: Iterable[int]) -> dict[int, FoundPerson]:
    """Those of the given people whom the asker may write to, by id."""
    who, wanted = reading.me, list(people)
    rows = reading.rows(NAMED[who.role], person=who.person, organization=who.organization, people=wanted) if wanted else []
    return {person["id"]: person for person in _views(reading, rows)}


def _views(reading: Reading, rows: Sequence[Any]) -> list[FoundPerson]:
    if not rows:
        return []
    mine = me(reading)
    author = Member(mine["id"], reading.me.organization, mine["role"], mine["name"], True, mine["in_portal"], mine["messaging"])
    births = {row[0]: "d:{}:{}".format(*sorted((author.id, row[0]))) for row in rows}
    direct = {row[0]: row[1] for row in reading.rows(DIRECT, births=list(births.values()))}
    return [_found(author, row, direct.get(births[row[0]]), messaging=mine["organization"]["messaging"]) for row in rows]


def _found(author: Member, row: Any, direct: int | None, *, messaging: bool) -> FoundPerson:
    other = member(row)
    client = other if other.role == Role.CLIENT else author if author.role == Role.CLIENT else None
    refusal = closed(author, client, [other], messaging=messaging)
    shut = None
    if refusal:
        shut = {**refusal.details, "message": refusal.message, "can_open": may_open(author, refusal.details.get("gate"))}
    return {
        "id": other.id,
        "name": other.name,
        "role": other.role,
        "born": row[7] if author.staff else None,
        "direct": direct,
        "closed": shut,
    }
