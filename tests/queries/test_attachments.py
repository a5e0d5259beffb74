"""Files are read with the messages that carry them, and by nobody else."""

from __future__ import annotations

from dataclasses import replace

from chat.actions.attachments import add_attachment
from chat.actions.messages import send_messages
from chat.queries.attachments import fetch_for_house, files_of
from tests.actions.test_attachments import FILE
from tests.databases import House, Sent, into


def test_the_files_of_many_messages_come_by_one_statement_in_their_order(house: House) -> None:
    talk = house.begin(house.ben, house.dana)
    sent = []
    for count in (2, 1):
        numbers = tuple(
            house.do(add_attachment, house.dana, replace(FILE, name=f"{count}-{at}.pdf", storage=f"s{count}{at}"))["id"]
            for at in range(count)
        )
        sent.append(Sent(**house.do(send_messages, house.dana, replace(into(talk), attachments=numbers))))
    with house.counted() as statements:
        found = house.ask(files_of, [(talk.conversation, one.seq) for one in sent])
    names = [[file["name"] for file in found[talk.conversation, one.seq]] for one in sent]
    assert names == [["2-0.pdf", "2-1.pdf"], ["1-0.pdf"]]
    assert len([one for one in statements if "enclosure" in one]) == 1


def test_messages_without_files_ask_nothing(house: House) -> None:
    with house.counted() as statements:
        assert house.ask(files_of, []) == {}
    assert statements == []


def test_the_operator_s_hands_get_a_file_whoever_sees_its_message_and_none_that_is_not_there(house: House) -> None:
    talk = house.begin(house.ben, house.dana)
    number = house.do(add_attachment, house.ben, FILE)["id"]
    sent = Sent(**house.do(send_messages, house.ben, replace(into(talk), attachments=(number,))))
    (view,) = house.ask(files_of, [(sent.conversation, sent.seq)])[sent.conversation, sent.seq]
    found = house.ask(fetch_for_house, view["id"])
    assert found is not None
    assert (found.name, found.key, found.conversation) == (FILE.name, FILE.key, talk.conversation)
    assert house.ask(fetch_for_house, view["id"] + 1) is None
