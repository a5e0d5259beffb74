"""The contact log: verbatim, in the send's transaction or by hand, and a secret from clients."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from chat.actions.contact_logs import NewEntry, add_contact_log_entry
from chat.actions.messages import send_messages
from chat.errors import Conflict, Invalid, NotFound
from chat.models import ContactLogEntry
from chat.queries.contact_logs import contact_log
from tests.databases import House, Sent, into, to_people


def log(house: House, who: str = "ben") -> list[dict[str, object]]:
    return [dict(entry) for entry in house.ask(contact_log, house.dana.person, who=getattr(house, who))[0]]


def note(house: House, who: str, body: str = "Called back", key: str = "") -> dict[str, str]:
    what = NewEntry(key or str(uuid4()), house.dana.person, body)
    answer: dict[str, str] = house.do(add_contact_log_entry, getattr(house, who), what)
    return answer


def test_send_and_copy_keeps_the_text_verbatim_with_subject_and_recipients(house: House) -> None:
    what = replace(to_people(house.dana, body="Dear Dana,\n\nsee you.  🙂", subject="Friday"), copy_to_contact_log=True)
    talk = Sent(**house.do(send_messages, house.ben, what))
    (entry,) = log(house)
    wanted = {
        "body": "Dear Dana,\n\nsee you.  🙂",
        "subject": "Friday",
        "recipients": ["Dana Reed"],
        "author": "Ben Larsen",
        "by_hand": False,
    }
    assert {name: entry[name] for name in wanted} == wanted
    assert house.page(house.ben, talk).messages[0]["in_contact_log"] is True
    assert house.page(house.dana, talk).messages[0]["in_contact_log"] is False, "a client cannot learn of it"


def test_a_refused_send_leaves_no_entry(house: House) -> None:
    what = replace(to_people(house.dana, body=""), copy_to_contact_log=True)
    assert isinstance(house.refusal(send_messages, house.ben, what), Invalid)
    assert house.count(ContactLogEntry) == 0


def test_only_what_staff_write_to_a_client_is_copied(house: House) -> None:
    talk = house.begin(house.ben, house.dana)
    for who, place in ((house.dana, into(talk)), (house.ben, to_people(house.cleo))):
        assert isinstance(house.refusal(send_messages, who, replace(place, copy_to_contact_log=True)), Invalid)


@pytest.mark.parametrize("outsider", ["dana", "hal", "eli", "cleo", "jon", "ivy"])
def test_nobody_else_reads_or_writes_it(house: House, outsider: str) -> None:
    note(house, "ben")
    with pytest.raises(NotFound):
        log(house, outsider)
    with pytest.raises(NotFound):
        note(house, outsider)
    assert house.count(ContactLogEntry) == 1


def test_an_entry_by_hand_is_added_once_under_its_key(house: House) -> None:
    key = str(uuid4())
    assert note(house, "ada", key=key) == note(house, "ada", key=key)
    assert [entry["by_hand"] for entry in log(house)] == [True]
    with pytest.raises(Conflict):
        note(house, "ada", body="Something else", key=key)
    with pytest.raises(Invalid):
        note(house, "ben", body="  ")
