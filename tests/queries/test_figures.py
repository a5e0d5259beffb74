"""What operators watch: how the outbox stands."""

from __future__ import annotations

from sqlalchemy import func, select, update

from chat.models import Alert
from chat.models.columns import table
from chat.queries.figures import outbox_figures
from tests.databases import House
from tests.people import NOON, later

ALERTS = table(Alert)


def stand(house: House, **values: object) -> None:
    """Put the newest alert into a state."""
    newest = select(func.max(ALERTS.c.id)).scalar_subquery()
    house.run(update(ALERTS).where(ALERTS.c.id == newest).values(**values))


def test_an_empty_outbox_has_nothing_to_tell(house: House) -> None:
    assert house.ask(outbox_figures) == (0, 0, 0.0)


def test_what_is_due_counts_and_what_is_not_due_yet_does_not(house: House) -> None:
    house.begin(house.ben, house.dana)
    assert house.ask(outbox_figures) == (0, 0, 0.0), "its ten seconds are not over"
    with house.at(later(minutes=5)):
        assert house.ask(outbox_figures) == (1, 0, 290.0)
        stand(house, state="claimed")
        assert house.ask(outbox_figures)[0] == 1, "handed to somebody who has not come back"


def test_failures_count_for_a_day_and_what_was_sent_does_not(house: House) -> None:
    house.begin(house.ben, house.dana)
    stand(house, state="sent", settled_at=NOON)
    assert house.ask(outbox_figures) == (0, 0, 0.0)
    stand(house, state="failed", settled_at=NOON)
    assert house.ask(outbox_figures) == (0, 1, 0.0)
    with house.at(later(days=1, seconds=1)):
        assert house.ask(outbox_figures) == (0, 0, 0.0)
