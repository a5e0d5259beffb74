"""`quietroom demo`: the demo practice, and many pairs of people for measuring. Made by the same actions that people use."""

from __future__ import annotations

import tomllib
import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
from sqlalchemy import update

from chat import house
from chat.actions import marks, messages, organizations, people
from chat.cli.database import bring_up, empty, only_one, prepare_folder
from chat.errors import CoreError
from chat.lib import clock, passwords
from chat.lib.database import writing_engine
from chat.lib.sql import Statement
from chat.models import Alert
from chat.models.columns import table
from chat.runtime.lane import Lane, Work
from chat.settings import Settings, Unsafe
from chat.transaction import Transaction, Who

PASSWORD = "quietroom-demo"  # noqa: S105  meant to be known; production refuses this database
ZONE = "America/New_York"
EMERGENCY = "Messages are read on weekdays. In an emergency call 911 or 988."
_ALERTS = table(Alert)
SETTLE_ALERTS = Statement(lambda _: update(_ALERTS).values(state="sent"))

#: username → (name, role, born, looked after by, contact of, relation, messaging on)
HARBOR = {
    "ada": ("Ada Lindgren", "administrator", None, None, None, None),
    "ben": ("Ben Larsen", "therapist", None, None, None, None),
    "cleo": ("Cleo Marsh", "therapist", None, None, None, None),
    "dana": ("Dana Reed", "client", "1994-03-04", "ben", None, None),
    "eli": ("Eli Navarro", "client", "1988-07-19", "ben", None, None),
    "fay": ("Fay Lindqvist", "client", "1979-10-30", "cleo", None, None),
    "gus": ("Gus Okafor", "client", "2001-01-02", "ben", None, None),
    "hal": ("Hal Reed", "contact", None, None, "dana", "father"),
}
JUNIPER = {
    "ivy": ("Ivy Chen", "administrator", None, None, None, None),
    "jon": ("Jon Bauer", "therapist", None, None, None, None),
    "kim": ("Kim Sato", "client", "1990-05-21", "jon", None, None),
}


@click.command()
@click.option(
    "--pairs",
    type=click.IntRange(0, 100_000),
    default=0,
    help="Also add so many therapists (t0001 …) with a client each (c0001 …).",
)
def demo(*, pairs: int) -> None:
    """Fill an empty database with the demo practice."""
    settings = Settings()
    if settings.production:
        raise Unsafe("The demo practice is not for production: everybody knows its passwords.")
    prepare_folder(settings)
    lock = only_one(settings)
    engine = writing_engine(settings.database)
    bring_up(engine)
    if empty(engine):
        fill(settings)
    if pairs:
        _add_pairs(settings, pairs)
    if lock is not None:
        lock.close()
    click.echo(f"The demo practice is there. Everybody's password is {PASSWORD}")


class Author:
    """Carries out actions for the demo, one after the other, each at its own instant."""

    def __init__(self, settings: Settings) -> None:
        self._lane: Lane = house.lane(settings, house.open_vault(settings))
        self.people: dict[str, Who] = {}

    def do(self, action: Callable[..., Any], who: Who | None, what: Any = None, *, at: int | None = None) -> Any:
        """The action's result; a refusal means that the demo's own script is wrong, and is raised."""
        work = Work(action, who, what)
        with clock.frozen(at if at is not None else clock.now()):
            self._lane.carry_out([work], lambda *_: None)
        if isinstance(work.result, Exception):
            raise work.result
        return work.result

    def close(self) -> None:
        """Give the connection back."""
        self._lane.close()


def fill(settings: Settings) -> None:
    """The cast, and several weeks of their conversations; no alert is left waiting."""
    author = Author(settings)
    first = clock.now() - 30 * clock.DAY
    author.do(lambda tx, _: organizations.begin_installation(tx, demo=True), None)
    secret = passwords.hashed(PASSWORD)
    for name, cast in (("Harbor Counseling", HARBOR), ("Juniper Clinic", JUNIPER)):
        found = organizations.Found(name, ZONE, messaging_enabled=True, emergency_text=EMERGENCY)
        _add_cast(author, author.do(organizations.found_organization, None, found, at=first), cast, secret, first)
    scripts = tomllib.loads((Path(__file__).parent / "demo.toml").read_text())["conversation"]
    newest = last_day(scripts, clock.now())
    for script in scripts:
        _play(author, script, newest)
    author.do(lambda tx, _: tx.rows(SETTLE_ALERTS), None)
    author.close()


