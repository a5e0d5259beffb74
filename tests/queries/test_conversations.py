"""Folders and opened conversations, as one reader has them."""

from __future__ import annotations

import dataclasses

import pytest

from chat.actions.mailboxes import Selection, move_to_trash
from chat.actions.marks import MarkRead, mark_read
from chat.actions.messages import send_messages
from chat.models import Person
from chat.queries import conversations as questions
from chat.queries.conversations import conversations, find
from chat.transaction import Keys, Who
from tests.databases import House, Sent, into, to_people
from tests.people import later


def listed(house: House, who: Who, folder: str = "inbox", search: str | None = None) -> list[int]:
    """Ids of all pages of a folder."""
    found: list[int] = []
    before, more = None, True
    while more:
        rows, before = (
            house.ask(conversations, folder, before, who=who)
            if search is None
            else house.ask(find, folder, search, before, who=who)
        )
        found += [row["id"] for row in rows]
        more = before is not None
    return found


def test_the_newest_is_first(house: House) -> None:
    places = []
    for minute, subject in enumerate(("one", "two", "three")):
        with house.at(later(minutes=minute)):
            places.append(house.begin(house.ben, house.dana, subject=subject))
    with house.at(later(minutes=9)):
        house.reply(house.ben, places[0])
    first, second, third = (place.conversation for place in places)
    assert listed(house, house.dana) == listed(house, house.ben, "sent") == [first, third, second]
    with house.at(later(minutes=10)):
        house.reply(house.dana, places[1])
    assert listed(house, house.dana) == [first, third, second]  # my own message moves nothing in my Inbox
    assert listed(house, house.dana, "sent") == [second]


def test_pages_hold_everything_once_also_when_times_are_alike(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "PAGE", 3)
    results = house.batch(send_messages, [(house.ben, to_people(house.dana, subject=f"Thread {n}")) for n in range(8)])
    places = [result["conversation"] for result in results]
    assert listed(house, house.dana) == sorted(places, reverse=True)
    rows, following = house.ask(conversations, "inbox", None, who=house.dana)
    assert len(rows) == 3
    house.begin(house.ben, house.dana, subject="arrives meanwhile")
    more, _ = house.ask(conversations, "inbox", following, who=house.dana)
    assert [row["id"] for row in more] == sorted(places, reverse=True)[3:6]


def test_a_row_says_what_its_reader_needs(house: House) -> None:
    house.set(Person, house.gus.person, messaging_enabled=True)
    sent = house.begin(house.dana, house.ben, subject="Friday", body="Is it\n\n still all right?")
    house.add_cc(sent, house.hal, (1, None))
    (row,) = house.ask(conversations, "inbox", who=house.ben)[0]
    assert row == house.row(house.ben, sent)
    people = [(one["name"], one["role"], one["cc"], one["relation"]) for one in row["people"]]
    assert people == [("Dana Reed", "client", False, None), ("Hal Reed", "contact", True, "father")]
    assert (row["first_words"], row["newest_author"], row["newest_at"]) == ("Is it still all right?", house.dana.person, later())
    assert (row["subject"], row["direct"], row["client"], row["folders"]) == ("Friday", False, house.dana.person, ["inbox"])
    assert (row["visible"], row["unread"], row["last_seq"], row["closed"]) == (1, 1, 1, None)


def test_a_search_finds_the_other_parties_by_any_word_of_their_names(house: House) -> None:
    dana, eli, team = house.begin(house.ben, house.dana), house.begin(house.ben, house.eli), house.begin(house.ben, house.cleo)
    thread = house.begin(house.dana, house.ben, subject="With father")
    house.add_cc(thread, house.hal, (1, None))
    for search, found in {
        "dana": [dana],
        "REED dana": [dana],
        "éli": [eli],
        "mar": [team],
        "ben": [],
        "": [dana, eli, team],
        "dana navarro": [],
        "100%": [],
        "_": [],
        "d a n a": [dana],
    }.items():
        assert sorted(listed(house, house.ben, "sent", search)) == sorted(place.conversation for place in found), search
    assert listed(house, house.ben, "inbox", "hal") == [thread.conversation]
    assert listed(house, house.dana, "inbox", "larsen") == [dana.conversation]


def test_the_trash_is_a_folder_of_its_own_and_searched_too(house: House) -> None:
    sent, kept = house.begin(house.ben, house.dana), house.begin(house.ben, house.dana, subject="Kept")
    house.do(move_to_trash, house.dana, Selection((sent.conversation,)))
    assert listed(house, house.dana) == [kept.conversation]
    assert listed(house, house.dana, "trash") == listed(house, house.dana, "trash", "ben") == [sent.conversation]
    assert listed(house, house.dana, "trash", "cleo") == []


