"""The whole record of a client."""

from __future__ import annotations

import pytest

from chat.actions.contact_logs import NewEntry, add_contact_log_entry
from chat.actions.deletions import delete_permanently
from chat.actions.mailboxes import Selection, move_to_trash
from chat.queries import records
from tests.databases import House, Sent


def drop(house: House, talk: Sent, *people: str) -> None:
    for who in people:
        house.do(move_to_trash, getattr(house, who), Selection((talk.conversation,)))
        house.do(delete_permanently, getattr(house, who), Selection((talk.conversation,)))


def test_it_holds_what_nobody_sees_any_more_and_says_so(house: House) -> None:
    talk = house.begin(house.ben, house.dana, body="one", subject="Sleep")
    house.reply(house.dana, talk, body="two")
    drop(house, talk, "dana")
    house.reply(house.ben, talk, body="three")
    drop(house, talk, "ben")
    house.reply(house.dana, talk, body="four")
    (head,) = house.ask(records.record_conversations, house.dana.person)
    assert (head["subject"], head["newest"]) == ("Sleep", 4)
    assert [(one["name"], one["me"]) for one in head["people"]] == [("Ben Larsen", False), ("Dana Reed", False)]
    step = house.ask(records.record_messages, talk.conversation, 0)
    said = [(one["author"], one["body"], one["to"], one.get("note", "")) for one in step.messages]
    assert said == [
        ("Ben Larsen", "one", ["Dana Reed"], "No longer in the mailbox of Ben Larsen and Dana Reed"),
        ("Dana Reed", "two", ["Ben Larsen"], "No longer in the mailbox of Ben Larsen and Dana Reed"),
        ("Ben Larsen", "three", ["Dana Reed"], "No longer in the mailbox of Ben Larsen"),
        ("Dana Reed", "four", ["Ben Larsen"], ""),
    ]
    assert step.next is None


def test_it_comes_in_steps(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "STEP", 2)
    monkeypatch.setattr(records, "PAGE", 1)
    talk = house.begin(house.ben, house.dana, body="1")
    for word in "23":
        house.reply(house.ben, talk, body=word)
    first = house.ask(records.record_messages, talk.conversation, 0)
    rest = house.ask(records.record_messages, talk.conversation, first.next)
    assert ([one["body"] for one in first.messages], first.next) == (["1", "2"], 2)
    assert ([one["body"] for one in rest.messages], rest.next) == (["3"], None)
    assert house.ask(records.record_messages, talk.conversation, 3).messages == []
    other = house.begin(house.ben, house.dana, subject="b")
    pages = [house.ask(records.record_conversations, house.dana.person, after) for after in (0, talk.conversation)]
    assert [[one["id"] for one in page] for page in pages] == [[talk.conversation], [other.conversation]]
    assert house.ask(records.record_conversations, house.dana.person, other.conversation) == []


def test_it_holds_nothing_of_another_client(house: House) -> None:
    house.begin(house.ben, house.eli)
    house.begin(house.jon, house.kim)
    assert house.ask(records.record_conversations, house.dana.person) == []


@pytest.mark.parametrize("word", ["dana", "DANA", "dana@example.org", "Dana Reed", "dana reed"])
def test_a_client_is_found_by_username_address_or_whole_name(house: House, word: str) -> None:
    (found,) = house.ask(records.find, word)
    assert (found.id, found.practice, found.born) == (house.dana.person, "Harbor Counseling", "1994-03-04")


@pytest.mark.parametrize("word", ["ben", "hal", "Dana", "nobody", ""])
def test_nobody_but_clients_is_found_and_no_part_of_a_name(house: House, word: str) -> None:
    assert [one.name for one in house.ask(records.find, word)] == (["Dana Reed"] if word == "Dana" else [])


def test_the_contact_log_is_part_of_it(house: House) -> None:
    house.do(add_contact_log_entry, house.ben, NewEntry("b" * 32, house.dana.person, "A call."))
    (found,) = house.ask(records.find, "dana")
    rows, following = house.ask(records.record_log, house.dana.person)
    assert ([row["body"] for row in rows], following) == (["A call."], None)
    assert house.ask(records.record_log_head, found)["exported_by"] == "the operator"
    assert house.ask(records.record_head, found)["practice"] == "Harbor Counseling"
