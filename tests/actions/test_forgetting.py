"""What is long over goes, a few at a time; what still means something stays."""

from __future__ import annotations

import pytest
from sqlalchemy import func, insert, select, update

from chat.actions import forgetting
from chat.actions.forgetting import ALERTS_KEPT, EVENTS_KEPT, LINKS_KEPT, forget_alerts
from chat.actions.quick_links import Opening, open_quick_link
from chat.actions.texts import Received, receive_text
from chat.lib.clock import DAY
from chat.models import Alert, AuditEntry, QuickLink, QuickLinkSession, TextReceived
from chat.models.columns import table
from tests.databases import House
from tests.outbox import leaving
from tests.people import NOON

ALERTS, LINKS, USES, RECEIVED, AUDIT = (table(one) for one in (Alert, QuickLink, QuickLinkSession, TextReceived, AuditEntry))


def count(house: House, *tables: object) -> list[int]:
    return [house.run(select(func.count()).select_from(one))[0][0] for one in tables]  # type: ignore[arg-type]


def forget(house: House, instant: int) -> bool:
    """One step of the job at this instant."""
    with house.at(instant):
        more: bool = house.do(forget_alerts, None, None)
    return more


@pytest.fixture
def opened(house: House) -> House:
    """An alert that was sent, its link that was opened, and a text that came in."""
    house.begin(house.ben, house.dana)
    (letter,) = leaving(house, seconds=10)
    with house.at(NOON + 11_000):
        house.do(open_quick_link, None, Opening(letter.word or ""))
        house.do(receive_text, None, Received("SM1", "+12125550123", "STOP"))
    return house


def test_each_kind_is_kept_as_long_as_it_is_of_use(opened: House) -> None:
    assert count(opened, ALERTS, LINKS, USES, RECEIVED) == [1, 1, 1, 1]
    trail = count(opened, AUDIT)
    forget(opened, NOON + EVENTS_KEPT)
    assert count(opened, ALERTS, LINKS, USES, RECEIVED) == [1, 1, 1, 1]
    forget(opened, NOON + EVENTS_KEPT + DAY)
    assert count(opened, ALERTS, LINKS, USES, RECEIVED) == [1, 1, 1, 0]
    forget(opened, NOON + ALERTS_KEPT + DAY)
    assert count(opened, ALERTS, LINKS, USES) == [0, 1, 1]
    forget(opened, NOON + LINKS_KEPT + DAY)
    assert count(opened, LINKS, USES) == [0, 0]
    assert count(opened, AUDIT) == trail, "the audit trail keeps what must be kept"


def test_what_waits_is_not_forgotten_however_old(opened: House) -> None:
    opened.run(update(ALERTS).values(state="waiting", settled_at=None))
    forget(opened, NOON + 10 * LINKS_KEPT)
    assert count(opened, ALERTS) == [1]


def test_a_step_is_small_and_says_whether_there_is_more(opened: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forgetting, "STEP", 2)
    for number in range(4):
        opened.run(insert(RECEIVED).values(sid=f"SM{number + 2}", at=NOON, claim="x"))
    assert forget(opened, NOON + EVENTS_KEPT + DAY) is True
    assert count(opened, RECEIVED) == [3]
    assert forget(opened, NOON + EVENTS_KEPT + DAY) is True
    assert forget(opened, NOON + EVENTS_KEPT + DAY) is False
    assert count(opened, RECEIVED) == [0]
