"""What the settings say about mails."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from chat import house
from chat.delivery.outbox import Outbox, TextOutbox
from chat.delivery.sms import Texts
from chat.delivery.smtp import Smtp
from chat.settings import Settings
from chat.worker import Worker


@pytest.mark.parametrize(
    "url", ["http://mail.example.org", "mail.example.org:587", "smtp://", "smtp://mail.example.org?tls=maybe"]
)
def test_an_address_that_is_no_mail_servers_is_refused(url: str) -> None:
    with pytest.raises(ValidationError, match="it looks like smtp://"):
        Settings(mail_url=SecretStr(url))


@pytest.mark.parametrize(("tls", "refused"), [("none", True), ("starttls", False), ("tls", False)])
def test_production_hands_mails_over_encrypted_only(tls: str, refused: bool) -> None:
    settings = Settings(environment="production", mail_url=SecretStr(f"smtp://mail.example.org?tls={tls}"))
    assert any("tls=none" in problem for problem in settings.problems()) == refused


async def test_without_a_mail_server_mails_become_files(tmp_path: Path) -> None:
    for url, kind in (("", Outbox), ("smtp://mail.example.org", Smtp)):
        settings = Settings(data=tmp_path, database_url=f"sqlite:///{tmp_path}/none.db", mail_url=SecretStr(url))
        vault = house.open_vault(settings)
        worker = Worker(settings, vault, house.runtime(settings, vault), ())
        assert isinstance(worker.dispatcher.posts["email"], kind)
        await worker.stop()


def test_a_text_gateway_needs_all_of_its_settings() -> None:
    with pytest.raises(ValidationError, match="sms_token"):
        Settings(sms_url="https://api.twilio.com", sms_account="AC1", sms_from="+15550009999")


def test_production_speaks_to_the_text_gateway_by_https_only() -> None:
    given = {"sms_account": "AC1", "sms_token": SecretStr("t"), "sms_from": "+15550009999"}
    for url, refused in (("http://gateway.example.org", True), ("https://gateway.example.org", False)):
        problems = Settings(environment="production", sms_url=url, **given).problems()  # type: ignore[arg-type]
        assert any("QUIETROOM_SMS_URL" in problem for problem in problems) == refused


GATEWAY = {"sms_url": "https://g.example.org", "sms_account": "AC1", "sms_token": SecretStr("t"), "sms_from": "+15550009999"}


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({}, TextOutbox),
        ({"mail_url": SecretStr("smtp://mail.example.org")}, None),
        ({"environment": "production"}, None),
        (
            {"sms_url": "https://g.example.org", "sms_account": "AC1", "sms_token": SecretStr("t"), "sms_from": "+15550009999"},
            Texts,
        ),
    ],
)
async def test_in_development_texts_become_files_as_mails_do(tmp_path: Path, given: dict[str, Any], kind: type | None) -> None:
    settings = Settings(data=tmp_path, database_url=f"sqlite:///{tmp_path}/none.db", **given)
    vault = house.open_vault(Settings(data=tmp_path))
    worker = Worker(settings, vault, house.runtime(settings, vault), ())
    assert type(worker.dispatcher.posts.get("sms")) is (kind or type(None))
    assert house.policy(settings).texts == (kind is not None)
    await worker.stop()
