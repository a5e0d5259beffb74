"""The sender's view of mass messages."""

from __future__ import annotations

import dataclasses
from uuid import uuid4

import pytest

from chat.actions.marks import MarkRead, mark_read
from chat.actions.mass_messages import SendMass, advance, send_mass_message
from chat.errors import NotFound
from chat.queries import mass_messages as questions
from chat.queries.conversations import conversations
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
