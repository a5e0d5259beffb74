"""From settings to what a process works with: keys above all."""

from __future__ import annotations

import base64
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from chat import house
from chat.actions.messages import send_messages
from chat.actions.organizations import begin_installation
from chat.lib.blobs import Blobs
from chat.lib.buckets import Bucket
from chat.lib.clock import MINUTE, SECOND
from chat.lib.database import writing_engine
from chat.runtime.lane import Work
from chat.settings import Settings, Unsafe
from chat.transaction import Keys, Transaction
from tests.databases import RING, Template, closing_engine, to_people


def key(byte: int, length: int = 32) -> str:
    return base64.b64encode(bytes([byte]) * length).decode()


def settings(tmp_path: Path, **values: Any) -> Settings:
    return Settings(data=tmp_path / "data", **values)


PRODUCTION: dict[str, Any] = {"environment": "production", "base_url": "https://messages.example.org"}


def test_the_first_start_makes_keys_that_nobody_else_may_read(tmp_path: Path) -> None:
    first = house.open_vault(settings(tmp_path))
    file = tmp_path / "data" / "keys"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    again = house.open_vault(settings(tmp_path))
    assert again.secret == first.secret
    assert again.ring.names == ["first"]
    assert again.ids.outer("person", 1) == first.ids.outer("person", 1)
    assert house.setup_token(again) == house.setup_token(first)
    assert len(house.setup_token(first)) == 32


def test_of_two_that_start_at_once_one_makes_the_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "data" / "keys"
    plain = os.open

    def somebody_was_quicker(path: Path, flags: int, mode: int) -> int:
        file.write_text(f"id={key(1)}\nfirst={key(2)}\n")
        return plain(path, flags, mode)

    monkeypatch.setattr(os, "open", somebody_was_quicker)
    assert house.open_vault(settings(tmp_path)).secret == bytes([1]) * 32
    assert [one.name for one in file.parent.iterdir()] == ["keys"]


def test_keys_come_from_the_environment_the_last_one_writes(tmp_path: Path) -> None:
    vault = house.open_vault(settings(tmp_path, keys=f"id={key(1)};old={key(2)};new={key(3)}"))
    assert (vault.secret, vault.ring.names, vault.ring.current) == (bytes([1]) * 32, ["old", "new"], "new")
    assert not (tmp_path / "data").exists()


def test_keys_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(house.make_keys())
    assert house.open_vault(settings(tmp_path, keys_file=str(file))).ring.names == ["first"]


def test_two_installations_have_different_keys() -> None:
    assert house.make_keys() != house.make_keys()


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (f"first={key(1)}", "needs an `id` key"),
        (f"id={key(1)}", "needs an `id` key and at least one other"),
        (f"id={key(1)};first=not base64", "The key `first` is not base64"),
        (f"id={key(1)};first={key(1, 16)}", "The key `first` has 16 bytes and needs 32"),
        ("nonsense", "The key `nonsense` has 0 bytes"),
    ],
)
def test_damaged_keys_are_refused_with_a_sentence(tmp_path: Path, keys: str, words: str) -> None:
    with pytest.raises(Unsafe, match=words):
        house.open_vault(settings(tmp_path, keys=keys))


@pytest.mark.parametrize("values", [PRODUCTION, {"keys_file": "/nowhere/keys"}])
def test_a_missing_key_file_is_never_made_where_it_was_named_or_in_production(tmp_path: Path, values: dict[str, Any]) -> None:
    with pytest.raises(Unsafe, match="does not exist"):
        house.open_vault(settings(tmp_path, **values))
    assert not (tmp_path / "data").exists()


def test_a_key_that_is_named_by_no_day_that_there_is_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unsafe, match="The key `2026-02-30` is named by a day that there is not"):
        house.open_vault(settings(tmp_path, keys=f"id={key(1)};2026-02-30={key(2)}"))


def test_keys_that_take_turns_are_named_by_their_first_days() -> None:
    names = house.days_from(1_764_288_000_000, 3, 7)
    assert names == ["2025-11-28", "2025-12-05", "2025-12-12"]
    lines = house.make_keys(*names).splitlines()
    assert [line.partition("=")[0] for line in lines] == names
    assert len(set(lines)) == 3


def test_a_key_that_is_dropped_is_in_no_file_any_more(tmp_path: Path) -> None:
    configured = settings(tmp_path)
    file = tmp_path / "data" / "keys"
    house.open_vault(configured)
    plain = file.read_text()
    file.write_text(f"{plain}new={key(3)}\n")
    file.chmod(0o640)
    os.link(file, tmp_path / "the same bytes")
    house.drop_keys(configured, ["first"])
    assert house.open_vault(configured).ring.names == ["new"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert [one.name for one in file.parent.iterdir()] == ["keys"]
    assert set((tmp_path / "the same bytes").read_text()) == {"0"}


def test_a_key_is_not_dropped_from_where_it_cannot_be(tmp_path: Path) -> None:
    with pytest.raises(Unsafe, match="Take the keys off QUIETROOM_KEYS by hand"):
        house.drop_keys(settings(tmp_path, keys=f"id={key(1)};old={key(2)};new={key(3)}"), ["old"])


def test_the_rules_get_their_numbers_from_the_settings(tmp_path: Path) -> None:
    policy = house.policy(
        settings(tmp_path, body_length=9, alert_delay=3, staff_alert_delay=4, alert_fold=5, quick_link_minutes=6)
    )
    assert (policy.body_length, policy.alert_delay, policy.staff_alert_delay) == (9, 3 * SECOND, 4 * SECOND)
    assert (policy.alert_fold, policy.quick_link) == (5 * SECOND, 6 * MINUTE)


async def test_a_runtime_and_a_lane_work_on_the_configured_database(tmp_path: Path, template: Template) -> None:
    with template.copy() as address:
        configured = settings(tmp_path, database_url=address)
        vault = house.Vault(RING, house.open_vault(configured).ids, b"")
        ben, dana = template.cast["ben"], template.cast["dana"]
        lane, work = house.lane(configured, vault), Work(send_messages, ben, to_people(dana))
        lane.carry_out([work], lambda *_: None)
        lane.close()
        lane._engine.dispose()
        runtime = house.runtime(configured, vault)
        await runtime.start()
        assert await runtime.perform(send_messages, ben, to_people(dana)) == work.result | {"seq": 2}
        await runtime.stop()


def test_files_lie_in_the_data_folder_or_in_the_bucket_that_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = house.blobs(Settings(data=tmp_path))
    assert isinstance(here, Blobs)
    assert here.folder == tmp_path / "files"
    named = Settings(data=tmp_path, files="s3://box/files?endpoint=https://s3.example.org")
    assert isinstance(house.blobs(named), Bucket)
    monkeypatch.setattr(house, "S3", False)
    with pytest.raises(Unsafe, match="the extra `s3` is not installed"):
        house.blobs(named)


def test_production_never_serves_the_demo(tmp_path: Path, template: Template) -> None:
    with template.copy() as address:
        house.refuse_demo(settings(tmp_path, database_url=address, **PRODUCTION))
        with closing_engine(writing_engine(address)) as engine, engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM installation")
            begin_installation(Transaction(connection, Keys(RING)), demo=True)
        house.refuse_demo(settings(tmp_path, database_url=address))
        with pytest.raises(Unsafe, match="demo practice"):
            house.refuse_demo(settings(tmp_path, database_url=address, **PRODUCTION))
