"""What is damaged is said to be so in its place, and keeps nothing else out of a list, off a page or from a printer."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import delete, select, update

from chat.actions.attachments import add_attachment
from chat.actions.contact_logs import NewEntry, add_contact_log_entry
from chat.actions.drafts import SaveDraft, save_draft
from chat.actions.holds import HeldClient, set_hold
from chat.actions.mass_messages import SendMass, send_mass_message
from chat.actions.messages import send_messages
from chat.lib.crypto import Unreadable, key_of
from chat.models import ContactLogEntry, Conversation, Draft, Enclosure, MassMessage
from chat.models import DataKey as DataKeyRow
from chat.models.columns import table
from chat.queries.contact_logs import contact_log
from chat.queries.conversations import conversations, find
from chat.queries.damage import SUBJECT, opened_or
from chat.queries.drafts import draft_in, drafts
from chat.queries.exports import exported_messages
from chat.queries.holds import holds
from chat.queries.keeping import HOLDS
from chat.queries.mass_messages import mass_messages
from chat.queries.prints import printout
from chat.transaction import Keys
from tests.actions.test_attachments import FILE
from tests.databases import RING, House, Sent, to_people

TALKS, KEYS = table(Conversation), table(DataKeyRow)


@pytest.fixture
def pair(house: House) -> tuple[Sent, Sent]:
    """Two threads of Ben's and Dana's: one to be damaged, one that stays sound."""
    return house.begin(house.ben, house.dana, subject="Bad"), house.begin(house.ben, house.dana, subject="Good")


def damage(house: House, place: Sent, how: str) -> None:
    """Edit the database by hand, as nobody should; nothing of it is known from before."""
    here = TALKS.c.id == place.conversation
    key = house.run(select(TALKS.c.subject).where(here))[0][0]
    if how == "subject":
        house.run(update(TALKS).where(here).values(subject=b"edited by hand"))
    elif how == "no number":
        house.run(update(TALKS).where(here).values(subject=b"\xff" * 40))
    elif how == "empty":
        house.run(update(TALKS).where(here).values(subject=b"x"))
    elif how == "key gone":
        house.run(update(TALKS).where(here).values(data_key_id=None))  # the database itself holds on to the newest one
        house.run(delete(KEYS).where(KEYS.c.id == key_of(key)))
    else:
        house.run(update(KEYS).where(KEYS.c.id == key_of(key)).values(wrapped=b"edited by hand, too"))
    house.keys = Keys(RING)


@pytest.mark.parametrize("how", ["subject", "no number", "empty", "key gone", "key damaged"])
def test_whatever_of_one_is_damaged_all_others_are_listed_found_and_delivered(
    house: House, pair: tuple[Sent, Sent], how: str, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = pair
    damage(house, bad, how)
    words = "This message cannot be read." if "key" in how else "Hello"
    rows = {row["id"]: (row["subject"], row["first_words"]) for row in house.ask(conversations, "inbox", who=house.dana)[0]}
    expected = {bad.conversation: ("This subject cannot be read.", words), good.conversation: ("Good", "Hello")}
    assert rows == expected
    found, _ = house.ask(find, "inbox", "Ben", who=house.dana)
    assert {row["id"] for row in found} == set(expected)
    changes = {one.conversation["id"]: one.conversation["subject"] for one in house.feed(house.dana).changes}
    assert changes == {number: subject for number, (subject, _) in expected.items()}
    assert f"conversation.subject:{bad.conversation} is damaged" in caplog.text
    assert "edited by hand" not in caplog.text


def test_a_conversation_whose_subject_is_damaged_is_opened_printed_and_exported(house: House, pair: tuple[Sent, Sent]) -> None:
    bad, good = pair
    damage(house, bad, "subject")
    opened = house.page(house.dana, bad)
    assert (opened.conversation["subject"], [one["body"] for one in opened.messages]) == (SUBJECT, ["Hello"])
    printed = house.ask(printout, [bad.conversation, good.conversation], who=house.dana)["conversations"]
    assert [one["subject"] for one in printed] == [SUBJECT, "Good"]
    step = house.ask(exported_messages, bad.conversation, 0, 1, who=house.dana)
    assert [one["body"] for one in step.messages] == ["Hello"]


@pytest.mark.parametrize("how", ["key gone", "key damaged"])
def test_where_a_key_is_damaged_nothing_is_guessed_at_and_no_page_is_made_of_holes(
    house: House, pair: tuple[Sent, Sent], how: str
) -> None:
    bad, good = pair
    damage(house, bad, how)
    for ask in (
        lambda: house.page(house.dana, bad),
        lambda: house.ask(exported_messages, bad.conversation, 0, 1, who=house.dana),
    ):
        with pytest.raises(Unreadable):
            ask()
    assert [one["body"] for one in house.page(house.dana, good).messages] == ["Hello"]


def test_the_name_of_a_file_that_is_damaged_keeps_no_row_out_of_a_list(house: House) -> None:
    file = house.do(add_attachment, house.ben, FILE)["id"]
    place = Sent(**house.do(send_messages, house.ben, replace(to_people(house.dana, subject="Files"), attachments=(file,))))
    good = house.begin(house.ben, house.dana, subject="Good")
    house.run(update(table(Enclosure)).values(details=b"edited by hand"))
    rows, _ = house.ask(conversations, "inbox", who=house.dana)
    assert {row["id"] for row in rows} == {place.conversation, good.conversation}
    (names,) = [
        [file["name"] for file in message["attachments"]]
        for change in house.feed(house.dana).changes
        for message in change.messages
        if message["attachments"]
    ]
    assert names == ["This file cannot be read."]
    with pytest.raises(Unreadable):
        house.page(house.dana, place)


def test_what_is_whole_is_opened(house: House, pair: tuple[Sent, Sent]) -> None:
    number = pair[1].conversation
    sealed = house.run(select(TALKS.c.subject).where(TALKS.c.id == number))[0][0]
    assert house.ask(opened_or, f"conversation.subject:{number}", sealed, SUBJECT) == "Good"


def test_a_damaged_mass_message_keeps_no_other_out_of_sent(house: House) -> None:
    def send(subject: str, *files: int) -> int:
        what = SendMass(str(uuid4()), subject, "We are closed.", everyone=True, attachments=files)
        number: int = house.do(send_mass_message, house.ben, what)["mass_message"]
        return number

    bad, good = send("Bad", house.do(add_attachment, house.ben, FILE)["id"]), send("Good")
    here = table(MassMessage)
    values = dict.fromkeys(("subject", "body", "files"), b"edited by hand")
    house.run(update(here).where(here.c.id == bad).values(**values))
    rows = {
        row["id"]: (row["subject"], row["first_words"], row["attachments"]) for row in house.ask(mass_messages, who=house.ben)[0]
    }
    assert rows == {
        bad: ("This subject cannot be read.", "This message cannot be read.", ["This file cannot be read."]),
        good: ("Good", "We are closed.", []),
    }


def test_a_damaged_entry_keeps_no_other_out_of_a_contact_log(house: House) -> None:
    for text in ("Bad", "Good"):
        house.do(add_contact_log_entry, house.ben, NewEntry(str(uuid4()), house.dana.person, text))
    here = table(ContactLogEntry)
    first = house.run(select(here.c.id).order_by(here.c.id))[0][0]
    house.run(update(here).where(here.c.id == first).values(content=b"edited by hand"))
    rows, _ = house.ask(contact_log, house.dana.person, who=house.ben)
    assert [(row["subject"], row["body"]) for row in rows] == [(None, "Good"), (None, "This entry cannot be read.")]


def test_a_damaged_reason_keeps_no_other_hold_from_being_seen(house: House) -> None:
    dana = HeldClient(house.dana.person, "A court")
    house.do(set_hold, house.ada, dana)
    house.run(update(HOLDS).values(reasons=b"edited by hand"))
    house.run(update(HOLDS).values(lifted_at=1, lifted_by=house.ada.person))
    house.do(set_hold, house.ada, dana)
    found = house.ask(holds, house.dana.person, who=house.ada)
    assert [one["reason"] for one in found] == ["A court", "This reason cannot be read."]


def test_a_damaged_draft_keeps_neither_the_others_nor_its_conversation_from_being_opened(
    house: House, pair: tuple[Sent, Sent]
) -> None:
    bad, good = (one.conversation for one in pair)
    for number in (bad, good):
        house.do(save_draft, house.ben, SaveDraft("half", conversation=number))
    assert house.ask(draft_in, bad, who=house.ben) is not None
    here = table(Draft)
    house.run(update(here).where(here.c.place == f"c:{bad}").values(body=b"edited by hand"))
    assert [one["conversation"] for one in house.ask(drafts, who=house.ben)] == [good]
    assert house.ask(draft_in, bad, who=house.ben) is None
