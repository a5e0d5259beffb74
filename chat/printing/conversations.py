"""Conversations on paper: each begins on a sheet of its own, with who took part, and every message in order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chat.lib.languages import ENGLISH, said
from chat.lib.sentences import Sentence
from chat.printing import times
from chat.printing.paper import AIR, BODY, LEADING, NAME, NOTE, SOFT, Paper, paper_of

if TYPE_CHECKING:
    # Only the shapes are needed: the process that prints works on plain dictionaries and loads nothing of the core.
    from chat.queries.prints import PrintedConversation, PrintedMessage, PrintedPerson, Printout

Say = Callable[[str], str]  # in the language of the paper
ROLES = {
    "administrator": Sentence("administrator"),
    "therapist": Sentence("therapist"),
    "client": Sentence("client"),
    "contact": Sentence("contact"),
}


class Conversations:
    """A PDF of conversations, written as their messages come in."""

    def __init__(self, printout: Printout) -> None:
        self._head = printout
        self._zone = printout["time_zone"]
        now = times.moment(printout["now"], self._zone)
        self._now, self._language = now, printout.get("language", ENGLISH)
        clock = times.time(now, self._zone, self._language)
        day = times.date(now, self._language)
        printed = Sentence("Printed by {name} on {day}, {time}", name=printout["printed_by"], day=day, time=clock)
        self._paper = Paper(paper_of(self._zone), said(printed, self._language), self._language)
        self._begun = 0
        self._talk: PrintedConversation | None = None
        self._day: datetime | None = None

    def take(self, step: dict[str, Any]) -> None:
        """One step of what the parent process says: {"begin": conversation}, {"add": messages}, {"drop": true}."""
        if "begin" in step:
            self.begin(step["begin"])
        elif "add" in step:
            self.add(step["add"])
        elif "drop" in step:
            self.drop()

    def begin(self, talk: PrintedConversation) -> None:
        """Begin a conversation on a new sheet."""
        self._begun, self._talk, self._day = len(self._paper.sheets), talk, None
        self._paper.begin(self._header)
        paper = self._paper
        paper.title(self._head["practice"], self._paper.say(_title(talk)))
        for line in _people(talk, paper.say):
            paper.tell(line, NAME, colour=SOFT)
        paper.y += 8
        paper.rule(paper.y)

    def add(self, messages: list[PrintedMessage]) -> None:
        """The next messages of the conversation begun last."""
        for message in messages:
            self._message(message)

    def drop(self) -> None:
        """Leave out the conversation begun last."""
        del self._paper.sheets[self._begun :]

    def finish(self) -> bytes:
        """The PDF."""
        return self._paper.finish(Sentence("Messages"), self._now)

    def _message(self, message: PrintedMessage) -> None:
        paper, when = self._paper, times.moment(message["sent_at"], self._zone)
        new_day = self._day is None or when.date() != self._day.date()
        # A line without an author answers nobody and is sent to nobody: it says what has changed.
        audience = _audience(message, self._talk, paper.say) if message["author"] else ""
        paper.room(AIR + (34 if new_day else 0) + 3 * BODY * LEADING + paper.rows(audience, NOTE) * NOTE * LEADING)
        if new_day:
            paper.separate(times.day(when, self._language))
        self._day = when
        paper.y += AIR
        answer = message["automatic"] and message["author"]
        marked = " · " + paper.say(Sentence("automatic")) if answer else ""
        paper.signed(message["author"], times.time(when, self._zone, self._language) + marked)
        if audience:
            paper.tell(audience, NOTE, colour=SOFT)
        if message["body"]:
            paper.text(message["body"], BODY, keep=2)
        if message["attachments"]:
            paper.tell(paper.say(Sentence("Attached: {files}", files=", ".join(message["attachments"]))), NOTE, colour=SOFT)
        if note := message.get("note"):
            paper.tell(paper.say(note), NOTE, colour=SOFT)

    def _header(self) -> None:
        self._paper.continued(self._head["practice"], self._paper.say(_title(self._talk)) if self._talk else "")


def _title(talk: PrintedConversation) -> str:
    if talk["subject"]:
        return Sentence("{subject}", subject=talk["subject"])
    others = [person["name"] for person in talk["people"] if not person["me"]]
    return Sentence("Messages with {names}", names=", ".join(others)) if others else Sentence("Messages")


def _people(talk: PrintedConversation, say: Say) -> list[str]:
    """Who takes part, those on Cc on a line of their own, those who left last."""
    here = [say(_person(one)) for one in talk["people"] if not one["cc"] and not one["left"]]
    copied = [say(_person(one)) for one in talk["people"] if one["cc"] and not one["left"]]
    left = [say(_person(one)) for one in talk["people"] if one["left"]]
    lines = [" · ".join(here)] if here else []
    lines += [say(Sentence("Cc {names}", names=" · ".join(copied)))] if copied else []
    return lines + ([say(Sentence("Took part earlier: {names}", names=" · ".join(left)))] if left else [])


def _person(person: PrintedPerson) -> Sentence:
    if person["role"] == "contact":
        what = person["relation"] or ROLES["contact"]
        if not person["of"]:
            return Sentence("{name}, {role}", name=person["name"], role=what)
        return Sentence("{name}, {relation} of {client}", name=person["name"], relation=what, client=person["of"])
    return Sentence("{name}, {role}", name=person["name"], role=ROLES[person["role"]])


def _audience(message: PrintedMessage, talk: PrintedConversation | None, say: Say) -> str:
    """To whom a message went, where those were not the people of the conversation now."""
    people = talk["people"] if talk else []
    now = {person["name"] for person in people if not person["left"]}
    copied = {person["name"] for person in people if person["cc"] and not person["left"]} - {message["author"]}
    then = {message["author"], *message["to"], *message["cc"]}
    if then == now and set(message["cc"]) == copied:
        return ""
    to = say(Sentence("To {names}", names=", ".join(message["to"]))) if message["to"] else ""
    cc = say(Sentence("Cc {names}", names=", ".join(message["cc"]))) if message["cc"] else ""
    return " · ".join(part for part in (to, cc) if part)
