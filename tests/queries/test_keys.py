"""Which key wraps what, and whether this ring opens it."""

from sqlalchemy import update

from chat.lib.crypto import KeyRing
from chat.queries.keys import KEYS, check, unopened, uses
from chat.transaction import Keys, Reading
from tests.databases import RING, House


def test_each_key_is_counted_by_its_name(house: House) -> None:
    house.begin(house.ben, house.dana)
    house.begin(house.ben, house.eli)
    assert house.ask(uses) == {RING.current: house.count("data_key")}


def test_a_ring_that_opens_everything_has_no_trouble_page_by_page(house: House) -> None:
    house.begin(house.ben, house.dana)
    house.begin(house.ben, house.eli)
    first = house.ask(check, 0, 1)
    assert (first.tried, first.bad) == (1, [])
    assert house.ask(check, first.last, 500).tried == house.count("data_key") - 1
    assert house.ask(check).last is None
    assert house.ask(unopened) == []


def test_a_missing_key_and_another_key_of_the_same_name_are_found(house: House) -> None:
    house.begin(house.ben, house.dana)
    for ring in (KeyRing({"other": bytes(32)}), KeyRing({RING.current: bytes(32)})):
        reading = Reading(house.connection, Keys(ring))
        assert unopened(reading) == [RING.current]
        assert len(check(reading).bad) == house.count("data_key")


def test_a_damaged_data_key_is_named(house: House) -> None:
    house.begin(house.ben, house.dana)
    house.run(update(KEYS).values(wrapped=b"short"))
    assert all("does not open" in trouble for _, trouble in house.ask(check).bad)
    assert house.ask(check).bad
