"""What a reader may see is a list of spans, never one range."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from chat.access import Member
from chat.lib.crypto import Unreadable
from chat.models import Message
from chat.models.columns import table
from chat.queries import messages
from chat.queries.conversations import conversations
from chat.queries.messages import Seen, Spans, read_messages
from tests.databases import House

DANA, HAL, BEN = (
    Member(number, 1, role, name, True, True, True)
    for number, role, name in ((1, "client", "Dana"), (2, "contact", "Hal"), (3, "therapist", "Ben"))
)
RANGE = st.tuples(st.integers(1, 12), st.integers(0, 5) | st.none(), st.booleans())


@given(st.lists(RANGE, max_size=4), st.integers(1, 15), st.integers(0, 15))
@settings(deadline=None, derandomize=True, database=None)
def test_spans_say_the_same_one_by_one_and_all_together(
    ranges: list[tuple[int, int | None, bool]], newest: int, after: int
) -> None:
    spans = Spans()
    spans.add(DANA, 1, None, cc=False, hidden=False)
    seen: set[int] = set()
    for first, length, hidden in ranges:
        last = None if length is None else first + length
        spans.add(HAL, first, last, cc=True, hidden=hidden)
        seen |= set() if hidden else set(range(first, (newest if last is None else min(last, newest)) + 1))
    seen = {seq for seq in seen if seq <= newest}
    assert list(spans.upwards(HAL.id, after, newest)) == sorted(seq for seq in seen if seq > after)
    assert list(spans.downwards(HAL.id, newest)) == sorted(seen, reverse=True)
    for seq in range(1, newest + 1):
        assert spans.sees(HAL.id, seq) == (seq in seen)
        if seq in seen:
            assert spans.before(HAL.id, seq) == max((one for one in seen if one < seq), default=0)


def test_recipients_are_those_whose_span_holds_the_message_also_a_hidden_one() -> None:
    spans = Spans()
    spans.add(DANA, 1, None, cc=False, hidden=False)
    spans.add(BEN, 1, None, cc=False, hidden=True)
    spans.add(HAL, 3, 5, cc=True, hidden=False)
    assert spans.recipients(DANA.id, 2) == (["Ben"], [])
    assert spans.recipients(DANA.id, 3) == spans.recipients(DANA.id, 5) == (["Ben"], ["Hal"])
    assert spans.recipients(HAL.id, 4) == (["Ben", "Dana"], [])
    assert spans.recipients(DANA.id, 6) == (["Ben"], [])
    assert (spans.name(HAL.id), spans.name(99)) == ("Hal", "")


def test_who_took_over_sees_what_was_sent_before_and_is_no_recipient_of_it() -> None:
    spans = Spans()
    spans.add(DANA, 1, None, cc=False, hidden=False)
    spans.add(BEN, 1, 2, cc=False, hidden=False, inherited=True)
    spans.add(BEN, 3, None, cc=False, hidden=False)
    assert spans.sees(BEN.id, 2)
    assert spans.recipients(HAL.id, 2) == (["Dana"], [])
    assert spans.recipients(HAL.id, 3) == (["Ben", "Dana"], [])


def test_many_readers_of_one_conversation_take_one_statement_and_open_each_message_once(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    house.reply(house.dana, sent)
    spans = Spans()
    for who, member in ((house.ben, BEN), (house.dana, DANA)):
        spans.add(Member(who.person, 1, member.role, member.name, True, True, True), 1, None, cc=False, hidden=False)
    wants = [Seen(sent.conversation, house.ben.person, 1, 2), Seen(sent.conversation, house.dana.person, 2, 2)]

    def read(count: int) -> list[list[int]]:
        found = house.ask(read_messages, wants * count, {sent.conversation: spans})
        return [[message["seq"] for message in one] for one in found]

    with house.counted() as seen:
        assert read(1) == [[1, 2], [2]]
    with house.counted() as again:
        assert read(20) == [[1, 2], [2]] * 20
    assert len(again) == len(seen) == 1
    assert house.ask(read_messages, [], {}) == []


def test_messages_stand_in_order_in_whichever_the_database_gives_them(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    there = house.begin(house.ben, house.dana)
    for _ in range(2):
        house.begin(house.dana, house.ben)
    plain = messages.MESSAGES.run
    monkeypatch.setattr(messages.MESSAGES, "run", lambda *given: plain(*given)[::-1])
    wanted, spans = [Seen(there.conversation, house.dana.person, 1, 3)], Spans()
    spans.add(Member(house.dana.person, 1, "client", "Dana", True, True, True), 1, None, cc=False, hidden=False)
    (found,) = house.ask(read_messages, wanted, {there.conversation: spans})
    assert [one["seq"] for one in found] == [1, 2, 3]


def test_who_has_a_message_no_more_is_who_lost_it_and_nobody_who_came_later() -> None:
    spans = Spans()
    for number, name, first, last, hidden in ((1, "Ben", 1, 2, True), (1, "Ben", 3, None, False), (2, "Dana", 1, None, False)):
        spans.add(Member(number, 1, "client", name, True, True, True), first, last, cc=False, hidden=hidden)
    assert [spans.forgotten_by(seq) for seq in (1, 2, 3)] == [["Ben"], ["Ben"], []]


def test_a_damaged_message_keeps_no_other_row_out_of_a_list_and_no_live_answer_back(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = house.begin(house.ben, house.dana, subject="a"), house.begin(house.ben, house.dana, subject="b")
    here = table(Message)
    house.run(update(here).where(here.c.conversation_id == bad.conversation).values(body=b"edited by hand"))
    rows, _ = house.ask(conversations, "inbox", who=house.dana)
    words = {row["id"]: row["first_words"] for row in rows}
    assert words == {bad.conversation: "This message cannot be read.", good.conversation: "Hello"}
    changes = house.feed(house.dana).changes
    assert [change.messages[-1]["body"] for change in changes] == ["This message cannot be read.", "Hello"]
    assert "edited by hand" not in caplog.text
    assert f"message.body:{bad.conversation}:1 is damaged" in caplog.text
    with pytest.raises(Unreadable):
        house.page(house.dana, bad)
