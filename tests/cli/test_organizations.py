"""`quietroom organizations`."""

from __future__ import annotations

from tests.cli.desk import Desk, desk

__all__ = ["desk"]


def test_every_practice_is_listed(desk: Desk) -> None:
    assert desk.done("organizations", "list").splitlines() == [
        "Harbor Counseling\tUTC\tmessaging on",
        "Juniper Clinic\tUTC\tmessaging on",
    ]


def test_a_practice_is_added_with_messaging_off(desk: Desk) -> None:
    assert desk.done("organizations", "add", "Willow House", "--time-zone", "Europe/Paris") == "Willow House is there.\n"
    assert desk.done("organizations", "list").splitlines()[-1] == "Willow House\tEurope/Paris\tmessaging off"


WRONG = [((" ",), "needs a name"), (("Willow", "--time-zone", "Paris"), "time zone"), (("Juniper Clinic",), "is there already")]


def test_what_is_wrong_with_a_new_one_is_one_sentence(desk: Desk) -> None:
    before = desk.done("organizations", "list")
    for command, words in WRONG:
        assert words in desk.refused("organizations", "add", *command)
    assert desk.done("organizations", "list") == before
