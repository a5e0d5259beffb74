"""`quietroom doctor` says what is wrong, on each database, before anybody else finds it."""

from __future__ import annotations

import shutil
import sqlite3
from base64 import b64encode
from contextlib import closing
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import insert, text, update

from chat import house
from chat.actions.chains import append
from chat.cli.tools import Hands, asking
from chat.lib import clock
from chat.lib.database import writing_engine
from chat.models import AuditEntry, Installation
from chat.models.columns import table
from chat.queries.chains import unchained
from chat.settings import Settings
from tests.cli.desk import Desk, desk
from tests.databases import Template, closing_engine
from tests.services.redis import RedisServer
from tests.services.s3 import BucketServer
from tests.services.sms import ACCOUNT, TOKEN, sms_gateway
from tests.services.smtp import smtp

__all__ = ["desk"]

doctor = import_module("chat.cli.doctor")  # the module: the package has the word by this name

ID, TEST, OTHER = (f"{name}={b64encode(bytes([at]) * 32).decode()}" for at, name in enumerate(("id", "test", "id")))


@pytest.fixture
def sound(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """An installation in which nothing is wrong; the tests' PostgreSQL is forgetful on purpose, which is no matter here."""
    monkeypatch.setattr(doctor, "DURABLE", ())
    monkeypatch.setenv("QUIETROOM_KEYS", f"{ID};{TEST}")
    with Hands() as hands:
        hands.do(lambda tx, _: tx.make_keys(["test"]), None)
        with asking(hands.settings) as ask:
            hands.do(append, None, ask(unchained, house.audit_key(hands.vault), "worker"))
    return desk


def wrong(desk: Desk) -> list[str]:
    """What the doctor finds."""
    result = desk.run("doctor")
    found = [line.removeprefix("✗ ") for line in result.output.splitlines() if line.startswith("✗")]
    assert result.exit_code == (1 if found else 0), result.output
    return found


def do(desk: Desk, statement: object) -> None:
    with closing_engine(writing_engine(desk.address)) as engine, engine.begin() as connection:
        connection.execute(statement)  # type: ignore[call-overload]


def test_where_nothing_is_wrong_each_part_is_named(sound: Desk) -> None:
    lines = sound.done("doctor").splitlines()
    assert all(line.startswith("✓ ") for line in lines)
    assert {"✓ Keys", "✓ Database", "✓ Clock", "✓ Disk", "✓ Mail"} <= set(lines)


def test_a_wrong_ring_is_told(sound: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIETROOM_KEYS", f"{OTHER};test={OTHER[3:]}")
    said = wrong(sound)
    assert len(said) == 2
    assert "The `id` key of this ring is not this database's" in said[0]
    assert "does not open what the database holds under test" in said[1]


def test_a_database_that_is_behind_is_told(sound: Desk) -> None:
    do(sound, text("UPDATE alembic_version SET version_num = '0001'"))
    assert wrong(sound) == ["The database is not at this version. Run `quietroom migrate`."]


def test_before_the_first_start_there_is_one_thing_to_do(sound: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("QUIETROOM_DATABASE_URL", f"sqlite:///{tmp_path}/new.db")
    assert wrong(sound) == ["The database is not at this version. Run `quietroom migrate`."]


def test_a_database_that_is_away_is_told(sound: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIETROOM_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    assert any(line.startswith("The database does not answer") for line in wrong(sound))


def test_a_key_that_others_can_read_is_told(sound: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "ring"
    file.write_text(f"{ID}\n{TEST}\n")
    file.chmod(0o644)
    monkeypatch.delenv("QUIETROOM_KEYS")
    monkeypatch.setenv("QUIETROOM_KEYS_FILE", str(file))
    assert wrong(sound) == [f"Everybody on this machine can read {file}. Run chmod 600 on it."]


def test_that_no_keys_follow_is_told(sound: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    recent, old = (house.days_from(clock.now() - days * clock.DAY, 1, 1)[0] for days in (13, 16))
    monkeypatch.setenv("QUIETROOM_KEYS", f"{ID};{TEST};{recent}={OTHER[3:]}")
    assert wrong(sound) == []
    monkeypatch.setenv("QUIETROOM_KEYS", f"{ID};{TEST};{old}={OTHER[3:]}")
    assert f"The key that writes does so since {old}." in wrong(sound)[0]


def test_clocks_that_are_apart_are_told(sound: Desk, template: Template) -> None:
    with clock.frozen(clock.now() + clock.HOUR):
        found = [line for line in wrong(sound) if line.startswith("The clocks of this machine and of PostgreSQL are ")]
    assert len(found) == (template.kind == "postgresql")


def test_a_clock_that_is_behind_the_database_is_told(sound: Desk) -> None:
    later = clock.now() + 2 * clock.MINUTE
    fixed = {"action": "sign_in", "address": "", "outcome": "done", "details": ""}
    do(sound, insert(table(AuditEntry)).values(at=later, **fixed))
    assert "The clock is behind" in wrong(sound)[0]


def test_entries_that_nobody_chains_are_told(sound: Desk) -> None:
    fixed = {"action": "sign_in", "address": "", "outcome": "done", "details": ""}
    do(sound, insert(table(AuditEntry)).values(at=clock.now() - 2 * clock.MINUTE, **fixed))
    assert "Is a worker running?" in wrong(sound)[0]


def test_alerts_that_do_not_leave_are_told(sound: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "outbox_figures", lambda _: (4, 0, 720.0))
    assert wrong(sound) == ["4 alerts are due, the oldest for 12 minutes. Look at the worker's log."]


def test_over_postgresql_a_data_folder_that_holds_nothing_yet_is_no_fault(
    sound: Desk, template: Template, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("QUIETROOM_DATA", str(tmp_path / "deep" / "data"))
    assert wrong(sound) == []
    assert (tmp_path / "deep").exists() == (template.kind == "sqlite")


def test_a_full_disk_is_told(sound: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=5 << 20))
    assert "has 5 MiB left" in wrong(sound)[0]


def test_the_ledger_s_state_is_told(sound: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "ledger"
    monkeypatch.setenv("QUIETROOM_LEDGER", str(folder))
    assert any("ledger cannot be used: No such file" in line for line in wrong(sound))
    folder.mkdir()
    assert "A running server begins one within a minute." in wrong(sound)[0]
    settings = Settings()
    ledger = house.ledger(settings, house.open_vault(settings))
    ledger.mark(clock.now())
    assert wrong(sound) == []
    ledger.mark(clock.now() - clock.HOUR)
    assert "The ledger of deletions ends at" in wrong(sound)[0]


def test_a_production_s_ledger_on_its_own_disk_and_missing_mail_are_told(
    sound: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "ledger").mkdir()
    for name, value in (
        ("ENVIRONMENT", "production"), ("BASE_URL", "https://messages.example.org"), ("REDIS_URL", "redis://127.0.0.1:1/0"),
        ("DATA", str(tmp_path / "data")), ("LEDGER", str(tmp_path / "ledger")),
    ):  # fmt: skip
        monkeypatch.setenv(f"QUIETROOM_{name}", value)
    said = "\n".join(wrong(sound))
    assert "is on the disk of the data folder" in said
    assert "Redis does not answer" in said
    assert "No mail leaves" in said


def test_what_makes_a_database_forgetful_or_damaged_is_told(
    sound: Desk, template: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    if template.kind == "postgresql":
        monkeypatch.setattr(doctor, "DURABLE", ("synchronous_commit",))
        do(sound, text(f"ALTER DATABASE {sound.address.rpartition('/')[2]} SET synchronous_commit = on"))
        assert wrong(sound) == []
        do(sound, text(f"ALTER DATABASE {sound.address.rpartition('/')[2]} SET synchronous_commit = off"))
        assert any("PostgreSQL has synchronous_commit = off" in line for line in wrong(sound))
        return
    file = Path(sound.address.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'participant_inbox'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with file.open("r+b") as raw:
        raw.seek((root - 1) * size)
        raw.write(bytes([10, 0, 0, 0, 9]))
    assert any("The database is damaged" in line for line in wrong(sound))


def test_redis_answers_or_is_told(sound: Desk, monkeypatch: pytest.MonkeyPatch, redis_server: RedisServer) -> None:
    monkeypatch.setenv("QUIETROOM_REDIS_URL", redis_server.url)
    assert wrong(sound) == []


def test_a_mail_server_is_greeted_and_gets_no_mail(sound: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with smtp() as sink:
        monkeypatch.setenv("QUIETROOM_MAIL_URL", f"smtp://127.0.0.1:{sink.port}?tls=none")
        assert wrong(sound) == []
        assert sink.mails == []
    assert wrong(sound) == ["The mail server cannot be reached over an encrypted line. Look at QUIETROOM_MAIL_URL."]


def test_the_text_gateway_is_asked_for_our_account_and_sends_no_text(sound: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with sms_gateway() as gateway:
        for name, value in (("URL", gateway.url), ("ACCOUNT", ACCOUNT), ("TOKEN", TOKEN), ("FROM", "+15550001111")):
            monkeypatch.setenv(f"QUIETROOM_SMS_{name}", value)
        assert wrong(sound) == []
        assert gateway.texts == []
        monkeypatch.setenv("QUIETROOM_SMS_TOKEN", "wrong")
        assert "The text gateway refuses our account" in wrong(sound)[0]
        monkeypatch.setenv("QUIETROOM_SMS_TOKEN", TOKEN)
        gateway.answer = (404, {"code": 20404})
        assert "does not know our account" in wrong(sound)[0]
    assert "The text gateway cannot be reached" in wrong(sound)[0]


def test_the_bucket_of_files_is_tried_or_told(sound: Desk, monkeypatch: pytest.MonkeyPatch, bucket_server: BucketServer) -> None:
    place = bucket_server.bucket()
    monkeypatch.setenv("QUIETROOM_FILES", place)
    monkeypatch.setenv("QUIETROOM_FILES_KEY", "key")
    monkeypatch.setenv("QUIETROOM_FILES_SECRET", "secret")
    assert "✓ Files" in sound.done("doctor").splitlines()
    assert bucket_server.lies(place) == []
    monkeypatch.setenv("QUIETROOM_FILES", bucket_server.address("nobody-s"))
    assert wrong(sound) == ["Files: there is no such bucket. Look at QUIETROOM_FILES, _KEY and _SECRET."]
    monkeypatch.setenv("QUIETROOM_FILES", "s3://box?endpoint=http://127.0.0.1:1")
    assert "does not do what it is asked" in wrong(sound)[0]


def test_a_scanner_that_is_away_is_told(sound: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIETROOM_CLAMD", "127.0.0.1:1")
    assert "The virus scanner does not answer" in wrong(sound)[0]


def test_an_installation_before_its_first_start_is_looked_at_too(sound: Desk) -> None:
    do(sound, update(table(Installation)).values(mark=""))
    assert wrong(sound) == []
