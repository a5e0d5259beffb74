"""Data keys are wrapped anew, and what they sealed stays readable throughout."""

import pytest
from sqlalchemy import select

from chat.actions import keys
from chat.actions.keys import note_rotation, note_scheduled_rotation, rewrap
from chat.lib.crypto import KeyRing, Unreadable
from chat.queries.chains import AUDIT
from chat.queries.keys import KEYS, uses
from chat.transaction import Keys
from tests.databases import RING, House

OLD, NEW = bytes(range(32)), bytes(range(1, 33))


@pytest.fixture
def rotating(house: House) -> House:
    """Several sealed conversations, and a ring whose newest key writes."""
    for other in (house.dana, house.eli, house.cleo):
        house.begin(house.ben, other, body="Said before")
    house.keys = Keys(KeyRing({RING.current: OLD, "second": NEW}))
    return house


def test_step_by_step_all_are_wrapped_by_the_key_that_writes(rotating: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "STEP", 2)
    total, after, done = rotating.count("data_key"), 0, 0
    while (step := rotating.do(rewrap, None, after)).last is not None:
        assert 0 < step.count <= 2
        done, after = done + step.count, step.last
    assert total == done > 2
    assert rotating.ask(uses) == {"second": total}
    assert rotating.do(rewrap, None, 0).count == 0


def test_without_the_old_key_everything_reads_as_before(rotating: House) -> None:
    place = rotating.begin(rotating.ben, rotating.dana, body="Said after")
    rotating.do(rewrap, None, 0)
    rotating.keys = Keys(KeyRing({"second": NEW}))
    assert [one["body"] for one in rotating.page(rotating.dana, place).messages] == ["Said before", "Said after"]


def test_with_a_key_that_is_not_on_the_ring_nothing_is_written(rotating: House) -> None:
    rotating.keys = Keys(KeyRing({"second": NEW}))
    before = rotating.state()
    with pytest.raises(Unreadable):
        rotating.do(rewrap, None, 0)
    assert rotating.state() == before


def test_a_rotation_is_on_record(rotating: House) -> None:
    rotating.do(note_rotation, None, 3)
    rotating.do(note_scheduled_rotation, None, 4)
    told = [("3 data keys, now by second",), ("4 data keys, now by second, by the calendar",)]
    assert rotating.run(select(AUDIT.c.details).where(AUDIT.c.action == "rotate_keys").order_by(AUDIT.c.id)) == told
    assert rotating.run(select(KEYS.c.wrapping_key).distinct()) == [(RING.current,)]
