"""Keeping counted days: once, and no longer than they are shown."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from chat.actions.tallies import Counted, keep_tallies
from chat.models import Tally
from chat.queries.tallies import Count, Counts, window
from tests.databases import House
from tests.tallies import days_of, numbers

DAY = date(2026, 3, 4)


def kept(house: House, counts: Counts, organization: int | None = None) -> None:
    house.do(keep_tallies, None, Counted(organization or house.ada.organization, counts))


def test_a_day_is_kept_for_the_practice_and_for_each_who_is_in_it(house: House) -> None:
    kept(house, {(DAY, 0): Count(3, 2, 1, Counter({15: 1, 120: 2})), (DAY, house.ben.person): Count(sent=2)})
    assert numbers(house, house.ada, whole=True) == {"2026-03-04": (3, 2, 1, '{"15":1,"120":2}')}
    assert numbers(house, house.ben) == {"2026-03-04": (0, 2, 0, "{}")}


def test_a_day_that_was_kept_stays_as_it_is_whoever_comes_later(house: House) -> None:
    for number in (1, 2):
        kept(house, {(DAY, 0): Count(received=number)})
    assert numbers(house, house.ada, whole=True) == {"2026-03-04": (1, 0, 0, "{}")}


def test_days_that_are_no_longer_shown_go_and_no_other_practices(house: House) -> None:
    first = window(DAY)
    for organization in (house.ada.organization, house.ivy.organization):
        kept(house, {(first - timedelta(days=1), 0): Count(), (first, 0): Count()}, organization)
    assert house.count(Tally) == 4
    kept(house, {(DAY, 0): Count(), (DAY, house.ben.person): Count(sent=1)})
    assert days_of(house, house.ada) == [first, DAY]
    assert days_of(house, house.ivy) == [first - timedelta(days=1), first]
