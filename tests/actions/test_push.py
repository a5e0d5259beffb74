"""Switching push messages on and off, and what leaves by them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from chat.actions.alerts import Claim, Outcome, claim_alerts, settle_alert
from chat.actions.letters import Letter
from chat.actions.marks import MarkRead, mark_read
from chat.actions.push import ForgetPush, SavePush, forget_push, save_push
from chat.actions.sessions import SignIn, sign_in, sign_out
from chat.errors import Invalid, NotFound
from chat.models import PushSubscription
from chat.models.columns import table
from chat.queries.sessions import session_of
from chat.transaction import Policy, Transaction, Who
from tests.databases import House
from tests.lib.test_webpush import AUTH, BROWSER
from tests.outbox import claim as plain_claim
from tests.outbox import prepare, settle
from tests.people import NOON, later

PUSHES = table(PushSubscription)
HOSTS = ("updates.push.services.mozilla.com",)
POLICY = Policy(push_hosts=HOSTS)
SUBSCRIPTION = SavePush(f"https://{HOSTS[0]}/wpush/v2/abc", BROWSER, AUTH)


def with_push(action: Callable[..., Any]) -> Callable[..., Any]:
    """The action, where there are push services."""

    def run(tx: Transaction, what: Any) -> Any:
        tx.policy = POLICY
        return action(tx, what)

    return run


def signed_in(house: House, who: Who) -> Who:
    """The person in a session of their own."""
    token = house.do(sign_in, None, SignIn(who.person, "192.0.2.1"))
    session = house.ask(session_of, token, "192.0.2.1")
    assert session is not None
    return session.who


def save(house: House, who: Who, endpoint: str = SUBSCRIPTION.endpoint) -> None:
    house.do(with_push(save_push), who, replace(SUBSCRIPTION, endpoint=endpoint))


def leaving(house: House, **time: float) -> list[Letter]:
    """All that leaves at a time."""
    letters = []
    with house.at(later(**time)):
        while (claimed := house.do(with_push(claim_alerts), None, Claim(100))).more:
            for mine in claimed.alerts:
                letter = prepare(house, mine)
                if letter:
                    letters.append(letter)
                    settle(house, mine, letter=letter)
    return letters


def test_a_browser_that_wants_it_is_told_beside_the_email(house: House) -> None:
    save(house, signed_in(house, house.dana))
    house.begin(house.ben, house.dana)
    pushes = [one for one in leaving(house, seconds=10) if one.template == "push"]
    (letter,) = pushes
    assert (letter.address, letter.keys, letter.unread) == (SUBSCRIPTION.endpoint, (BROWSER, AUTH), 1)
    assert (letter.word, letter.link) == (None, None)


def test_each_message_is_told_at_once_and_each_browser_once(house: House) -> None:
    for number in range(2):
        save(house, signed_in(house, house.dana), f"https://{HOSTS[0]}/{number}")
    sent = house.begin(house.ben, house.dana)
    assert [one.template for one in leaving(house, seconds=10)].count("push") == 2
    with house.at(later(seconds=20)):
        house.reply(house.ben, sent)
    later_ones = [leaving(house, **time) for time in ({"seconds": 30}, {"minutes": 5}, {"minutes": 16})]
    assert [one.template for letters in later_ones for one in letters].count("push") == 2


def test_staff_are_told_by_push_whatever_they_chose_for_emails(house: House) -> None:
    save(house, signed_in(house, house.ben))
    sent = house.begin(house.dana, house.ben)
    assert "push" in [one.template for one in leaving(house, minutes=15)]
    with house.at(later(minutes=16)):
        house.reply(house.dana, sent)
    assert [one.template for one in leaving(house, minutes=31)] == ["push"]  # the email waits for its hour


def test_who_has_read_it_is_not_told(house: House) -> None:
    save(house, signed_in(house, house.dana))
    sent = house.begin(house.ben, house.dana)
    house.do(mark_read, house.dana, MarkRead(*sent))
    assert leaving(house, seconds=10) == []


def test_a_browser_whose_session_ended_meanwhile_is_not_told(house: House) -> None:
    dana = signed_in(house, house.dana)
    save(house, dana)
    house.begin(house.ben, house.dana)
    house.do(sign_out, dana)
    assert [one.template for one in leaving(house, seconds=10)] == ["message"]


def test_without_push_services_nothing_is_queued(house: House) -> None:
    save(house, signed_in(house, house.dana))
    house.begin(house.ben, house.dana)
    with house.at(later(seconds=10)):
        assert [one.channel for one in plain_claim(house).alerts] == ["email"]


def test_a_browser_has_one_subscription_and_it_is_its_last_ones(house: House) -> None:
    dana, eli = signed_in(house, house.dana), signed_in(house, house.eli)
    save(house, dana, f"https://{HOSTS[0]}/old")
    save(house, dana)
    save(house, eli)  # somebody else signs in at the same browser
    assert house.run(select(PUSHES.c.person_id, PUSHES.c.endpoint)) == [(eli.person, SUBSCRIPTION.endpoint)]


def test_it_is_switched_off_by_its_owner_only(house: House) -> None:
    dana = signed_in(house, house.dana)
    save(house, dana)
    house.do(forget_push, house.eli, ForgetPush(SUBSCRIPTION.endpoint))
    assert house.count(PushSubscription) == 1
    house.do(forget_push, dana, ForgetPush(SUBSCRIPTION.endpoint))
    house.do(forget_push, dana, ForgetPush(SUBSCRIPTION.endpoint))
    assert house.count(PushSubscription) == 0


@pytest.mark.parametrize(
    "change",
    [
        {"endpoint": "https://10.0.0.1/internal"},
        {"endpoint": f"https://{HOSTS[0]}/{'a' * 1_000}"},
        {"p256dh": "AAAA"},
        {"auth": "AAAA"},
    ],
)
def test_what_no_browser_would_say_is_refused(house: House, change: dict[str, str]) -> None:
    dana = signed_in(house, house.dana)
    assert isinstance(house.refusal(with_push(save_push), dana, replace(SUBSCRIPTION, **change)), Invalid)
    assert house.count(PushSubscription) == 0


def test_a_quick_links_session_gets_no_pushes(house: House) -> None:
    scoped = replace(signed_in(house, house.dana), scope={1: NOON * 2})
    for action, what in ((with_push(save_push), SUBSCRIPTION), (forget_push, ForgetPush("x"))):
        assert isinstance(house.refusal(action, scoped, what), NotFound)


def test_a_browser_that_is_gone_is_forgotten(house: House) -> None:
    save(house, signed_in(house, house.dana))
    house.begin(house.ben, house.dana)
    with house.at(later(seconds=10)):
        house.do(with_push(claim_alerts), None, Claim(1))
        (mine,) = house.do(with_push(claim_alerts), None, Claim(1)).alerts
        assert mine.channel == "push"
        assert house.do(settle_alert, None, Outcome(mine.alert, mine.attempt, "failed", "gone"))
    assert house.count(PushSubscription) == 0
