"""Clients from a list: shown row by row, then added all together or not at all."""

from __future__ import annotations

import dataclasses
from uuid import uuid4

import pytest

from chat.actions.imports import LONGEST, Import, Row, import_clients, parse, preview
from chat.actions.staff import Deactivate
from chat.actions.standing import deactivate
from chat.errors import Conflict, Invalid, NotFound, Refused
from chat.models import Alert, Person
from chat.queries.clients import find_clients
from chat.transaction import Who
from tests.databases import House

LIST = """name,born,email,phone,therapist
Lou Weiss,1990-02-03,Lou@EXAMPLE.org,(555) 010-4477,ben
Max Ader,,,,Cleo Marsh
Mia Ader,,mia@example.org,,CLEO@example.org
Nil Nobody,,,,
"""


def problems(house: House, text: str, by: Who | None = None) -> list[str | None]:
    """What stands in the way of each line."""
    return [row.problem for row in house.ask(preview, parse(text), who=by or house.ada)]


def added(house: House, text: str, by: Who, key: str = "") -> dict[str, int]:
    answer: dict[str, int] = house.do(import_clients, by, Import(key or str(uuid4()), tuple(parse(text))))
    return answer


def names(house: House, who: Who) -> list[str]:
    return [row["name"] for row in house.ask(find_clients, who=who)[0]]


# Reading a list


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_list_is_read_by_the_mark_of_its_first_line(mark: str, end: str) -> None:
    text = "\ufeff" + end.join(
        mark.join(line) for line in (["Name", "DOB"], ['"Reed, Dana; Jr."', " 1994-03-04"], [" ", ""], ["Bo", ""])
    )
    assert parse(text) == [Row(2, "Reed, Dana; Jr.", "1994-03-04"), Row(4, "Bo")]


def test_blanks_before_a_quote_do_no_harm() -> None:
    assert parse('name, email\nLou, "lou@example.org"\n') == [Row(2, "Lou", None, "lou@example.org")]


@pytest.mark.parametrize(
    ("header", "field"),
    [("Full Name", "name"), ("NAME", "name"), ("Date of Birth", "born"), ("E-Mail", "email"), ("Mobile", "phone")],
)
def test_columns_have_more_names_than_one(header: str, field: str) -> None:
    other = "therapist" if field == "name" else "name"
    (row,) = parse(f"ignored,{header},{other}\nx,value,y\n")
    assert getattr(row, field) == "value"


@pytest.mark.parametrize("text", ["name\nDana O'Neil\n'Bo'\n", "name\nDana O'Neil\n\"'Bo'\""])
def test_apostrophes_are_part_of_a_name(text: str) -> None:
    assert [row.name for row in parse(text)] == ["Dana O'Neil", "'Bo'"]


def test_a_short_line_leaves_the_rest_empty_and_a_long_one_is_a_problem(house: House) -> None:
    assert problems(house, "name,born\nLou\nMax,,\n") == [None, None]
    (problem,) = problems(house, "name\nLou, Jr.\n")
    assert problem is not None
    assert "more fields" in problem


@pytest.mark.parametrize("text", ["", "\n", "first,last\nLou,Weiss\n", 'name\n"Lou', "name\n" + "x" * 200_000])
def test_what_is_no_list_is_refused_with_what_to_do(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse(text)
    assert caught.value.details == {"field": "csv"}


def test_a_list_has_a_limit() -> None:
    assert len(parse("name\n" + "Lou\n" * LONGEST)) == LONGEST
    with pytest.raises(Invalid, match="5,001"):
        parse("name\n" + "Lou\n" * (LONGEST + 1))


# The preview


def test_the_preview_shows_what_would_be_added_and_writes_nothing(house: House) -> None:
    before = house.state()
    rows = house.ask(preview, parse(LIST), who=house.ada)
    ben, cleo = house.ben.person, house.cleo.person
    assert rows == [
        Row(2, "Lou Weiss", "1990-02-03", "Lou@example.org", "+15550104477", "ben", ben),
        Row(3, "Max Ader", None, None, None, "Cleo Marsh", cleo),
        Row(4, "Mia Ader", None, "mia@example.org", None, "CLEO@example.org", cleo),
        Row(5, "Nil Nobody"),
    ]
    assert house.state() == before


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (",,,,", None),
        (" ,1990-02-03,,,", "1 to 120 characters"),
        ("Lo\x00u,,,,", "control characters"),
        ("Lou,yesterday,,,", "year-month-day"),
        ("Lou,,nowhere,,", "email address"),
        ("Lou,,,123,", "phone number"),
        ("Lou,,,,Jon Bauer", "no active member of staff called “Jon Bauer”"),
        ("Lou,,,,dana", "no active member of staff"),
        ("dana  RÉED,1994-03-04,,,", "is here already"),
        ("M\ufffdller,,,,", "CSV UTF-8"),
    ],
)
def test_each_line_names_its_own_problem(house: House, line: str, words: str | None) -> None:
    found = problems(house, f"name,born,email,phone,therapist\nMax,,,,\n{line}\n")
    assert found[0] is None
    assert len(found) == (1 if words is None else 2)
    assert words is None or words in (found[1] or "")


def test_a_namesake_born_on_another_day_or_of_another_practice_or_role_is_somebody_else(house: House) -> None:
    assert problems(house, "name,born\nDana Reed,1994-03-05\nKim Sato,1990-05-21\nBen Larsen,\nHal Reed,\n") == [None] * 4


