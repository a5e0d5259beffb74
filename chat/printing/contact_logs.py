"""A client's contact log on paper: every entry verbatim, the newest first. For staff alone."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from chat.lib.languages import ENGLISH, said
from chat.lib.sentences import Sentence
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
        self._language = head.get("language", ENGLISH)
        clock = times.time(self._now, self._zone, self._language)
        day = times.date(self._now, self._language)
        exported = Sentence("Exported by {name} on {day}, {time}", name=head["exported_by"], day=day, time=clock)
        self._paper = Paper(paper_of(self._zone), said(exported, self._language), self._language)
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
        return self._paper.finish(Sentence("Contact log"), self._now)

    def _begin(self) -> None:
        paper, practice = self._paper, self._head["practice"]
        whose = paper.say(Sentence("Contact log of {name}", name=self._head["client"]))
        paper.begin(lambda: paper.continued(practice, whose))
        paper.title(practice, paper.say(Sentence("Contact log")))
        paper.text(self._client(), NAME, colour=SOFT)
        paper.text(paper.say(Sentence("Newest entry first. Entries are only added, never changed.")), NOTE, colour=SOFT)
        paper.y += 8
        paper.rule(paper.y)

    def _client(self) -> str:
        born, name = self._head["born"], self._head["client"]
        if not born:
            return name
        day = times.date(datetime.fromisoformat(born), self._language)
        return self._paper.say(Sentence("{name}, born {day}", name=name, day=day))

    def _entry(self, entry: EntryView) -> None:
        paper, when = self._paper, times.moment(entry["at"], self._zone)
        new_day = self._day is None or when.date() != self._day.date()
        paper.room(AIR + (34 if new_day else 0) + 3 * BODY * LEADING)
        if new_day:
            paper.separate(times.day(when, self._language))
        self._day = when
        paper.y += AIR
        paper.signed(entry["author"], f"{times.time(when, self._zone, self._language)} · {paper.say(_kind(entry))}")
        if entry["recipients"]:
            paper.text(paper.say(Sentence("To {names}", names=", ".join(entry["recipients"]))), NOTE, colour=SOFT)
        if entry["subject"]:
            paper.text(entry["subject"], BODY, bold=True)
        if entry["body"]:
            paper.text(entry["body"], BODY, keep=2)
        if entry["files"]:
            paper.text(paper.say(Sentence("Attached: {files}", files=", ".join(entry["files"]))), NOTE, colour=SOFT)


def _kind(entry: EntryView) -> Sentence:
    return Sentence("written by hand") if entry["by_hand"] else Sentence("copy of a message")
