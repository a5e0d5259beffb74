"""A mail server that keeps what it gets, plain or with STARTTLS and a password."""

import ssl
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session

from tests.services.certificate import self_signed
from tests.services.daemon import free_port

USERNAME, PASSWORD = "quietroom", "sink-password"


@dataclass(frozen=True)
class Mail:
    """One message as it arrived: the envelope's addresses, and what the recipient would open."""

    sender: str
    recipients: list[str]
    content: EmailMessage
    encrypted: bool
    username: str | None


@dataclass
class SmtpSink:
    """Where it listens and what came. Set `answer` to something like "451 Try later" to refuse what comes next."""

    port: int
    certificate: Path | None = None
    host: str = "127.0.0.1"
    username: str | None = None
    password: str | None = None
    answer: str | None = None
    mails: list[Mail] = field(default_factory=list)
    arrived: threading.Condition = field(default_factory=threading.Condition, repr=False)

    def wait_for(self, number: int, seconds: float = 10) -> list[Mail]:
        """The mails, once there are so many; fails when time is up."""
        with self.arrived:
            if not self.arrived.wait_for(lambda: len(self.mails) >= number, seconds):
                raise AssertionError(f"{len(self.mails)} of {number} mails came within {seconds} s")
            return list(self.mails)

    def clear(self) -> None:
        """Forgets what came and takes everything again."""
        with self.arrived:
            self.mails.clear()
            self.answer = None

    async def handle_DATA(self, server: object, session: Session, envelope: Envelope) -> str:
        """aiosmtpd's hook: a whole message came."""
        if self.answer is not None:
            return self.answer
        content = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        credentials: object = session.auth_data  # typed as None, but "can contain anything", here what `known` was given
        user = credentials.login.decode() if isinstance(credentials, LoginPassword) else None
        with self.arrived:
            self.mails.append(Mail(str(envelope.mail_from), list(envelope.rcpt_tos), content, session.ssl is not None, user))
            self.arrived.notify_all()
        return "250 Kept"


@contextmanager
def smtp(*, secure: bool = False) -> Iterator[SmtpSink]:
    """A sink for as long as the block lasts; `secure` demands STARTTLS (trust `certificate`), then a name and password."""
    with tempfile.TemporaryDirectory(prefix="quietroom-smtp-") as folder:
        sink = SmtpSink(free_port())
        options: dict[str, Any] = {}
        if secure:
            sink.username, sink.password = USERNAME, PASSWORD
            sink.certificate = self_signed(Path(folder, "certificate.pem"))
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(sink.certificate)
            options = {"tls_context": context, "require_starttls": True, "auth_required": True, "authenticator": known}
        controller = Controller(sink, hostname=sink.host, port=sink.port, **options)
        controller.start()
        try:
            yield sink
        finally:
            controller.stop()


def known(server: object, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
    """Whether the name and password are the sink's."""
    success = data == LoginPassword(USERNAME.encode(), PASSWORD.encode())
    return AuthResult(success=success, handled=success, auth_data=data)
