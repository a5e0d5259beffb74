"""What is true of the database as a whole."""

from chat.actions.installation import note_mark
from chat.migrations import head
from chat.queries.installation import mark, revision
from tests.databases import House


def test_the_mark_of_the_id_key_is_kept_once(house: House) -> None:
    assert house.ask(mark) == ""
    house.do(note_mark, None, "first")
    house.do(note_mark, None, "second")
    assert house.ask(mark) == "first"


def test_the_last_migration_is_that_of_this_version(house: House) -> None:
    assert house.ask(revision) == head()
