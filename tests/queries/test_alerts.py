"""What staff are told of alerts, and who stands behind a link."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import select, update

from chat.actions import letters
from chat.actions.alerts import announce
from chat.actions.deliveries import UNDELIVERED
from chat.delivery import dispatch, push, sms, smtp
from chat.errors import NotFound
from chat.models import Alert
from chat.models.columns import table
from chat.queries import outbox
from chat.queries.alerts import PAGE, REASONS, alerts, of_client, recipient, troubled
from chat.transaction import Who
from tests.databases import House
from tests.outbox import after, claim, leaving, settle
from tests.people import later

ALERTS = table(Alert)


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
    modules = (outbox, dispatch, smtp, sms, push, letters)
    source = "".join(Path(module.__file__ or "").read_text() for module in modules)
    given = re.findall(r'(?:Verdict\("\w+", |Passing\(f?|Final\(f?|"failed", |_again\(mine, )"(\w+)', source)
    assert {*given, UNDELIVERED} == set(REASONS)


def fail(house: House, *people: Who) -> None:
    """These people's alerts came to nothing."""
    for who in people:
        house.run(update(ALERTS).values(state="failed", error="refused 550").where(ALERTS.c.person_id == who.person))


def test_a_list_tells_what_came_to_nothing_and_what_is_tried_again(house: House) -> None:
    house.begin(house.ben, house.dana)
    house.begin(house.ben, house.eli)
    house.begin(house.cleo, house.fay)
    assert house.ask(troubled, who=house.ben) == ([], None), "what only waits is no trouble"
    fail(house, house.dana, house.fay)
    house.run(update(ALERTS).values(error="later 450").where(ALERTS.c.person_id == house.eli.person))
    found, following = house.ask(troubled, who=house.ben)
    assert [(one["name"], one["state"], one["words"]) for one in found] == [
        ("Eli Navarro", "waiting", "The recipient's mail server wants it later (450)."),
        ("Dana Reed", "failed", "The recipient's mail server refuses it (550)."),
    ]
    assert following is None
    assert [one["name"] for one in house.ask(troubled, who=house.cleo)[0]] == ["Fay Lindqvist"]
    everybody = {one["name"] for one in house.ask(troubled, who=house.ada)[0]}
    assert everybody == {"Dana Reed", "Eli Navarro", "Fay Lindqvist"}
    assert house.ask(troubled, who=house.ivy)[0] == []


def test_the_list_goes_on_by_page(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    for _ in range(PAGE):
        house.reply(house.ben, sent)
    fail(house, house.dana)
    first, before = house.ask(troubled, who=house.ben)
    second, end = house.ask(troubled, before, who=house.ben)
    assert (len(first), len(second), end) == (PAGE, 1, None)
    assert len({one["id"] for one in first + second}) == PAGE + 1


def test_a_clients_page_tells_of_every_alert_to_them_and_their_contacts(house: House) -> None:
    sent = house.begin(house.ben, house.dana, subject="Plans")
    house.add_cc(sent, house.hal, (2, None))
    house.reply(house.ben, sent)
    house.begin(house.ben, house.eli)
    house.do(lambda tx, _: announce(tx, house.dana.organization, [house.dana.person], "invitation"), None)
    found = house.ask(of_client, house.dana.person, who=house.ben)
    assert (found[0]["name"], found[0]["kind"]) == ("Dana Reed", "invitation")
    assert sorted(one["name"] for one in found[1:]) == ["Dana Reed", "Dana Reed", "Hal Reed"]
    assert {one["client"] for one in found} == {house.dana.person}


@pytest.mark.parametrize("name", ["dana", "hal", "eli", "kim"])
def test_lists_are_for_staff(house: House, name: str) -> None:
    with pytest.raises(NotFound):
        house.ask(troubled, who=house.cast[name])
    for outsider in (name, "cleo", "ivy"):
        with pytest.raises(NotFound):
            house.ask(of_client, house.dana.person, who=house.cast[outsider])


def test_a_text_that_arrived_is_told_as_delivered(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    house.run(update(ALERTS).values(channel="sms", state="sent", payload="delivered"))
    assert told(house, house.ben, sent.conversation) == [("Dana Reed", "delivered", None)]


def test_whoever_holds_a_link_acts_for_its_person(house: House) -> None:
    assert house.ask(recipient, house.dana.person) == Who(house.dana.person, house.dana.organization, "client")
    assert house.ask(recipient, 10**12) is None
    assert house.run(select(table(Alert).c.id)) == []
