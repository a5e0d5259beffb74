"""The team: invited, given a role, added to the portal, and put out with somebody who takes over."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, select

from chat.actions.assignments import Assigned, assign, unassign
from chat.actions.messages import send_messages
from chat.actions.sessions import SignIn, sign_in
from chat.actions.staff import (
    Deactivate,
    NamedStaff,
    NewStaff,
    SetRole,
    add_to_portal,
    invite_again,
    invite_staff,
    remove_from_portal,
    set_role,
)
from chat.actions.standing import activate, deactivate
from chat.errors import Conflict, CoreError, Invalid, NotFound, Refused
from chat.lib import clock
from chat.models import Alert, AuditEntry, Person, Session
from chat.models.columns import table
from chat.queries.conversations import conversations
from chat.transaction import Who
from tests import recount
from tests.databases import House, Sent, Template, into, to_people
from tests.people import NOON
from tests.races import Act, alone, at_once

PEOPLE, ALERTS, SESSIONS, AUDIT = table(Person), table(Alert), table(Session), table(AuditEntry)


def version(house: House, who: Who) -> int:
    found: int = house.run(select(PEOPLE.c.version).where(PEOPLE.c.id == who.person))[0][0]
    return found


def become(house: House, who: Who, role: str, by: Who | None = None) -> Who:
    """Somebody after their role was changed."""
    house.do(set_role, by or house.ada, SetRole(who.person, role, version(house, who)))
    assert recount.faults(house.connection) == []
    return dataclasses.replace(who, role=role)


def ends(house: House, who: Who) -> list[str | None]:
    """Why each of somebody's sessions ended; None for one that goes on."""
    return [row[0] for row in house.run(select(SESSIONS.c.end_reason).where(SESSIONS.c.person_id == who.person))]


def listed(house: House, who: Who) -> set[int]:
    return {row["id"] for name in ("inbox", "sent", "trash") for row in house.ask(conversations, name, who=who)[0]}


# Invitations


def test_an_invited_therapist_is_there_at_once_and_gets_one_mail(house: House) -> None:
    number = house.do(invite_staff, house.ada, NewStaff("  Lea   Ortiz ", "Lea@Example.ORG", "therapist"))["person"]
    columns = (PEOPLE.c.name, PEOPLE.c.email, PEOPLE.c.role, PEOPLE.c.in_portal, PEOPLE.c.username, PEOPLE.c.organization_id)
    row = house.run(select(*columns).where(PEOPLE.c.id == number))
    assert row == [("Lea Ortiz", "Lea@example.org", "therapist", False, None, house.ada.organization)]
    columns = (ALERTS.c.person_id, ALERTS.c.kind, ALERTS.c.channel, ALERTS.c.state, ALERTS.c.due_at, ALERTS.c.conversation_id)
    assert house.run(select(*columns)) == [(number, "invitation", "email", "waiting", NOON, None)]


@pytest.mark.parametrize(
    ("what", "field"),
    [
        (NewStaff("Lea", "lea@example.org", "client"), "role"),
        (NewStaff("Lea", "nowhere", "therapist"), "email"),
        (NewStaff(" ", "lea@example.org", "therapist"), "name"),
        (NewStaff("Lea\nOrtiz", "lea@example.org", "therapist"), "name"),
    ],
)
def test_what_is_wrong_with_an_invitation_is_named(house: House, what: NewStaff, field: str) -> None:
    before = house.state()
    refusal = house.refusal(invite_staff, house.ada, what)
    assert (type(refusal), refusal.details) == (Invalid, {"field": field})
    assert house.state() == before


def test_who_has_a_password_is_not_invited_again(house: House) -> None:
    lea = house.someone("therapist", "Lea Ortiz", like=house.ada, email="lea@example.org")
    house.do(invite_again, house.ada, NamedStaff(lea.person))
    assert house.count(Alert) == 1
    assert isinstance(house.refusal(invite_again, house.ada, NamedStaff(house.ben.person)), Refused)
    assert house.count(Alert) == 1


