"""The second factor: codes of an authenticator app (RFC 6238), and recovery codes for the day it is lost."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass

import pyotp
from sqlalchemy import Executable, and_, delete, insert, select, update

from chat.errors import Invalid, Refused
from chat.lib.clock import SECOND
from chat.lib.crypto import key_of
from chat.lib.sentences import Sentence
from chat.lib.signing import token_hash
from chat.lib.sql import Sets, Statement, parameter
from chat.models import Organization, Person, Session, Totp
from chat.models.columns import table
from chat.models.people import STAFF
from chat.transaction import Transaction

_TOTP, _SESSIONS, _PEOPLE, _ORGANIZATIONS = table(Totp), table(Session), table(Person), table(Organization)
STEP = 30
SKEW = (-1, 0, 1)  # codes of the neighbouring half minutes are good: clocks differ
CODES = 10
WRONG = Sentence("This code is not right. Take the newest one from your app, or a recovery code.")


@dataclass(frozen=True, slots=True)
class Code:
    """A code that somebody typed."""

    code: str
    person: int = 0


def _select(_: Sets) -> Executable:
    columns = (_TOTP.c.secret, _TOTP.c.confirmed_at, _TOTP.c.last_step, _TOTP.c.recovery)
    return select(*columns).where(_TOTP.c.person_id == parameter("person")).with_for_update(key_share=True)


def _insert(_: Sets) -> Executable:
    names = ("person_id", "secret", "created_at", "last_step", "recovery", "failures")
    return insert(_TOTP).values({name: parameter(name, _TOTP.c[name].type) for name in names})


def _delete(_: Sets) -> Executable:
    return delete(_TOTP).where(_TOTP.c.person_id == parameter("person")).returning(_TOTP.c.person_id)


def _update(_: Sets) -> Executable:
    names = ("confirmed_at", "last_step", "recovery")
    return (
        update(_TOTP)
        .values({name: parameter(name, _TOTP.c[name].type) for name in names})
        .where(_TOTP.c.person_id == parameter("person"))
    )


def _release(_: Sets) -> Executable:
    mine = and_(_SESSIONS.c.id == parameter("session"), _SESSIONS.c.person_id == parameter("person"))
    return update(_SESSIONS).values(restricted=parameter("restricted", _SESSIONS.c.restricted.type)).where(mine)


def _restrict_own(_: Sets) -> Executable:
    live = and_(_SESSIONS.c.person_id == parameter("person"), _SESSIONS.c.ended_at.is_(None), _SESSIONS.c.scoped.is_(False))
    return update(_SESSIONS).values(restricted=True).where(live)


def _is_required(_: Sets) -> Executable:
    theirs = _PEOPLE.join(_ORGANIZATIONS, _ORGANIZATIONS.c.id == _PEOPLE.c.organization_id)
    held = and_(_PEOPLE.c.id == parameter("person"), _PEOPLE.c.role.in_(sorted(STAFF)), _ORGANIZATIONS.c.second_factor_required)
    return select(_PEOPLE.c.id).select_from(theirs).where(held)


SELECT, INSERT, DELETE, UPDATE, RELEASE, RESTRICT_OWN, IS_REQUIRED = (
    Statement(build) for build in (_select, _insert, _delete, _update, _release, _restrict_own, _is_required)
)

ACCOUNT = Statement(lambda _: select(_PEOPLE.c.username).where(_PEOPLE.c.id == parameter("person")))


def start_totp(tx: Transaction, _what: None = None) -> dict[str, str]:
    """A new secret for the asker's app, not in force before `confirm_totp`; Refused while another is in force."""
    found = tx.rows(SELECT, person=tx.me.person)
    if found and found[0][1] is not None:
        raise Refused("A second factor is in force already. Turn it off first.")
    tx.rows(DELETE, person=tx.me.person)
    secret = pyotp.random_base32()
    key = tx.make_keys([f"totp:{tx.me.person}"])[0]
    sealed = tx.seal(key, _place(tx.me.person), secret)
    tx.rows(INSERT, person_id=tx.me.person, secret=sealed, created_at=tx.now, last_step=0, recovery="", failures=0)
    return {"secret": secret, "account": tx.rows(ACCOUNT, person=tx.me.person)[0][0] or ""}


def confirm_totp(tx: Transaction, what: Code) -> dict[str, list[str]]:
    """Put the second factor in force with a first code. The recovery codes are shown this once."""
    found = tx.rows(SELECT, person=tx.me.person)
    if not found or found[0][1] is not None:
        raise Refused("Begin again: there is no second factor waiting for its first code.")
    step = _step(tx, tx.me.person, found[0], what.code)
    if step is None:
        raise Invalid(WRONG, field="code")
    codes = [f"{secrets.token_hex(3)}-{secrets.token_hex(3)}" for _ in range(CODES)]
    tx.rows(UPDATE, person=tx.me.person, confirmed_at=tx.now, last_step=step, recovery="\n".join(map(_hashed, codes)))
    tx.rows(RELEASE, session=tx.me.session, person=tx.me.person, restricted=False)
    tx.audit("start_second_factor", person_id=tx.me.person)
    return {"recovery": codes}


def stop_totp(tx: Transaction, what: Code) -> dict[str, int]:
    """Turn the second factor off, with a last code. Where the practice requires one, nothing else is open before the next."""
    check_code(tx, Code(what.code, tx.me.person))
    tx.rows(DELETE, person=tx.me.person)
    if tx.rows(IS_REQUIRED, person=tx.me.person):
        tx.rows(RESTRICT_OWN, person=tx.me.person)
    tx.audit("stop_second_factor", person_id=tx.me.person)
    return {}


def check_code(tx: Transaction, what: Code) -> dict[str, int]:
    """Accept a code of the person's app or one of their recovery codes, each once; Invalid otherwise."""
    found = tx.rows(SELECT, person=what.person)
    if not found or found[0][1] is None:
        raise Invalid(WRONG, field="code")
    _, confirmed_at, last_step, recovery = found[0]
    step = _step(tx, what.person, found[0], what.code)
    left = recovery.split()
    if step is None:
        given = _hashed(what.code.strip().lower())
        match = next((one for one in left if hmac.compare_digest(one, given)), None)
        if match is None:
            raise Invalid(WRONG, field="code")
        left.remove(match)
        tx.audit("recovery_code", person_id=what.person)
    tx.rows(UPDATE, person=what.person, confirmed_at=confirmed_at, last_step=step or last_step, recovery="\n".join(left))
    return {}


def _step(tx: Transaction, person: int, row: tuple[bytes, int | None, int, str], code: str) -> int | None:
    """The half minute that the code belongs to, if it is right and later than the last one used."""
    word = "".join(code.split()).encode()
    app = pyotp.TOTP(tx.data_key(key_of(row[0])).open(_place(person), row[0]))
    now = tx.now // SECOND // STEP
    steps = (now + skew for skew in SKEW)
    return next((step for step in steps if step > row[2] and hmac.compare_digest(app.at(step * STEP).encode(), word)), None)


def _hashed(code: str) -> str:
    return token_hash(code).hex()


def _place(person: int) -> str:
    return f"totp.secret:{person}"