def _add_cast(author: Author, organization: int, cast: dict[str, tuple[Any, ...]], secret: str, at: int) -> None:
    for username, (name, role, born, therapist, client, relation) in cast.items():
        staff = role in {"administrator", "therapist"}
        new = people.NewPerson(
            organization, role, name, username, secret, f"{username}@example.org", born=born, in_portal=staff, relation=relation,
            messaging_enabled=role == "client" and username != "gus",
            client=author.people[client].person if client else None,
        )  # fmt: skip
        number = author.do(people.add_person, None, new, at=at)
        author.people[username] = Who(number, organization, role)
        if therapist:
            pairs = [(number, author.people[therapist].person)]
            author.do(lambda tx, _, pairs=pairs: people.assign_all(tx, pairs), None, at=at)


def last_day(scripts: list[dict[str, Any]], now: int) -> date:
    """The day that the scripts call 0: today, or yesterday as long as one of its lines would lie ahead."""
    today = datetime.fromtimestamp(now / clock.SECOND, ZoneInfo(ZONE)).date()
    latest = max((time for script in scripts for _, days, time, _ in script["messages"] if days == 0), default="00:00")
    return today if instant(today, 0, latest) < now else today - timedelta(days=1)


def _play(author: Author, script: dict[str, Any], newest: date) -> None:
    first, second = script["between"]
    conversation: int | None = None
    seq = 0
    for username, days, time, body in script["messages"]:
        other = author.people[second if username == first else first].person
        place = {"conversation": conversation} if conversation else {"to": (other,), "subject": script.get("subject")}
        what = messages.SendMessage(str(uuid.uuid4()), body, **place)
        at = instant(newest, days, time)
        if conversation and username != first and seq and username not in script["read"] and days:
            _read(author, username, conversation, seq, at)
        sent = author.do(messages.send_messages, author.people[username], what, at=at)
        conversation, seq = sent["conversation"], sent["seq"]
    for username in script["read"]:
        _read(author, username, conversation or 0, seq, min(clock.now(), at + 20 * clock.MINUTE))
    for username in {first, second} - set(script["read"]):
        through = max((n for n, line in enumerate(script["messages"], 1) if line[0] == username), default=0)
        if through:
            _read(author, username, conversation or 0, through, at)


def _read(author: Author, username: str, conversation: int, seq: int, at: int) -> None:
    try:
        author.do(marks.mark_read, author.people[username], marks.MarkRead(conversation, seq), at=at)
    except CoreError as error:
        raise RuntimeError(f"The demo's script is wrong: {error.message}") from error


def instant(newest: date, days: int, time: str) -> int:
    """So many days before the newest one, at this time of the demo's clocks."""
    hour, minute = time.split(":")
    day = newest - timedelta(days=days)
    moment = datetime(day.year, day.month, day.day, int(hour), int(minute), tzinfo=ZoneInfo(ZONE))
    return int(moment.timestamp() * clock.SECOND)


def _add_pairs(settings: Settings, pairs: int) -> None:
    """Therapists and clients for measuring, each pair with a direct conversation. They share one hash, which takes its time."""
    author = Author(settings)
    secret = passwords.hashed(PASSWORD)
    organization = author.do(
        organizations.found_organization, None, organizations.Found("Measured Practice", ZONE, messaging_enabled=True)
    )

    def add(tx: Transaction, numbers: range) -> list[tuple[int, int]]:
        made = []
        for number in numbers:
            therapist = people.NewPerson(
                organization, "therapist", f"Therapist {number:04}", f"t{number:04}", secret, in_portal=True
            )
            client = people.NewPerson(
                organization, "client", f"Client {number:04}", f"c{number:04}", secret, messaging_enabled=True
            )
            made.append((people.add_person(tx, client), people.add_person(tx, therapist)))
        people.assign_all(tx, made)
        return made

    for start in range(1, pairs + 1, 100):
        made = author.do(add, None, range(start, min(start + 100, pairs + 1)))
        for client, therapist in made:
            hello = messages.SendMessage(str(uuid.uuid4()), "Hello.", to=(client,))
            author.do(messages.send_messages, Who(therapist, organization, "therapist"), hello)
    author.do(lambda tx, _: tx.rows(SETTLE_ALERTS), None)
    author.close()
