"""Deleting for good: by hand, and by the trash's 15 days."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from chat.actions.deletions import delete_permanently, purge
from chat.actions.drafts import SaveDraft, save_draft
from chat.actions.mailboxes import Selection, move_to_inbox, move_to_trash
from chat.actions.marks import MarkRead, MarkUnread, mark_read, mark_unread
from chat.actions.messages import send_messages
from chat.errors import NotFound, Refused
from chat.lib.clock import DAY
from chat.models import AuditEntry, Mailbox, Organization
from chat.models.columns import table
from chat.queries import conversations, drafts
from chat.queries.keeping import YEAR
from tests.databases import House, Sent, into
from tests.people import NOON, later


def trash(house: House, who: str, *places: Sent) -> None:
    house.do(move_to_trash, getattr(house, who), selection(*places))


def selection(*places: Sent) -> Selection:
    return Selection(tuple(place.conversation for place in places))


def unread(house: House, who: str) -> int:
    (row,) = house.run(select(table(Mailbox).c.unread).where(table(Mailbox).c.person_id == getattr(house, who).person))
    return int(row[0])


def test_what_is_deleted_for_good_is_gone_from_every_way_of_asking(house: House) -> None:
    talk = house.begin(house.ben, house.dana, body="Before")
    house.reply(house.dana, talk, body="Answer")
    trash(house, "dana", talk)
    assert house.sees(house.dana, talk)
    house.do(delete_permanently, house.dana, selection(talk))
    assert not house.sees(house.dana, talk)
    for folder in ("inbox", "sent", "trash"):
        assert house.ask(conversations.conversations, folder, who=house.dana)[0] == []
        assert house.ask(conversations.find, folder, "ben", who=house.dana)[0] == []
    assert house.feed(house.dana).changes[-1].conversation == {
        "id": talk.conversation,
        "change": house.feed(house.dana).cursor,
        "gone": True,
    }
    assert house.sees(house.ben, talk), "the other side keeps its own mailbox"


def test_nothing_that_is_done_later_brings_it_back(house: House) -> None:
    talk = house.begin(house.ben, house.dana)
    trash(house, "dana", talk)
    house.do(delete_permanently, house.dana, selection(talk))
    for action, what in (
        (move_to_inbox, selection(talk)),
        (move_to_trash, selection(talk)),
        (delete_permanently, selection(talk)),
        (mark_unread, MarkUnread((talk.conversation,))),
        (mark_read, MarkRead(talk.conversation, 1)),
        (save_draft, SaveDraft("x", talk.conversation)),
    ):
        assert isinstance(house.refusal(action, house.dana, what), NotFound)
    assert not house.sees(house.dana, talk)


def test_a_repeat_of_the_old_command_shows_nothing(house: House) -> None:
    talk = house.begin(house.dana, house.ben, key="a" * 32)
    trash(house, "dana", talk)
    house.do(delete_permanently, house.dana, selection(talk))
    assert house.begin(house.dana, house.ben, key="a" * 32) == talk
    assert not house.sees(house.dana, talk)


def test_a_new_message_shows_only_what_came_later(house: House) -> None:
    talk = house.begin(house.ben, house.dana, body="Old")
    trash(house, "dana", talk)
    house.do(delete_permanently, house.dana, selection(talk))
    house.reply(house.ben, talk, body="New")
    page = house.page(house.dana, talk)
    assert [(m["seq"], m["after"], m["body"]) for m in page.messages] == [(2, 0, "New")]
    assert (page.conversation["visible"], page.conversation["unread"], unread(house, "dana")) == (1, 1, 1)
    assert [m["body"] for m in house.page(house.ben, talk).messages] == ["Old", "New"]
    assert house.page(house.ben, talk).messages[0]["to"] == ["Dana Reed"], "whom it went to stays on record"


def test_deleting_twice_with_a_message_between_shows_only_the_last(house: House) -> None:
    talk = house.begin(house.ben, house.dana, body="1")
    for body in ("2", "3"):
        trash(house, "dana", talk)
        house.do(delete_permanently, house.dana, selection(talk))
        house.reply(house.ben, talk, body=body)
    assert [m["body"] for m in house.page(house.dana, talk).messages] == ["3"]
    assert [m["body"] for m in house.page(house.ben, talk).messages] == ["1", "2", "3"]


def test_only_what_is_in_the_trash_can_be_deleted_and_then_nothing_of_the_selection_is(house: House) -> None:
    kept, trashed = house.begin(house.ben, house.dana), house.begin(house.dana, house.ben, subject="Other")
    trash(house, "dana", trashed)
    assert isinstance(house.refusal(delete_permanently, house.dana, selection(kept, trashed)), Refused)
    assert house.sees(house.dana, kept)
    assert house.sees(house.dana, trashed)


@pytest.mark.parametrize("outsider", ["eli", "cleo", "kim", "ada"])
def test_an_outsider_deletes_nothing(house: House, outsider: str) -> None:
    talk = house.begin(house.ben, house.dana)
    trash(house, "dana", talk)
    assert isinstance(house.refusal(delete_permanently, getattr(house, outsider), selection(talk)), NotFound)
    assert house.sees(house.dana, talk)


def test_the_draft_goes_with_the_conversation(house: House) -> None:
    talk = house.begin(house.ben, house.dana)
    house.do(save_draft, house.dana, SaveDraft("Dear Ben", talk.conversation))
    trash(house, "dana", talk)
    house.do(delete_permanently, house.dana, selection(talk))
    assert house.ask(drafts.drafts, who=house.dana) == []


def test_after_fifteen_days_it_is_hidden_to_the_millisecond_and_not_before(house: House) -> None:
    with house.at(NOON):
        talk = house.begin(house.ben, house.dana)
        trash(house, "dana", talk)
    with house.at(later(days=15) - 1):
        assert house.sees(house.dana, talk)
        assert house.row(house.dana, talk)["deleted_at"] == later(days=15)
    with house.at(later(days=15)):
        assert not house.sees(house.dana, talk)
        assert house.sees(house.ben, talk)


def test_the_purge_deletes_what_is_due_and_nothing_else(house: House) -> None:
    with house.at(NOON):
        due, young, kept = (house.begin(house.ben, house.dana, subject=word) for word in ("due", "young", "kept"))
        trash(house, "dana", due)
    with house.at(later(hours=1)):
        trash(house, "dana", young)
    with house.at(later(days=15)):
        assert house.do(purge) is False
    with house.at(later(days=15, minutes=1)):
        assert not house.sees(house.dana, due)
        assert house.sees(house.dana, young)
        assert house.sees(house.dana, kept)
        audit = table(AuditEntry)
        rows = house.run(select(audit.c.person_id, audit.c.conversation_id).where(audit.c.action == "purge"))
        assert [tuple(row) for row in rows] == [(house.dana.person, due.conversation)]
        house.reply(house.ben, due, body="Later")
        assert [m["body"] for m in house.page(house.dana, due).messages] == ["Later"]


def test_a_message_after_the_fifteen_days_brings_back_only_itself_even_before_the_purge(house: House) -> None:
    with house.at(NOON):
        talk = house.begin(house.ben, house.dana, body="Old")
        trash(house, "dana", talk)
    with house.at(later(days=16)):
        house.reply(house.ben, talk, body="New")
        assert [m["body"] for m in house.page(house.dana, talk).messages] == ["New"]


def test_its_owner_cannot_write_into_what_the_fifteen_days_took(house: House) -> None:
    with house.at(NOON):
        talk = house.begin(house.ben, house.dana, subject="Gone")
        trash(house, "dana", talk)
    with house.at(later(days=16)):
        from_dana = house.batch(send_messages, [(house.dana, into(talk))])
        assert isinstance(from_dana[0], NotFound)


def test_a_message_within_the_fifteen_days_stops_the_clock(house: House) -> None:
    with house.at(NOON):
        talk = house.begin(house.ben, house.dana, body="Old")
        trash(house, "dana", talk)
    with house.at(later(days=14)):
        house.reply(house.ben, talk, body="New")
    with house.at(later(days=40)):
        house.do(purge)
        assert [m["body"] for m in house.page(house.dana, talk).messages] == ["Old", "New"]


def test_what_must_be_kept_is_refused_for_the_whole_selection_and_says_until_when(house: House) -> None:
    with house.at(NOON):
        old = house.begin(house.dana, house.ben, subject="Old")
    with house.at(NOON + YEAR - 10 * DAY):
        young = house.begin(house.ben, house.dana, subject="Young")
        trash(house, "dana", old, young)
    house.set(Organization, house.dana.organization, retention_years=1)
    with house.at(NOON + YEAR - 1):
        refusal = house.refusal(delete_permanently, house.dana, selection(old, young))
        assert isinstance(refusal, Refused)
        assert refusal.details == {"kept_by": "retention", "until": NOON + YEAR}
        assert house.sees(house.dana, old)
    with house.at(NOON + YEAR):
        assert isinstance(house.refusal(delete_permanently, house.dana, selection(old, young)), Refused)
        assert house.do(delete_permanently, house.dana, selection(old)) == {"deleted": 1}
        assert house.sees(house.dana, young)


def test_the_purge_takes_nothing_where_the_practice_deletes_nothing(house: House) -> None:
    with house.at(NOON):
        talk, foreign = house.begin(house.ben, house.dana), house.begin(house.jon, house.kim)
        trash(house, "dana", talk)
        trash(house, "kim", foreign)
    house.set(Organization, house.dana.organization, deletes_since=None)
    with house.at(later(days=400)):
        house.do(purge)
        assert house.sees(house.dana, talk)
        assert not house.sees(house.kim, foreign)
        assert house.row(house.dana, talk)["folders"] == ["trash"]
        house.reply(house.ben, talk, body="New")
        assert [m["seq"] for m in house.page(house.dana, talk).messages] == [1, 2], "nothing was gone"


def test_where_no_practice_deletes_no_trash_is_looked_through(house: House) -> None:
    here = table(Organization)
    house.run(update(here).values(deletes_since=None))
    with house.counted() as seen:
        assert house.do(purge) is False
    assert not any("participant" in one for one in seen)
    house.run(update(here).where(here.c.id == house.ivy.organization).values(deletes_since=0))
    with house.counted() as seen:
        house.do(purge)
    assert any("participant" in one for one in seen), "another practice does"
