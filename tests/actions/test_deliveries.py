"""What the carrier made of a text, as the gateway tells it: late, twice, and in any order."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from chat.actions.deliveries import TextState, note_text_state
from chat.models import Alert, Person, TextConsent
from chat.models.columns import table
from chat.queries.texts import texts
from tests.databases import House

ALERTS, CONSENTS, PEOPLE = table(Alert), table(TextConsent), table(Person)


@pytest.fixture
def alert(house: House) -> int:
    """A text about a message to Dana that the gateway has taken."""
    house.begin(house.ben, house.dana)
    house.run(update(ALERTS).values(channel="sms", state="sent"))
    return int(house.run(select(ALERTS.c.id))[0][0])


def told(house: House, alert: int, *words: str, code: int = 0) -> tuple[str, str | None, str | None]:
    for word in words:
        house.do(note_text_state, None, TextState(alert, word, code))
    ((state, error, payload),) = house.run(select(ALERTS.c.state, ALERTS.c.error, ALERTS.c.payload))
    return state, error, payload


@pytest.mark.parametrize("word", ["queued", "sending", "sent", "accepted", "", "invented"])
def test_what_is_under_way_says_nothing_new(house: House, alert: int, word: str) -> None:
    assert told(house, alert, word, code=30003) == ("sent", None, None)


def test_a_delivered_text_stays_so_whatever_comes_late(house: House, alert: int) -> None:
    assert told(house, alert, "delivered", "delivered", "sent", "undelivered") == ("sent", None, "delivered")


@pytest.mark.parametrize("word", ["undelivered", "failed"])
def test_an_undelivered_text_failed_with_the_carriers_code(house: House, alert: int, word: str) -> None:
    assert told(house, alert, word, code=30003) == ("failed", "undelivered 30003", "undelivered")
    assert told(house, alert, word, code=30005) == ("failed", "undelivered 30003", "undelivered"), "each is noted once"
    assert told(house, alert, "delivered") == ("sent", None, "delivered"), "the carrier came through after all"


def test_without_a_code_it_failed_all_the_same(house: House, alert: int) -> None:
    assert told(house, alert, "failed") == ("failed", "undelivered", "undelivered")


def test_a_state_that_comes_before_we_noted_the_handing_over_counts(house: House, alert: int) -> None:
    house.run(update(ALERTS).values(state="claimed"))
    assert told(house, alert, "delivered") == ("claimed", None, "delivered")
    house.run(update(ALERTS).values(payload=None))
    assert told(house, alert, "failed", code=30003) == ("failed", "undelivered 30003", "undelivered")


@pytest.mark.parametrize("code", [21610, 30004])
def test_a_blocked_number_is_recorded_for_staff_once(house: House, alert: int, code: int) -> None:
    house.set(Person, house.dana.person, phone="+12125550123", text_ok=True)
    assert told(house, alert, "failed", "failed", code=code) == ("failed", f"blocked {code}", "undelivered")
    view = house.ask(texts, house.dana.person, who=house.ben)
    assert [one["event"] for one in view["events"]] == ["blocked"]
    assert "carrier" in (view["blocked"] or "")


def test_only_a_text_can_be_told_of(house: House) -> None:
    house.begin(house.ben, house.dana)
    house.run(update(ALERTS).values(state="sent"))
    number = int(house.run(select(ALERTS.c.id))[0][0])
    house.do(note_text_state, None, TextState(10**12, "delivered"))
    for word in ("delivered", "failed"):
        assert told(house, number, word, code=30003) == ("sent", None, None)
