"""The overview as a page: each picture with its words and the same numbers as a table, for staff alone."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from chat.actions.tallies import Counted, keep_tallies
from chat.queries.tallies import WAITS, Count
from tests.web.doors import Doors

PATH = "/api/overview"


def last_monday() -> date:
    """The first day of a week that is over."""
    today = datetime.now(UTC).date()
    return today - timedelta(days=today.weekday() + 7)


async def keep(doors: Doors, who: str, *weeks: Count) -> None:
    """Weeks of somebody, or of the practice for an administrator; the last of them is the last one that is over."""
    person, first = doors.practice.people[who], last_monday() - timedelta(days=7 * (len(weeks) - 1))
    number = 0 if person.role == "administrator" else person.person
    counts = {(first + timedelta(days=7 * at), number): week for at, week in enumerate(weeks)}
    counts |= {(first + timedelta(days=7 * at), 0): Count() for at in range(len(weeks))} if number else {}
    counts.setdefault((last_monday() + timedelta(days=6), 0), Count())
    await doors.desk.runtime.perform(keep_tallies, None, Counted(person.organization, counts), job=True)


async def page(doors: Doors, who: str, **headers: str) -> Element:
    """The page, which is good XML but for its first line and one tag."""
    answer = await doors.get(doors.practice.cookies[who], PATH, **headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    text = answer.text.removeprefix("<!doctype html>").replace('<meta charset="utf-8">', "")
    return ElementTree.fromstring(text)  # noqa: S314  our own


def figures(root: Element) -> dict[str, Element]:
    """The parts of the page by their titles."""
    return {part.findtext("h2") or "": part for part in root.iter("section")}


def table(part: Element) -> list[list[str]]:
    """The numbers of a part, the newest week first, without the weeks' own words."""
    return [["".join(cell.itertext()) for cell in row.iter("td")] for row in part.findall(".//tbody/tr")]


def drawn(part: Element, kind: str = "rect") -> list[str | None]:
    """What the bars or dots of a part say, the oldest first."""
    picture = part.find("svg")
    assert picture is not None
    return [one.findtext("title") for one in picture.iter(kind)]


def marks(part: Element) -> list[str | None]:
    """The words of a picture's scale."""
    return [one.text for one in part.iter("text") if one.attrib["text-anchor"] == "end"]


async def test_each_picture_has_a_title_a_description_and_its_numbers_as_a_table(doors: Doors) -> None:
    await keep(doors, "ada", Count(1200, 3, 2, Counter({45: 1, 90: 1, 2880: 1})), Count(), Count(5, 6, 0, Counter({10080: 2})))
    found = figures(await page(doors, "ada"))
    assert list(found) == ["Messages per week", "Time to the first answer", "Unread after a day"]
    for title, part in found.items():
        picture = part.find("svg")
        assert picture is not None
        named = {one.attrib.get("id"): one.text for one in picture if one.tag in {"title", "desc"}}
        assert picture.attrib["role"] == "img"
        assert [bool(named[name]) for name in picture.attrib["aria-labelledby"].split()] == [True, True]
        assert title in named.values()
        assert part.attrib["aria-labelledby"] == part.find(".//table").attrib["aria-labelledby"]  # type: ignore[union-attr]
    messages, answers, unread = found.values()
    assert table(messages) == [["5", "6"], ["0", "0"], ["1,200", "3"]]
    assert table(answers) == [["7 days", "2"], ["–", "0"], ["1.5 hours", "3"]]
    assert table(unread) == [["0"], ["0"], ["2"]]
    assert [one.attrib["class"] for one in messages.findall("ul//rect")] == ["plot-bar plot-0", "plot-bar plot-1"]


async def test_pictures_say_what_the_table_says(doors: Doors) -> None:
    await keep(doors, "ada", Count(1200, 3, 2, Counter({90: 1})), Count(), Count(5, 6))
    messages, answers, unread = figures(await page(doors, "ada")).values()
    week = f"{last_monday():%b} {last_monday().day}"
    assert drawn(messages)[2] == f"Week from {week}: 5"
    assert [(told or "").partition(": ")[2] for told in drawn(messages)] == ["1,200", "0", "5", "3", "0", "6"]
    assert [(told or "").partition(": ")[2] for told in drawn(answers, "circle")] == ["1.5 hours"]
    assert len(drawn(unread)) == 3
    assert marks(messages) == ["0", "500", "1K", "1.5K"]
    assert "From clients: from 0 to 1,200 a week, most recently 5." in (messages.findtext(".//desc") or "")
    assert answers.findtext(".//desc") == "Half within: from 1.5 hours to 1.5 hours a week, most recently 1.5 hours."


