"""Exactly once, for every keyed command."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select, update

from chat.actions.receipts import KEPT, Receipts, forget_receipts, once
from chat.errors import Conflict, Refused
from chat.lib.database import writing_engine
from chat.models import Mailbox, Receipt
from chat.models.columns import table
from chat.transaction import Keys, Transaction, Who
from tests.databases import RING, House, Template, closing_engine
from tests.people import later

RECEIPTS, BOXES = table(Receipt), table(Mailbox)


class Command:
    """Raises the asker's counter, once for each time that it is carried out."""

    def __init__(self, key: str = "k", fingerprint: bytes = b"f", name: str = "raise_it") -> None:
        self.key, self.fingerprint, self.name, self.runs = key, fingerprint, name, 0

    def __call__(self, tx: Transaction, what: object = None) -> object:
        def run() -> dict[str, int]:
            self.runs += 1
            tx.connection.execute(update(BOXES).where(BOXES.c.person_id == tx.me.person).values(change=BOXES.c.change + 1))
            if what == "refused":
                raise Refused("Not today.")
            return {"run": self.runs}

        return once(tx, self.key, self.name, self.fingerprint, run)


def counter(house: House, who: Who) -> int:
    return int(house.run(select(BOXES.c.change).where(BOXES.c.person_id == who.person))[0][0])


def test_a_command_is_carried_out_once_and_its_answer_given_again(house: House) -> None:
    command = Command()
    assert [house.do(command, house.ben) for _ in range(3)] == [{"run": 1}] * 3
    assert (command.runs, counter(house, house.ben)) == (1, 1)


@pytest.mark.parametrize("other", [Command(fingerprint=b"g"), Command(name="another")])
def test_the_same_key_for_something_else_is_a_conflict(house: House, other: Command) -> None:
    house.do(Command(), house.ben)
    assert isinstance(house.refusal(other, house.ben), Conflict)
    assert (other.runs, counter(house, house.ben)) == (0, 1)


def test_a_key_of_another_person_is_another_key(house: House) -> None:
    command = Command()
    house.do(command, house.ben)
    house.do(command, house.cleo)
    assert (counter(house, house.ben), counter(house, house.cleo)) == (1, 1)


def test_a_refusal_takes_the_claim_back(house: House) -> None:
    command = Command()
    assert isinstance(house.refusal(command, house.ben, "refused"), Refused)
    assert (house.count(Receipt), counter(house, house.ben)) == (0, 0)
    assert house.do(command, house.ben) == {"run": 2}


def test_two_processes_with_one_key_wait_for_each_other(postgresql_template: Template) -> None:
    ben, command, answers = postgresql_template.cast["ben"], Command(), []
    with postgresql_template.copy() as address, closing_engine(writing_engine(address)) as engine:

        def again() -> None:
            with engine.begin() as connection:
                answers.append(command(Transaction(connection, Keys(RING), who=ben)))

        other = threading.Thread(target=again)
        with engine.begin() as connection:
            first = command(Transaction(connection, Keys(RING), who=ben))
            other.start()
        other.join(10)
    assert (first, answers, command.runs) == ({"run": 1}, [{"run": 1}], 1)


def test_a_batch_of_receipts_is_read_and_written_by_one_statement_each(house: House) -> None:
    tx = Transaction(house.connection, house.keys, who=house.ben)
    with house.counted() as seen:
        receipts = Receipts(tx, ["a", "b"])
        assert receipts.answer(house.ben.person, "a", "send", b"1") is None
        for key in ("a", "b"):
            receipts.note(house.ben.person, key, "send", b"1", {"seq": 1})
        assert receipts.answer(house.ben.person, "a", "send", b"1") == {"seq": 1}
        with pytest.raises(Conflict):
            receipts.answer(house.ben.person, "b", "send", b"2")
        receipts.save()
    assert (len(seen), house.count(Receipt)) == (2, 2)
    assert Receipts(tx, ["b"]).answer(house.ben.person, "b", "send", b"1") == {"seq": 1}


def test_receipts_are_kept_for_thirty_days_and_no_longer(house: House) -> None:
    key = "kept"
    sent = house.begin(house.ben, house.dana, key=key)
    with house.at(later(days=30)):
        assert house.do(forget_receipts) is False
        assert house.begin(house.ben, house.dana, key=key) == sent
    with house.at(later(days=30) + 1):
        house.do(forget_receipts)
    assert (KEPT, house.count(Receipt)) == (later(days=30) - later(), 0)


def test_a_step_of_forgetting_is_small(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chat.actions.receipts.STEP", 2)
    for _ in range(3):
        house.begin(house.ben, house.dana)
    with house.at(later(days=31)):
        assert [house.do(forget_receipts) for _ in range(3)] == [True, False, False]
    assert house.count(Receipt) == 0
