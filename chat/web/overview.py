"""The overview: the last weeks in numbers, drawn and as tables, as a page that needs no script. For staff alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, TypedDict

from babel.dates import format_date, format_skeleton
from babel.numbers import format_compact_decimal, format_decimal
from babel.units import format_unit
from starlette.requests import Request
from starlette.responses import Response

from chat.lib.languages import KNOWN
from chat.lib.plots import Axis, Plot, Series, drawn, round_marks
from chat.lib.sentences import Sentence
from chat.queries.overview import Overview, Week, overview
from chat.web.desk import unscoped
from chat.web.languages import language, say
from chat.web.rendered import rendered

HOUR, DAY, WEEK = 60, 1_440, 10_080  # minutes
SUNDAY = 6
#: From how many minutes on one speaks of which unit, the longest first.
UNITS = (("week", 2 * WEEK, WEEK), ("day", DAY, DAY), ("hour", HOUR, HOUR))
#: What the scale of times may show, in minutes.
LADDER = (1, 5, 15, HOUR, 4 * HOUR, DAY, 3 * DAY, WEEK, 4 * WEEK, 12 * WEEK, 52 * WEEK, 520 * WEEK)
LEAST, MOST = 3, 6  # marks of that scale
Words = Callable[[int], str]


class Figure(TypedDict):
    """One picture with its table. `legend`: what its kinds are called, if there is more than one; `rows`: a week each."""

    name: str
    title: str
    about: str
    legend: Sequence[str]
    picture: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


async def overview_page(request: Request) -> Response:
    """GET /api/overview"""
    desk, who = await unscoped(request)
    found = await desk.runtime.ask(overview, who=who)
    figures = [] if found.empty else [_messages(found), _answers(found), _unread(found)]
    through = format_date(found.through, "full", locale=_locale()) if found.through else ""
    return rendered("overview.html", figures=figures, whole=found.whole, through=through, running=_running(found))


def _messages(found: Overview) -> Figure:
    title = Sentence("Messages per week")
    team = Sentence("From the team") if found.whole else Sentence("From you")
    about = (
        Sentence("What clients and their contacts wrote, and what the team wrote to them.")
        if found.whole
        else Sentence("What clients and their contacts wrote to you, and what you wrote to them.")
    )
    kinds = {Sentence("From clients"): [week.received for week in found.weeks], team: [week.sent for week in found.weeks]}
    columns = {name: [_number(value) for value in values] for name, values in kinds.items()}
    return _figure(found, "messages", title, about, kinds, columns, _counts(kinds.values()))


def _answers(found: Overview) -> Figure:
    title = Sentence("Time to the first answer")
    about = (
        Sentence(
            "Half of the answers of a week came within this time. It runs from the first message of a client that has no answer "
            "yet until somebody in the team answers, over nights and weekends, and is rounded up."
        )
        if found.whole
        else Sentence(
            "Half of your answers of a week came within this time. It runs from the first message of a client that has no answer "
            "yet until you answer, if nobody else in the team did before, over nights and weekends, and is rounded up."
        )
    )
    name = Sentence("Half within")
    medians = [week.median for week in found.weeks]
    columns = {
        name: [_time(value) if value is not None else "–" for value in medians],
        Sentence("Answers"): [_number(week.answers) for week in found.weeks],
    }
    return _figure(found, "answers", title, about, {name: medians}, columns, _times(medians), words=_time)


def _unread(found: Overview) -> Figure:
    title = Sentence("Unread after a day")
    about = (
        Sentence(
            "Messages from clients that nobody in the team had opened a day after they came. "
            "How many were unread at each moment in between is kept nowhere."
        )
        if found.whole
        else Sentence(
            "Messages from clients that you had not opened a day after they came. "
            "How many were unread at each moment in between is kept nowhere."
        )
    )
    name = Sentence("Unread")
    kinds = {name: [week.late for week in found.weeks]}
    columns = {name: [_number(week.late) for week in found.weeks]}
    return _figure(found, "unread", title, about, kinds, columns, _counts(kinds.values()))


def _figure(
    found: Overview, name: str, title: Sentence, about: Sentence, kinds: dict[Sentence, list[Any]],
    columns: dict[Sentence, list[str]], axis: Axis, words: Words | None = None,
) -> Figure:  # fmt: skip
    weeks = [_day(week.begins) for week in found.weeks]
    series = [Series(values, _said(weeks, columns[kind])) for kind, values in kinds.items()]
    described = " ".join(_described(kind, values, words or _number) for kind, values in kinds.items())
    plot = Plot(name, say(title), described, weeks, axis, series, line=words is not None, running=_running(found))
    picture = drawn(plot, mirrored=KNOWN[language()].direction == "rtl")
    return {
        "name": name, "title": say(title), "about": say(about), "picture": picture,
        "legend": [say(kind) for kind in kinds] if len(kinds) > 1 else [],
        "head": [say(kind) for kind in columns],
        "rows": _rows(found.weeks, weeks, list(columns.values())),
    }  # fmt: skip


def _rows(weeks: Sequence[Week], days: Sequence[str], columns: list[list[str]]) -> list[list[str]]:
    """The newest first, as one looks for it."""
    return [[days[at], *(column[at] for column in columns)] for at in reversed(range(len(weeks)))]


def _said(weeks: Sequence[str], column: Sequence[str]) -> list[str]:
    return [say(Sentence("Week from {day}: {number}", day=day, number=text)) for day, text in zip(weeks, column, strict=True)]


def _described(kind: Sentence, values: Sequence[int | None], words: Words) -> str:
    """What a picture shows, for who does not see it."""
    there = [value for value in values if value is not None]
    if not there:
        return say(Sentence("{kind}: nothing in these weeks.", kind=kind))
    newest = words(there[-1])
    told = {"kind": kind, "least": words(min(there)), "most": words(max(there)), "newest": newest}
    return say(Sentence("{kind}: from {least} to {most} a week, most recently {newest}.", **told))


def _counts(kinds: Any) -> Axis:
    marks = round_marks(max(value for values in kinds for value in values))
    return Axis([(mark, format_compact_decimal(mark, fraction_digits=1, locale=_locale())) for mark in marks])


def _times(medians: Sequence[int | None]) -> Axis:
    """The steps of the ladder between which all of these lie, a few of them."""
    there = [value for value in medians if value is not None] or [LADDER[0]]
    first = max((at for at, mark in enumerate(LADDER) if mark < min(there)), default=0)
    last = next((at for at, mark in enumerate(LADDER) if mark >= max(there)), len(LADDER) - 1)
    last = min(max(last, first + LEAST - 1), len(LADDER) - 1)
    first = min(first, last - LEAST + 1)
    every = -(-(last - first) // (MOST - 1))
    chosen = [LADDER[max(at, 0)] for at in range(last, first - every, -every)]
    return Axis([(mark, _time(mark, "short")) for mark in reversed(chosen)], even=True)


def _time(minutes: int, length: Any = "long") -> str:
    """So many minutes in the unit that one would use."""
    unit, each = next(((unit, each) for unit, least, each in UNITS if minutes >= least), ("minute", 1))
    return format_unit(minutes / each, unit, length, format="#,##0.#", locale=_locale())


def _running(found: Overview) -> bool:
    return found.through is not None and found.through.weekday() != SUNDAY


def _number(value: int) -> str:
    return format_decimal(value, locale=_locale())


def _day(day: date) -> str:
    return format_skeleton("MMMd", day, locale=_locale())


def _locale() -> Any:
    return KNOWN[language()].locale
