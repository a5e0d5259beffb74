"""What staff are told of alerts, and who stands behind a link."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import select

from chat.actions import letters
from chat.delivery import dispatch, push, sms, smtp
from chat.errors import NotFound
from chat.models import Alert
from chat.models.columns import table
from chat.queries import outbox
from chat.queries.alerts import PAGE, REASONS, alerts, recipient
from chat.transaction import Who
from tests.databases import House
from tests.outbox import after, claim, leaving, settle
from tests.people import later


def told(house: House, who: Who, conversation: int) -> list[tuple[str, str, str | None]]:
    found, _ = house.ask(alerts, conversation, who=who)
    return [(one["name"], one["state"], one["reason"]) for one in found]


def test_each_recipients_alert_is_told_with_its_state(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    assert told(house, house.ben, sent.conversation) == [("Dana Reed", "waiting", None)]
    with after(house, seconds=10):
        (mine,) = claim(house).alerts
        assert told(house, house.ben, sent.conversation) == [("Dana Reed", "waiting", None)]  # claimed is our own affair
        settle(house, mine, "waiting", reason="later 450", due_at=later(minutes=1))
    found, following = house.ask(alerts, sent.conversation, who=house.ben)
    assert (found[0]["reason"], found[0]["words"]) == ("later", "The recipient's mail server wants it later (450).")
    assert (found[0]["due_at"], found[0]["settled_at"], following) == (later(minutes=1), None, None)
    leaving(house, minutes=1)
    assert told(house, house.ben, sent.conversation) == [("Dana Reed", "sent", None)]


def test_the_newest_come_first_by_page(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    for _ in range(PAGE):
        house.reply(house.ben, sent)
    first, before = house.ask(alerts, sent.conversation, who=house.ben)
    second, end = house.ask(alerts, sent.conversation, before, who=house.ben)
    assert [one["seq"] for one in first + second] == list(range(PAGE + 1, 0, -1))
    assert (before, end) == (2, None)


@pytest.mark.parametrize("name", ["dana", "hal", "cleo", "eli", "jon", "kim"])
def test_clients_and_outsiders_are_told_nothing(house: House, name: str) -> None:
    sent = house.begin(house.ben, house.dana)
    with pytest.raises(NotFound):
        house.ask(alerts, sent.conversation, who=house.cast[name])


def test_every_reason_has_its_sentence_and_no_other() -> None:
    source = "".join(Path(module.__file__ or "").read_text() for module in (outbox, dispatch, smtp, sms, push, letters))
    given = re.findall(r'(?:Verdict\("\w+", |Passing\(f?|Final\(f?|"failed", |_again\(mine, )"(\w+)', source)
    assert set(given) == set(REASONS)


def test_whoever_holds_a_link_acts_for_its_person(house: House) -> None:
    assert house.ask(recipient, house.dana.person) == Who(house.dana.person, house.dana.organization, "client")
    assert house.ask(recipient, 10**12) is None
    assert house.run(select(table(Alert).c.id)) == []
