"""The sender's view of mass messages."""

from __future__ import annotations

import dataclasses
from uuid import uuid4

import pytest

from chat.actions.marks import MarkRead, mark_read
from chat.actions.mass_messages import SendMass, advance, send_mass_message
from chat.actions.mass_trash import trash_mass_message
from chat.errors import NotFound
from chat.queries import mass_messages as questions
from chat.queries.conversations import conversations
from chat.transaction import Who
from tests.databases import House


def send(house: House, subject: str = "Holidays") -> int:
    number: int = house.do(send_mass_message, house.ben, SendMass(str(uuid4()), subject, "Closed.", everyone=True))[
        "mass_message"
    ]
    return number


def test_they_come_page_by_page_the_latest_first(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "PAGE", 2)
    numbers = [send(house, f"Subject {at}") for at in range(3)]
    first, before = house.ask(questions.mass_messages, who=house.ben)
    rest, end = house.ask(questions.mass_messages, before, who=house.ben)
    assert [row["id"] for row in (*first, *rest)] == numbers[::-1]
    assert end is None


def test_a_client_who_read_is_shown_as_read(house: House) -> None:
    number = send(house)
    while house.do(advance):
        pass
    talk = house.ask(conversations, "inbox", who=house.dana)[0][0]["id"]
    house.do(mark_read, house.dana, MarkRead(talk, 1))
    states = {one["name"]: one["state"] for one in house.ask(questions.mass_recipients, number, who=house.ben)[0]}
    assert (states["Dana Reed"], states["Eli Navarro"]) == ("read", "sent")


def test_nobody_sees_anybody_elses(house: House) -> None:
    number = send(house)
    assert house.ask(questions.mass_messages, who=house.cleo)[0] == []
    for outsider in (house.cleo, house.ada, house.dana, house.jon):
        with pytest.raises(NotFound):
            house.ask(questions.mass_recipients, number, who=outsider)


def test_the_names_of_its_files_are_told_and_a_scoped_session_sees_none_of_it(house: House) -> None:
    send(house)
    assert house.ask(questions.mass_messages, who=house.ben)[0][0]["attachments"] == []
    narrow = dataclasses.replace(house.ben, scope={})
    for ask in (
        lambda: house.ask(questions.mass_messages, who=narrow),
        lambda: house.ask(questions.mass_conversations, [1], who=narrow),
    ):
        with pytest.raises(NotFound):
            ask()


def found(house: House, search: str, who: Who | None = None, *, trashed: bool = False) -> list[int]:
    """The mass messages that this search finds."""
    rows, _ = house.ask(questions.find_mass_messages, search, who=who or house.ben, trashed=trashed)
    return [row["id"] for row in rows]


def test_one_is_found_by_the_name_of_each_client_it_goes_to(house: House) -> None:
    number = send(house)
    assert found(house, "dana") == found(house, "REED dan") == found(house, "Návarro") == [number]
    assert found(house, "dana navarro") == [], "two clients are nobody who is called so"
    assert found(house, "fay") == found(house, "ben") == found(house, "hal") == found(house, "%") == [], "not among its clients"


def test_it_is_found_where_it_is_and_by_its_sender_alone(house: House) -> None:
    number = send(house)
    assert found(house, "dana", trashed=True) == []
    house.do(trash_mass_message, house.ben, number)
    assert (found(house, "dana"), found(house, "dana", trashed=True)) == ([], [number])
    for outsider in (house.cleo, house.ada, house.dana, house.jon):
        assert found(house, "dana", outsider, trashed=True) == []
    with pytest.raises(NotFound):
        found(house, "dana", dataclasses.replace(house.ben, scope={}))


def test_it_is_not_found_by_a_client_whom_its_sender_no_longer_looks_after(house: House) -> None:
    number = send(house)
    while house.do(advance):
        pass
    house.unassign(house.dana, house.ben)
    assert (found(house, "dana"), found(house, "eli")) == ([], [number])


def test_those_found_come_page_by_page(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "PAGE", 2)
    numbers = [send(house, f"Subject {at}") for at in range(3)]
    first, before = house.ask(questions.find_mass_messages, "eli", who=house.ben)
    rest, end = house.ask(questions.find_mass_messages, "eli", before, who=house.ben)
    assert [row["id"] for row in (*first, *rest)] == numbers[::-1]
    assert end is None
