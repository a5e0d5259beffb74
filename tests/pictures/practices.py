"""The practices that are looked at beside the demo: one where nothing has happened yet, and one where everything is too much.

python -m tests.pictures.practices empty|extreme    with the product's settings in the environment
"""

import sys
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from chat.actions import marks, messages, organizations, people
from chat.actions.tallies import Counted, keep_tallies
from chat.cli.database import bring_up, prepare_folder
from chat.cli.demo import PASSWORD, SETTLE_ALERTS, ZONE, Author
from chat.lib import clock, passwords
from chat.lib.database import writing_engine
from chat.lib.zones import day_of
from chat.queries.tallies import Count, Counts
from chat.settings import Settings
from chat.transaction import Transaction, Who

CONVERSATIONS = 500
LONG = "Maximiliana-Alexandrina Featherstonehaugh-Cholmondeley von Hohenlohe-Waldenburg-Schillingsfürst"
UNBROKEN = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
ARABIC, HEBREW, JAPANESE = "عبد الرحمن بن محمد آل الشيخ", "יעל בן־דוד", "勅使河原 小百合"
FAMILY = "Zoë 🌻 O’Connell-Núñez"
PRACTICE = "The Harborview Center for Integrative Psychotherapy, Family Counseling and Community Wellbeing"
EMERGENCY = (
    "Messages are read on weekdays between nine and five, and not on public holidays. In an emergency call 911, or call or text "
    "988, the Suicide & Crisis Lifeline, at any time of day.\nIf you are not in danger but need to talk to somebody tonight, the "
    "front desk of the county hospital is open until midnight."
)
SUBJECT = "About what we talked about last time, the insurance papers, the school, and whether Thursday is still possible for all"
TALKS: dict[str, tuple[str | None, list[str]]] = {
    LONG: (SUBJECT, ["Pneumonoultramicroscopicsilicovolcanoconiosis" * 4, "https://example.org/" + "a-very-long-path/" * 20]),
    UNBROKEN: (None, ["Ok", "👍", "🙂🙂🙂", "One\n\n\nTwo\n\tThree", "A long answer. " * 180]),
    ARABIC: ("موعد يوم الجمعة", ["مرحبًا، هل يمكننا تأجيل الموعد إلى الساعة 3؟", "شكرًا جزيلًا! See you at 15:00."]),
    HEBREW: ("שאלה על יום שישי", ["שלום, האם אפשר להביא את אבא שלי?", "תודה רבה (thanks!)"]),
    JAPANESE: ("金曜日の予約について", ["こんにちは。金曜日の予約を変更できますか。よろしくお願いいたします。"]),
    FAMILY: (None, ["The whole family is coming: 👨‍👩‍👧‍👦, the dog 🐕‍🦺 and the cat. Is that all right? ¿Está bien?"]),
}


def begin(settings: Settings) -> Author:
    """An installation that knows it is a demo, and somebody who writes in it."""
    prepare_folder(settings)
    bring_up(writing_engine(settings.database))
    author = Author(settings)
    author.do(lambda tx, _: organizations.begin_installation(tx, demo=True), None)
    return author


def add(author: Author, organization: int, role: str, name: str, username: str | None, **more: Any) -> Who:
    """Somebody who can sign in with the demo's password, if they have a username."""
    staff = role in {"administrator", "therapist"}
    new = people.NewPerson(
        organization, role, name, username, SECRET if username else None, f"{username or uuid.uuid4().hex}@example.org",
        in_portal=staff, messaging_enabled=role == "client", **more,
    )  # fmt: skip
    return Who(author.do(people.add_person, None, new), organization, role)


def empty(author: Author) -> None:
    """Ada, Ben and Dana have just come: nobody has written, nothing was set."""
    place = author.do(
        organizations.found_organization, None, organizations.Found("Harbor Counseling", ZONE, messaging_enabled=True)
    )
    add(author, place, "administrator", "Ada Lindgren", "ada")
    add(author, place, "therapist", "Ben Larsen", "ben")
    add(author, place, "client", "Dana Reed", "dana", born="1994-03-04")


