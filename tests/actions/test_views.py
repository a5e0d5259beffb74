"""Views: on record before the content leaves, once in five minutes."""

from __future__ import annotations

import dataclasses

from sqlalchemy import select

from chat.actions.views import Download, Export, View, note_download, note_export, note_view
from chat.errors import NotFound
from chat.models import AuditEntry
from chat.models.columns import table
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
