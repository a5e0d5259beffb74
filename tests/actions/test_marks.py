"""Reading marks: private counters, receipts that staff see, and the view on record."""

from __future__ import annotations

import dataclasses

from sqlalchemy import select

from chat.actions.mailboxes import Selection, move_to_trash
from chat.actions.marks import MarkRead, MarkUnread, mark_read, mark_unread
from chat.actions.messages import send_messages
from chat.errors import NotFound
from chat.models import AuditEntry, Message, ReadMark
from chat.models.columns import table
from chat.queries.views import ReadView
from chat.transaction import Who
from tests.databases import House, Sent, into
from tests.people import NOON, later

AUDIT = table(AuditEntry)


def talk(house: House, messages: int = 5) -> Sent:
    """Ben wrote so many messages to Dana, none of them read."""
    sent = house.begin(house.ben, house.dana)
    for result in house.batch(send_messages, [(house.ben, into(sent)) for _ in range(messages - 1)]):
        sent = Sent(**result)
    return sent


def read(house: House, who: Who, place: Sent, seq: int | None = None) -> None:
    house.do(mark_read, who, MarkRead(place.conversation, place.seq if seq is None else seq))


def unread(house: House, who: Who, place: Sent) -> tuple[int, int]:
    """Unread messages of the conversation, and unread conversations of the mailbox."""
    return house.row(who, place)["unread"], house.feed(who).unread


def reads(house: House, who: Who, place: Sent) -> list[ReadView]:
    return house.row(who, place)["reads"]


def test_reading_to_the_end_leaves_nothing_unread(house: House) -> None:
    sent = talk(house)
    assert unread(house, house.dana, sent) == (5, 1)
    read(house, house.dana, sent)
    assert unread(house, house.dana, sent) == (0, 0)
    assert house.row(house.dana, sent)["read_through"] == 5
    assert house.rung == {house.dana.person, house.ben.person}


def test_reading_a_part_leaves_the_rest_unread(house: House) -> None:
    sent = talk(house)
    house.reply(house.dana, sent)
    house.reply(house.ben, sent)
    read(house, house.dana, sent, 3)
    assert unread(house, house.dana, sent) == (3, 1)  # 4, 5 and 7; the sixth is her own


def test_reading_never_goes_back(house: House) -> None:
    sent = talk(house)
    read(house, house.dana, sent, 4)
    before = house.state()
    for seq in (4, 2, 0, -1):
        read(house, house.dana, sent, seq)
    assert house.state() == before
    assert house.rung == set()


def test_reading_beyond_the_end_reads_to_the_end(house: House) -> None:
    sent = talk(house)
    read(house, house.dana, sent, 1_000_000)
    house.reply(house.ben, sent)
    assert unread(house, house.dana, sent) == (1, 1)


def test_a_batch_of_marks_knows_itself(house: House) -> None:
    """Two tabs of one person mark different messages, and two people mark the same one."""
    sent = talk(house, 9)
    marks = [(house.dana, 2), (house.dana, 6), (house.dana, 4), (house.ben, 9)]
    results = house.batch(mark_read, [(who, MarkRead(sent.conversation, seq)) for who, seq in marks])
    assert results == [{}] * 4
    assert unread(house, house.dana, sent) == (3, 1)
    assert [(one["through"], one["after"]) for one in reads(house, house.ben, sent)] == [(2, 0), (6, 2)]


def test_who_does_not_take_part_marks_nothing(house: House) -> None:
    sent = talk(house)
    before = house.state()
    for who in (house.ada, house.cleo, house.eli, house.hal, house.kim, house.jon):
        assert isinstance(house.refusal(mark_read, who, MarkRead(sent.conversation, 5)), NotFound)
        assert isinstance(house.refusal(mark_unread, who, MarkUnread((sent.conversation,))), NotFound)
    assert isinstance(house.refusal(mark_read, house.dana, MarkRead(999_999, 5)), NotFound)
    assert house.state() == before


def test_a_stranger_in_the_batch_stops_nobody(house: House) -> None:
    sent = talk(house)
    mark = MarkRead(sent.conversation, 5)
    first, second = house.batch(mark_read, [(house.kim, mark), (house.dana, mark)])
    assert (type(first), second) == (NotFound, {})


def test_a_therapist_no_longer_assigned_marks_nothing(house: House) -> None:
    sent = talk(house)
    house.reply(house.dana, sent)
    house.unassign(house.dana, house.ben)
    assert isinstance(house.refusal(mark_read, house.ben, MarkRead(sent.conversation, 6)), NotFound)
    house.assign(house.dana.person, house.ben.person)
    read(house, house.ben, sent, 6)


def test_what_left_the_trash_for_good_is_marked_no_more(house: House) -> None:
    sent = talk(house)
    house.do(move_to_trash, house.dana, Selection((sent.conversation,)))
    with house.at(later(days=15) - 1):
        read(house, house.dana, sent, 1)
    with house.at(later(days=15)):
        assert isinstance(house.refusal(mark_read, house.dana, MarkRead(sent.conversation, 2)), NotFound)


def test_a_quick_link_marks_its_conversation_only(house: House) -> None:
    sent, other = talk(house), house.begin(house.ben, house.dana, subject="Other")
    scoped = dataclasses.replace(house.dana, scope={sent.conversation: later(minutes=15)})
    read(house, scoped, sent, 2)
    assert isinstance(house.refusal(mark_read, scoped, MarkRead(other.conversation, 1)), NotFound)
    with house.at(later(minutes=15)):
        assert isinstance(house.refusal(mark_read, scoped, MarkRead(sent.conversation, 3)), NotFound)


