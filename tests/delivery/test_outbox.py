"""Mails as files."""

from __future__ import annotations

import stat
from email import message_from_bytes, policy
from pathlib import Path

from chat.delivery.outbox import Outbox, TextOutbox
from chat.delivery.post import Mail
from chat.lib import clock
from tests.people import NOON

MAIL = Mail("dana@example.org", "a" * 32, b"Subject: Hello\r\n\r\nThere.\r\n")


async def test_each_mail_becomes_a_whole_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    with clock.frozen(NOON):
        post = Outbox(tmp_path / "outbox")
        async with post.counter() as counter:
            await counter.deliver(MAIL)
        await post.close()
    (file,) = (tmp_path / "outbox").iterdir()
    assert (file.name, file.read_bytes()) == (f"{NOON}-{MAIL.name}.eml", MAIL.content)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


async def test_a_text_becomes_a_mail_to_its_number(tmp_path: Path) -> None:
    async with TextOutbox(tmp_path / "texts").counter() as counter:
        await counter.deliver(Mail("+12125550123", "a" * 32, "Ein Wort für Sie.\nReply STOP".encode()))
    (file,) = (tmp_path / "texts").iterdir()
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert (mail["To"], mail["Subject"]) == ("+12125550123", "Text message")
    assert mail.get_content() == "Ein Wort für Sie.\nReply STOP"
