"""Deletions that wait for the ledger."""

from sqlalchemy import insert

from chat.lib.ledger import Line
from chat.models import Deletion
from chat.models.columns import table
from chat.queries.changes import epoch
from chat.queries.ledger import waiting
from tests.databases import House
from tests.people import NOON


def test_the_oldest_come_first_with_the_database_s_epoch_and_the_instant_of_the_look(house: House) -> None:
    assert house.ask(waiting) == (NOON, {})
    for item in (5, 4, 3):
        values = {"at": NOON - item, "kind": "conversation", "item": item, "person_id": 7, "through": 2}
        house.run(insert(table(Deletion)).values(**values))
    at, lines = house.ask(waiting, 2)
    word = house.ask(epoch)
    assert at == NOON
    assert [*lines.values()] == [Line(word, NOON - item, "conversation", item, 7, 2) for item in (5, 4)]
    assert sorted(lines) == list(lines)
