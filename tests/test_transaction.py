"""Units of work: what is gathered, and when it is written."""

from __future__ import annotations

import dataclasses

import pytest

from chat.lib.crypto import DataKey, KeyRing, Unreadable
from chat.models import AuditEntry
from chat.models import DataKey as DataKeyRow
from chat.models.columns import table
from chat.transaction import Asked, Keys, Reading, Transaction, Who, set_based
from tests.databases import RING, House
from tests.people import NOON

AUDIT, KEYS = table(AuditEntry), table(DataKeyRow)


def begun(house: House, who: Who | None = None) -> Transaction:
    return Transaction(house.connection, house.keys, who=who)


def entries(house: House) -> list[dict[str, object]]:
    rows = house.connection.execute(AUDIT.select().where(AUDIT.c.action == "tried").order_by(AUDIT.c.id))
    return [dict(row) for row in rows.mappings()]


def test_audit_rows_are_written_together_at_the_end(house: House) -> None:
    tx = begun(house, dataclasses.replace(house.ben, session=3, address="192.0.2.1"))
    tx.audit("tried", client_id=house.dana.person, seq=4)
    tx.audit("tried", outcome="refused", details="why", organization_id=house.ivy.organization, address="elsewhere")
    assert entries(house) == []
    with house.counted() as seen:
        tx.finish()
    assert len(seen) == 1
    ben, dana = house.ben, house.dana.person
    names = ("organization_id", "at", "actor_id", "session_id", "client_id", "seq", "address", "outcome", "details", "person_id")
    assert [tuple(entry[name] for name in names) for entry in entries(house)] == [
        (ben.organization, NOON, ben.person, 3, dana, 4, "192.0.2.1", "done", "", None),
        (house.ivy.organization, NOON, ben.person, 3, None, None, "elsewhere", "refused", "why", None),
    ]
    tx.finish()
    assert len(entries(house)) == 2


def test_what_the_house_itself_does_has_no_actor(house: House) -> None:
    tx = begun(house)
    tx.audit("tried", organization_id=1)
    tx.audit("tried", who=house.cleo)
    tx.finish()
    assert [entry["actor_id"] for entry in entries(house)] == [None, house.cleo.person]


def test_a_transaction_opens_what_it_sealed_and_the_shared_store_learns_it_only_from_the_table(house: House) -> None:
    tx = begun(house)
    first, second = tx.make_keys(["one", "two"])
    sealed = tx.seal(first, "place", "secret")
    assert (tx.open("place", sealed), first != second) == ("secret", True)
    assert house.keys._known == {}
    tx.load_keys([first, second])
    assert house.keys._known == {}
    assert begun(house).open("place", sealed) == "secret"
    assert list(house.keys._known) == [first]


def test_a_key_that_was_rolled_back_is_nobodys(house: House) -> None:
    with house.undone():
        sealed = (tx := begun(house)).seal(tx.make_keys(["one"])[0], "place", "secret")
    with pytest.raises(Unreadable, match="gone"):
        begun(house).open("place", sealed)


def test_nothing_is_sealed_without_a_key(house: House) -> None:
    with pytest.raises(LookupError, match="No data key for place"):
        begun(house).seal(None, "place", "secret")


def test_keys_are_loaded_by_one_statement_and_kept(house: House) -> None:
    made = begun(house).make_keys(["one", "two", "three"])
    with house.counted() as seen:
        begun(house).load_keys(made)
        begun(house).load_keys(made)
        begun(house).load_keys([])
        begun(house).data_key(made[2])
    assert len(seen) == 1


def test_only_so_many_keys_are_kept_and_others_are_read_again(house: House) -> None:
    keys = Keys(RING, keep=2)
    made = begun(house).make_keys(["one", "two", "three"])
    keys.load(house.connection, made)
    assert len(keys._known) == 2
    for number in made:
        assert keys.get(house.connection, number).id == number


def test_a_key_that_was_destroyed_opens_nothing_any_more(house: House) -> None:
    tx = begun(house)
    number, other = tx.make_keys(["one", "other"])
    sealed, kept = tx.seal(number, "place", "secret"), tx.seal(other, "place", "kept")
    assert begun(house).open("place", sealed) == "secret", "it is known now"
    begun(house).destroy_keys([number])
    begun(house).destroy_keys([])
    with pytest.raises(Unreadable, match="gone"):
        begun(house).open("place", sealed)
    assert begun(house).open("place", kept) == "kept"


def test_a_key_of_another_ring_is_unreadable(house: House) -> None:
    number = begun(house).make_keys(["one"])[0]
    with pytest.raises(Unreadable, match="lacks the key test"):
        Keys(KeyRing({"other": bytes(32)})).get(house.connection, number)


def test_a_data_key_does_not_stand_in_the_table_in_clear(house: House) -> None:
    (made,) = house.keys.make(house.connection, ["one"], NOON)
    ((number, purpose, name, wrapped, at),) = house.run(KEYS.select())
    assert (number, purpose, name, at) == (made.id, "one", "test", NOON)
    secret = RING.unwrap(number, name, bytes(wrapped))
    assert DataKey(number, secret).open("place", made.seal("place", "text")) == "text"
    assert secret not in bytes(wrapped)


def test_a_scope_reaches_what_it_names_while_it_lasts() -> None:
    everything, some = Who(1, 1, "client"), Who(1, 1, "client", scope={5: 100})
    assert everything.reaches(5, 10**15)
    assert some.reaches(5, 99)
    assert not some.reaches(5, 100)
    assert not some.reaches(6, 99)


def test_bells_are_gathered(house: House) -> None:
    tx = begun(house)
    tx.ring([1, 2])
    tx.ring(iter([2, 3]))
    assert tx.rung == {1, 2, 3}


def test_an_action_says_that_it_is_set_based() -> None:
    @set_based
    def action(tx: Transaction, asked: list[Asked[int]]) -> list[int]:
        return [one.what for one in asked]

    assert action.set_based is True  # type: ignore[attr-defined]
    assert not hasattr(Reading, "set_based")
