"""Ways to a password: invitations and resets. A token is made when its mail is handed over; only its hash is stored."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Executable, Text, and_, func, insert, or_, select, update

from chat.actions.alerts import announce
from chat.actions.quick_links import end_quick_links
from chat.actions.sessions import end_all_sessions
from chat.errors import Conflict, Invalid, Refused
from chat.lib.clock import DAY, MINUTE
from chat.lib.languages import speaks
from chat.lib.passwords import COMMON
from chat.lib.sentences import Sentence
from chat.lib.signing import token, token_hash
from chat.lib.sql import Sets, Statement, parameter
from chat.lib.words import folded
from chat.lib.words import username as folded_username
from chat.models import Invitation, Person
from chat.models.columns import table
from chat.models.people import STAFF
from chat.transaction import Reading, Transaction, Who

_INVITATIONS, _PEOPLE = table(Invitation), table(Person)
LENGTHS = {"invitation": 7 * DAY, "password_reset": 30 * MINUTE}
SHORTEST_PASSWORD = 10
GONE = Sentence("This link is no longer valid. Ask for a new one; the newest mail holds the one that works.")


def _insert(_: Sets) -> Executable:
    names = ("person_id", "purpose", "token_hash", "created_at", "expires_at")
    return insert(_INVITATIONS).values({name: parameter(name, _INVITATIONS.c[name].type) for name in names})


def _by_token(_: Sets) -> Executable:
    live = and_(_INVITATIONS.c.token_hash == parameter("token", _INVITATIONS.c.token_hash.type), _INVITATIONS.c.used_at.is_(None))
    person = (_PEOPLE.c.id, _PEOPLE.c.organization_id, _PEOPLE.c.role, _PEOPLE.c.username, _PEOPLE.c.name)
    joined = select(_INVITATIONS.c.id, _INVITATIONS.c.purpose, *person).join(_PEOPLE, _PEOPLE.c.id == _INVITATIONS.c.person_id)
    allowed = or_(_PEOPLE.c.active, _PEOPLE.c.role == "client")
    return joined.where(live, _INVITATIONS.c.expires_at > parameter("now"), allowed)


def _use(_: Sets) -> Executable:
    open_ones = and_(_INVITATIONS.c.person_id == parameter("person"), _INVITATIONS.c.used_at.is_(None))
    return update(_INVITATIONS).values(used_at=parameter("now")).where(open_ones).returning(_INVITATIONS.c.id)


def _set_password(_: Sets) -> Executable:
    values = {
        "username": parameter("username", Text()),
        "password_hash": parameter("password_hash", Text()),
        "language": func.coalesce(_PEOPLE.c.language, parameter("language", Text())),
        "version": _PEOPLE.c.version + 1,
    }
    return update(_PEOPLE).values(values).where(_PEOPLE.c.id == parameter("person"))


def _named(_: Sets) -> Executable:
    return select(_PEOPLE.c.id).where(_PEOPLE.c.username == parameter("username", Text()), _PEOPLE.c.id != parameter("person"))


def _by_email(_: Sets) -> Executable:
    columns = (_PEOPLE.c.id, _PEOPLE.c.organization_id, _PEOPLE.c.username)
    known = or_(_PEOPLE.c.email_key == parameter("email", Text()), _PEOPLE.c.username == parameter("username", Text()))
    return select(*columns).where(known, _PEOPLE.c.email.is_not(None), or_(_PEOPLE.c.active, _PEOPLE.c.role == "client"))


HAS_PASSWORD = Statement(
    lambda _: select(_PEOPLE.c.id).where(_PEOPLE.c.id == parameter("person"), _PEOPLE.c.username.is_not(None))
)
INSERT, BY_TOKEN, USE, SET_PASSWORD, NAMED, BY_EMAIL = (
    Statement(build) for build in (_insert, _by_token, _use, _set_password, _named, _by_email)
)


@dataclass(frozen=True, slots=True)
class Mint:
    """Whose link, and what it is for: invitation or password_reset."""

    person: int
    purpose: str


@dataclass(frozen=True, slots=True)
class Accept:
    """A token, and what was chosen with it. `username` only with an invitation. The hash was made before, by a slow thread."""

    token: str
    password_hash: str
    username: str | None = None
    language: str | None = None  # of the page, for who has none yet


@dataclass(frozen=True, slots=True)
class Forgot:
    """What somebody typed who wants a new password or invitation: an email address or a username."""

    name: str
    address: str = ""


def mint(tx: Transaction, what: Mint) -> str:
    """A new token for a mail that is about to be handed over; older ones stay valid until one is used."""
    word = token()
    times = {"created_at": tx.now, "expires_at": tx.now + LENGTHS[what.purpose]}
    tx.rows(INSERT, person_id=what.person, purpose=what.purpose, token_hash=token_hash(word), **times)
    return word


def look_at(tx: Reading, word: str) -> dict[str, str | None]:
    """What a link is for; Refused, with the way on, if it is used up, too old or made up."""
    rows = tx.rows(BY_TOKEN, token=token_hash(word), now=tx.now)
    if not rows:
        raise Refused(GONE, gate="link")
    return {"purpose": rows[0][1], "username": rows[0][5], "name": rows[0][6]}


def accept(tx: Transaction, what: Accept) -> dict[str, int]:
    """Choose a password by a link, once. All other sessions of the person end."""
    rows = tx.rows(BY_TOKEN, token=token_hash(what.token), now=tx.now)
    if not rows:
        raise Refused(GONE, gate="link")
    number, purpose, person, organization, role, username, _ = rows[0]
    name = username or checked_username(tx, person, what.username)
    # Of two who press at once, the second waits here, and finds that the link was used.
    if (number,) not in map(tuple, tx.rows(USE, person=person, now=tx.now)):
        raise Refused(GONE, gate="link")
    language = what.language if speaks(what.language, staff=role in STAFF) else None
    tx.rows(SET_PASSWORD, person=person, username=name, password_hash=what.password_hash, language=language)
    who = Who(person, organization, role)
    end_quick_links(tx, [person])
    end_all_sessions(tx, [person], "password")
    tx.audit("accept_invitation" if purpose == "invitation" else "reset_password", who=who, person_id=person)
    return {"person": person}


def checked_username(tx: Transaction, person: int, given: str | None) -> str:
    """The username in its one form, if it can be used and is free; Invalid or Conflict otherwise."""
    name = folded_username(given or "")
    if not 3 <= len(name) <= 60 or any(character.isspace() for character in name):
        raise Invalid("Choose a username of 3 to 60 characters without blanks.", field="username")
    if tx.rows(NAMED, username=name, person=person):
        raise Conflict("This username is taken. Please choose another.", field="username")
    return name


def check_password(password: str, username: str = "") -> None:
    """Length over rules: at least 10 characters, not the username, not one that everybody tries first. Raises Invalid."""
    if len(password) < SHORTEST_PASSWORD:
        raise Invalid(
            Sentence("Choose a password of at least {least} characters. A few words together are good.", least=SHORTEST_PASSWORD),
            field="password",
        )
    plain = password.casefold()
    if plain in COMMON or len(set(plain)) < 4 or (username and plain == username.casefold()):
        raise Invalid("This password is one of those that are tried first. Please choose another.", field="password")


def invite(tx: Transaction, organization: int, people: list[int]) -> None:
    """Queue an invitation mail for each."""
    announce(tx, organization, people, "invitation")


def leave_address(tx: Transaction, organization: int, person: int, old: str | None) -> bool:
    """Somebody's address changed. What was mailed to the old one opens nothing any more, and is mailed anew where it is needed.

    The old one is told, if anything ever went there. The answer is whether an invitation goes to the new one.
    """
    end_quick_links(tx, [person])
    open_ones = tx.rows(USE, person=person, now=tx.now)
    has_password = tx.rows(HAS_PASSWORD, person=person)
    if old and (open_ones or has_password):
        announce(tx, organization, [person], "email_changed", payload=old)
    invited = bool(open_ones) and not has_password
    if invited:
        invite(tx, organization, [person])
    return invited


def request_password(tx: Transaction, what: Forgot) -> dict[str, int]:
    """Mail a link to whoever has this address or username: a reset, or the invitation again to who has no password yet.

    The answer is the same for everybody, so that nobody learns who is known here.
    """
    name = what.name.strip()
    for person, organization, username in tx.rows(BY_EMAIL, email=folded(name), username=folded_username(name))[:5]:
        kind = "password_reset" if username else "invitation"
        announce(tx, organization, [person], kind)
        tx.audit("request_password", organization_id=organization, person_id=person, address=what.address)
    return {}
