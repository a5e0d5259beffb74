"""What a print leaves behind: reading marks, receipts, and a row for each conversation."""

from __future__ import annotations

from sqlalchemy import select

from chat.actions.mailboxes import Selection, move_to_trash
from chat.actions.prints import Printed, note_print
from chat.errors import Conflict
from chat.models import AuditEntry
from chat.models.columns import table
from chat.transaction import Who
from tests.databases import House, Sent
from tests.people import NOON

AUDIT = table(AuditEntry)


def note(house: House, who: Who, *places: Sent) -> None:
    house.do(note_print, who, Printed(tuple((place.conversation, place.seq) for place in places)))


def rows(house: House) -> list[tuple[object, ...]]:
    names = ("actor_id", "client_id", "conversation_id", "seq", "at", "organization_id", "details")
    return house.run(select(*(AUDIT.c[name] for name in names)).where(AUDIT.c.action == "print").order_by(AUDIT.c.id))


def test_what_was_printed_is_read_and_staff_see_the_receipt(house: House) -> None:
    first, second = house.begin(house.ben, house.dana), house.begin(house.ben, house.dana, subject="Sleep")
    assert house.feed(house.dana).unread == 2
    note(house, house.dana, first, second)
    assert house.feed(house.dana).unread == 0
    assert [mark["person"] for mark in house.row(house.ben, first)["reads"]] == [house.dana.person]
    assert house.rung == {house.ben.person, house.dana.person}


def test_a_message_that_came_after_the_last_one_printed_stays_unread(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    house.reply(house.ben, sent)
    note(house, house.dana, sent)
    row = house.row(house.dana, sent)
    assert (row["read_through"], row["unread"]) == (1, 1)


def test_nobody_elses_messages_become_read(house: House) -> None:
    sent = house.begin(house.dana, house.ben)
    house.begin(house.ben, house.eli)
    note(house, house.ben, sent)
    assert house.feed(house.eli).unread == 1


def test_each_conversation_is_a_row_without_a_word_of_it(house: House) -> None:
    first, second = house.begin(house.ben, house.dana, subject="Sleep"), house.begin(house.ben, house.cleo)
    note(house, house.ben, second, first)
    ben, organization = house.ben.person, house.ben.organization
    assert rows(house) == [
        (ben, None, second.conversation, 1, NOON, organization, ""),
        (ben, house.dana.person, first.conversation, 1, NOON, organization, ""),
    ]


def test_printing_again_is_another_row(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    note(house, house.ben, sent)
    note(house, house.ben, sent)
    assert len(rows(house)) == 2


def test_in_the_trash_printing_reads_and_moves_nothing(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    house.do(move_to_trash, house.dana, Selection((sent.conversation,)))
    note(house, house.dana, sent)
    row = house.row(house.dana, sent)
    assert (row["unread"], row["folders"]) == (0, ["trash"])


def test_a_conversation_without_a_visible_message_is_on_record_too(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    note(house, house.dana, Sent(sent.conversation, 0))
    assert len(rows(house)) == 1
    assert house.feed(house.dana).unread == 1


def test_if_one_is_no_longer_theirs_nothing_is_marked_and_the_pdf_is_not_handed_out(house: House) -> None:
    own, other = house.begin(house.dana, house.ben), house.begin(house.fay, house.cleo)
    nothing = Sent(1 << 40, 1)
    for foreign in (other, nothing):
        before = house.state()
        refusal = house.refusal(note_print, house.ben, Printed(((own.conversation, 1), (foreign.conversation, 1))))
        assert isinstance(refusal, Conflict)
        assert house.state() == before
    house.unassign(house.dana, house.ben)
    assert isinstance(house.refusal(note_print, house.ben, Printed(((own.conversation, 1),))), Conflict)
