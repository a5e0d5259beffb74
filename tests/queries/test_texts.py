"""What staff are told of a client's text messages."""

from __future__ import annotations

import pytest

from chat.actions.clients import ClientInfo, save_client
from chat.actions.languages import ChooseLanguage, choose_language
from chat.actions.texts import Received, note_blocked, receive_text
from chat.errors import NotFound
from chat.lib.clock import HOUR
from chat.queries.texts import BLOCKED, language_of, texts
from tests.databases import House
from tests.people import NOON

PHONE = "+12125550123"


def agree(house: House) -> None:
    info = ClientInfo("Dana Reed", house.dana.person, 1, email="dana@example.org", phone=PHONE, text_ok=True)
    house.do(save_client, house.ben, info)


def test_nobody_gets_texts_who_did_not_agree(house: House) -> None:
    assert house.ask(texts, house.dana.person, who=house.ben) == {"on": False, "off_since": None, "blocked": None, "events": []}


def test_staff_see_who_recorded_what_and_the_clients_own_stop(house: House) -> None:
    agree(house)
    with house.at(NOON + HOUR):
        house.do(receive_text, None, Received("SM1", PHONE, "STOP"))
    found = house.ask(texts, house.dana.person, who=house.ada)
    assert (found["on"], found["off_since"], found["blocked"]) == (False, NOON + HOUR, None)
    assert [(one["event"], one["by"], one["at"]) for one in found["events"]] == [
        ("stop", None, NOON + HOUR),
        ("ticked", "Ben Larsen", NOON),
        ("number_added", "Ben Larsen", NOON),
    ]


def test_a_number_is_answered_in_the_language_of_who_has_it(house: House) -> None:
    assert house.ask(language_of, PHONE) == "en"
    agree(house)
    house.do(choose_language, house.dana, ChooseLanguage("es"))
    assert house.ask(language_of, PHONE) == "es"
    house.do(save_client, house.ben, ClientInfo("Lou", phone=PHONE, text_ok=True, language="de"))
    assert house.ask(language_of, PHONE) == "en"


def test_a_block_is_told_with_what_to_do_until_something_changes(house: House) -> None:
    agree(house)
    assert house.ask(texts, house.dana.person, who=house.ben)["on"]
    house.do(note_blocked, None, house.dana.person)
    assert house.ask(texts, house.dana.person, who=house.ben)["blocked"] == BLOCKED
    house.do(receive_text, None, Received("SM1", PHONE, "START"))
    house.do(receive_text, None, Received("SM2", PHONE, "STOP"))
    assert house.ask(texts, house.dana.person, who=house.ben)["blocked"] is None


@pytest.mark.parametrize("name", ["dana", "eli", "hal", "cleo", "jon", "ivy"])
def test_nobody_else_is_told(house: House, name: str) -> None:
    with pytest.raises(NotFound):
        house.ask(texts, house.dana.person, who=house.cast[name])
