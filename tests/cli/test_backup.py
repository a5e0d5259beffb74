"""`quietroom backup` and `quietroom restore`: the machine is lost, and all is back elsewhere."""

from __future__ import annotations

import json
import os
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import inspect, select, text, update

from chat import house
from chat.actions.deletions import delete_permanently
from chat.actions.erasing import erase
from chat.actions.installation import renew_epoch
from chat.actions.mailboxes import Selection, move_to_trash
from chat.actions.messages import send_messages
from chat.cli.database import only_one
from chat.cli.tools import Hands, asking
from chat.lib.blobs import Blobs
from chat.lib.database import writing_engine
from chat.models import Installation, Message, Organization
from chat.models.columns import table
from chat.queries.conversations import messages_page
from chat.queries.ledger import waiting
from chat.settings import Settings
from chat.transaction import Reading, Who
from tests.cli.desk import Desk, desk
from tests.databases import Template, closing_engine, to_people
from tests.services.postgres import PostgresServer, tools
from tests.services.s3 import BucketServer

__all__ = ["desk"]

ID, TEST, LATER, FALSE = (
    f"{name}={b64encode(key).decode()}"
    for name, key in (("id", b"7" * 32), ("test", bytes(range(32))), ("later", b"9" * 32), ("id", b"8" * 32))
)
SAID = "Said before the machine was lost"
EPOCH = select(table(Installation).c.epoch)
PRACTICES = select(table(Organization).c.name)


@dataclass
class Machine:
    """A practice in use, its backup's place, and a way to another machine."""

    desk: Desk
    cast: dict[str, Who]
    data: Path
    target: Path
    move: Callable[[], Desk]

    def say(self, body: str) -> int:
        """Ben writes to Dana; the answer is the conversation."""
        with Hands() as hands:
            sent = hands.do(send_messages, self.cast["ben"], to_people(self.cast["dana"], body=body))
        return int(sent["conversation"])

    def back_up(self) -> str:
        """Back up to the usual place; what the terminal says."""
        return self.desk.done("backup", str(self.target))