# Roles


def test_an_administrator_reads_only_conversations_they_take_part_in(house: House) -> None:
    sent, team = house.begin(house.ben, house.dana), house.begin(house.ben, house.cleo)
    assert not house.sees(house.ada, sent)
    assert not house.sees(house.ada, team)
    assert listed(house, house.ada) == set()
    mine = house.begin(house.ada, house.dana)
    assert listed(house, house.ada) == {mine.conversation}


def test_an_administrator_who_becomes_a_therapist_keeps_only_assigned_clients(house: House) -> None:
    house.do(assign, house.ada, Assigned(house.eli.person, house.ada.person))
    eli, team = (house.begin(other, house.ada) for other in (house.eli, house.ben))
    dana = house.begin(house.ada, house.dana)
    house.reply(house.dana, dana)
    ben = become(house, house.ben, "administrator")
    before = house.feed(house.ada)
    assert before.unread == 3
    ada = become(house, house.ada, "therapist", by=ben)
    assert [house.sees(ada, place) for place in (dana, eli, team)] == [False, True, True]
    answer = house.feed(ada, before.cursor)
    assert answer.unread == 2
    assert [one.conversation["id"] for one in answer.changes if one.conversation.get("gone")] == [dana.conversation]
    assert isinstance(house.refusal(send_messages, ada, into(dana)), NotFound)
    house.reply(ada, eli)


