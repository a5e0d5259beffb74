"""Holds the senders' history, the database and every device's page against each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tests.faults.history import ACKNOWLEDGED, REFUSED, UNKNOWN, Attempt, History
from tests.faults.stored import Place, Stored
from tests.journeys.device import Device

Number = Callable[[str], int]  # the conversation behind its word of the outside


@dataclass
class Findings:
    """What is wrong, by kind; nothing of a sound campaign."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    holes: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)

    def __iadd__(self, others: Findings) -> Findings:
        for name, found in vars(self).items():
            found += [one for one in getattr(others, name) if one not in found]
        return self

    @property
    def all(self) -> list[str]:
        """Everything, with its kind."""
        return [f"{name}: {one}" for name, found in vars(self).items() for one in found]


def on_disk(history: History, there: Stored, number: Number, *, settled: bool) -> Findings:
    """Acknowledged: exactly once, where it was said to be. Unknown: at most once. Refused: not there. `settled`: rows agree, too.

    The history must have been as it is now before `there` was read, or be older.
    """
    places: dict[str, list[Place]] = defaultdict(list)
    for place, body in there.bodies.items():
        places[body].append(place)
    found = Findings(other=list(there.faults) if settled else [])
    for attempt in list(history.attempts.values()):
        _one(attempt, places.pop(attempt.body, []), number, found)
    found.other += [f"{place} holds what nobody sent: {body}" for body, held in places.items() for place in held]
    return found


def _one(attempt: Attempt, places: list[Place], number: Number, found: Findings) -> None:
    name = f"{attempt.key} by {attempt.author}"
    if len(places) > attempt.copies or len({talk for talk, _ in places}) < len(places) > 1:
        found.doubled.append(f"{name} stands at {places}")
    if attempt.state == ACKNOWLEDGED and len(places) < attempt.copies:
        found.lost.append(f"{name} was acknowledged and stands at {places}")
    if attempt.state == ACKNOWLEDGED and attempt.seq and places and (number(attempt.conversation), attempt.seq) not in places:
        found.other.append(f"{name} was said to be {attempt.seq} of {attempt.conversation} and stands at {places}")
    if attempt.state == REFUSED and places:
        found.other.append(f"{name} was refused ({attempt.words}) and stands at {places}")


def on_page(one: Device, fresh: Device, person: int, there: Stored, number: Number) -> Findings:
    """An open page equals a fresh one, and a fresh one shows exactly what the person may see, in the one order."""
    found, name = Findings(), one.username
    may = {talk: seqs for (talk, who), seqs in there.seen.items() if who == person and seqs}
    shown = {number(id): fresh.messages[id] for id in fresh.rows}
    for talk in may.keys() - shown.keys():
        found.lost.append(f"{name} may see conversation {talk} and is not shown it")
    for talk, messages in shown.items():
        missing, more = may.get(talk, set()) - messages.keys(), messages.keys() - may.get(talk, set())
        found.lost += [f"{name} is not shown {seq} of {talk}" for seq in sorted(missing)]
        found.other += [f"{name} is shown {seq} of {talk}, which is not theirs" for seq in sorted(more)]
        wrong = [seq for seq, message in messages.items() if there.bodies.get((talk, seq), message["body"]) != message["body"]]
        found.other += [f"{name} is shown something else at {seq} of {talk}" for seq in wrong]
    found += _differences(one, fresh)
    return found


def _differences(one: Device, fresh: Device) -> Findings:
    found, name = Findings(), one.username
    for id, messages in fresh.messages.items():
        held = one.messages.get(id, {})
        holes = [seq for seq in messages if seq not in held]
        if holes:
            found.holes.append(f"{name}'s open page lacks {holes} of {id}")
        if any(held[seq]["body"] != message["body"] for seq, message in messages.items() if seq in held):
            found.other.append(f"{name}'s open page and a fresh one differ in what stands in {id}")
    if one.unread != fresh.unread:
        found.other.append(f"{name}'s open page counts {one.unread} unread, a fresh one {fresh.unread}")
    stale = sorted(id for id in one.rows.keys() | fresh.rows.keys() if one.rows.get(id) != fresh.rows.get(id))
    if stale:
        found.other.append(f"{name}'s open page has other rows than a fresh one: {stale}")
    return found


def unanswered(history: History, forgotten: Iterable[str]) -> Findings:
    """Attempts that nobody gave up and that were never answered."""
    given_up = set(forgotten)
    open_ = [one for one in history.attempts.values() if one.state == UNKNOWN and one.key not in given_up]
    return Findings(other=[f"{one.key} by {one.author} was never answered" for one in open_])