@contextmanager
def elsewhere(template: Template, folder: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database that nobody has used."""
    if template.kind == "sqlite":
        yield f"sqlite:///{folder}/quietroom.db"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.database() as address:
        yield address


def read(who: Who, conversation: int) -> list[str]:
    """What somebody reads in a conversation, by this machine's settings."""

    def bodies(reading: Reading) -> list[str]:
        opened = messages_page(replace(reading, who=who), conversation)
        return [] if opened is None else [one["body"] for one in opened.messages]

    with asking(Settings()) as ask:
        found: list[str] = ask(bodies)
    return found


@pytest.fixture
def machine(
    desk: Desk, template: Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Machine]:
    """The cast's practice on one machine, and an empty place on another."""
    data, new = tmp_path / "here", tmp_path / "there"
    data.mkdir()
    monkeypatch.setenv("QUIETROOM_DATA", str(data))
    monkeypatch.setenv("QUIETROOM_KEYS", f"{ID};{TEST}")
    # pg_dump is of the tests' server, and not the machine's, which may be older.
    monkeypatch.setenv("PATH", f"{tools() or ''}{os.pathsep}{os.environ['PATH']}")
    with elsewhere(template, new, request) as address:

        def move() -> Desk:
            monkeypatch.setenv("QUIETROOM_DATA", str(new))
            monkeypatch.setenv("QUIETROOM_DATABASE_URL", address)
            return Desk(address)

        yield Machine(desk, template.cast, data, tmp_path / "backup", move)


def test_all_is_back_on_another_machine_with_the_key_ring(machine: Machine) -> None:
    talk = machine.say(SAID)
    name, key = Blobs(machine.data / "files").put(b"A file of hers")
    machine.back_up()
    before = machine.desk.rows(EPOCH)
    there = machine.move()
    said = there.done("restore", str(machine.target))
    assert "is restored" in said
    assert "deleted for good since then is there again" in said
    assert read(machine.cast["dana"], talk) == [SAID]
    assert b"".join(Blobs(Settings().data / "files").get(name, key)) == b"A file of hers"
    assert there.rows(EPOCH) != before


def test_files_go_from_bucket_to_bucket(machine: Machine, monkeypatch: pytest.MonkeyPatch, bucket_server: BucketServer) -> None:
    first, second = bucket_server.bucket(), bucket_server.bucket()
    for name, value in (("", first), ("_KEY", "key"), ("_SECRET", "secret")):
        monkeypatch.setenv(f"QUIETROOM_FILES{name}", value)
    name, key = house.blobs(Settings()).put(b"A file of hers")
    machine.back_up()
    there = machine.move()
    assert "The bucket holds files. Name an empty one" in there.refused("restore", str(machine.target))
    monkeypatch.setenv("QUIETROOM_FILES", "s3://box?endpoint=http://127.0.0.1:1")
    assert "Files: the bucket does not do what it is asked" in there.refused("restore", str(machine.target))
    monkeypatch.setenv("QUIETROOM_FILES", second)
    there.done("restore", str(machine.target))
    assert b"".join(house.blobs(Settings()).get(name, key)) == b"A file of hers"
    assert len(bucket_server.lies(first)) == len(bucket_server.lies(second)) == 1


def test_a_backup_is_made_while_another_process_serves(machine: Machine) -> None:
    talk = machine.say(SAID)
    serving = closing_engine(writing_engine(machine.desk.address))
    with only_one(Settings()) or nullcontext(), serving as engine, engine.connect() as connection, connection.begin():
        connection.execute(update(table(Organization)).values(name="Not committed yet"))
        machine.back_up()
    there = machine.move()
    there.done("restore", str(machine.target))
    assert read(machine.cast["ben"], talk) == [SAID]
    assert ("Not committed yet",) not in there.rows(PRACTICES)


def test_neither_words_nor_keys_are_in_a_backup_that_only_its_owner_reads(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("QUIETROOM_KEYS")
    (machine.data / "keys").write_text(f"{ID}\n{TEST}\n")
    machine.say(SAID)
    Blobs(machine.data / "files").put(b"A file of hers")
    machine.back_up()
    files = [path for path in machine.target.rglob("*") if path.is_file()]
    everything = b"".join(path.read_bytes() for path in files)
    for secret in (SAID.encode(), b"A file of hers", ID[3:].encode(), TEST[5:].encode(), b"7" * 32, bytes(range(32))):
        assert secret not in everything
    assert {path.stat().st_mode & 0o077 for path in (machine.target, machine.target / "database")} == {0}
    assert [path.name for path in machine.data.parent.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda folder: (folder / "database").write_bytes(b"cut"), "database is not as it was written"),
        (lambda folder: next((folder / "files").glob("*/*")).unlink(), "is missing"),
        (lambda folder: (folder / "manifest.json").unlink(), "is not a whole backup"),
        (lambda folder: (folder / "manifest.json").write_text("[]"), "is not a whole backup"),
        (lambda folder: rewrite(folder, keys=["none"]), "was made under another key ring, or was altered"),
    ],
    ids=["database", "file", "manifest", "no manifest", "rewritten"],
)
def test_a_backup_that_is_not_whole_is_refused(machine: Machine, spoil: Callable[[Path], object], sentence: str) -> None:
    Blobs(machine.data / "files").put(b"A file of hers")
    machine.back_up()
    spoil(machine.target)
    there = machine.move()
    assert sentence in there.refused("restore", str(machine.target))
    assert nothing_there()
    assert machine.desk.rows(PRACTICES)


@pytest.mark.parametrize(
    ("ring", "sentence"),
    [
        (f"{FALSE};{TEST}", "was made under another key ring"),
        (f"{ID};{LATER}", "needs test, which this key ring lacks"),
        (f"{ID};test={LATER[6:]}", "does not open what the database holds under test"),
        ("", "The key ring is missing"),
    ],
    ids=["another", "lacks one", "another of that name", "none"],
)
def test_without_the_key_ring_that_belongs_to_it_nothing_is_restored(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, ring: str, sentence: str
) -> None:
    machine.say(SAID)
    machine.back_up()
    there = machine.move()
    monkeypatch.setenv("QUIETROOM_KEYS", ring)
    assert sentence in there.refused("restore", str(machine.target))
    assert not (Settings().data / "quietroom.db").exists()


def test_what_was_erased_before_a_backup_is_in_no_backup(machine: Machine) -> None:
    talk = machine.say(SAID)
    with Hands() as hands:
        for name in ("ben", "dana"):
            for action in (move_to_trash, delete_permanently):
                hands.do(action, machine.cast[name], Selection((talk,)))
        while hands.do(erase, None):
            pass
    machine.back_up()
    there = machine.move()
    there.done("restore", str(machine.target))
    assert there.rows(select(table(Message).c.seq).where(table(Message).c.conversation_id == talk)) == []
    assert read(machine.cast["dana"], talk) == []


