"""Mails as files."""

from __future__ import annotations

import stat
from pathlib import Path

from chat.delivery.outbox import Outbox
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
