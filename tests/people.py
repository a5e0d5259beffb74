"""The cast, the same as in the demo and the docs, and others like them."""

from __future__ import annotations

from dataclasses import dataclass

from chat.actions import organizations, people
from chat.lib import clock, passwords
from chat.transaction import Transaction, Who

#: The instant at which the tests begin: a Wednesday.
NOON = 1_772_625_600_000  # 2026-03-04 12:00 UTC
PASSWORD = "quietroom-test"
HARBOR, JUNIPER = "Harbor Counseling", "Juniper Clinic"


@dataclass(frozen=True)
class Cast:
    """One of the cast. `of`: the therapist of a client, the client of a contact."""

    practice: str
    name: str
    role: str
    of: str | None = None
    born: str | None = None


CAST = {
    "ada": Cast(HARBOR, "Ada Lindgren", "administrator"),
    "ben": Cast(HARBOR, "Ben Larsen", "therapist"),
    "cleo": Cast(HARBOR, "Cleo Marsh", "therapist"),
    "dana": Cast(HARBOR, "Dana Reed", "client", "ben", "1994-03-04"),
    "eli": Cast(HARBOR, "Eli Navarro", "client", "ben", "1988-07-19"),
    "fay": Cast(HARBOR, "Fay Lindqvist", "client", "cleo", "1979-10-30"),
    "gus": Cast(HARBOR, "Gus Okafor", "client", "ben", "2001-01-02"),  # not yet enabled
    "hal": Cast(HARBOR, "Hal Reed", "contact", "dana"),
    "ivy": Cast(JUNIPER, "Ivy Chen", "administrator"),
    "jon": Cast(JUNIPER, "Jon Bauer", "therapist"),
    "kim": Cast(JUNIPER, "Kim Sato", "client", "jon", "1990-05-21"),
}


def new_person(organization: int, role: str, name: str, **more: object) -> people.NewPerson:
    """Somebody who may do all that their role allows: staff in the portal, clients enabled."""
    usual: dict[str, object] = {"in_portal": role in {"administrator", "therapist"}, "messaging_enabled": role == "client"}
    return people.NewPerson(organization, role, name, **(usual | more))  # type: ignore[arg-type]


def fill(tx: Transaction) -> dict[str, Who]:
    """Both practices with everybody in them; the answer is the cast by username."""
    organizations.begin_installation(tx)
    secret = passwords.hashed(PASSWORD)
    practices = {
        name: organizations.found_organization(tx, organizations.Found(name, messaging_enabled=True))
        for name in (HARBOR, JUNIPER)
    }
    cast: dict[str, Who] = {}
    for username, one in CAST.items():
        more: dict[str, object] = {"username": username, "password_hash": secret, "email": f"{username}@example.org"}
        if one.role == "contact" and one.of:
            more |= {"client": cast[one.of].person, "relation": "father"}
        if username == "gus":
            more["messaging_enabled"] = False
        new = new_person(practices[one.practice], one.role, one.name, born=one.born, **more)
        cast[username] = Who(people.add_person(tx, new), new.organization, one.role)
        if one.role == "client" and one.of:
            people.assign_all(tx, [(cast[username].person, cast[one.of].person)])
    return cast


def later(days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> int:
    """An instant so long after `NOON`."""
    return NOON + int(days * clock.DAY + hours * clock.HOUR + minutes * clock.MINUTE + seconds * clock.SECOND)
