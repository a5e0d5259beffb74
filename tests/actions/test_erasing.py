"""Erasing: what nobody can see any more leaves nothing that could be read, with all keys in hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import false, select, text, update

from chat.actions import erasing
from chat.actions.deletions import delete_permanently
from chat.actions.erasing import erase
from chat.actions.mailboxes import Selection, move_to_trash
from chat.actions.organizations import Practice, save_organization
from chat.lib import clock
from chat.lib.clock import DAY
from chat.lib.crypto import DataKey, Unreadable, key_of
from chat.lib.database import writing_engine
from chat.lib.sql import Statement
from chat.models import AuditEntry, Erasure, Message, Organization
from chat.models import DataKey as DataKeyRow
from chat.models.columns import table
from chat.models.conversations import CONVERSATIONS, SPANS
from chat.queries.keeping import YEAR
from chat.queries.organizations import practice
from chat.queries.records import record_messages
from chat.transaction import Who
from tests.databases import RING, House, Sent
from tests.people import NOON

SECRET = "the secret of the blue notebook"


def drop(house: House, *people: str, talk: Sent) -> None:
    for who in people:
        house.do(move_to_trash, getattr(house, who), Selection((talk.conversation,)))
        house.do(delete_permanently, getattr(house, who), Selection((talk.conversation,)))


def finish(house: House) -> int:
    steps = 0
    while house.do(erase):
        steps += 1
    return steps


def bodies(house: House, talk: Sent) -> dict[int, bytes]:
    messages = table(Message)
    rows = house.run(select(messages.c.seq, messages.c.body).where(messages.c.conversation_id == talk.conversation))
    return {row[0]: bytes(row[1]) for row in rows}


def test_what_one_side_deleted_stays_for_the_other(house: House) -> None:
    talk = house.begin(house.ben, house.dana, body=SECRET)
    drop(house, "dana", talk=talk)
    finish(house)
    assert house.page(house.ben, talk).messages[0]["body"] == SECRET
    assert house.count(Erasure) == 0


def test_what_both_sides_deleted_is_erased_and_its_key_destroyed(house: House) -> None:
    talk = house.begin(house.ben, house.dana, subject="Notebook", body=SECRET)
    house.reply(house.dana, talk, body="yes")
    sealed = bodies(house, talk)[1]
    drop(house, "ben", "dana", talk=talk)
    assert finish(house) > 0
    assert bodies(house, talk) == {}
    assert house.run(select(CONVERSATIONS.c.subject).where(CONVERSATIONS.c.id == talk.conversation)) == [(None,)]
    keys = table(DataKeyRow)
    assert house.run(select(keys.c.id).where(keys.c.id == key_of(sealed))) == []


def test_with_the_key_ring_and_every_key_left_the_old_ciphertext_does_not_open(house: House) -> None:
    talk = house.begin(house.ben, house.dana, body=SECRET)
    kept = house.begin(house.ben, house.eli, body="kept")
    stolen = bodies(house, talk)[1]
    drop(house, "ben", "dana", talk=talk)
    house.begin(house.ben, house.dana, body="later")
    finish(house)
    keys = table(DataKeyRow)
    left = [DataKey(row[0], RING.unwrap(*row)) for row in house.run(select(keys.c.id, keys.c.wrapping_key, keys.c.wrapped))]
    still = bodies(house, kept)[1]
    (its_key,) = (key for key in left if key.id == key_of(still))
    assert its_key.open(f"message.body:{kept.conversation}:1", still) == "kept", "the premise: these keys open what is left"
    for key in left:
        with pytest.raises(Unreadable):
            key.open(f"message.body:{talk.conversation}:1", stolen)


def test_what_is_left_of_the_epoch_is_sealed_anew_and_reads_as_before(house: House) -> None:
    talk = house.begin(house.ben, house.dana, subject="Plan", body="first")
    drop(house, "dana", talk=talk)
    house.reply(house.ben, talk, body="second")
    drop(house, "ben", talk=talk)
    before = bodies(house, talk)
    assert key_of(before[1]) == key_of(before[2]), "the premise: one key sealed both"
    finish(house)
    after = bodies(house, talk)
    assert list(after) == [2]
    assert key_of(after[2]) != key_of(before[2])
    opened = house.page(house.dana, talk)
    assert (opened.messages[0]["body"], opened.conversation["subject"]) == ("second", "Plan")


def test_after_erasing_the_next_message_begins_a_new_key(house: House) -> None:
    talk = house.begin(house.ben, house.dana, body="first")
    old = key_of(bodies(house, talk)[1])
    drop(house, "ben", "dana", talk=talk)
    finish(house)
    assert house.begin(house.ben, house.dana, body="second") == (talk.conversation, 2)
    assert key_of(bodies(house, talk)[2]) != old


def test_who_may_come_back_keeps_a_message_alive(house: House) -> None:
    talk = house.begin(house.ben, house.dana, body=SECRET)
    drop(house, "dana", talk=talk)
    house.unassign(house.dana, house.ben)
    finish(house)
    house.assign(house.dana.person, house.ben.person)
    assert house.page(house.ben, talk).messages[0]["body"] == SECRET


def test_a_long_conversation_is_erased_in_steps_that_may_be_cut_off(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chat.actions.erasing.STEP", 3)
    talk = house.begin(house.ben, house.dana, body="0")
    for number in range(7):
        house.reply(house.ben, talk, body=str(number))
    drop(house, "ben", "dana", talk=talk)
    for number in range(5):
        house.begin(house.ben, house.dana, body=f"later {number}")
    with house.undone():
        house.do(erase)
    assert finish(house) > 4
    assert [m["body"] for m in house.page(house.dana, talk).messages] == [f"later {number}" for number in range(5)]


def test_erased_bytes_are_gone_from_the_sqlite_file_and_its_log(tmp_path: Path) -> None:
    engine = writing_engine(f"sqlite:///{tmp_path / 'q.db'}")
    marker = b"\x9d\x01" * 40
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE t (id INTEGER PRIMARY KEY, body BLOB)")
        connection.commit()
        connection.execute(text("INSERT INTO t VALUES (1, :body)"), {"body": marker})
        connection.commit()
        assert any(marker in path.read_bytes() for path in tmp_path.iterdir()), "the premise: it was there"
        connection.execute(text("DELETE FROM t"))
        connection.commit()
    with engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]
    assert not any(marker in path.read_bytes() for path in tmp_path.iterdir())


def test_what_is_damaged_is_not_destroyed_and_keeps_no_other_conversation_waiting(house: House) -> None:
    damaged, other = (house.begin(house.ben, house.dana, body=SECRET), house.begin(house.ben, house.eli, body=SECRET))
    house.reply(house.dana, damaged, body="This stays for Ben")
    sealed = bodies(house, damaged)
    messages = table(Message)
    mine = messages.c.conversation_id == damaged.conversation
    drop(house, "dana", talk=damaged)
    hide(house, house.ben, damaged, through=1)
    house.run(update(messages).where(mine, messages.c.seq == 2).values(body=sealed[2][:-1] + bytes([sealed[2][-1] ^ 1])))
    drop(house, "ben", "eli", talk=other)
    finish(house)
    assert bodies(house, other) == {}
    assert house.run(select(table(Erasure).c.conversation_id)) == [(damaged.conversation,)]
    keys = table(DataKeyRow)
    assert len(house.run(select(keys.c.id).where(keys.c.id == key_of(sealed[2])))) == 1
    entries = table(AuditEntry)
    told = select(entries.c.conversation_id).where(entries.c.action == "erase", entries.c.outcome == "failed")
    assert house.run(told) == [(damaged.conversation,)]
    house.run(update(messages).where(mine, messages.c.seq == 2).values(body=sealed[2]))
    with house.at(NOON + 7 * clock.HOUR):
        finish(house)
    assert house.count(Erasure) == 0
    assert house.page(house.ben, damaged).messages[-1]["body"] == "This stays for Ben"


def hide(house: House, who: Who, talk: Sent, *, through: int) -> None:
    """Nothing up to this seq is this person's to see any more."""
    mine = (SPANS.c.conversation_id == talk.conversation, SPANS.c.person_id == who.person)
    house.run(update(SPANS).where(*mine).values(from_seq=through + 1))


