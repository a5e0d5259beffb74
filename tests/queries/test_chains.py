"""What `quietroom audit verify` finds: the first bad row after an edit, a removal, a swap or a cut."""

from collections.abc import Callable

import pytest
from sqlalchemy import Executable, delete, insert, select, update

from chat.lib.clock import MINUTE
from chat.queries.chains import AUDIT, HEADS, NOBODY, Walk, headless, heads, late, unchained
from tests.actions.test_chains import KEY, chained
from tests.databases import House
from tests.people import NOON


@pytest.fixture
def ring(house: House) -> House:
    """A practice with a chain of more than ten entries."""
    for _ in range(6):
        house.begin(house.ben, house.dana)
    chained(house)
    return house


def walked(house: House, *, key: bytes = KEY, known: dict[int, bytes] | None = None, page: int = 3) -> Walk:
    """A whole walk over Harbor's chain, by small pages."""
    end = {one.place: one.chain for one in house.ask(heads) if one.organization == house.ben.organization}
    walk = Walk(house.ben.organization, key, end if known is None else known)
    while house.ask(walk.step, page):
        pass
    return walk


def at(house: House, place: int) -> Callable[[Executable], Executable]:
    """Restrict a statement to one entry of Harbor's chain."""
    return lambda statement: statement.where(AUDIT.c.organization_id == house.ben.organization, AUDIT.c.place == place)  # type: ignore[attr-defined]


def test_a_chain_as_it_was_written_has_no_fault(ring: House) -> None:
    walk = walked(ring)
    assert (walk.fault, walk.place >= 10) == ("", True)


EDITS = ({"details": "x"}, {"actor_id": 4711}, {"at": 5}, {"outcome": "refused"}, {"client_id": 4711}, {"chain": b""})


@pytest.mark.parametrize("values", EDITS)
def test_an_entry_that_was_edited_is_named(ring: House, values: dict[str, object]) -> None:
    ring.run(at(ring, 7)(update(AUDIT).values(**values)))
    assert walked(ring).fault.startswith("Entry 7 (row ")


def test_an_entry_that_was_removed_is_named(ring: House) -> None:
    ring.run(at(ring, 5)(delete(AUDIT)))
    assert walked(ring).fault == "Entry 5 was removed."


def test_a_hole_that_was_closed_by_counting_anew_is_found(ring: House) -> None:
    ring.run(at(ring, 5)(delete(AUDIT)))
    ring.run(at(ring, 6)(update(AUDIT).values(place=5)))
    assert walked(ring).fault.startswith("Entry 5 (row ")


def test_two_entries_that_changed_places_are_found_at_the_first(ring: House) -> None:
    for place, other in ((4, 1_000), (8, 4), (1_000, 8)):
        ring.run(at(ring, place)(update(AUDIT).values(place=other)))
    assert walked(ring).fault.startswith("Entry 4 (row ")


def test_a_tail_that_was_cut_off_is_found_by_the_head(ring: House) -> None:
    last = walked(ring).place
    for place in range(last - 2, last + 1):
        ring.run(at(ring, place)(delete(AUDIT)))
    assert walked(ring).fault == f"The entries {last - 2} to {last} were cut off."


def test_a_tail_that_was_cut_off_with_its_head_set_back_is_found_by_heads_kept_elsewhere(ring: House) -> None:
    last = walked(ring)
    elsewhere = {last.place: last.chain}
    (link,) = ring.run(at(ring, last.place - 1)(select(AUDIT.c.chain)))[0]
    ring.run(at(ring, last.place)(delete(AUDIT)))
    ring.run(update(HEADS).values(place=last.place - 1, chain=link).where(HEADS.c.organization_id == ring.ben.organization))
    assert walked(ring).fault == ""
    assert walked(ring, known=elsewhere).fault == f"The entries {last.place} to {last.place} were cut off."


def test_a_chain_made_anew_does_not_agree_with_heads_kept_elsewhere(ring: House) -> None:
    assert walked(ring, known={3: b"another"}).fault.startswith("Entry 3 (row ")
    assert "heads" in walked(ring, known={3: b"another"}).fault


def test_without_the_key_no_link_can_be_made(ring: House) -> None:
    assert walked(ring, key=b"1" * 32).fault.startswith("Entry 1 (row ")


def test_entries_of_no_practice_have_a_chain_too(house: House) -> None:
    house.run(insert(AUDIT).values(at=NOON, action="sign_in", address="", outcome="refused", details=""))
    chained(house)
    walk = Walk(NOBODY, KEY)
    assert house.ask(walk.step) is False
    assert (walk.fault, walk.place) == ("", 1)
    house.run(update(AUDIT).values(details="x").where(AUDIT.c.organization_id.is_(None)))
    walk = Walk(NOBODY, KEY)
    house.ask(walk.step)
    assert walk.fault.startswith("Entry 1 ")


def test_a_head_that_is_gone_is_found(ring: House) -> None:
    assert ring.ask(headless) == []
    ring.run(delete(HEADS).where(HEADS.c.organization_id == ring.ben.organization))
    assert ring.ask(headless) == [ring.ben.organization]


def test_rows_without_a_place_are_reported_after_a_minute(ring: House) -> None:
    ring.begin(ring.ben, ring.dana)
    with ring.at(NOON + MINUTE):
        assert ring.ask(late) is None
    with ring.at(NOON + MINUTE + 1):
        found = ring.ask(late)
        assert found is not None
        assert (found[0], found[2]) == (len(ring.ask(unchained, KEY, "one")[0].rows), NOON)
