"""Which browsers are told at once."""

from __future__ import annotations

from chat.actions.sessions import sign_out
from chat.lib.clock import DAY
from chat.models import PushSubscription
from chat.models.columns import table
from chat.queries.push import Subscription, subscription, subscriptions
from tests.actions.test_push import SUBSCRIPTION, save, signed_in
from tests.databases import House
from tests.lib.test_webpush import AUTH, BROWSER
from tests.people import NOON


def number(house: House) -> int:
    return int(house.run(table(PushSubscription).select())[0][0])


def test_a_subscription_lives_as_long_as_its_session(house: House) -> None:
    dana = signed_in(house, house.dana)
    save(house, dana)
    people = [house.dana.person, house.eli.person]
    assert house.ask(subscriptions, people) == {house.dana.person: [number(house)]}
    with house.at(NOON + 30 * DAY):
        assert house.ask(subscriptions, people) == {}
    house.do(sign_out, dana)
    assert house.ask(subscriptions, people) == {}
    assert house.ask(subscription, house.dana.person, number(house)) is None


def test_a_subscription_comes_with_the_number_for_the_badge_and_to_its_person_only(house: House) -> None:
    save(house, signed_in(house, house.dana))
    house.begin(house.ben, house.dana)
    house.begin(house.ben, house.dana, subject="More")
    found = house.ask(subscription, house.dana.person, number(house))
    assert found == Subscription(SUBSCRIPTION.endpoint, BROWSER, AUTH, 2)
    assert house.ask(subscription, house.eli.person, number(house)) is None
    assert house.ask(subscriptions, []) == {}
