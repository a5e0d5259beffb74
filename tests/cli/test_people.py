"""`quietroom people`: what an operator does without a browser."""

from __future__ import annotations

from sqlalchemy import insert, select

from chat.lib import passwords
from chat.lib.database import writing_engine
from chat.models import Assignment, AuditEntry, Person, Session
from chat.models.columns import table
from tests.cli.desk import Desk, desk
from tests.databases import closing_engine
from tests.people import NOON, PASSWORD

__all__ = ["desk"]

PEOPLE, SESSIONS, AUDIT, ASSIGNMENTS = table(Person), table(Session), table(AuditEntry), table(Assignment)
NEW = ("--name", "Lea Ortiz", "--role", "therapist", "--organization", "Harbor Counseling")
SECRET = "three words together"


def signed_in(desk: Desk, username: str) -> None:
    """A session, as it stands in the table."""
    ((person,),) = desk.rows(select(PEOPLE.c.id).where(PEOPLE.c.username == username))
    row = {"person_id": person, "token_hash": username.encode(), "scoped": False, "restricted": False}
    row |= {"created_at": NOON, "active_at": NOON, "locks_at": NOON, "ends_at": NOON, "address": "", "agent": ""}
    with closing_engine(writing_engine(desk.address)) as engine, engine.begin() as connection:
        connection.execute(insert(SESSIONS).values(row))


def ends(desk: Desk) -> list[tuple[object, ...]]:
    return desk.rows(select(SESSIONS.c.end_reason).order_by(SESSIONS.c.id))


def person(desk: Desk, username: str) -> tuple[object, ...]:
    columns = (PEOPLE.c.name, PEOPLE.c.role, PEOPLE.c.email, PEOPLE.c.in_portal, PEOPLE.c.active)
    ((found),) = desk.rows(select(*columns).where(PEOPLE.c.username == username))
    return found


def test_the_list_shows_everybody_or_one_practice(desk: Desk) -> None:
    everybody = desk.done("people", "list").splitlines()
    assert "ben\tBen Larsen\ttherapist\tHarbor Counseling\tactive" in everybody
    assert len(everybody) == 11
    juniper = desk.done("people", "list", "--organization", "Juniper Clinic").splitlines()
    assert [line.split("\t")[0] for line in juniper] == ["ivy", "jon", "kim"]
    assert desk.done("people", "list", "--organization", "Nowhere") == ""


def test_who_is_added_can_sign_in_at_once(desk: Desk) -> None:
    typed = f"{SECRET}\n{SECRET}\n"
    output = desk.done("people", "add", "Lea", *NEW, "--email", "Lea@EXAMPLE.org", type_in=typed)
    assert "Lea can sign in." in output
    assert SECRET not in output
    assert person(desk, "lea") == ("Lea Ortiz", "therapist", "Lea@example.org", True, True)
    ((stored,),) = desk.rows(select(PEOPLE.c.password_hash).where(PEOPLE.c.username == "lea"))
    assert passwords.matches(str(stored), SECRET)
    assert "\tactive" in desk.done("people", "list")


WRONG = [
    (("lea", *NEW[:-1], "Nowhere", "--password", SECRET), "no practice called Nowhere"),
    (("lea", *NEW, "--password", "short"), "at least 10 characters"),
    (("lea", *NEW, "--password", "qwertyuiop"), "tried first"),
    (("BEN", *NEW, "--password", SECRET), "taken"),
    (("l", *NEW, "--password", SECRET), "3 to 60 characters"),
    (("lea", *NEW, "--password", SECRET, "--email", "nowhere"), "not an email address"),
    (("lea", "--name", " ", *NEW[2:], "--password", SECRET), "1 to 120 characters"),
]


def test_what_is_wrong_with_a_new_one_is_one_sentence(desk: Desk) -> None:
    before = desk.done("people", "list")
    for command, words in WRONG:
        assert words in desk.refused("people", "add", *command)
    assert desk.done("people", "list") == before


def test_who_is_disabled_is_out_and_their_clients_go_to_the_successor(desk: Desk) -> None:
    signed_in(desk, "ben")
    refusal = desk.refused("people", "disable", "ben")
    assert "looks after 3 clients" in refusal
    assert ends(desk) == [(None,)]
    assert desk.done("people", "disable", "Ben", "--successor", "cleo", "--history") == "Ben is out.\n"
    assert (ends(desk), person(desk, "ben")[-1]) == ([("revoked",)], False)
    ((cleo,),) = desk.rows(select(PEOPLE.c.id).where(PEOPLE.c.username == "cleo"))
    assert len(desk.rows(select(ASSIGNMENTS.c.client_id).where(ASSIGNMENTS.c.therapist_id == cleo))) == 4
    rows = desk.rows(select(AUDIT.c.actor_id, AUDIT.c.address, AUDIT.c.outcome).where(AUDIT.c.action == "deactivate"))
    assert rows == [(0, "command line", "done")]
    assert "Ben Larsen\ttherapist\tHarbor Counseling\tinactive" in desk.done("people", "list")


STAYING = [
    (("nobody",), "Nobody has the username nobody."),
    (("ben", "--successor", "nobody"), "Nobody has the username nobody."),
    (("ben", "--successor", "jon"), "does not exist"),
    (("ada",), "only administrator"),
    (("hal",), "does not exist"),
]


def test_who_cannot_be_disabled_stays(desk: Desk) -> None:
    before = desk.done("people", "list")
    for command, words in STAYING:
        assert words in desk.refused("people", "disable", *command)
    assert desk.done("people", "list") == before


def test_a_client_is_made_inactive(desk: Desk) -> None:
    desk.done("people", "disable", "dana")
    assert person(desk, "dana")[-1] is False


def test_a_new_password_holds_and_ends_every_session(desk: Desk) -> None:
    signed_in(desk, "dana")
    typed = f"{SECRET}\n{SECRET}\n"
    assert "Dana has a new password." in desk.done("people", "reset-password", "Dana", type_in=typed)
    ((stored,),) = desk.rows(select(PEOPLE.c.password_hash).where(PEOPLE.c.username == "dana"))
    assert (passwords.matches(str(stored), SECRET), passwords.matches(str(stored), PASSWORD)) == (True, False)
    assert ends(desk) == [("password",)]
    assert "at least 10" in desk.refused("people", "reset-password", "dana", "--password", "short")
    assert "Nobody has" in desk.refused("people", "reset-password", "nobody", "--password", SECRET)


def test_sessions_end_everywhere(desk: Desk) -> None:
    signed_in(desk, "dana")
    assert desk.done("people", "end-sessions", "dana") == "1 sessions ended.\n"
    assert desk.done("people", "end-sessions", "dana") == "0 sessions ended.\n"
    assert ends(desk) == [("ended",)]
    assert "Nobody has" in desk.refused("people", "end-sessions", "nobody")
