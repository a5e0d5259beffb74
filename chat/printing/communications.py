"""Messages as other programs take them: FHIR R4B `Communication` resources in a `collection` Bundle.

People stand there as logical references, each by an identifier that is the same in every export of this installation and
means nothing anywhere else. Nothing is told that the PDF beside it does not show, but who read first and when.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import quote

from chat.lib.clock import SECOND
from chat.queries.prints import Exchange, Party, PrintedConversation, PrintedFile, PrintedMessage, PrintedStep

Outer = Callable[[str, int], str]
TYPES = {"client": "Patient", "contact": "RelatedPerson"}  # all others: Practitioner
TOGETHER = 50  # resources that are written in one piece
_FAMILY = uuid.UUID("6f0f3c1e-5d0e-4a8e-9f55-0d6f5a3f7c21")
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # that a string of FHIR may not hold


class Told(NamedTuple):
    """One message with all that is told of it. `answers`: the seq of the newest one before it that somebody else wrote."""

    talk: PrintedConversation
    message: PrintedMessage
    exchange: Exchange
    files: Sequence[PrintedFile]
    answers: int | None


def told(talk: PrintedConversation, step: PrintedStep, earlier: Sequence[Told] = ()) -> list[Told]:
    """The messages of a step, after earlier ones; none if nothing is told of them but what is printed."""
    files = iter(step.files)
    found = [one for one in earlier if one.talk is talk]
    known = len(found)
    for message, exchange in zip(step.messages, step.exchanges, strict=False):
        others = (one.message["seq"] for one in reversed(found) if one.exchange.sender not in {None, exchange.sender})
        mine = list(islice(files, len(message["attachments"])))
        found.append(Told(talk, message, exchange, mine, next(others, None)))
    return found[known:]


def collection(messages: Sequence[Told], places: Mapping[int, str], outer: Outer, now: int) -> Iterator[bytes]:
    """A Bundle of these messages, piece by piece. `places`: where each file lies beside it, by its number."""
    head = {"resourceType": "Bundle", "type": "collection", "timestamp": _instant(now)}
    yield json.dumps(head).encode()[:-1] + b', "entry": [\n'
    for start in range(0, len(messages), TOGETHER):
        entries = (_entry(one, places, outer) for one in messages[start : start + TOGETHER])
        yield (b",\n" if start else b"") + ",\n".join(json.dumps(one, ensure_ascii=False) for one in entries).encode()
    yield b"\n]}\n"


def _entry(one: Told, places: Mapping[int, str], outer: Outer) -> dict[str, Any]:
    return {"fullUrl": _urn(outer, one.talk["id"], one.message["seq"]), "resource": _resource(one, places, outer)}


def _resource(one: Told, places: Mapping[int, str], outer: Outer) -> dict[str, Any]:
    talk, message, exchange = one.talk, one.message, one.exchange
    resource: dict[str, Any] = {
        "resourceType": "Communication",
        "identifier": [_identifier(_urn(outer, talk["id"], message["seq"]))],
        "partOf": [{"type": "Communication", "identifier": _identifier(_urn(outer, talk["id"])), "display": _thread(talk)}],
        "status": "completed",
        "sent": _instant(message["sent_at"]),
        "recipient": [_reference(who, outer) for who in exchange.recipients],
        "payload": _payload(one, places),
        "note": [{"text": text} for text in _notes(message)],
    }
    if one.answers is not None:
        resource["inResponseTo"] = [{"reference": _urn(outer, talk["id"], one.answers)}]
    if exchange.client is not None:
        resource["subject"] = _reference(exchange.client, outer)
    if exchange.sender is not None:
        resource["sender"] = _reference(exchange.sender, outer)
    if exchange.received_at is not None:
        resource["received"] = _instant(exchange.received_at)
    if talk["subject"]:
        resource["topic"] = {"text": _string(talk["subject"])}
    # FHIR knows no empty list.
    return {name: value for name, value in resource.items() if value}


def _payload(one: Told, places: Mapping[int, str]) -> list[dict[str, Any]]:
    said = [{"contentString": _string(one.message["body"])}] if one.message["body"].strip() else []
    return said + [{"contentAttachment": _attachment(file, places.get(file.id))} for file in one.files]


def _attachment(file: PrintedFile, place: str | None) -> dict[str, str]:
    """A file that is not beside it, because it was damaged or taken away meanwhile, has a title alone."""
    title = {"title": _string(file.name)}
    return title | {"url": quote(place)} if place else title


def _notes(message: PrintedMessage) -> list[str]:
    notes = ["Sent automatically"] if message["automatic"] else []
    return [*notes, message["note"]] if "note" in message else notes


def _thread(talk: PrintedConversation) -> str:
    return _string(talk["subject"]) if talk["subject"] else "Conversation"


def _reference(who: Party, outer: Outer) -> dict[str, Any]:
    urn = uuid.uuid5(_FAMILY, f"person {outer('person', who.id)}").urn
    return {"type": TYPES.get(who.role, "Practitioner"), "identifier": _identifier(urn), "display": _string(who.name)}


def _identifier(urn: str) -> dict[str, str]:
    return {"system": "urn:ietf:rfc:3986", "value": urn}


def _urn(outer: Outer, talk: int, seq: int = 0) -> str:
    """What names a message, or without a seq its conversation, in every export alike."""
    return uuid.uuid5(_FAMILY, f"conversation {outer('conversation', talk)} {seq}").urn


def _instant(at: int) -> str:
    return datetime.fromtimestamp(at / SECOND, UTC).isoformat(timespec="milliseconds")


def _string(text: str) -> str:
    return _UNFIT.sub("\N{REPLACEMENT CHARACTER}", text)
