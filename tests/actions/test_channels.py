"""What is queued beside an email, once, at its first look."""

from __future__ import annotations

from sqlalchemy import select

from chat.actions.channels import open_other_channels
from chat.models import Alert, Person
from chat.models.columns import table
from chat.queries.outbox import due_alerts
from chat.transaction import Policy, Transaction
from tests.databases import House

ALERTS = table(Alert)


def look(house: House, *, texts: bool = True) -> None:
    """A look at all emails that wait."""

    def run(tx: Transaction, _what: None) -> None:
        tx.policy = Policy(texts=texts)
        open_other_channels(tx, due_alerts(tx, [row[0] for row in house.run(select(ALERTS.c.id))]))

    house.do(run)


def queued(house: House) -> list[tuple[object, ...]]:
    columns = (ALERTS.c.person_id, ALERTS.c.channel, ALERTS.c.seq, ALERTS.c.state)
    return house.run(select(*columns).where(ALERTS.c.channel != "email").order_by(ALERTS.c.seq))


def agree(house: House) -> None:
    house.set(Person, house.dana.person, phone="+12125550123", text_ok=True)


def test_a_second_look_queues_nothing_more(house: House) -> None:
    agree(house)
    sent = house.begin(house.ben, house.dana)
    look(house)
    look(house)
    house.reply(house.ben, sent)
    look(house)
    assert queued(house) == [(house.dana.person, "sms", 1, "waiting"), (house.dana.person, "sms", 2, "waiting")]


def test_an_email_on_its_second_attempt_queues_nothing(house: House) -> None:
    agree(house)
    house.begin(house.ben, house.dana)
    house.run(ALERTS.update().values(attempt=1))
    look(house)
    assert queued(house) == []


def test_where_there_is_no_other_way_out_nothing_is_queued(house: House) -> None:
    agree(house)
    house.begin(house.ben, house.dana)
    look(house, texts=False)
    assert queued(house) == []


def test_what_stops_everything_stops_the_other_channels_too(house: House) -> None:
    agree(house)
    house.begin(house.ben, house.dana)
    house.set(Person, house.dana.person, active=False)
    look(house)
    assert queued(house) == []