@pytest.fixture
def deleting(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> tuple[Machine, int, Path]:
    """Ben and Dana deleted a conversation after the backup; a ledger on another machine has it."""
    ledger = machine.data.parent / "ledger"
    ledger.mkdir()
    monkeypatch.setenv("QUIETROOM_LEDGER", str(ledger))
    talk = machine.say(SAID)
    machine.back_up()
    with Hands() as hands:
        for name in ("ben", "dana"):
            for action in (move_to_trash, delete_permanently):
                hands.do(action, machine.cast[name], Selection((talk,)))
        with asking(hands.settings) as ask:
            at, lines = ask(waiting)
        kept = house.ledger(hands.settings, hands.vault)
        kept.append(list(lines.values()))
        kept.mark(at)
    return machine, talk, ledger


def test_what_was_deleted_since_the_backup_is_deleted_again_by_the_ledger(deleting: tuple[Machine, int, Path]) -> None:
    machine, talk, _ = deleting
    there = machine.move()
    said = there.done("restore", str(machine.target))
    assert "2 deletions since then were carried out again" in said
    assert "where the ledger ends, is there again" in said
    assert read(machine.cast["dana"], talk) == []
    with Hands() as hands:
        while hands.do(erase, None):
            pass
    assert there.rows(select(table(Message).c.seq).where(table(Message).c.conversation_id == talk)) == []


def test_without_the_ledger_s_setting_it_is_said_what_is_there_again(
    deleting: tuple[Machine, int, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    machine, talk, _ = deleting
    monkeypatch.delenv("QUIETROOM_LEDGER")
    assert "is there again (no QUIETROOM_LEDGER is set)" in machine.move().done("restore", str(machine.target))
    assert read(machine.cast["dana"], talk) == [SAID]


@pytest.mark.parametrize("spoil", ["gone", "altered"])
def test_a_ledger_that_is_not_whole_stops_a_restore_before_anything_is_written(
    deleting: tuple[Machine, int, Path], spoil: str
) -> None:
    machine, _, ledger = deleting
    if spoil == "gone":
        (ledger / "through").unlink()
    else:
        path = next(ledger.glob("*.json"))
        path.write_text(path.read_text().replace("conversation", "mass_message"))
    refused = machine.move().refused("restore", str(machine.target))
    assert ("holds no ledger" if spoil == "gone" else "is not as it was written") in refused
    assert nothing_there()


def test_what_an_earlier_life_of_the_database_deleted_is_not_taken_for_another_of_that_id(
    deleting: tuple[Machine, int, Path], tmp_path: Path
) -> None:
    machine, talk, _ = deleting
    with Hands() as hands:
        hands.do(renew_epoch, None, "of long ago")
    again = machine.say("Said in a later life")
    machine.desk.done("backup", str(tmp_path / "later"))
    there = machine.move()
    assert "0 deletions" in there.done("restore", str(tmp_path / "later"))
    assert "Said in a later life" in read(machine.cast["dana"], again)
    assert again == talk, "or the premise is gone"


def test_a_newer_version_s_backup_is_refused(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing_engine(writing_engine(machine.desk.address)) as engine, engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999_unheard_of'"))
    machine.back_up()
    assert "was made by a newer version" in machine.move().refused("restore", str(machine.target))
    assert nothing_there()


def test_nothing_is_ever_written_over(machine: Machine) -> None:
    talk = machine.say(SAID)
    machine.back_up()
    assert "is there already" in machine.desk.refused("backup", str(machine.target))
    assert "The database is not empty" in machine.desk.refused("restore", str(machine.target))
    Blobs(machine.data / "files").put(b"A file of hers")
    assert "holds files" in machine.desk.refused("restore", str(machine.target))
    assert read(machine.cast["ben"], talk) == [SAID]


def test_a_backup_is_not_put_where_it_would_be_lost_or_cannot_be(machine: Machine) -> None:
    assert "lies in the data folder" in machine.desk.refused("backup", str(machine.data / "backup"))
    assert "does not exist" in machine.desk.refused("backup", str(machine.target / "deeper"))


def test_a_missing_tool_is_said_and_leaves_nothing(machine: Machine, template: Template, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.devnull)
    if template.kind == "sqlite":
        machine.back_up()
        return
    assert "pg_dump is not on the PATH" in machine.desk.refused("backup", str(machine.target))
    assert sorted(path.name for path in machine.data.parent.iterdir()) == ["here"]


def rewrite(folder: Path, **values: object) -> None:
    """Change what a manifest says."""
    place = folder / "manifest.json"
    found = json.loads(place.read_text())
    found["backup"] |= values
    place.write_text(json.dumps(found))


def nothing_there() -> bool:
    """Whether this machine's settings lead to no practice and no files."""
    settings = Settings()
    if (settings.data / "files").exists() or (settings.data / "quietroom.db").exists():
        return False
    if settings.embedded:
        return True
    with closing_engine(writing_engine(settings.database)) as engine, engine.connect() as connection:
        return not inspect(connection).get_table_names()
