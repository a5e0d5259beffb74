"""An administrator can answer "who read this client's messages in March"."""

import pytest
from sqlalchemy import insert, select

from chat.actions.marks import MarkRead, mark_read
from chat.actions.views import View, note_audit_export, note_view
from chat.errors import NotFound
from chat.lib.clock import DAY
from chat.queries.audit import Entry, Filters, audit, listing, waiting
from chat.queries.chains import AUDIT
from chat.transaction import Who
from tests.actions.test_chains import chained
from tests.databases import House
from tests.people import NOON, later


def found(house: House, who: Who, filters: Filters | None = None, limit: int = 50) -> list[Entry]:
    """All pages of what these filters find."""
    while chained(house):
        pass
    rows, before = house.ask(audit, filters or Filters(), None, limit, who=who)
    while before is not None:
        page, before = house.ask(audit, filters or Filters(), before, limit, who=who)
        assert 0 < len(page) <= limit
        rows += page
    return rows


def told(rows: list[Entry]) -> list[tuple[str | None, str]]:
    """Who did what."""
    return [(row["actor"]["name"] if row["actor"] else None, row["what"]) for row in rows]


def test_who_saw_what_of_a_client_is_one_question(house: House) -> None:
    talk = house.begin(house.ben, house.dana)
    other = house.begin(house.ben, house.eli)
    with house.at(later(days=1)):
        house.do(mark_read, house.dana, MarkRead(*talk))
        house.do(note_view, house.ben, View(*talk))
        house.do(note_view, house.ben, View(*other))
    with house.at(later(days=40)):
        house.do(note_view, house.ben, View(*talk))
    rows = found(house, house.ada, Filters(client=house.dana.person, kind="seen", until=NOON + 30 * DAY))
    assert sorted(told(rows)) == [("Ben Larsen", "Read messages"), ("Dana Reed", "Read messages")]
    assert {row["client"]["name"] for row in rows if row["client"]} == {"Dana Reed"}
    assert len(found(house, house.ada, Filters(client=house.dana.person, kind="seen"))) == 3
    assert len(found(house, house.ada, Filters(client=house.dana.person, kind="seen", since=NOON + 30 * DAY))) == 1
    assert len(found(house, house.ada, Filters(actor=house.ben.person, kind="seen"))) == 3
    assert all(
        row["actor"] == {"id": house.ben.person, "name": "Ben Larsen"}
        for row in found(house, house.ada, Filters(actor=house.ben.person))
    )


def test_pages_hold_each_entry_once_the_newest_first_also_at_one_instant(house: House) -> None:
    for _ in range(5):
        house.begin(house.ben, house.dana)
    whole = found(house, house.ada)
    assert [row["id"] for row in whole] == sorted((row["id"] for row in whole), reverse=True)
    assert len({row["at"] for row in whole}) == 1, "or the tie is not tried"
    for limit in (1, 3, len(whole)):
        assert found(house, house.ada, limit=limit) == whole


def test_nothing_of_one_practice_is_in_the_trail_of_another(house: House) -> None:
    house.begin(house.ben, house.dana)
    house.begin(house.jon, house.kim)
    mine = {row["id"] for row in found(house, house.ada)}
    theirs = {row["id"] for row in found(house, house.ivy)}
    assert mine
    assert theirs
    assert mine.isdisjoint(theirs)
    assert found(house, house.ivy, Filters(actor=house.ben.person)) == []
    with pytest.raises(NotFound):
        house.ask(audit, Filters(client=house.dana.person), who=house.ivy)


@pytest.mark.parametrize("name", ["ben", "dana", "hal"])
def test_only_administrators_read_it(house: House, name: str) -> None:
    for question in (lambda reading: audit(reading, Filters()), waiting):
        with pytest.raises(NotFound):
            house.ask(question, who=house.cast[name])
    with pytest.raises(NotFound):
        house.ask(audit, Filters(), who=Who(house.ada.person, house.ada.organization, house.ada.role, scope={}))


def test_what_has_no_place_yet_is_counted(house: House) -> None:
    found(house, house.ada)
    assert house.ask(waiting, who=house.ada) == 0
    house.begin(house.jon, house.kim)
    house.begin(house.ben, house.dana)
    assert 0 < house.ask(waiting, who=house.ada) < len(house.run(select(AUDIT.c.id).where(AUDIT.c.place.is_(None))))


def test_taking_it_along_is_an_entry_itself(house: House) -> None:
    house.do(note_audit_export, house.ada, None)
    house.do(note_audit_export, house.ada, house.dana.person)
    rows = found(house, house.ada)[:2]
    assert told(rows) == [("Ada Lindgren", "Exported this history")] * 2
    assert [row["client"] and row["client"]["name"] for row in rows] == ["Dana Reed", None]
    assert isinstance(house.refusal(note_audit_export, house.ben), NotFound)
    assert isinstance(house.refusal(note_audit_export, house.ada, house.kim.person), NotFound)


def test_what_the_house_did_has_no_actor(house: House) -> None:
    house.run(insert(AUDIT).values(organization_id=1, at=NOON + 1, action="purge", address="", outcome="done", details=""))
    assert told(found(house, house.ada))[0] == (None, "Emptied what was in the trash for 15 days")


@pytest.mark.parametrize(
    ("filters", "index"),
    [
        ({"client"}, "audit_by_client"),
        ({"actor", "kind"}, "audit_by_actor"),
        (set(), "audit_by_time"),
        ({"client", "since", "kind"}, "audit_by_client"),
        ({"since", "kind"}, "audit_by_time"),
    ],
)
def test_each_page_is_found_by_an_index(house: House, filters: set[str], index: str) -> None:
    statement = listing(frozenset(filters)).text(house.connection)
    if house.connection.dialect.name == "sqlite":  # PostgreSQL plans by statistics, and there are none here
        plan = house.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", (0,) * statement.count("?")).all()
        assert any(index in row[3] for row in plan), plan
        assert not any("TEMP B-TREE" in row[3] for row in plan), plan
