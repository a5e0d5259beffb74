"""Files: their uploader's until sent, then every reader's, and gone with the last message that holds them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from chat.actions.attachments import (
    StoredFile,
    Upload,
    add_attachment,
    check_count,
    claim,
    discard_attachment,
    forget_attachments,
    sweep_attachments,
)
from chat.actions.deletions import delete_permanently
from chat.actions.erasing import erase
from chat.actions.mailboxes import Selection, move_to_trash
from chat.actions.mass_messages import SendMass, advance, cancel_mass_message, send_mass_message
from chat.actions.messages import SendMessage, send_messages
from chat.actions.organizations import Practice, save_organization
from chat.errors import Invalid, NotFound, Refused
from chat.lib.clock import frozen
from chat.lib.crypto import key_of
from chat.models import Attachment, DataKey, Enclosure
from chat.models.columns import table
from chat.queries.attachments import fetch, fetch_upload
from chat.queries.conversations import conversations
from chat.queries.organizations import practice
from chat.transaction import Asked, Transaction, Who
from tests.databases import House, Sent, Template, into
from tests.people import NOON, later
from tests.races import alone, at_once

FILE = StoredFile("plan.pdf", "application/pdf", 12, b"d" * 32, "storage-name", b"k" * 32, "small-name", b"t" * 32)


def upload(house: House, who: Who, file: StoredFile = FILE) -> int:
    number: int = house.do(add_attachment, who, file)["id"]
    return number


def swept(house: House) -> list[str | None]:
    """What storage may delete now, and deletes."""
    given_up = house.do(sweep_attachments)
    assert house.do(sweep_attachments) == given_up, "until the bytes are gone the row says so"
    house.do(forget_attachments, None, [file.id for file in given_up])
    assert house.do(sweep_attachments) == []
    return [name for file in given_up for name in file.names]


def send_file(house: House, author: Who, place: Sent, *files: int) -> Sent:
    return Sent(**house.do(send_messages, author, replace(into(place, body=""), attachments=files)))


def file_id(house: House, who: Who, place: Sent) -> int:
    return house.page(who, place).messages[-1]["attachments"][-1]["id"]


def test_an_upload_is_its_uploaders_alone(house: House) -> None:
    number = upload(house, house.dana)
    found = house.ask(fetch_upload, number, who=house.dana)
    assert found is not None
    assert (found.name, found.key, found.storage) == (FILE.name, FILE.key, FILE.storage)
    for other in (house.ben, house.eli, house.ada, house.kim):
        assert house.ask(fetch_upload, number, who=other) is None


def test_a_quick_links_session_has_only_the_small_picture_of_an_upload(house: House) -> None:
    guest = replace(house.dana, scope={})
    picture = upload(house, house.dana)
    assert house.ask(fetch_upload, picture, who=house.dana) is not None
    assert house.ask(fetch_upload, picture, who=guest) is None
    found = house.ask(fetch_upload, picture, small=True, who=guest)
    assert found is not None
    assert (found.storage, found.media_type) == (FILE.thumbnail, "image/jpeg")


def test_a_sent_file_is_for_the_readers_of_its_message_and_nobody_else(house: House) -> None:
    talk = house.begin(house.ben, house.dana)
    sent = send_file(house, house.dana, talk, upload(house, house.dana))
    number = file_id(house, house.dana, talk)
    for reader in (house.ben, house.dana):
        found = house.ask(fetch, number, who=reader)
        assert found is not None
        assert (found.name, found.key, found.conversation, found.seq) == (FILE.name, FILE.key, talk.conversation, sent.seq)
        small = house.ask(fetch, number, small=True, who=reader)
        assert small is not None
        assert (small.storage, small.key) == ("small-name", b"t" * 32)
    for other in (house.eli, house.cleo, house.ada, house.kim):
        assert house.ask(fetch, number, who=other) is None
    (view,) = house.page(house.ben, talk).messages[-1]["attachments"]
    assert (view["name"], view["size"], view["picture"]) == ("plan.pdf", 12, True)


def test_the_uploads_own_key_is_destroyed_when_it_is_sent(house: House) -> None:
    talk = house.begin(house.ben, house.dana)
    number = upload(house, house.dana)
    files, keys = table(Attachment), table(DataKey)
    key = house.run(select(files.c.data_key_id).where(files.c.id == number))[0][0]
    send_file(house, house.dana, talk, number)
    assert house.run(select(files.c.sent, files.c.details, files.c.data_key_id).where(files.c.id == number)) == [
        (True, None, None)
    ]
    assert house.run(select(keys.c.id).where(keys.c.id == key)) == []


@pytest.mark.parametrize("thief", ["eli", "ben", "kim"])
def test_somebody_elses_upload_cannot_be_sent(house: House, thief: str) -> None:
    number = upload(house, house.dana)
    other = house.begin(house.ben, house.eli) if thief != "kim" else house.begin(house.jon, house.kim)
    before = house.state()
    refusal = house.refusal(send_messages, getattr(house, thief), replace(into(other), attachments=(number,)))
    assert isinstance(refusal, Invalid)
    assert house.state() == before


def test_a_file_is_claimed_by_one_message_of_a_batch(house: House) -> None:
    talk = house.begin(house.ben, house.dana)
    number = upload(house, house.dana)
    twice = [(house.dana, replace(into(talk, body=body), attachments=(number,))) for body in "ab"]
    first, second = house.batch(send_messages, twice)
    assert first == {"conversation": talk.conversation, "seq": 2}
    assert isinstance(second, Invalid)


def test_a_file_alone_is_a_message_but_nothing_at_all_is_none(house: House) -> None:
    talk = house.begin(house.ben, house.dana)
    assert send_file(house, house.dana, talk, upload(house, house.dana)).seq == 2
    assert isinstance(house.refusal(send_messages, house.dana, into(talk, body=" ")), Invalid)


def test_too_many_files_and_the_same_twice_are_refused() -> None:
    with pytest.raises(Invalid, match="up to 2"):
        check_count((1, 2, 3), 2)
    with pytest.raises(Invalid, match="twice"):
        check_count((1, 1), 2)
    check_count((1, 2), 2)


def test_a_practice_may_do_without_files(house: House) -> None:
    own = house.ask(practice, who=house.ada)
    house.do(
        save_organization, house.ada, Practice(**{k: v for k, v in own.items() if k != "id"} | {"attachments_allowed": False})
    )
    assert isinstance(house.refusal(add_attachment, house.dana, FILE), Refused)
    assert upload(house, house.kim)


def test_who_lost_the_conversation_lost_its_files(house: House) -> None:
    talk = house.begin(house.ben, house.dana)
    send_file(house, house.dana, talk, upload(house, house.dana))
    number = file_id(house, house.dana, talk)
    house.unassign(house.dana, house.ben)
    assert house.ask(fetch, number, who=house.ben) is None
    assert house.ask(fetch, number, who=house.dana) is not None


def test_unsent_uploads_are_swept_after_a_day_and_not_before(house: House) -> None:
    with house.at(NOON):
        number = upload(house, house.dana)
    with house.at(later(days=1)):
        assert house.do(sweep_attachments) == []
    with house.at(later(days=1) + 1):
        given_up = house.do(sweep_attachments)
        assert [file.names for file in given_up] == [(FILE.storage, FILE.thumbnail)]
        assert house.ask(fetch_upload, number, who=house.dana) is None
        assert isinstance(house.refusal(discard_attachment, house.dana, number), NotFound)
        place = house.begin(house.ben, house.dana)
        refused = house.refusal(send_messages, house.dana, replace(into(place), attachments=(number,)))
        assert isinstance(refused, Invalid), "nobody has it any more, whether or not its bytes are gone"
        assert swept(house) == [FILE.storage, FILE.thumbnail]
        assert house.count(Attachment) == 0


def test_a_discarded_upload_goes_with_the_next_sweep_and_only_its_uploader_discards_it(house: House) -> None:
    number = upload(house, house.dana)
    assert isinstance(house.refusal(discard_attachment, house.ben, number), NotFound)
    house.do(discard_attachment, house.dana, number)
    assert swept(house) == [FILE.storage, FILE.thumbnail]


def test_an_infected_file_is_nobodys_and_goes_after_thirty_days(house: House) -> None:
    with house.at(NOON):
        number = upload(house, house.dana, replace(FILE, threat="Eicar"))
    assert house.ask(fetch_upload, number, who=house.dana) is None
    assert isinstance(house.refusal(discard_attachment, house.dana, number), NotFound)
    refused = house.refusal(send_messages, house.dana, replace(into(house.begin(house.ben, house.dana)), attachments=(number,)))
    assert isinstance(refused, Invalid)
    with house.at(later(days=30)):
        assert house.do(sweep_attachments) == []
    with house.at(later(days=30) + 1):
        assert swept(house) == [FILE.storage, FILE.thumbnail]


def test_a_file_is_erased_with_the_last_message_that_holds_it(house: House) -> None:
    talk = house.begin(house.ben, house.dana)
    send_file(house, house.dana, talk, upload(house, house.dana))
    number = file_id(house, house.dana, talk)
    for who in (house.dana, house.ben):
        assert house.do(sweep_attachments) == [], "somebody still sees it"
        house.do(move_to_trash, who, Selection((talk.conversation,)))
        house.do(delete_permanently, who, Selection((talk.conversation,)))
        while house.do(erase):
            pass
    assert house.count(Enclosure) == 0
    assert swept(house) == [FILE.storage, FILE.thumbnail]
    assert house.ask(fetch, number, who=house.dana) is None


def test_what_is_left_of_an_erased_epoch_keeps_its_files_under_the_new_key(house: House) -> None:
    talk = house.begin(house.ben, house.dana, subject="Files")
    house.do(move_to_trash, house.dana, Selection((talk.conversation,)))
    house.do(delete_permanently, house.dana, Selection((talk.conversation,)))
    number = upload(house, house.ben)
    send_file(house, house.ben, talk, number)
    enclosures = table(Enclosure)
    before = house.run(select(enclosures.c.details))[0][0]
    house.do(move_to_trash, house.ben, Selection((talk.conversation,)))
    house.do(delete_permanently, house.ben, Selection((talk.conversation,)))
    while house.do(erase):
        pass
    after = house.run(select(enclosures.c.details))[0][0]
    assert key_of(bytes(after)) != key_of(bytes(before))
    found = house.ask(fetch, file_id(house, house.dana, talk), who=house.dana)
    assert found is not None
    assert (found.name, found.key) == (FILE.name, FILE.key)


def test_files_of_an_accepted_mass_message_are_its_own_before_its_first_step(house: House) -> None:
    number, talk = upload(house, house.ben), house.begin(house.ben, house.dana)
    what = SendMass("k" * 32, "Closed", "", (), True, None, (number,))
    keys = house.count(DataKey)
    house.do(send_mass_message, house.ben, what)
    assert house.count(DataKey) == keys, "the upload's went, the mass message's came"
    assert house.ask(fetch_upload, number, who=house.ben) is None
    assert isinstance(house.refusal(discard_attachment, house.ben, number), NotFound)
    elsewhere = replace(into(talk, body=""), attachments=(number,))
    assert isinstance(house.refusal(send_messages, house.ben, elsewhere), Invalid)
    assert isinstance(house.refusal(send_mass_message, house.ben, replace(what, key="l" * 32)), Invalid)
    with house.at(later(days=40)):
        assert house.do(sweep_attachments) == [], "it waits for the worker as long as it takes"
    while house.do(advance):
        pass
    (row,) = house.ask(conversations, "inbox", who=house.eli)[0]
    found = house.ask(fetch, file_id(house, house.eli, Sent(row["id"], 1)), who=house.eli)
    assert found is not None
    assert (found.name, found.key) == (FILE.name, FILE.key)


def test_files_of_a_mass_message_that_nobody_got_are_swept_when_it_ends(house: House) -> None:
    what = SendMass("k" * 32, "Closed", "", (), True, None, (upload(house, house.ben),))
    number = house.do(send_mass_message, house.ben, what)["mass_message"]
    house.do(cancel_mass_message, house.ben, number)
    assert house.do(sweep_attachments) == [], "it has not ended"
    house.do(advance)
    keys = house.count(DataKey)
    assert swept(house) == [FILE.storage, FILE.thumbnail]
    assert house.count(DataKey) == keys, "the mass message's own stays"


def test_a_file_that_went_while_it_was_claimed_refuses_the_mass_message(house: House) -> None:
    absent = Upload(10**9, "plan.pdf", "{}")
    with pytest.raises(Invalid, match="not there any more"):
        house.do(lambda tx, _: claim(tx, [absent], tx.make_keys(["mass message"])[0]), house.ben, None)


def test_the_same_file_has_another_id_in_every_message(house: House) -> None:
    upload_id = upload(house, house.ben)
    house.do(send_mass_message, house.ben, SendMass("k" * 32, "Closed", "", (), True, None, (upload_id,)))
    while house.do(advance):
        pass
    ids = {
        file_id(house, who, Sent(house.ask(conversations, "inbox", who=who)[0][0]["id"], 1)) for who in (house.dana, house.eli)
    }
    assert len(ids) == 2, "nothing tells one client of another"
    assert house.ask(fetch, ids.pop(), who=house.kim) is None


def test_a_file_that_is_swept_while_it_is_sent_is_in_no_message(postgresql_template: Template) -> None:
    ben, dana = (postgresql_template.cast[name] for name in ("ben", "dana"))

    def send(tx: Transaction, what: SendMessage) -> object:
        (result,) = send_messages(tx, [Asked(dana, what)])
        return result

    with postgresql_template.copy() as address:
        with frozen(NOON):
            (number,) = alone(address, (add_attachment, dana, FILE))
        with frozen(later(days=2)):
            what = SendMessage("late", "", to=(ben.person,), attachments=(number["id"],))
            given_up, refused = at_once(address, (sweep_attachments, None, None), (send, None, what))
    assert [file.id for file in given_up] == [number["id"]]
    assert isinstance(refused, Invalid)