async def test_a_therapist_is_spoken_to_and_sees_other_words_for_their_own(doors: Doors) -> None:
    await keep(doors, "ada", Count(70, 80))
    await keep(doors, "ben", Count(2, 1))
    own, whole = ["".join((await page(doors, who)).itertext()) for who in ("ben", "ada")]
    assert "From you" in own
    assert "Only you see these numbers" in own
    assert not {"70", "80"} & set(own.split())
    assert "From the team" in whole
    assert "you" not in whole.lower().split()


@pytest.mark.parametrize(
    ("waits", "least", "most"),
    [
        ((1,), "1 min", "15 min"), ((45,), "15 min", "4 hr"), ((WAITS[-1],), "12 wks", "520 wks"),
        ((1, WAITS[-1]), "1 min", "520 wks"), ((1, 120_960), "1 min", "12 wks"), ((), "1 min", "15 min"),
    ],
)  # fmt: skip
async def test_the_scale_of_times_holds_the_shortest_and_the_longest(
    doors: Doors, waits: tuple[int, ...], least: str, most: str
) -> None:
    weeks = [Count(1, 1, 0, Counter({minutes: 1})) for minutes in waits]
    await keep(doors, "ada", *(weeks or [Count(1, 1)]))
    part = figures(await page(doors, "ada"))["Time to the first answer"]
    heights = [float(one.attrib["cy"]) for one in part.iter("circle")]
    assert 3 <= len(marks(part)) <= 6
    assert (marks(part)[0], marks(part)[-1]) == (least, most)
    assert len(heights) == len(weeks)
    assert heights == sorted(heights, reverse=True)
    assert all(10 <= height <= 128 for height in heights)


async def test_extreme_numbers_have_short_words_at_the_scale(doors: Doors) -> None:
    await keep(doors, "ada", Count(10**9, 1, 10**6))
    messages, _, unread = figures(await page(doors, "ada")).values()
    assert marks(messages) == ["0", "500M", "1B"]
    assert table(messages) == [["1,000,000,000", "1"]]
    assert max(len(word or "") for word in marks(unread)) <= 5


async def test_a_week_that_is_not_over_is_marked_in_picture_and_table(doors: Doors) -> None:
    await keep(doors, "ada", Count(1, 1, 1, Counter({5: 1})))
    assert "so far" not in "".join((await page(doors, "ada")).itertext())
    ada = doors.practice.people["ada"]
    counts = {(last_monday() + timedelta(days=7), 0): Count(2, 2, 2, Counter({5: 1}))}
    await doors.desk.runtime.perform(keep_tallies, None, Counted(ada.organization, counts), job=True)
    root = await page(doors, "ada")
    running = [one.tag for one in root.iter() if "plot-running" in one.attrib.get("class", "")]
    assert running == ["rect", "rect", "circle", "rect"]
    assert "".join(root.itertext()).count("so far") == 3


async def test_a_practice_without_messages_has_an_empty_page(doors: Doors) -> None:
    assert list((await page(doors, "ada")).find("body") or ()) == []
    await keep(doors, "ada", Count())
    assert list((await page(doors, "ada")).find("body") or ()) == []


async def test_the_page_is_in_the_readers_language_and_from_right_to_left_where_that_is_read_so(doors: Doors) -> None:
    await keep(doors, "ada", Count(1200, 3, 2, Counter({90: 1})), Count(5))
    spanish = await page(doors, "ada", Accept_Language="es")
    assert list(figures(spanish)) == ["Mensajes por semana", "Tiempo hasta la primera respuesta", "Sin leer después de un día"]
    assert table(figures(spanish)["Tiempo hasta la primera respuesta"])[1][0] == "1.5 horas"
    plain, mirrored = [await page(doors, "ada", Cookie=cookie) for cookie in await cookies(doors)]
    assert mirrored.attrib["dir"] == "rtl"
    places = [[float(one.attrib["x"]) for one in root.findall(".//section[1]/svg/rect")] for root in (plain, mirrored)]
    assert places[0] == sorted(places[0][:2]) + sorted(places[0][2:])
    assert places[1][:2] == sorted(places[1][:2], reverse=True)


async def cookies(doors: Doors) -> list[str]:
    """Ada's in English, and in English from right to left."""
    session = doors.practice.cookies["ada"]
    return [f"session={session}; language={language}" for language in ("en", "ar-XB")]


async def test_nothing_of_it_is_kept_or_has_a_style_of_its_own(doors: Doors) -> None:
    await keep(doors, "ada", Count(1, 1, 1, Counter({5: 1})))
    answer = await doors.get(doors.practice.cookies["ada"], PATH)
    assert answer.headers["cache-control"] == "no-store"
    for inline in ("style=", "<style", "<script", "onload"):
        assert inline not in answer.text


async def test_clients_and_contacts_find_nothing_there(doors: Doors) -> None:
    for who in ("dana", "hal"):
        answer = await doors.get(doors.practice.cookies[who], PATH)
        never = await doors.get(doors.practice.cookies[who], "/api/never")
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
        assert never.status_code == 404
