"""What is written for accepted messages."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from chat.actions.posting import SendMessage, draft_place
from chat.models import Alert, AuditEntry
from chat.models.columns import table
from tests.databases import House


def test_the_fingerprint_tells_every_field_apart() -> None:
    plain = SendMessage("k", "body", to=(1,))
    others = [
        replace(plain, body="else"),
        replace(plain, to=(2,)),
        replace(plain, subject="s"),
        replace(plain, cc=(3,)),
        replace(plain, attachments=(4,)),
        replace(plain, copy_to_contact_log=True),
        replace(plain, to=(), conversation=1),
    ]
    assert len({one.fingerprint for one in (plain, *others)}) == len(others) + 1
    assert replace(plain, to=(1, 2)).fingerprint == replace(plain, to=(2, 1)).fingerprint, "the order of people is none"


def test_a_pair_has_one_direct_birth_and_each_thread_its_own() -> None:
    assert SendMessage("a", "", to=(2,)).birth(1) == SendMessage("b", "", to=(1,)).birth(2)
    threads = {SendMessage(key, "", to=(2,), subject="s").birth(1) for key in "ab"} | {
        SendMessage("a", "", to=(2,), cc=(9,)).birth(1)
    }
    assert all(birth is not None and birth.startswith("t:1:") for birth in threads)
    assert SendMessage("a", "", conversation=5).birth(1) is None


def test_the_draft_of_recipients_has_one_place_whatever_their_order() -> None:
    assert draft_place((3, 1)) == draft_place((1, 3))


def test_every_reader_has_an_alert_row_and_the_trail_one_of_the_send(house: House) -> None:
    talk = house.begin(house.ben, house.dana)
    house.reply(house.dana, talk)
    alerts, audit = table(Alert), table(AuditEntry)
    rows = house.run(select(alerts.c.person_id, alerts.c.seq, alerts.c.state).order_by(alerts.c.seq))
    assert rows == [(house.dana.person, 1, "waiting"), (house.ben.person, 2, "waiting")]
    sent = house.run(
        select(audit.c.actor_id, audit.c.client_id, audit.c.seq).where(audit.c.action == "send_message").order_by(audit.c.id)
    )
    assert sent == [(house.ben.person, house.dana.person, 1), (house.dana.person, house.dana.person, 2)]
