"""Mass messages: works as BCC. Recipients are frozen when it is sent; a job writes each client a conversation of their own.

For staff alone.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Executable, and_, func, insert, select, update

from chat.access import ASSIGNMENTS, PEOPLE
from chat.actions.attachments import Upload, check_count, claim, own_uploads, release
from chat.actions.mass_trash import tell_sender
from chat.actions.messages import send_messages
from chat.actions.posting import SendMessage
from chat.actions.receipts import once
from chat.errors import CoreError, Invalid, NotFound, Refused
from chat.lib.sentences import Sentence, sentence
from chat.lib.signing import fingerprint
from chat.lib.sql import Changes, Rows, Sets, Statement, literal, parameter
from chat.models import MassMessage, MassRecipient
from chat.models.columns import table
from chat.models.mass_messages import SENT_FROM
from chat.models.people import STAFF, Role
from chat.queries.people import me
from chat.transaction import Asked, Reading, Transaction, Who

_MASS, _RECIPIENTS = table(MassMessage), table(MassRecipient)
STEP = 25  # a step is to be done in 20 ms, so that people hardly wait for it
UNCONFIRMED = 25
_FAMILY = uuid.UUID("6f8f2a8e-55d1-4a39-9d0a-3a2f0b6f7c11")  # each client's message has a key derived from the job's
_NEW = (
    *("organization_id", "sender_id", "key", "data_key_id", "subject", "body", "files", "copy_to_contact_log"),
    *("total", "done", "change", "created_at"),
)


@dataclass(frozen=True, slots=True)
class SendMass:
    """One text to several clients, or to `everyone` whom the sender may pick. `confirm`: the number that was typed."""

    key: str
    subject: str
    body: str
    to: tuple[int, ...] = ()
    everyone: bool = False
    confirm: int | None = None
    attachments: tuple[int, ...] = ()
    copy_to_contact_log: bool = False


@dataclass(frozen=True, slots=True)
class Recipient:
    """A client who was picked; `reason` says why they are skipped."""

    client: int
    name: str
    reason: str = ""


def _picked(sets: Sets) -> Executable:
    mine = select(ASSIGNMENTS.c.client_id).where(ASSIGNMENTS.c.therapist_id == parameter("sender"))
    everybody = parameter("all_clients", PEOPLE.c.active.type)
    named = sets.has(PEOPLE.c.id, "clients")
    here = and_(PEOPLE.c.organization_id == parameter("organization"), PEOPLE.c.role == Role.CLIENT.value)
    may = PEOPLE.c.id.in_(mine) | everybody
    chosen = named | and_(parameter("everyone", PEOPLE.c.active.type), PEOPLE.c.active)
    columns = (PEOPLE.c.id, PEOPLE.c.name, PEOPLE.c.active, PEOPLE.c.messaging_enabled)
    return select(*columns).where(here, may, chosen).order_by(PEOPLE.c.search_name, PEOPLE.c.id)


def _insert(_: Sets) -> Executable:
    return insert(_MASS).values({name: parameter(name, _MASS.c[name].type) for name in _NEW}).returning(_MASS.c.id)


def _next(_: Sets) -> Executable:
    columns = (
        *("id", "organization_id", "sender_id", "key", "subject", "body", "files", "copy_to_contact_log", "cancelled_at"),
        "data_key_id",
    )
    rows = select(*(_MASS.c[name] for name in columns)).where(_MASS.c.finished_at.is_(None)).order_by(_MASS.c.id)
    return rows.limit(literal(1)).with_for_update(key_share=True, skip_locked=True)


def _waiting(_: Sets) -> Executable:
    mine = and_(_RECIPIENTS.c.mass_message_id == parameter("mass"), _RECIPIENTS.c.state == "waiting")
    return select(_RECIPIENTS.c.client_id).where(mine).order_by(_RECIPIENTS.c.client_id).limit(parameter("limit"))


def _cancel(_: Sets) -> Executable:
    mine = and_(_MASS.c.id == parameter("mass"), _MASS.c.sender_id == parameter("sender"), _MASS.c.finished_at.is_(None))
    return update(_MASS).values(cancelled_at=parameter("now")).where(mine).returning(_MASS.c.id)


def _sender(_: Sets) -> Executable:
    return select(PEOPLE.c.role, PEOPLE.c.active).where(PEOPLE.c.id == parameter("sender"))


def _left(_: Sets) -> Executable:
    mine = and_(_RECIPIENTS.c.mass_message_id == parameter("mass"), _RECIPIENTS.c.state == "waiting")
    return select(func.count()).select_from(_RECIPIENTS).where(mine)


PICKED, INSERT, NEXT, WAITING, CANCEL, SENDER, LEFT = (
    Statement(build) for build in (_picked, _insert, _next, _waiting, _cancel, _sender, _left)
)
INSERT_RECIPIENTS = Rows(_RECIPIENTS, ("mass_message_id", "client_id", "state", "reason"))
SETTLE_RECIPIENTS = Changes(_RECIPIENTS, ("mass_message_id", "client_id"), ("state", "reason", "conversation_id"))
PROGRESS = Statement(
    lambda _: (
        update(_MASS)
        .values(done=_MASS.c.total - parameter("waiting"), finished_at=parameter("finished"))
        .where(_MASS.c.id == parameter("mass"))
    )
)


def recipients(reading: Reading, what: SendMass) -> list[Recipient]:
    """The clients whom this would go to, by name, and who of them is skipped and why; NotFound for one who may not be picked."""
    who = reading.me
    if who.role not in STAFF or who.scope is not None:
        raise NotFound
    own = {"sender": who.person, "organization": who.organization, "all_clients": who.role == Role.ADMINISTRATOR}
    rows = reading.rows(PICKED, **own, clients=list(what.to), everyone=what.everyone)
    if not set(what.to) <= {row[0] for row in rows}:
        raise NotFound
    return [Recipient(row[0], row[1], _reason(active=bool(row[2]), enabled=bool(row[3]))) for row in rows]


def _reason(*, active: bool, enabled: bool) -> str:
    return "" if active and enabled else Sentence("Secure messaging is off.") if active else Sentence("This client is inactive.")


def _kept(reason: str) -> str:
    """As the row has it: so that each who reads it is told in their language."""
    return sentence(reason).packed() if reason else ""


def send_mass_message(tx: Transaction, what: SendMass) -> dict[str, Any]:
    """Accept a mass message: {"mass_message", "of", "skipped"}. It is written in the background, and survives a restart."""
    uploads = [str(number) for number in what.attachments]
    mark = fingerprint(sorted(what.to), what.everyone, what.subject, what.body, uploads, what.copy_to_contact_log)
    answer: dict[str, Any] = once(tx, what.key, "send_mass_message", mark, lambda: _accept(tx, what))
    return answer


def _accept(tx: Transaction, what: SendMass) -> dict[str, Any]:
    own = me(tx)
    if not own["organization"]["messaging"]:
        raise Refused(
            "Secure messaging is not turned on for this practice. An administrator can turn it on.", gate="organization"
        )
    if not own["in_portal"]:
        raise Refused("You are not in the client portal yet. An administrator can add you.", gate="portal")
    _check_text(tx, what)
    chosen = recipients(tx, what)
    going = [one for one in chosen if not one.reason]
    if not going:
        raise Refused(
            "None of these clients can be written to at the moment. Look on their pages why, or choose others.", field="to"
        )
    if len(going) > UNCONFIRMED and what.confirm != len(going):
        asked = Sentence(
            "This goes to {count} clients. Type the number {number} to confirm.", count=len(going), number=str(len(going))
        )
        raise Refused(asked, field="confirm", of=len(going))
    number = _keep(tx, what, len(going), _files(tx, what))
    rows = [(number, one.client, "skipped" if one.reason else "waiting", _kept(one.reason)) for one in chosen]
    tx.write(INSERT_RECIPIENTS, rows)
    tell_sender(tx, number, tx.me.person)
    tx.audit("send_mass_message", details=f"{len(going)} clients")
    return {"mass_message": number, "of": len(going), "skipped": len(chosen) - len(going)}


def _check_text(tx: Transaction, what: SendMass) -> None:
    if not what.subject.strip():
        raise Invalid("A message to several clients needs a subject.", field="subject")
    if not what.body.strip() and not what.attachments:
        raise Invalid("A message needs text or a file.", field="body")
    if len(what.body) > tx.policy.body_length or len(what.subject) > tx.policy.subject_length:
        raise Invalid(Sentence("A message may have up to {most} characters.", most=tx.policy.body_length), field="body")
    check_count(what.attachments, tx.policy.attachments)


def _files(tx: Transaction, what: SendMass) -> list[Upload]:
    uploads = own_uploads(tx, what.attachments)
    if any(uploads.get(number, (0,))[0] != tx.me.person for number in what.attachments):
        raise Invalid("A file is not there any more. Attach it again.", field="attachments")
    return [uploads[number][1] for number in what.attachments]


def _keep(tx: Transaction, what: SendMass, total: int, files: Sequence[Upload]) -> int:
    key = tx.make_keys(["mass message"])[0]
    packed = json.dumps([[file.id, file.name, file.details] for file in files])
    place = f"{tx.me.person}:{what.key}"
    number: int = tx.rows(
        INSERT,
        organization_id=tx.me.organization,
        sender_id=tx.me.person,
        key=what.key,
        data_key_id=key,
        subject=tx.seal(key, f"mass_message.subject:{place}", what.subject),
        body=tx.seal(key, f"mass_message.body:{place}", what.body),
        files=tx.seal(key, f"mass_message.files:{place}", packed) if files else None,
        copy_to_contact_log=what.copy_to_contact_log,
        total=total,
        done=0,
        change=0,
        created_at=tx.now,
    )[0][0]
    claim(tx, files, key)  # from now on they can be neither discarded nor sent elsewhere
    return number


def advance(tx: Transaction, _what: None = None) -> bool:
    """One step of the oldest mass message that is not finished, a few clients. Whether there may be more to do."""
    rows = tx.rows(NEXT)
    if not rows:
        return False
    number, organization, sender, key, subject, body, files, copy, cancelled_at, data_key = rows[0]
    clients = [row[0] for row in tx.rows(WAITING, mass=number, limit=STEP)]
    role, active = tx.rows(SENDER, sender=sender)[0]
    if cancelled_at is not None or not active:
        tx.write(SETTLE_RECIPIENTS, [(number, client, "cancelled", "", None) for client in clients])
    elif clients:
        place = f"{sender}:{key}"
        texts = [tx.open(f"mass_message.{name}:{place}", value) for name, value in (("subject", subject), ("body", body))]
        packed = json.loads(tx.open(f"mass_message.files:{place}", files)) if files else []
        enclosed = tuple(Upload(*file) for file in packed)
        who = Who(sender, organization, role, address=SENT_FROM)
        model = SendMessage("", texts[1], subject=texts[0], copy_to_contact_log=bool(copy), mass=True, enclosed=enclosed)
        asked = [Asked(who, replace(model, key=_derived(key, client), to=(client,))) for client in clients]
        tx.write(SETTLE_RECIPIENTS, [_settled(number, c, r) for c, r in zip(clients, send_messages(tx, asked), strict=True)])
    waiting = tx.rows(LEFT, mass=number)[0][0]
    tx.rows(PROGRESS, mass=number, waiting=waiting, finished=None if waiting else tx.now)
    if not waiting:
        release(tx, data_key)
    tell_sender(tx, number, sender)
    return True


def cancel_mass_message(tx: Transaction, number: int) -> dict[str, int]:
    """Cancel the rest; what was sent stays sent. Only the sender, and only while it runs."""
    if not tx.rows(CANCEL, mass=number, sender=tx.me.person, now=tx.now):
        raise NotFound
    tell_sender(tx, number, tx.me.person)
    tx.audit("cancel_mass_message")
    return {}


def _derived(key: str, client: int) -> str:
    return str(uuid.uuid5(_FAMILY, f"{key}:{client}"))


def _settled(number: int, client: int, result: dict[str, int] | CoreError) -> tuple[object, ...]:
    if isinstance(result, CoreError):
        return (number, client, "skipped", result.message.packed(), None)
    return (number, client, "sent", "", result["conversation"])
