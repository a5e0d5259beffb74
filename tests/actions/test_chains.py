"""Rows of the audit trail get their places, each chain by one process at a time."""

from sqlalchemy import select, update

from chat.actions.chains import LEASE, append
from chat.queries.chains import AUDIT, HEADS, Links, heads, unchained
from tests.databases import House
from tests.people import NOON

KEY = bytes(32)


def chained(house: House, holder: str = "one", limit: int = 1_000) -> int:
    """One step of the chainer; how many rows it placed."""
    placed: int = house.do(append, None, house.ask(unchained, KEY, holder, limit))
    return placed


def places(house: House) -> dict[int | None, list[int | None]]:
    """The places by organization, in the order of ids."""
    found: dict[int | None, list[int | None]] = {}
    for organization, place in house.run(select(AUDIT.c.organization_id, AUDIT.c.place).order_by(AUDIT.c.id)):
        found.setdefault(organization, []).append(place)
    return found


def test_every_practice_has_a_chain_of_its_own_without_a_hole_in_the_order_of_ids(house: House) -> None:
    house.begin(house.ben, house.dana)
    house.begin(house.jon, house.kim)
    assert chained(house) == sum(map(len, places(house).values()))
    assert all(row == list(range(1, len(row) + 1)) for row in places(house).values())
    assert {one.organization: one.place for one in house.ask(heads)} == {
        organization or 0: len(row) for organization, row in places(house).items()
    }
    assert chained(house) == 0


def test_a_chain_goes_on_where_it_ended(house: House) -> None:
    while chained(house, limit=2):
        pass
    house.begin(house.ben, house.dana)
    assert chained(house) > 0
    assert places(house)[house.ben.organization] == list(range(1, len(places(house)[house.ben.organization]) + 1))


def test_what_was_computed_on_an_old_head_is_not_written(house: House) -> None:
    stale = house.ask(unchained, KEY, "one")
    chained(house)
    before = house.state()
    assert house.do(append, None, stale) == 0
    assert house.state() == before


def test_while_one_process_holds_a_chain_another_leaves_it(house: House) -> None:
    chained(house, "one")
    house.begin(house.ben, house.dana)
    assert house.ask(unchained, KEY, "other") == []
    forced = [Links(one.organization, one.after, one.rows, "other") for one in house.ask(unchained, KEY, "one")]
    assert house.do(append, None, forced) == 0
    with house.at(NOON + LEASE + 1):
        assert chained(house, "other") > 0
    holders = {row[0] for row in house.run(select(HEADS.c.holder).where(HEADS.c.organization_id == house.ben.organization))}
    assert holders == {"other"}


def test_a_row_that_was_placed_is_never_placed_again(house: House) -> None:
    chained(house)
    house.run(update(HEADS).values(place=0))
    assert house.ask(unchained, KEY, "one") == []
