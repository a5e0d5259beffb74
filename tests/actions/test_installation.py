"""A restored database is another one for whoever holds a cursor of it."""

from sqlalchemy import select

from chat.actions.installation import renew_epoch
from chat.models import AuditEntry
from chat.models.columns import table
from chat.queries.changes import epoch
from tests.databases import House


def test_a_restored_database_has_a_new_epoch_and_says_so_in_the_history(house: House) -> None:
    before = house.ask(epoch)
    house.do(renew_epoch, None, "of yesterday")
    assert house.ask(epoch) not in {before, ""}
    entries = table(AuditEntry)
    assert house.run(select(entries.c.details).where(entries.c.action == "restore")) == [("of yesterday",)]
