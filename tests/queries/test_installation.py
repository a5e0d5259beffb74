"""What is true of the database as a whole."""

from chat.actions.installation import note_mark
from chat.queries.installation import mark
from tests.databases import House


def test_the_mark_of_the_id_key_is_kept_once(house: House) -> None:
    assert house.ask(mark) == ""
    house.do(note_mark, None, "first")
    house.do(note_mark, None, "second")
    assert house.ask(mark) == "first"
