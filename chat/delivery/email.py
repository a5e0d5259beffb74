"""Mails: text and HTML from templates, exactly one recipient, nobody named, nothing loaded from anywhere."""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from chat.actions.letters import Letter
from chat.delivery.post import Mail
from chat.lib.clock import MINUTE, SECOND
from chat.lib.ids import Ids
from chat.lib.signing import Signer, derived
from chat.lib.webpush import encrypted

#: Behind a # a word is in no log and no Referer; quick links work without script and cannot stand there.
#: Template → the address of its link and whether its word is signed for that purpose, and whether one can stop such mails.
LINKS = {
    "message": ("/q/", "quick-link", True),
    "unread": ("/inbox", None, True),
    "invitation": ("/invitation#", None, False),
    "password_reset": ("/new-password#", None, False),
    "email_changed": ("/sign-in", None, False),
}
_POLICY = SMTP.clone(cte_type="7bit", max_line_length=76)


@dataclass(frozen=True, slots=True)
class Sender:
    """What is the same for all mails of an installation."""

    base_url: str
    host: str  # the name in Message-IDs
    address: str
    display: str = "Secure messages"


class Composer:
    """Makes mails of letters. Links begin with the configured address, never with anything that a request said."""

    def __init__(self, sender: Sender, secret: bytes, ids: Ids) -> None:
        self._sender, self._ids = sender, ids
        self._signer, self._names = Signer(secret), derived(secret, "message-id")
        # Escaping is for HTML: in plain text it would spoil what people read.
        self._templates = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=select_autoescape(["html"]),
            undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
        )  # fmt: skip

    def compose(self, letter: Letter) -> Mail:
        """The mail of a letter, the same Message-ID for every attempt of one alert; or what a text or push holds."""
        name = hmac.digest(self._names, str(letter.alert).encode(), "sha256").hex()[:32]
        if letter.template == "push":
            return Mail(letter.address, name, encrypted(*letter.keys, json.dumps({"unread": letter.unread}).encode()))
        if letter.template == "text":
            words = self._render("text", "txt", {"practice": letter.mail_name, "base_url": self._sender.base_url})
            # A gateway refuses to be given an address that it cannot reach.
            there = self._sender.base_url.startswith("https://")
            tells = f"{self._sender.base_url}/hooks/sms?alert={self._ids.outer('alert', letter.alert)}" if there else ""
            return Mail(letter.address, name, words.strip().encode(), tells)
        link, stop = self._link(letter), self._stop(letter)
        values: dict[str, Any] = {
            "link": link,
            "stop": stop,
            "base_url": self._sender.base_url,
            "practice": letter.mail_name,
            "emergency": letter.emergency_text,
            "minutes": max(1, (letter.ends_at - letter.prepared_at) // MINUTE),
        }
        mail = EmailMessage(policy=_POLICY if letter.address.isascii() else _POLICY.clone(utf8=True))
        self._head(mail, letter, name, stop)
        mail["Subject"] = self._render(letter.template, "subject", values).strip()
        mail.set_content(self._render(letter.template, "txt", values), cte="quoted-printable")
        mail.add_alternative(self._render(letter.template, "html", values), subtype="html", cte="quoted-printable")
        mail.set_boundary(f"=_{name}")
        # Long lines for the headers only: folded, an address in one of them would be torn into encoded words.
        return Mail(letter.address, name, mail.as_bytes(policy=mail.policy.clone(max_line_length=900)))

    def _head(self, mail: EmailMessage, letter: Letter, name: str, stop: str | None) -> None:
        mail["From"] = Address(self._sender.display, addr_spec=self._sender.address)
        mail["To"] = letter.address
        mail["Date"] = datetime.fromtimestamp(letter.prepared_at // SECOND, UTC)
        mail["Message-ID"] = f"<{name}@{self._sender.host}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"
        if stop:
            mail["List-Unsubscribe"] = f"<{stop}>"
            mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"

    def _link(self, letter: Letter) -> str:
        path, purpose, _ = LINKS[letter.template]
        word = letter.word or ""
        return self._sender.base_url + path + (self._signer.sign(purpose, word) if purpose else word)

    def _stop(self, letter: Letter) -> str | None:
        if not LINKS[letter.template][2]:
            return None
        person = self._ids.outer("person", letter.person)
        return f"{self._sender.base_url}/unsubscribe?t={self._signer.sign('unsubscribe', person)}"

    def _render(self, template: str, part: str, values: dict[str, Any]) -> str:
        return self._templates.get_template(f"{template}.{part}").render(values)
