"""What outranks the trash, as its readers are told."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from chat.access import ORGANIZATIONS
from chat.actions.holds import HeldClient, set_hold
from chat.actions.mailboxes import Selection, move_to_trash
from chat.lib.clock import DAY
from chat.queries.keeping import FOREVER, YEAR, Keeping, keeping, kept_view, outranked
from tests.databases import House
from tests.people import NOON, later


def rule(house: House, **values: object) -> None:
    """The practice's rule, as it stands in the table."""
    house.run(update(ORGANIZATIONS).where(ORGANIZATIONS.c.id == house.ada.organization).values(**values))


def test_what_may_be_erased_is_older_than_the_retention_and_nothing_while_it_is_held() -> None:
    assert Keeping(0, 0).erasable(NOON) == FOREVER, "also what a wrong clock has sent tomorrow"
    assert Keeping(0, 2).erasable(NOON) == NOON - 2 * 366 * DAY
    assert Keeping(0, 0, "Dana Reed").erasable(NOON) is None
    assert Keeping(None, 0).erasable(NOON) is None


def test_a_retention_is_never_shorter_than_the_calendars_years() -> None:
    assert YEAR >= 366 * DAY
    assert outranked(Keeping(0, 1), NOON, NOON + YEAR, staff=True) is None
    refusal = outranked(Keeping(0, 1), NOON, NOON + YEAR - 1, staff=False)
    assert refusal is not None
    assert refusal.details == {"kept_by": "retention", "until": NOON + YEAR}
    assert "at least 1 year." in refusal.message
    assert "at least 7 years." in outranked(Keeping(0, 7), NOON, NOON, staff=False).message  # type: ignore[union-attr]


def test_without_a_rule_nothing_stands_in_the_way_whatever_the_clock_did() -> None:
    assert outranked(Keeping(0, 0), NOON, NOON - DAY, staff=True) is None
    assert outranked(Keeping(0, 7), None, NOON, staff=True) is None


@pytest.mark.parametrize(("staff", "told"), [(True, "hold"), (False, None)])
def test_only_staff_are_told_of_a_hold(staff: bool, told: str | None) -> None:
    found = kept_view(Keeping(0, 0, "Dana Reed"), NOON, NOON, staff=staff)
    assert (found["kept_by"] if found else None) == told


def test_a_practice_that_deletes_nothing_says_so_to_everybody() -> None:
    for staff in (True, False):
        found = kept_view(Keeping(None, 7, "Dana Reed"), NOON, NOON, staff=staff)
        assert found is not None
        assert (found["kept_by"], found["until"]) == ("practice", None)


def test_each_conversation_has_the_rules_of_its_own_practice_and_client(house: House) -> None:
    held, free, team = (house.begin(house.ben, other) for other in (house.dana, house.eli, house.cleo))
    foreign = house.begin(house.jon, house.kim)
    house.do(set_hold, house.ada, HeldClient(house.dana.person, "A court"))
    rule(house, deletes_since=5, retention_years=3)
    found = house.ask(keeping, [place.conversation for place in (held, free, team, foreign)])
    assert found == {
        held.conversation: Keeping(5, 3, "Dana Reed"),
        free.conversation: Keeping(5, 3),
        team.conversation: Keeping(5, 3),
        foreign.conversation: Keeping(0, 0),
    }
    assert house.ask(keeping, []) == {}


def test_the_row_in_the_trash_says_what_keeps_it_and_no_other_row_does(house: House) -> None:
    talk, other = house.begin(house.ben, house.dana), house.begin(house.ben, house.eli)
    house.do(move_to_trash, house.ben, Selection((talk.conversation,)))
    rule(house, retention_years=1)
    row = house.row(house.ben, talk)
    assert row["kept"] is not None
    assert (row["deleted_at"], row["kept"]["kept_by"], row["kept"]["until"]) == (later(days=15), "retention", NOON + YEAR)
    assert (house.row(house.ben, other)["kept"], house.row(house.ben, other)["deleted_at"]) == (None, None)
    rule(house, deletes_since=None)
    row = house.row(house.ben, talk)
    assert row["kept"] is not None
    assert (row["deleted_at"], row["kept"]["kept_by"]) == (None, "practice")


def test_the_fifteen_days_begin_anew_when_deleting_is_turned_on_again(house: House) -> None:
    with house.at(NOON):
        talk = house.begin(house.ben, house.dana)
        house.do(move_to_trash, house.ben, Selection((talk.conversation,)))
        rule(house, deletes_since=None)
    with house.at(later(days=40)):
        assert house.sees(house.ben, talk)
        rule(house, deletes_since=later(days=40))
        assert house.row(house.ben, talk)["deleted_at"] == later(days=55)
    with house.at(later(days=55) - 1):
        assert house.sees(house.ben, talk)
    with house.at(later(days=55)):
        assert not house.sees(house.ben, talk)