def test_what_is_lost_stands_in_no_folder(house: House) -> None:
    house.begin(house.ben, house.dana)
    house.unassign(house.dana, house.ben)
    assert listed(house, house.ben, "sent") == listed(house, house.ben, "sent", "dana") == []
    assert len(listed(house, house.dana)) == 1


def test_a_quick_link_lists_and_opens_its_conversation_only(house: House) -> None:
    sent, other = house.begin(house.ben, house.dana), house.begin(house.ben, house.dana, subject="Other")
    scoped = dataclasses.replace(house.dana, scope={sent.conversation: later(minutes=15)})
    assert listed(house, scoped) == [sent.conversation]
    assert (house.sees(scoped, sent), house.sees(scoped, other)) == (True, False)
    with house.at(later(minutes=15)):
        assert (listed(house, scoped), house.sees(scoped, sent)) == ([], False)


def test_fifty_rows_take_as_many_statements_as_one(house: House) -> None:
    def statements() -> int:
        house.keys = Keys(house.keys.ring)
        with house.counted() as seen:
            house.ask(conversations, "sent", who=house.ben)
        return len(seen)

    house.begin(house.ben, house.dana, subject="One")
    one = statements()
    house.batch(send_messages, [(house.ben, to_people(house.dana, subject=f"Thread {n}")) for n in range(49)])
    assert len(house.ask(conversations, "sent", who=house.ben)[0]) == 50
    assert statements() == one


# An opened conversation


def talk(house: House, count: int) -> Sent:
    sent = house.begin(house.ben, house.dana)
    house.batch(send_messages, [(house.ben, into(sent)) for _ in range(count - 1)])
    return sent


def seqs(house: House, who: Who, place: Sent, **bounds: int) -> tuple[list[int], int | None]:
    found = house.page(who, place, **bounds)
    return [message["seq"] for message in found.messages], found.next


def test_it_opens_at_the_end_and_goes_back_by_pages(house: House) -> None:
    sent = talk(house, 120)
    assert seqs(house, house.dana, sent) == (list(range(71, 121)), 71)
    assert seqs(house, house.dana, sent, before=71) == (list(range(21, 71)), 21)
    assert seqs(house, house.dana, sent, before=21) == (list(range(1, 21)), None)
    assert seqs(house, house.dana, sent, before=1) == ([], None)


def test_a_gap_is_filled_forwards(house: House) -> None:
    sent = talk(house, 120)
    assert seqs(house, house.dana, sent, after=10) == (list(range(11, 111)), 110)
    assert seqs(house, house.dana, sent, after=110) == (list(range(111, 121)), None)
    assert seqs(house, house.dana, sent, after=120) == ([], None)


def test_holes_do_not_shorten_a_page(house: House) -> None:
    sent = house.begin(house.dana, house.ben, subject="Friday")
    house.batch(send_messages, [(house.ben, into(sent)) for _ in range(119)])
    house.add_cc(sent, house.hal, (1, 30), (91, None))
    assert seqs(house, house.hal, sent) == ([*range(11, 31), *range(91, 121)], 11)
    assert seqs(house, house.hal, sent, before=11) == (list(range(1, 11)), None)
    assert seqs(house, house.hal, sent, after=29) == ([30, *range(91, 121)], None)


def test_each_message_says_who_wrote_to_whom(house: House) -> None:
    sent = house.begin(house.dana, house.ben, subject="Friday", body="one")
    house.add_cc(sent, house.hal, (2, None))
    house.reply(house.ben, sent, body="two")
    first, second = house.page(house.dana, sent).messages
    assert (first["author_name"], first["to"], first["cc"]) == ("Dana Reed", ["Ben Larsen"], [])
    assert (second["author_name"], second["to"], second["cc"]) == ("Ben Larsen", ["Dana Reed"], ["Hal Reed"])


def test_receipts_that_concern_the_page_come_with_it(house: House) -> None:
    sent = talk(house, 60)
    for seq in (5, 30, 60):
        house.do(mark_read, house.dana, MarkRead(sent.conversation, seq))
    house.do(mark_read, house.ben, MarkRead(sent.conversation, 60))
    assert [read["through"] for read in house.page(house.ben, sent).reads] == [30, 60]
    assert [read["through"] for read in house.page(house.ben, sent, before=11).reads] == [5, 30, 60]
    assert house.page(house.ben, sent, after=60).reads == []


def test_whom_to_write_to_instead_is_said_to_a_client_who_was_handed_over(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    house.set(Person, house.ben.person, active=False)
    closed = house.row(house.dana, sent)["closed"]
    assert closed
    assert closed["gate"] == "assignment"
    house.unassign(house.dana, house.ben)
    house.assign(house.dana.person, house.cleo.person)
    closed = house.row(house.dana, sent)["closed"]
    assert closed
    assert closed["message"].endswith("Please write to Cleo Marsh.")