def test_a_retention_erases_each_message_when_its_time_has_come(house: House) -> None:
    with house.at(NOON):
        talk = house.begin(house.ben, house.dana, body="one")
    with house.at(NOON + 10 * DAY):
        house.reply(house.dana, talk, body="two")
        drop(house, "ben", "dana", talk=talk)
        house.set(Organization, house.ben.organization, retention_years=1)
        finish(house)
        assert sorted(bodies(house, talk)) == [1, 2]
        assert house.do(erase) is False, "it is not looked at again and again"
    with house.at(NOON + YEAR - 1):
        assert house.do(erase) is False
    with house.at(NOON + YEAR):
        finish(house)
        assert sorted(bodies(house, talk)) == [2]
    with house.at(NOON + YEAR + 10 * DAY):
        finish(house)
        assert (bodies(house, talk), house.count(Erasure)) == ({}, 0)


def test_what_is_kept_of_an_epoch_is_sealed_anew_and_the_old_key_destroyed(house: House) -> None:
    with house.at(NOON):
        talk = house.begin(house.ben, house.dana, body="one", subject="Notebook")
    with house.at(NOON + 10 * DAY):
        house.reply(house.dana, talk, body="two")
        before = bodies(house, talk)
        assert key_of(before[1]) == key_of(before[2]), "the premise: one epoch"
        drop(house, "ben", "dana", talk=talk)
        house.set(Organization, house.ben.organization, retention_years=1)
    with house.at(NOON + YEAR):
        finish(house)
    (kept,) = bodies(house, talk).values()
    keys = table(DataKeyRow)
    assert key_of(kept) != key_of(before[1])
    assert house.run(select(keys.c.id).where(keys.c.id == key_of(before[1]))) == []
    step = house.ask(record_messages, talk.conversation, 0)
    assert [message["body"] for message in step.messages] == ["two"]


def test_deleting_again_and_saving_the_practice_look_at_what_was_kept(house: House) -> None:
    talk = house.begin(house.ben, house.dana, body="one")
    drop(house, "ben", "dana", talk=talk)
    house.set(Organization, house.ben.organization, deletes_since=None)
    finish(house)
    assert sorted(bodies(house, talk)) == [1]
    found = house.ask(practice, who=house.ada)
    saved = Practice(**({name: found[name] for name in found if name != "id"} | {"deletion_allowed": True}))
    house.do(save_organization, house.ada, saved)
    finish(house)
    assert (bodies(house, talk), house.count(Erasure)) == ({}, 0)


def test_what_another_worker_has_settled_meanwhile_is_left_alone(house: House) -> None:
    talk = house.begin(house.ben, house.dana, body="one")
    drop(house, "dana", talk=talk)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(erasing, "MINE", Statement(lambda _: select(table(Erasure).c.retired).where(false())))
        before = house.state()
        assert house.do(erase) is True
        assert house.state() == before
