"""Reading a contact log, page by page."""

from __future__ import annotations

from uuid import uuid4

import pytest

from chat.actions.contact_logs import NewEntry, add_contact_log_entry
from chat.errors import NotFound
from chat.queries.contact_logs import contact_log, log_head
from tests.databases import House


def test_pages_hold_every_entry_once_the_newest_first(house: House) -> None:
    for number in range(5):
        house.do(add_contact_log_entry, house.ben, NewEntry(str(uuid4()), house.dana.person, f"Note {number}"))
    found, before = [], None
    while True:
        rows, before = house.ask(contact_log, house.dana.person, before, 2, who=house.ada)
        found += [row["body"] for row in rows]
        if before is None:
            break
    assert found == [f"Note {number}" for number in reversed(range(5))]


def test_each_client_has_a_log_of_their_own(house: House) -> None:
    house.do(add_contact_log_entry, house.ben, NewEntry(str(uuid4()), house.dana.person, "Dana's"))
    assert house.ask(contact_log, house.eli.person, who=house.ben) == ([], None)
    with pytest.raises(NotFound):
        house.ask(contact_log, house.dana.person, who=house.jon)


def test_the_head_of_an_export_is_for_those_who_look_after_the_client(house: House) -> None:
    head = house.ask(log_head, house.dana.person, who=house.ada)
    assert (head["client"], head["born"], head["exported_by"]) == ("Dana Reed", "1994-03-04", "Ada Lindgren")
    for outsider in (house.cleo, house.jon, house.dana, house.hal):
        with pytest.raises(NotFound):
            house.ask(log_head, house.dana.person, who=outsider)
