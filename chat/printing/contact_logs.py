"""A client's contact log on paper: every entry verbatim, the newest first."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from chat.printing import times
from chat.printing.paper import AIR, BODY, LEADING, NAME, NOTE, SOFT, Paper, paper_of

if TYPE_CHECKING:
    # Only the shapes are needed, as for conversations.
    from chat.queries.contact_logs import EntryView, LogHead


class ContactLog:
    """A PDF of a contact log, written as its entries come in."""

    def __init__(self, head: LogHead) -> None:
        self._head, self._zone = head, head["time_zone"]
        self._now = times.moment(head["now"], self._zone)
        exported = f"Exported by {head['exported_by']} on {times.date(self._now)}, {times.time(self._now, self._zone)}"
        self._paper = Paper(paper_of(self._zone), exported)
        self._day: datetime | None = None
        self._begin()

    def take(self, step: dict[str, Any]) -> None:
        """One step of what the parent process says: {"add": entries}."""
        self.add(step["add"])

    def add(self, entries: list[EntryView]) -> None:
        """The next entries."""
        for entry in entries:
            self._entry(entry)

    def finish(self) -> bytes:
        """The PDF."""
        return self._paper.finish("Contact log", self._now)

    def _begin(self) -> None:
        paper, practice = self._paper, self._head["practice"]
        paper.begin(lambda: paper.continued(practice, f"Contact log of {self._head['client']}"))
        paper.title(practice, "Contact log")
        born = self._head["born"]
        paper.text(
            self._head["client"] + (f", born {times.date(datetime.fromisoformat(born))}" if born else ""), NAME, colour=SOFT
        )
        paper.text("Newest entry first. Entries are only added, never changed.", NOTE, colour=SOFT)
        paper.y += 8
        paper.rule(paper.y)

    def _entry(self, entry: EntryView) -> None:
        paper, when = self._paper, times.moment(entry["at"], self._zone)
        new_day = self._day is None or when.date() != self._day.date()
        paper.room(AIR + (34 if new_day else 0) + 3 * BODY * LEADING)
        if new_day:
            paper.separate(times.day(when))
        self._day = when
        paper.y += AIR
        paper.signed(entry["author"], f"{times.time(when, self._zone)} · {_kind(entry)}")
        if entry["recipients"]:
            paper.text("To " + ", ".join(entry["recipients"]), NOTE, colour=SOFT)
        if entry["subject"]:
            paper.text(entry["subject"], BODY, bold=True)
        if entry["body"]:
            paper.text(entry["body"], BODY, keep=2)
        if entry["files"]:
            paper.text("Attached: " + ", ".join(entry["files"]), NOTE, colour=SOFT)


def _kind(entry: EntryView) -> str:
    return "written by hand" if entry["by_hand"] else "copy of a message"
