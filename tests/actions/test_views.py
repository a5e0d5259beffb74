"""Views: on record before the content leaves, once in five minutes."""

from __future__ import annotations

import dataclasses

from sqlalchemy import select

from chat.actions.views import (
    Download,
    Export,
    Exported,
    View,
    note_download,
    note_export,
    note_own_export,
    note_record_export,
    note_view,
)
from chat.errors import NotFound
from chat.models import AuditEntry
from chat.models.columns import table
from chat.transaction import Who
from tests.databases import House
from tests.people import later

AUDIT = table(AuditEntry)


def views(house: House, action: str = "view") -> list[tuple[object, ...]]:
    columns = (AUDIT.c.actor_id, AUDIT.c.session_id, AUDIT.c.client_id, AUDIT.c.conversation_id, AUDIT.c.seq, AUDIT.c.details)
    return house.run(select(*columns).where(AUDIT.c.action == action).order_by(AUDIT.c.id))


def test_a_view_is_one_row_for_person_session_conversation_and_newest_message(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    first, second = (dataclasses.replace(house.dana, session=number) for number in (1, 2))
    for who, newest in ((first, 1), (first, 1), (second, 1), (first, 2), (house.ben, 1)):
        house.do(note_view, who, View(sent.conversation, newest))
    dana, here = house.dana.person, sent.conversation
    rows = [(row[0], row[1], row[4]) for row in views(house)]
    assert rows == [(dana, 1, 1), (dana, 2, 1), (dana, 1, 2), (house.ben.person, None, 1)]
    assert {row[2:4] for row in views(house)} == {(dana, here)}


def test_after_five_minutes_a_look_is_a_view_again(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    who = dataclasses.replace(house.dana, session=1)
    house.do(note_view, who, View(sent.conversation, 1))
    for minutes, count in ((4.99, 1), (5, 2)):
        with house.at(later(minutes=minutes)):
            house.do(note_view, who, View(sent.conversation, 1))
        assert len(views(house)) == count


def test_who_may_not_look_leaves_no_row(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    for who in (house.ada, house.cleo, house.eli, house.kim):
        assert isinstance(house.refusal(note_view, who, View(sent.conversation, 1)), NotFound)
        assert isinstance(house.refusal(note_download, who, Download(sent.conversation, 1)), NotFound)
    assert views(house) == views(house, "download") == []


def test_a_download_is_a_row_each_time(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    for _ in range(2):
        house.do(note_download, house.dana, Download(sent.conversation, 1))
    assert len(views(house, "download")) == 2


def test_an_export_of_a_record_is_a_row_for_those_who_look_after_the_client(house: House) -> None:
    house.do(note_export, house.ben, Export("export_contact_log", house.dana.person, "pdf"))
    assert views(house, "export_contact_log") == [(house.ben.person, None, house.dana.person, None, None, "pdf")]
    for who in (house.cleo, house.dana, house.ivy):
        assert isinstance(house.refusal(note_export, who, Export("export_contact_log", house.dana.person)), NotFound)


def test_ones_own_export_is_a_row_a_conversation_and_leaves_out_what_is_not_ones_own(house: House) -> None:
    mine, other = house.begin(house.ben, house.dana), house.begin(house.ben, house.eli)
    asked = Exported(((mine.conversation, 1), (other.conversation, 1)))
    assert house.do(note_own_export, house.dana, asked) == [mine.conversation]
    dana = house.dana.person
    assert views(house, "export_own") == [(dana, None, dana, mine.conversation, 1, "")]


def test_the_export_of_a_whole_record_is_a_row_of_the_client_s_practice(house: House) -> None:
    office = Who(0, house.dana.organization, "administrator", address="command line")
    house.do(note_record_export, office, house.dana.person)
    audit = table(AuditEntry)
    columns = (audit.c.actor_id, audit.c.organization_id, audit.c.client_id)
    rows = house.run(select(*columns).where(audit.c.action == "export_record"))
    assert rows == [(0, house.dana.organization, house.dana.person)]
    foreign = dataclasses.replace(office, organization=house.kim.organization)
    assert isinstance(house.refusal(note_record_export, foreign, house.dana.person), NotFound)