def extreme(author: Author) -> None:
    """Ben has hundreds of clients with every kind of name, and some who write a great deal."""
    found = organizations.Found(PRACTICE, ZONE, messaging_enabled=True, emergency_text=EMERGENCY)
    place = author.do(organizations.found_organization, None, found)
    add(author, place, "administrator", f"Ada {LONG}", "ada")
    ben = add(author, place, "therapist", f"Benjamin {UNBROKEN}", "ben")
    dana = add(author, place, "client", LONG, "dana", born="1994-03-04", phone="+12125550123")
    for number in range(30):
        add(author, place, "therapist", f"{(ARABIC, 'Cleo Marsh', LONG, JAPANESE)[number % 4]} {number + 1}", None)
    fill(author, ben)
    author.do(keep_tallies, None, Counted(place, busy_weeks()))
    clients = [dana, *(add(author, place, "client", name, None) for name in list(TALKS)[1:])]
    author.do(lambda tx, _: people.assign_all(tx, [(client.person, ben.person) for client in clients]), None)
    add(author, place, "contact", f"Hal {LONG}", "hal", client=dana.person, relation="father, and the one who drives")
    for client, (subject, lines) in reversed(list(zip(clients, TALKS.values(), strict=True))):
        talk(author, ben, client, subject, lines)
    author.do(lambda tx, _: tx.rows(SETTLE_ALERTS), None)


def fill(author: Author, ben: Who) -> None:
    """Hundreds of clients who have each written once; Ben has read most of it."""

    def hire(tx: Transaction, names: list[str]) -> list[int]:
        addresses = [f"{name.replace(' ', '.').lower()}@post-office.of-a-small-town.example.org" for name in names]
        pairs = zip(names, addresses, strict=True)
        new = [people.NewPerson(ben.organization, "client", name, email=at, messaging_enabled=True) for name, at in pairs]
        made = [people.add_person(tx, one) for one in new]
        people.assign_all(tx, [(client, ben.person) for client in made])
        return made

    waiting: Iterator[str] = (f"{('Ana', 'Bo', 'Chidi', 'Dorothea')[n % 4]} Client {n:03}" for n in range(CONVERSATIONS))
    while names := list(islice(waiting, 100)):
        for client in author.do(hire, None, names):
            what = messages.SendMessage(str(uuid.uuid4()), "Thank you, that helps. See you next week.", to=(ben.person,))
            sent = author.do(messages.send_messages, Who(client, ben.organization, "client"), what)
            if client % 5:
                author.do(marks.mark_read, ben, marks.MarkRead(sent["conversation"], sent["seq"]))


def busy_weeks() -> Counts:
    """Twelve weeks in numbers that hardly fit: very many, very few, answers in a minute and after months."""
    yesterday = day_of(clock.now(), ZoneInfo(ZONE)) - timedelta(days=1)
    days = [yesterday - timedelta(days=7 * week) for week in reversed(range(12))]
    waits = [Counter({minutes: 1}) for minutes in (1, 45, 60, 480, 1_440, 10_080, 120_960, 5, 15, 240, 2_160, 30)]
    return {(day, 0): Count(4**at, 4 ** (11 - at), at % 5, wait) for at, (day, wait) in enumerate(zip(days, waits, strict=True))}


def talk(author: Author, ben: Who, client: Who, subject: str | None, lines: list[str]) -> None:
    """One conversation, by turns, over some weeks; the client has the last word."""
    conversation = 0
    at = clock.now() - (len(lines) + 1) * 3 * clock.DAY // 2
    for number, line in enumerate([*lines, "Yes. " + line_of(len(lines)), "Good."][: len(lines) + 2]):
        who, other = (ben, client) if number % 2 else (client, ben)
        place: dict[str, Any] = {"conversation": conversation} if conversation else {"to": (other.person,), "subject": subject}
        what = messages.SendMessage(str(uuid.uuid4()), line, **place)
        conversation = author.do(messages.send_messages, who, what, at=at)["conversation"]
        at += 3 * clock.DAY // 2


def line_of(length: int) -> str:
    """A sentence that grows."""
    return "Let us keep it as it is, and look at it again when you are back. " * length


FILLERS: dict[str, Callable[[Author], None]] = {"empty": empty, "extreme": extreme}
SECRET = passwords.hashed(PASSWORD)

if __name__ == "__main__":
    hand = begin(Settings())
    FILLERS[sys.argv[1]](hand)
    hand.close()
