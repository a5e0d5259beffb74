"""Lines in a conversation that nobody wrote."""

from __future__ import annotations

from chat.actions.batch import Batch
from chat.actions.marks import MarkRead, MarkUnread, mark_read, mark_unread
from chat.actions.notes import say
from chat.lib.languages import said as said_in
from chat.lib.sentences import Sentence
from chat.models import Alert, Conversation
from chat.transaction import Transaction
from tests import recount
from tests.databases import House, Sent

LINE = "Cleo Marsh reads this conversation from today."


def said(house: House, *places: Sent) -> None:
    def act(tx: Transaction, _: None) -> None:
        batch = Batch(tx, conversations=[place.conversation for place in places])
        say(batch, list(batch.talks.values()), LINE)
        batch.save()

    house.do(act)


def test_a_line_stands_in_order_and_is_sealed_like_every_message(house: House) -> None:
    sent = house.begin(house.ben, house.dana, body="one")
    said(house, sent)
    assert house.rung == {house.ben.person, house.dana.person}
    house.reply(house.dana, sent, body="three")
    for who in (house.ben, house.dana):
        messages = house.page(who, sent).messages
        assert [(m["seq"], m["author"], m["body"], m["automatic"]) for m in messages] == [
            (1, house.ben.person, "one", False),
            (2, None, LINE, True),
            (3, house.dana.person, "three", False),
        ]
    assert LINE not in repr(house.state())
    assert not house.sees(house.cleo, sent)


def test_it_is_unread_for_nobody_and_brings_no_alert(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    house.batch(mark_read, [(house.dana, MarkRead(sent.conversation, 1))])
    alerts, inbox = house.count(Alert), house.row(house.dana, sent)["received_at"]
    with house.at(inbox + 1 if inbox else 0):
        said(house, sent)
    row = house.row(house.dana, sent)
    assert (row["unread"], row["read_through"], row["received_at"]) == (0, 2, inbox)
    assert (house.feed(house.dana).unread, house.feed(house.ben).unread, house.count(Alert)) == (0, 0, alerts)
    assert recount.faults(house.connection) == []


def test_what_was_unread_stays_so_and_marks_count_no_line(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    said(house, sent)
    house.reply(house.ben, sent)
    assert house.row(house.dana, sent)["unread"] == 2
    house.batch(mark_read, [(house.dana, MarkRead(sent.conversation, 1))])
    assert house.row(house.dana, sent)["unread"] == 1
    house.batch(mark_read, [(house.dana, MarkRead(sent.conversation, 3))])
    said(house, sent)
    house.do(mark_unread, house.dana, MarkUnread((sent.conversation,)))
    row = house.row(house.dana, sent)
    assert (row["unread"], row["read_through"]) == (1, 2)
    assert recount.faults(house.connection) == []


def test_several_conversations_get_it_at_once_and_one_without_messages_none(house: House) -> None:
    places = [house.begin(house.ben, other) for other in (house.dana, house.eli)]
    empty = house.begin(house.ben, house.dana, subject="Empty")
    house.set(Conversation, empty.conversation, last_seq=0)
    said(house, *places, empty)
    assert [house.row(house.ben, place)["newest"] for place in (*places, empty)] == [2, 2, 1]


def test_open_pages_get_it_live(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    cursor = house.feed(house.dana).cursor
    said(house, sent)
    (change,) = house.feed(house.dana, cursor).changes
    assert [(message["body"], message["after"]) for message in change.messages] == [(LINE, 1)]


def test_a_line_is_kept_so_that_each_reads_it_in_their_language(house: House) -> None:
    sent = house.begin(house.ben, house.dana, body="one")

    def act(tx: Transaction, _: None) -> None:
        batch = Batch(tx, conversations=[sent.conversation])
        say(batch, list(batch.talks.values()), Sentence("{name} reads this conversation from today.", name="Cleo Marsh"))
        batch.save()

    house.do(act)
    line = house.page(house.dana, sent).messages[-1]["body"]
    assert isinstance(line, Sentence)
    assert line == LINE
    assert said_in(line, "es") == "Cleo Marsh lee esta conversación desde hoy."
    words = house.page(house.dana, sent).conversation["first_words"]
    assert said_in(words, "es") == "Cleo Marsh lee esta conversación desde hoy."


def test_what_a_person_writes_is_never_taken_for_a_line(house: House) -> None:
    packed = Sentence("{name} is off.", name="Dana").packed()
    sent = house.begin(house.ben, house.dana, body=packed)
    body = house.page(house.dana, sent).messages[-1]["body"]
    assert (body, isinstance(body, Sentence)) == (packed, False)
