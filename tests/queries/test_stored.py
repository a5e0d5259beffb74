"""Everything sealed is tried, and what does not open is named."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import select, update

from chat.actions.attachments import StoredFile, add_attachment
from chat.actions.contact_logs import NewEntry, add_contact_log_entry
from chat.actions.drafts import SaveDraft, save_draft
from chat.actions.mass_messages import SendMass, send_mass_message
from chat.actions.messages import SendMessage, send_messages
from chat.models import Conversation, Message
from chat.models.columns import table
from chat.queries.stored import SHELVES, File, Found, file_names, look
from tests.databases import House, Sent

MESSAGES, CONVERSATIONS = table(Message), table(Conversation)


def walked(house: House, limit: int = 200) -> Found:
    """All shelves, page by page."""
    tried, bad, files = 0, list[tuple[str, str]](), list[File]()
    for shelf in SHELVES:
        after = None
        while True:
            page = house.ask(look, shelf, after, limit)
            tried, bad, files = tried + page.tried, bad + page.bad, files + page.files
            if page.last is None:
                break
            after = page.last
    return Found(tried, bad, files, None)


def filled(house: House) -> Sent:
    """A value of most kinds: a message with a file and a subject, an unsent file, a draft, a mass message, a log entry."""
    stored = [StoredFile("a.pdf", "application/pdf", 3, b"d", f"name{at}", bytes([at]) * 32) for at in range(2)]
    pictured = StoredFile("b.png", "image/png", 3, b"d", "name2", bytes([2]) * 32, "small", bytes([3]) * 32)
    numbers = [house.do(add_attachment, house.ben, one)["id"] for one in (stored[0], pictured, stored[1])]
    what = to_dana(house, tuple(numbers[:2]))
    talk = Sent(**house.do(send_messages, house.ben, what))
    house.do(save_draft, house.dana, SaveDraft("Not yet", conversation=talk.conversation))
    house.do(add_contact_log_entry, house.ben, NewEntry(str(uuid4()), house.dana.person, "Called", "Notes"))
    house.do(send_mass_message, house.ben, SendMass(str(uuid4()), "Holidays", "Closed", everyone=True))
    return talk


def to_dana(house: House, files: tuple[int, ...]) -> SendMessage:
    return SendMessage(str(uuid4()), "Hello", to=(house.dana.person,), subject="Subject", attachments=files)


def test_what_is_as_it_was_written_opens_and_its_files_are_named_with_their_keys(house: House) -> None:
    talk = filled(house)
    found = walked(house)
    assert found.bad == []
    assert found == walked(house, limit=1)
    place = f"enclosure:{talk.conversation}:1"
    assert File(f"{place}:0", "name0", bytes(32)) in found.files
    assert File(f"{place}:1", "small", bytes([3]) * 32) in found.files
    assert {file.storage for file in found.files} == {"name0", "name1", "name2", "small"}
    assert house.ask(file_names) == {"name0", "name1", "name2", "small"}
    # conversation, message, two enclosures, an upload, a draft, an entry, a mass message's subject and text
    assert found.tried == 9


def test_what_was_altered_moved_or_lost_its_key_is_named(house: House) -> None:
    talk, other = filled(house), house.begin(house.ben, house.eli, body="Moved")
    ((body,),) = house.run(select(MESSAGES.c.body).where(MESSAGES.c.conversation_id == other.conversation))
    mine = MESSAGES.c.conversation_id == talk.conversation
    house.run(update(MESSAGES).where(mine).values(body=body))
    house.run(update(CONVERSATIONS).where(CONVERSATIONS.c.id == talk.conversation).values(subject=b"cut"))
    bad = dict(walked(house).bad)
    assert set(bad) == {f"message.body:{talk.conversation}:1", f"conversation.subject:{talk.conversation}"}
    assert "does not open" in bad[f"message.body:{talk.conversation}:1"]
    assert "is gone" in bad[f"conversation.subject:{talk.conversation}"]