def test_a_namesake_whose_date_of_birth_is_missing_on_either_side_is_told_as_perhaps_here_already(house: House) -> None:
    lou = house.someone("client", "Lou Weiss", like=house.ben)
    rows = house.ask(
        preview, parse("name,born\nDana Reed,\nLOU Weiss,1990-02-03\nEli Navarro,1988-07-20\nMax Ader,\n"), who=house.ada
    )
    assert [row.problem for row in rows] == [None] * 4
    dana, named, other, nobody = (row.doubt for row in rows)
    assert dana is not None
    assert named is not None
    assert (dana.partition(":")[0], named.partition(":")[0], other, nobody) == ("Perhaps here already",) * 2 + (None, None)
    house.set(Person, lou.person, born="1990-02-04")
    assert house.ask(preview, parse("name,born\nLou Weiss,1990-02-03\n"), who=house.ada)[0].doubt is None
    added(house, "name,born\nDana Reed,\n", house.ada)
    assert names(house, house.ada).count("Dana Reed") == 2, "a doubt is told, and forbids nothing"


def test_lines_of_one_name_are_told_as_perhaps_the_same_where_one_has_no_date_of_birth(house: House) -> None:
    rows = house.ask(preview, parse("name,born\nLou,1990-02-03\nLOU,\nMax,1990-02-03\nMax,1990-02-04\n"), who=house.ada)
    assert ["in the list twice" in (row.doubt or "") for row in rows] == [True, True, False, False]


def test_an_inactive_client_is_here_already_too(house: House) -> None:
    house.do(deactivate, house.ada, Deactivate(house.dana.person))
    assert None not in problems(house, "name,born\nDana Reed,1994-03-04\n")


def test_who_stands_in_the_list_twice_is_a_problem_in_both_lines(house: House) -> None:
    found = problems(house, "name,born\nLou,1990-02-03\nMax,\nLOU,1990-02-03\nLou,\n")
    assert ["twice" in (problem or "") for problem in found] == [True, False, True, False]


def test_deactivated_staff_take_nobody(house: House) -> None:
    house.do(deactivate, house.ada, Deactivate(house.ben.person, house.cleo.person))
    assert "no active" in (problems(house, "name,therapist\nLou,ben\n")[0] or "")


def test_a_name_that_two_of_the_team_have_needs_the_username(house: House) -> None:
    other = house.someone("therapist", "Ben Larsen", like=house.ada, username="benl")
    assert "Several" in (problems(house, "name,therapist\nLou,Ben Larsen\n")[0] or "")
    rows = house.ask(preview, parse("name,therapist\nLou,benl\nMax,ben\n"), who=house.ada)
    assert [(row.problem, row.therapist_id) for row in rows] == [(None, other.person), (None, house.ben.person)]


def test_a_therapist_looks_after_all_whom_they_add(house: House) -> None:
    rows = house.ask(preview, parse("name,therapist\nLou,Cleo Marsh\nMax,somebody\nMia,\n"), who=house.ben)
    assert [(row.problem, row.therapist_id) for row in rows] == [(None, house.ben.person)] * 3


# Adding


def test_all_of_a_list_is_added_to_those_it_names(house: House) -> None:
    assert added(house, LIST, house.ada) == {"added": 4}
    assert {"Lou Weiss", "Max Ader", "Mia Ader", "Nil Nobody"} < set(names(house, house.ada))
    assert names(house, house.cleo) == ["Fay Lindqvist", "Max Ader", "Mia Ader"]
    assert "Lou Weiss" in names(house, house.ben)
    lou = next(row for row in house.ask(find_clients, "lou", who=house.ben)[0])
    assert (lou["born"], lou["email"], lou["phone"]) == ("1990-02-03", "Lou@example.org", "+15550104477")
    assert (lou["active"], lou["messaging_enabled"], lou["invited"]) == (True, False, True)
    assert house.count(Alert) == 0


def test_one_line_with_a_problem_keeps_all_out(house: House) -> None:
    before = house.state()
    what = Import(str(uuid4()), tuple(parse(LIST + "Dana Reed,1994-03-04,,,\n")))
    refusal = house.refusal(import_clients, house.ada, what)
    assert (type(refusal), refusal.details) == (Refused, {"field": "csv"})
    assert "Line 6:" in refusal.message
    assert "Nothing was added." in refusal.message
    assert house.state() == before


def test_the_same_key_adds_once_and_answers_alike(house: House) -> None:
    key = str(uuid4())
    answer = added(house, LIST, house.ada, key)
    before = house.state()
    assert added(house, LIST, house.ada, key) == answer
    assert house.state() == before
    other = Import(key, tuple(parse("name\nAnother\n")))
    assert isinstance(house.refusal(import_clients, house.ada, other), Conflict)
    assert house.state() == before
    # Under another key it is another command: then all of them are here already.
    assert isinstance(house.refusal(import_clients, house.ada, Import(str(uuid4()), tuple(parse(LIST)))), Refused)


def test_only_staff_add_lists(house: House) -> None:
    before = house.state()
    scoped = dataclasses.replace(house.ada, scope={})
    for who in (house.dana, house.hal, scoped):
        assert isinstance(house.refusal(import_clients, who, Import(str(uuid4()), tuple(parse(LIST)))), NotFound)
        with pytest.raises(NotFound):
            house.ask(preview, parse(LIST), who=who)
    assert house.state() == before
