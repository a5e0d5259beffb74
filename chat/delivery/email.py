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

from jinja2 import select_autoescape

from chat.actions.letters import Letter
from chat.delivery.post import Mail
from chat.lib.clock import MINUTE, SECOND
from chat.lib.ids import Ids
from chat.lib.languages import ENGLISH, KNOWN, said
from chat.lib.sentences import Sentence
from chat.lib.signing import Signer, derived
from chat.lib.templates import environment
from chat.lib.webpush import encrypted

#: Behind a # a word is in no log and no Referer; quick links work without script and cannot stand there.
#: Template → the address of its link and whether its word is signed for that purpose, and whether one can stop such mails.
LINKS = {
    "message": ("/q/", "quick-link", True),
    "unread": ("/inbox", None, True),
    "not_read": ("/clients#alerts", None, True),
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
    display: str = Sentence("Secure messages")


class Composer:
    """Makes mails of letters. Links begin with the configured address, never with anything that a request said."""

    def __init__(self, sender: Sender, secret: bytes, ids: Ids) -> None:
        self._sender, self._ids = sender, ids
        self._signer, self._names = Signer(secret), derived(secret, "message-id")
        # Escaping is for HTML: in plain text it would spoil what people read.
        escaping = select_autoescape(["html"])
        self._templates = environment(Path(__file__).parent / "templates", autoescape=escaping, keep_trailing_newline=True)

    def compose(self, letter: Letter) -> Mail:
        """The mail of a letter, the same Message-ID for every attempt of one alert; or what a text or push holds."""
        name = hmac.digest(self._names, str(letter.alert).encode(), "sha256").hex()[:32]
        if letter.template == "push":
            return Mail(letter.address, name, encrypted(*letter.keys, _shown(letter)))
        if letter.template == "text":
            words = self._render(letter, "txt", {"practice": letter.mail_name, "base_url": self._sender.base_url})
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
        mail["Subject"] = self._render(letter, "subject", values).strip()
        mail.set_content(self._render(letter, "txt", values), cte="quoted-printable")
        mail.add_alternative(self._render(letter, "html", values), subtype="html", cte="quoted-printable")
        mail.set_boundary(f"=_{name}")
        # Long lines for the headers only: folded, an address in one of them would be torn into encoded words.
        return Mail(letter.address, name, mail.as_bytes(policy=mail.policy.clone(max_line_length=900)))

    def _head(self, mail: EmailMessage, letter: Letter, name: str, stop: str | None) -> None:
        mail["From"] = Address(said(self._sender.display, letter.language), addr_spec=self._sender.address)
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
        if purpose:
            path += self._signer.sign(purpose, word)
        place, mark, part = path.partition("#")
        # The page that it leads to is in the language of the mail.
        query = "" if letter.language == ENGLISH else f"?language={letter.language}"
        return self._sender.base_url + place + query + mark + part + ("" if purpose else word)

    def _stop(self, letter: Letter) -> str | None:
        if not LINKS[letter.template][2]:
            return None
        person = self._ids.outer("person", letter.person)
        own = "" if letter.language == ENGLISH else f"&language={letter.language}"
        return f"{self._sender.base_url}/unsubscribe?t={self._signer.sign('unsubscribe', person)}{own}"

    def _render(self, letter: Letter, part: str, values: dict[str, Any]) -> str:
        own = {"language": letter.language, "direction": KNOWN[letter.language].direction}
        return self._templates.get_template(f"{letter.template}.{part}").render(own | values)


def _shown(letter: Letter) -> bytes:
    """What the browser shows: a number for the badge, and its two sentences where they are not English."""
    told: dict[str, Any] = {"unread": letter.unread}
    if letter.language != ENGLISH:
        title, text = Sentence("You have a secure message"), Sentence("Open to read it.")
        told |= {"language": letter.language, "title": said(title, letter.language), "text": said(text, letter.language)}
    return json.dumps(told).encode()