def test_a_therapist_who_becomes_an_administrator_gets_back_what_they_took_part_in(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    house.do(unassign, house.ada, Assigned(house.dana.person, house.ben.person))
    assert not house.sees(house.ben, sent)
    ben = become(house, house.ben, "administrator")
    assert house.sees(ben, sent)
    house.reply(ben, sent)
    assert not house.sees(ben, house.begin(house.cleo, house.fay))


def test_the_portal_and_the_conversations_stay_when_the_role_stays(house: House) -> None:
    before = house.state()
    house.do(set_role, house.ada, SetRole(house.ben.person, "therapist", version(house, house.ben)))
    assert house.state() == before


def test_a_new_role_ends_the_sessions_that_began_with_the_old_one(house: House) -> None:
    house.do(sign_in, None, SignIn(house.ben.person, "here"))
    become(house, house.ben, "administrator")
    assert ends(house, house.ben) == ["role"]


def test_a_deactivated_therapist_gets_nothing_back_by_a_role(house: House) -> None:
    sent, team = house.begin(house.dana, house.ben), house.begin(house.ben, house.cleo)
    house.do(deactivate, house.ada, Deactivate(house.ben.person, house.cleo.person))
    ben = become(house, house.ben, "administrator")
    assert [house.sees(ben, place) for place in (sent, team)] == [False, False]
    house.do(activate, house.ada, NamedStaff(ben.person))
    assert [house.sees(ben, place) for place in (sent, team)] == [True, True]


def test_a_role_is_one_of_the_two_and_of_the_version_on_screen(house: House) -> None:
    before = house.state()
    what = SetRole(house.ben.person, "client", version(house, house.ben))
    assert house.refusal(set_role, house.ada, what).details == {"field": "role"}
    old = SetRole(house.ben.person, "administrator", version(house, house.ben) - 1)
    assert isinstance(house.refusal(set_role, house.ada, old), Conflict)
    assert house.state() == before


# The last administrator


def without_ada(house: House, how: str) -> CoreError:
    """The refusal of taking the only administrator away."""
    if how == "set_role":
        return house.refusal(set_role, house.ada, SetRole(house.ada.person, "therapist", version(house, house.ada)))
    office = dataclasses.replace(house.ada, person=0)  # the operator's hand: nobody deactivates themselves
    return house.refusal(deactivate, office, Deactivate(house.ada.person, house.ben.person))


@pytest.mark.parametrize("how", ["set_role", "deactivate"])
def test_the_last_administrator_stays(house: House, how: str) -> None:
    before = house.state()
    assert "Ada Lindgren is the only administrator" in without_ada(house, how).message
    assert house.state() == before


@pytest.mark.parametrize("how", ["set_role", "deactivate"])
def test_one_who_was_only_invited_or_is_deactivated_or_of_another_practice_does_not_count(house: House, how: str) -> None:
    house.do(invite_staff, house.ada, NewStaff("Lea Ortiz", "lea@example.org", "administrator"))
    become(house, house.ben, "administrator")
    house.do(deactivate, house.ada, Deactivate(house.ben.person, house.cleo.person))
    assert isinstance(without_ada(house, how), Refused)


def test_nobody_deactivates_themselves(house: House) -> None:
    become(house, house.ben, "administrator")
    assert isinstance(house.refusal(deactivate, house.ada, Deactivate(house.ada.person, house.cleo.person)), Refused)
    assert isinstance(house.refusal(deactivate, house.cleo, Deactivate(house.cleo.person)), NotFound)


@pytest.fixture
def two(postgresql_template: Template) -> Iterator[tuple[str, Who, Who]]:
    """A practice with two administrators, Ada and Ben, in a database of its own."""
    ada, ben = (postgresql_template.cast[name] for name in ("ada", "ben"))
    with postgresql_template.copy() as address, clock.frozen(NOON):
        assert alone(address, (set_role, ada, SetRole(ben.person, "administrator", 1))) == [{}]
        yield address, ada, dataclasses.replace(ben, role="administrator")


def administrators(address: str, practice: int) -> int:
    engine = create_engine(address)
    try:
        with engine.connect() as connection:
            mine = select(PEOPLE.c.id).where(
                PEOPLE.c.role == "administrator", PEOPLE.c.active, PEOPLE.c.organization_id == practice
            )
            return len(connection.execute(mine).all())
    finally:
        engine.dispose()


@pytest.mark.parametrize("how", ["demote each other", "deactivate each other", "demote and deactivate", "step down both"])
def test_of_two_administrators_who_act_at_once_one_stays(two: tuple[str, Who, Who], how: str) -> None:
    address, ada, ben = two
    cleo = ben.person + 1
    out: dict[str, tuple[Act, Act]] = {
        "demote each other": (
            (set_role, ada, SetRole(ben.person, "therapist", 2)),
            (set_role, ben, SetRole(ada.person, "therapist", 1)),
        ),
        "deactivate each other": (
            (deactivate, ada, Deactivate(ben.person, cleo)),
            (deactivate, ben, Deactivate(ada.person, cleo)),
        ),
        "demote and deactivate": (
            (set_role, ada, SetRole(ada.person, "therapist", 1)),
            (deactivate, ada, Deactivate(ben.person, cleo)),
        ),
        "step down both": (
            (set_role, ada, SetRole(ada.person, "therapist", 1)),
            (set_role, ben, SetRole(ben.person, "therapist", 2)),
        ),
    }
    first, second = at_once(address, *out[how])
    assert (first, type(second)) == ({}, Refused)
    assert "only administrator" in second.message
    assert administrators(address, ada.organization) == 1


def test_who_was_made_the_last_administrator_meanwhile_is_not_put_out(two: tuple[str, Who, Who]) -> None:
    address, ada, ben = two
    assert alone(address, (set_role, ada, SetRole(ben.person, "therapist", 2))) == [{}]

    def promote_and_leave(tx: object, _what: None) -> None:
        set_role(tx, SetRole(ben.person, "administrator", 3))  # type: ignore[arg-type]
        set_role(tx, SetRole(ada.person, "therapist", 1))  # type: ignore[arg-type]

    # The second began when Ben was a therapist, and finds him the only administrator when its turn comes.
    _, second = at_once(address, (promote_and_leave, ada, None), (deactivate, ada, Deactivate(ben.person, ben.person + 1)))
    assert isinstance(second, Refused)
    assert administrators(address, ada.organization) == 1


def test_of_two_who_deactivate_the_same_one_both_are_done(two: tuple[str, Who, Who]) -> None:
    address, ada, ben = two
    what = Deactivate(ben.person + 1, ben.person)
    assert at_once(address, (deactivate, ada, what), (deactivate, ben, what)) == ({}, {})


# Deactivated and back


def test_deactivated_staff_are_out_at_once(house: House) -> None:
    client, team = house.begin(house.dana, house.ben), house.begin(house.cleo, house.ben)
    house.do(sign_in, None, SignIn(house.ben.person, "here"))
    before = house.feed(house.ben)
    assert before.unread == 2
    house.do(deactivate, house.ada, Deactivate(house.ben.person, house.cleo.person))
    assert {house.ben.person, house.dana.person, house.cleo.person} <= house.rung
    assert ends(house, house.ben) == ["revoked"]
    answer = house.feed(house.ben, before.cursor)
    assert (answer.unread, [one.conversation.get("gone") for one in answer.changes]) == (0, [True, True])
    assert not house.sees(house.ben, client)
    assert not house.sees(house.ben, team)
    assert listed(house, house.ben) == set()
    for what in (into(client), into(team), to_people(house.cleo)):
        assert isinstance(house.refusal(send_messages, house.ben, what), NotFound)
    assert isinstance(house.refusal(send_messages, house.cleo, to_people(house.ben)), NotFound)
    assert recount.faults(house.connection) == []


def test_their_clients_need_a_successor_and_may_come_with_their_history(house: House) -> None:
    sent = house.begin(house.dana, house.ben, body="one")
    before = house.state()
    refusal = house.refusal(deactivate, house.ada, Deactivate(house.ben.person))
    assert (type(refusal), refusal.details) == (Refused, {"field": "successor", "clients": 3})
    assert "Ben Larsen looks after 3 clients." in refusal.message
    alone = house.refusal(deactivate, house.ada, Deactivate(house.cleo.person))
    assert "Cleo Marsh looks after one client." in alone.message
    for successor in (house.jon, house.dana):
        assert isinstance(house.refusal(deactivate, house.ada, Deactivate(house.ben.person, successor.person)), NotFound)
    assert isinstance(house.refusal(deactivate, house.ada, Deactivate(house.ben.person, house.ben.person)), Refused)
    assert house.state() == before
    house.do(deactivate, house.ada, Deactivate(house.ben.person, house.cleo.person, history=True))
    assert [message["body"] for message in house.page(house.cleo, sent).messages] == [
        "one",
        "Cleo Marsh reads this conversation from today.",
    ]
    assert not house.sees(house.ben, sent)
    house.reply(house.cleo, sent)
    assert recount.faults(house.connection) == []


def test_who_looks_after_nobody_needs_no_successor(house: House) -> None:
    lea = house.someone("therapist", "Lea Ortiz", like=house.ada)
    house.do(deactivate, house.ada, Deactivate(lea.person))
    before = house.state()
    house.do(deactivate, house.ada, Deactivate(lea.person))
    assert house.state() == before


def test_an_administrator_who_is_deactivated_loses_what_nobody_takes_over(house: House) -> None:
    ben = become(house, house.ben, "administrator")
    sent = house.begin(ben, house.fay)
    house.do(deactivate, house.ada, Deactivate(ben.person, house.cleo.person))
    assert not house.sees(ben, sent)
    house.do(activate, house.ada, NamedStaff(ben.person))
    assert house.sees(ben, sent)
    assert recount.faults(house.connection) == []


def test_who_is_active_again_has_the_team_conversations_and_no_client(house: House) -> None:
    client, team = house.begin(house.dana, house.ben), house.begin(house.cleo, house.ben)
    house.do(deactivate, house.ada, Deactivate(house.ben.person, house.cleo.person))
    house.reply(house.cleo, house.begin(house.cleo, house.ada))
    house.do(activate, house.ada, NamedStaff(house.ben.person))
    assert [house.sees(house.ben, place) for place in (client, team)] == [False, True]
    assert house.feed(house.ben).unread == 1
    house.reply(house.ben, team)
    house.do(assign, house.ada, Assigned(house.dana.person, house.ben.person))
    assert house.sees(house.ben, client)
    before = house.state()
    house.do(activate, house.ada, NamedStaff(house.ben.person))
    assert house.state() == before
    assert recount.faults(house.connection) == []


# The portal


def closed(house: House, who: Who, place: Sent) -> str | None:
    found = house.row(who, place)["closed"]
    return found["gate"] if found else None


def test_the_portal_is_the_second_gate_and_every_page_learns_of_it_at_once(house: House) -> None:
    sent = house.begin(house.dana, house.ben)
    cursors = {who: house.feed(who).cursor for who in (house.dana, house.ben)}
    house.do(remove_from_portal, house.ada, NamedStaff(house.ben.person))
    assert house.rung == {house.dana.person, house.ben.person}
    for who, gate in ((house.dana, "assignment"), (house.ben, "portal")):
        (change,) = house.feed(who, cursors[who]).changes
        assert (change.conversation["closed"] or {})["gate"] == closed(house, who, sent) == gate
        assert [message["body"] for message in house.page(who, sent).messages] == ["Hello"]
        refusal = house.refusal(send_messages, who, into(sent))
        assert (type(refusal), refusal.details["gate"]) == (Refused, gate)
    assert isinstance(house.refusal(send_messages, house.dana, to_people(house.ben, subject="New")), NotFound)
    house.do(add_to_portal, house.ada, NamedStaff(house.ben.person))
    assert closed(house, house.dana, sent) is closed(house, house.ben, sent) is None
    house.reply(house.dana, sent)
    assert recount.faults(house.connection) == []


def test_the_team_writes_to_each_other_without_the_portal(house: House) -> None:
    house.do(remove_from_portal, house.ada, NamedStaff(house.ben.person))
    house.reply(house.cleo, house.begin(house.ben, house.cleo))


def test_a_gate_that_stands_as_asked_stays_as_it_is(house: House) -> None:
    before = house.state()
    house.do(add_to_portal, house.ada, NamedStaff(house.ben.person))
    assert house.state() == before


# Who may


@pytest.mark.parametrize("name", ["ben", "cleo", "dana", "hal", "ivy", "jon", "kim"])
def test_only_administrators_of_the_same_practice_run_the_team(house: House, name: str) -> None:
    who, cleo = getattr(house, name), house.cleo.person
    before = house.state()
    acts = (
        (invite_again, NamedStaff(cleo)),
        (add_to_portal, NamedStaff(cleo)),
        (remove_from_portal, NamedStaff(cleo)),
        (activate, NamedStaff(cleo)),
        (deactivate, Deactivate(cleo, house.ben.person)),
        (set_role, SetRole(cleo, "administrator", 1)),
    )
    for action, what in acts:
        assert isinstance(house.refusal(action, who, what), NotFound), action
    if who.role != "administrator":
        assert isinstance(house.refusal(invite_staff, who, NewStaff("X", "x@example.org", "therapist")), NotFound)
    assert house.state() == before


def test_every_change_of_the_team_is_on_record(house: House) -> None:
    cleo = house.cleo.person
    house.do(remove_from_portal, house.ada, NamedStaff(cleo))
    house.do(add_to_portal, house.ada, NamedStaff(cleo))
    become(house, house.cleo, "administrator")
    house.do(deactivate, house.ada, Deactivate(cleo, house.ben.person))
    house.do(activate, house.ada, NamedStaff(cleo))
    rows = house.run(
        select(AUDIT.c.action, AUDIT.c.actor_id, AUDIT.c.details)
        .where(AUDIT.c.person_id == cleo, AUDIT.c.at == NOON, AUDIT.c.actor_id.is_not(None))
        .order_by(AUDIT.c.id)
    )
    ada = house.ada.person
    assert rows == [
        ("remove_from_portal", ada, ""),
        ("add_to_portal", ada, ""),
        ("set_role", ada, "administrator"),
        ("deactivate", ada, ""),
        ("activate", ada, ""),
    ]