# Receipts


def test_staff_see_who_read_and_when_and_clients_never_do(house: House) -> None:
    sent = talk(house)
    house.reply(house.dana, sent)
    with house.at(later(minutes=3)):
        read(house, house.dana, sent, 5)
        read(house, house.ben, sent, 6)
    mark = {"person": house.dana.person, "through": 5, "after": 0, "at": later(minutes=3)}
    assert reads(house, house.ben, sent) == [mark]
    assert house.page(house.ben, sent).reads == [mark]
    assert reads(house, house.dana, sent) == house.page(house.dana, sent).reads == []
    for change in house.feed(house.dana).changes:
        assert change.conversation["reads"] == []


def test_a_contact_sees_no_receipts_either(house: House) -> None:
    sent = house.begin(house.dana, house.ben, subject="Friday")
    house.add_cc(sent, house.hal, (1, None))
    read(house, house.ben, sent)
    assert reads(house, house.hal, sent) == house.page(house.hal, sent).reads == []


def test_staff_are_told_at_once_and_clients_are_not_rung_by_a_receipt(house: House) -> None:
    sent = house.begin(house.dana, house.ben)
    before = house.feed(house.dana).cursor
    read(house, house.ben, sent)
    assert house.feed(house.dana).cursor == before
    assert house.rung == {house.ben.person}


def test_members_of_the_team_see_each_others_receipts(house: House) -> None:
    sent = house.begin(house.ben, house.cleo)
    read(house, house.cleo, sent)
    assert [one["person"] for one in reads(house, house.ben, sent)] == [house.cleo.person]
    assert reads(house, house.cleo, sent) == []


def test_mark_unread_is_private_and_receipts_stay(house: House) -> None:
    sent = talk(house)
    read(house, house.dana, sent)
    mark, cursor = reads(house, house.ben, sent), house.feed(house.ben).cursor
    house.do(mark_unread, house.dana, MarkUnread((sent.conversation,)))
    assert unread(house, house.dana, sent) == (1, 1)
    assert house.rung == {house.dana.person}
    assert reads(house, house.ben, sent) == mark
    read(house, house.dana, sent)
    assert unread(house, house.dana, sent) == (0, 0)
    assert (reads(house, house.ben, sent), house.feed(house.ben).cursor) == (mark, cursor)
    assert house.count(ReadMark) == 1


def test_mark_unread_concerns_the_newest_message_of_somebody_else(house: House) -> None:
    sent = talk(house, 3)
    house.reply(house.dana, sent)
    read(house, house.dana, sent, 4)
    house.do(mark_unread, house.dana, MarkUnread((sent.conversation,)))
    row = house.row(house.dana, sent)
    assert (row["unread"], row["read_through"]) == (1, 2)


def test_what_is_unread_already_and_what_only_I_wrote_stay_as_they_are(house: House) -> None:
    sent = talk(house)
    before = house.state()
    house.do(mark_unread, house.dana, MarkUnread((sent.conversation,)))
    house.do(mark_unread, house.ben, MarkUnread((sent.conversation,)))
    assert house.state() == before


def test_several_are_marked_unread_at_once_and_others_ids_do_nothing(house: House) -> None:
    first, second, foreign = talk(house), house.begin(house.ben, house.dana, subject="Two"), house.begin(house.ben, house.eli)
    for place in (first, second):
        read(house, house.dana, place)
    read(house, house.eli, foreign)
    house.do(mark_unread, house.dana, MarkUnread((first.conversation, second.conversation, foreign.conversation)))
    assert house.feed(house.dana).unread == 2
    assert unread(house, house.eli, foreign) == (0, 0)


def test_a_trashed_conversation_does_not_count_as_unread(house: House) -> None:
    sent = talk(house)
    house.do(move_to_trash, house.dana, Selection((sent.conversation,)))
    assert unread(house, house.dana, sent) == (5, 0)
    read(house, house.dana, sent)
    house.do(mark_unread, house.dana, MarkUnread((sent.conversation,)))
    assert unread(house, house.dana, sent) == (1, 0)


def test_what_a_contact_may_not_see_is_not_counted(house: House) -> None:
    sent = house.begin(house.dana, house.ben, subject="Friday")
    for _ in range(5):
        house.reply(house.ben, sent)
    house.add_cc(sent, house.hal, (2, 3), (6, None))
    assert house.count(Message) == 6
    read(house, house.hal, sent, 2)
    assert unread(house, house.hal, sent) == (2, 1)  # 3 and 6, not 4 and 5
    read(house, house.hal, sent)
    read(house, house.hal, sent, 6)
    house.do(mark_unread, house.hal, MarkUnread((sent.conversation,)))
    assert unread(house, house.hal, sent) == (1, 1)


# The view on record


def test_reading_is_a_view_in_the_audit_trail(house: House) -> None:
    sent = talk(house)
    read(house, dataclasses.replace(house.dana, session=5), sent, 3)
    names = ("actor_id", "session_id", "client_id", "conversation_id", "seq", "at")
    rows = house.run(select(*(AUDIT.c[name] for name in names)).where(AUDIT.c.action == "view"))
    assert rows == [(house.dana.person, 5, house.dana.person, sent.conversation, 3, NOON)]
