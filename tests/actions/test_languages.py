"""The language that somebody chooses."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from chat.actions.languages import ChooseLanguage, choose_language
from chat.errors import Invalid, NotFound
from chat.models import AuditEntry, Person
from chat.models.columns import table
from chat.queries.people import me
from tests.databases import House

PEOPLE, AUDIT = table(Person), table(AuditEntry)


def test_one_chooses_for_oneself_and_it_is_on_record(house: House) -> None:
    assert house.ask(me, who=house.dana)["language"] is None
    house.do(choose_language, house.dana, ChooseLanguage("es"))
    assert house.ask(me, who=house.dana)["language"] == "es"
    assert house.ask(me, who=house.ben)["language"] is None
    row = select(AUDIT.c.actor_id, AUDIT.c.person_id, AUDIT.c.details).where(AUDIT.c.action == "choose_language")
    assert house.run(row) == [(house.dana.person, house.dana.person, "es")]


def test_whoever_edits_the_client_meanwhile_is_told(house: House) -> None:
    version = select(PEOPLE.c.version).where(PEOPLE.c.id == house.dana.person)
    before = house.run(version)[0][0]
    house.do(choose_language, house.dana, ChooseLanguage("es"))
    assert house.run(version) == [(before + 1,)]


@pytest.mark.parametrize("language", ["fr", "", "ES", "ar-XB"])
def test_what_has_no_catalogue_is_refused(house: House, language: str) -> None:
    assert isinstance(house.refusal(choose_language, house.dana, ChooseLanguage(language)), Invalid)


def test_a_language_for_clients_is_for_clients_and_contacts(house: House) -> None:
    for who in (house.dana, house.hal):
        house.do(choose_language, who, ChooseLanguage("ar"))
        assert house.ask(me, who=who)["language"] == "ar"
    for who in (house.ben, house.ada):
        assert isinstance(house.refusal(choose_language, who, ChooseLanguage("ar")), Invalid)
        assert house.ask(me, who=who)["language"] is None


def test_a_quick_link_chooses_nothing(house: House) -> None:
    scoped = replace(house.dana, scope={1: 2})
    assert isinstance(house.refusal(choose_language, scoped, ChooseLanguage("es")), NotFound)
