"""Conversations on paper: each begins on a sheet of its own, with who took part, and every message in order."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from chat.printing import times
from chat.printing.paper import AIR, BODY, LEADING, NAME, NOTE, SOFT, Paper, paper_of

if TYPE_CHECKING:
    # Only the shapes are needed: the process that prints works on plain dictionaries and loads nothing of the core.
    from chat.queries.prints import PrintedConversation, PrintedMessage, PrintedPerson, Printout

ROLES = {"administrator": "administrator", "therapist": "therapist", "client": "client", "contact": "contact"}


class Conversations:
    """A PDF of conversations, written as their messages come in."""

    def __init__(self, printout: Printout) -> None:
        self._head = printout
        self._zone = printout["time_zone"]
        now = times.moment(printout["now"], self._zone)
        printed = f"Printed by {printout['printed_by']} on {times.date(now)}, {times.time(now, self._zone)}"
        self._now = now
        self._paper = Paper(paper_of(self._zone), printed)
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
        paper.title(self._head["practice"], _title(talk))
        for line in _people(talk):
            paper.text(line, NAME, colour=SOFT)
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
        return self._paper.finish("Messages", self._now)

    def _message(self, message: PrintedMessage) -> None:
        paper, when = self._paper, times.moment(message["sent_at"], self._zone)
        new_day = self._day is None or when.date() != self._day.date()
        paper.room(AIR + (34 if new_day else 0) + 3 * BODY * LEADING)
        if new_day:
            paper.separate(times.day(when))
        self._day = when
        paper.y += AIR
        # A line without an author answers nobody and is sent to nobody: it says what has changed.
        answer = message["automatic"] and message["author"]
        paper.signed(message["author"], times.time(when, self._zone) + (" · automatic" if answer else ""))
        if message["author"] and (line := _audience(message, self._talk)):
            paper.text(line, NOTE, colour=SOFT)
        if message["body"]:
            paper.text(message["body"], BODY, keep=2)
        if message["attachments"]:
            paper.text("Attached: " + ", ".join(message["attachments"]), NOTE, colour=SOFT)
        if note := message.get("note"):
            paper.text(note, NOTE, colour=SOFT)

    def _header(self) -> None:
        self._paper.continued(self._head["practice"], _title(self._talk) if self._talk else "")


def _title(talk: PrintedConversation) -> str:
    if talk["subject"]:
        return talk["subject"]
    others = [person["name"] for person in talk["people"] if not person["me"]]
    return "Messages with " + ", ".join(others) if others else "Messages"


def _people(talk: PrintedConversation) -> list[str]:
    """Who takes part, those on Cc on a line of their own, those who left last."""
    here = [_person(one) for one in talk["people"] if not one["cc"] and not one["left"]]
    copied = [_person(one) for one in talk["people"] if one["cc"] and not one["left"]]
    left = [_person(one) for one in talk["people"] if one["left"]]
    lines = [" · ".join(here)] if here else []
    lines += ["Cc " + " · ".join(copied)] if copied else []
    return lines + (["Took part earlier: " + " · ".join(left)] if left else [])


def _person(person: PrintedPerson) -> str:
    if person["role"] == "contact":
        whose = f" of {person['of']}" if person["of"] else ""
        return f"{person['name']}, {person['relation'] or 'contact'}{whose}"
    return f"{person['name']}, {ROLES[person['role']]}"


def _audience(message: PrintedMessage, talk: PrintedConversation | None) -> str:
    """To whom a message went, where those were not the people of the conversation now."""
    people = talk["people"] if talk else []
    now = {person["name"] for person in people if not person["left"]}
    copied = {person["name"] for person in people if person["cc"] and not person["left"]} - {message["author"]}
    then = {message["author"], *message["to"], *message["cc"]}
    if then == now and set(message["cc"]) == copied:
        return ""
    to = "To " + ", ".join(message["to"]) if message["to"] else ""
    cc = "Cc " + ", ".join(message["cc"]) if message["cc"] else ""
    return " · ".join(part for part in (to, cc) if part)
