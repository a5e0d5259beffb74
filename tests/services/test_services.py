"""The services that other tests stand on do what their names say."""

import os
import re
import signal
import smtplib
import ssl
from email.message import EmailMessage
from pathlib import Path

import psycopg
import pytest
import redis as client
from playwright.async_api import async_playwright
from sqlalchemy import create_engine, text

from tests.services.chromium import chromium
from tests.services.daemon import Missing
from tests.services.nursery import CHAT, nursery
from tests.services.postgres import PostgresServer, postgres
from tests.services.redis import RedisServer, pings, redis
from tests.services.smtp import SmtpSink, smtp


def rows(address: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(address.replace("+psycopg", ""), autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def a_mail(text: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "ben@harbor.test", "dana@harbor.test", "Grüße"
    mail.set_content(text)
    return mail


def test_sqlalchemy_reaches_a_database_of_postgres(postgres_server: PostgresServer) -> None:
    with postgres_server.database() as address:
        engine = create_engine(address)
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT current_setting('server_encoding')")) == "UTF8"
        engine.dispose()


def test_a_template_is_filled_once_and_its_copies_are_apart(postgres_server: PostgresServer) -> None:
    filled: list[str] = []

    def fill(address: str) -> None:
        filled.append(address)
        rows(address, "CREATE TABLE note (id int); INSERT INTO note VALUES (1)")

    for _ in range(2):
        with postgres_server.database(postgres_server.template("notes", fill)) as address:
            rows(address, "INSERT INTO note VALUES (2)")
            assert rows(address, "SELECT id FROM note ORDER BY id") == [(1,), (2,)]
    assert len(filled) == 1


def test_a_database_is_gone_after_its_block_even_with_a_connection_open(postgres_server: PostgresServer) -> None:
    with postgres_server.database() as address:
        left_open = psycopg.connect(address.replace("+psycopg", ""))
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(address.replace("+psycopg", ""))
    left_open.close()


@pytest.mark.durable
def test_durable_postgres_keeps_what_it_committed_when_killed() -> None:
    with postgres(durable=True) as server, server.database() as address:
        rows(address, "CREATE TABLE note (id int); INSERT INTO note VALUES (1)")
        assert rows(address, "SHOW fsync") == [("on",)]
        server.kill()
        with pytest.raises(psycopg.OperationalError):
            rows(address, "SELECT 1")
        server.restart()
        assert rows(address, "SELECT id FROM note") == [(1,)]


def test_redis_answers_and_forgets(redis_server: RedisServer) -> None:
    with client.Redis.from_url(redis_server.url) as connection:
        connection.set("bell", "rung")
        redis_server.empty()
        assert connection.get("bell") is None


def test_redis_comes_back_on_its_port_after_a_kill() -> None:
    with redis() as server:
        server.kill()
        assert not pings(server.url)
        server.restart()
        assert pings(server.url)


def test_a_frozen_redis_is_silent_until_it_thaws() -> None:
    with redis() as server:
        server.freeze()
        assert not pings(server.url)
        server.thaw()
        assert pings(server.url)


def test_a_named_server_is_used_and_never_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIETROOM_TEST_REDIS", "redis://127.0.0.1:1/0")
    monkeypatch.setenv("QUIETROOM_TEST_POSTGRES", "postgresql://127.0.0.1:1/postgres")
    with redis() as bells, postgres() as database:
        assert (bells.url, database.url) == ("redis://127.0.0.1:1/0", "postgresql://127.0.0.1:1/postgres")
        with pytest.raises(Missing, match="QUIETROOM_TEST_REDIS"):
            bells.kill()
        with pytest.raises(Missing, match="QUIETROOM_TEST_POSTGRES"):
            database.kill()


def test_the_sink_keeps_envelope_and_content(smtp_sink: SmtpSink) -> None:
    smtp_sink.clear()
    with smtplib.SMTP(smtp_sink.host, smtp_sink.port) as connection:
        connection.send_message(a_mail("How are you?"))
    (mail,) = smtp_sink.wait_for(1)
    assert (mail.sender, mail.recipients, mail.encrypted) == ("ben@harbor.test", ["dana@harbor.test"], False)
    assert (mail.content["Subject"], mail.content.get_content().strip()) == ("Grüße", "How are you?")


def test_the_sink_refuses_as_told(smtp_sink: SmtpSink) -> None:
    smtp_sink.clear()
    smtp_sink.answer = "451 Try later"
    with smtplib.SMTP(smtp_sink.host, smtp_sink.port) as connection, pytest.raises(smtplib.SMTPDataError, match="Try later"):
        connection.send_message(a_mail("How are you?"))
    assert smtp_sink.mails == []
    smtp_sink.clear()


def test_the_secure_sink_wants_encryption_and_a_password() -> None:
    with smtp(secure=True) as sink, smtplib.SMTP("localhost", sink.port) as connection:
        with pytest.raises(smtplib.SMTPException, match="STARTTLS"):
            connection.send_message(a_mail("in the clear"))
        connection.starttls(context=ssl.create_default_context(cafile=str(sink.certificate)))
        with pytest.raises(smtplib.SMTPAuthenticationError):
            connection.login("quietroom", "wrong")
        connection.login(sink.username or "", sink.password or "")
        connection.send_message(a_mail("sealed"))
        (mail,) = sink.wait_for(1)
    assert (mail.encrypted, mail.username) == (True, "quietroom")


@pytest.mark.browser
async def test_chromium_runs_a_page() -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**chromium().launch_options())
        page = await browser.new_page()
        await page.set_content("<h1>Quiet</h1>")
        assert await page.inner_text("h1") == "Quiet"
        await browser.close()


@pytest.mark.browser
async def test_what_playwright_turns_off_in_chromium_is_off_in_ours(chromium_path: Path) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**chromium().launch_options())
        page = await browser.new_page()
        await page.goto("chrome://version")
        command = await page.inner_text("#command_line")
        await browser.close()
    first, *_, last = [set(one.split(",")) for one in re.findall(r"--disable-features=(\S+)", command)]
    assert first - last == set(), "a newer Playwright turns off more: add it to PLAYWRIGHTS"


def test_a_forked_program_has_an_environment_and_a_log_of_its_own_and_tells_how_it_ended(tmp_path: Path) -> None:
    forked = nursery(*CHAT).fork(["serve"], {"QUIETROOM_PORT": "none"}, tmp_path / "log")
    assert forked.wait(60) == 1
    assert "The setting port cannot be used" in (tmp_path / "log").read_text()
    assert os.environ.get("QUIETROOM_PORT") != "none"


def test_a_forked_program_is_killed_by_its_id_and_no_signal_follows_it(tmp_path: Path) -> None:
    sleeping, other = (nursery("signal:pause").fork([], {}, tmp_path / "log") for _ in range(2))
    sleeping.kill()
    assert sleeping.wait(20) == -signal.SIGKILL
    sleeping.kill()
    assert other.poll() is None
    other.send_signal(signal.SIGTERM)
    assert other.wait(20) == -signal.SIGTERM


def test_a_missing_browser_is_said_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIETROOM_TEST_CHROMIUM", "/nowhere/chromium")
    with pytest.raises(Missing, match="QUIETROOM_TEST_CHROMIUM"):
        chromium()
