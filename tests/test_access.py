"""Who may see and do what: the table of the rules against every pair of people."""

from __future__ import annotations

import dataclasses
from itertools import permutations

import pytest

from chat import access
from chat.access import MAY_WRITE_TO, Member
from chat.actions.messages import send_messages
from chat.errors import CoreError, NotFound, Refused
from chat.models import Person
from chat.models.people import STAFF, Role
from chat.queries.people import FIND, find_people
from chat.transaction import Reading, Who
from tests.databases import House, to_people
from tests.people import CAST, later

ROLES = [role.value for role in Role]


@pytest.mark.parametrize("assigned", [True, False], ids=["assigned", "not assigned"])
@pytest.mark.parametrize("to", ROLES)
@pytest.mark.parametrize("role", ROLES)
def test_who_may_write_to_whom_is_what_the_table_says(house: House, role: str, to: str, assigned: bool) -> None:
    author = house.someone(role, "The author", like=house.ben)
    other = house.someone(to, "The other", like=house.ben)
    if assigned:
        client, therapist = (author, other) if author.role == "client" else (other, author)
        house.assign(client.person, therapist.person)
    relation = MAY_WRITE_TO[role].get(to)
    allowed = relation == "organization" or (relation == "assigned" and assigned)
    (result,) = house.batch(send_messages, [(author, to_people(other))])
    assert isinstance(result, CoreError) != allowed
    assert ("The other" in [one["name"] for one in house.ask(find_people, "other", who=author)]) == allowed
    foreign = house.someone(to, "A stranger", like=house.jon)
    assert isinstance(house.refusal(send_messages, author, to_people(foreign)), NotFound if role != "contact" else Refused)
    assert house.ask(find_people, "stranger", who=author) == []


def test_the_table_knows_every_role_and_lets_contacts_begin_nothing() -> None:
    assert set(MAY_WRITE_TO) == set(ROLES)
    assert set(FIND) == {role for role in ROLES if MAY_WRITE_TO[role]}, "whoever may write to nobody finds nobody"
    assert MAY_WRITE_TO["contact"] == {}
    assert all("contact" not in row for row in MAY_WRITE_TO.values())
    assert "client" not in MAY_WRITE_TO["client"]


def test_the_rule_for_one_and_the_rule_for_many_agree_on_everybody(house: House) -> None:
    """Every pair of both practices, also with somebody deactivated or outside the portal."""
    house.set(Person, house.cleo.person, active=False)
    house.set(Person, house.ada.person, in_portal=False)
    house.assign(house.dana.person, house.ada.person)
    house.assign(house.dana.person, house.cleo.person)
    for first, second in permutations(house.cast, 2):
        author, other = house.cast[first], house.cast[second]
        if first == "cleo":
            continue  # who is deactivated cannot ask
        found = second in {username(house, one["id"]) for one in house.ask(find_people, CAST[second].name, who=author)}
        result = house.batch(send_messages, [(author, to_people(other))])[0]
        reachable = not isinstance(result, NotFound) and author.role != "contact"
        assert found == reachable, (first, second, result)


def username(house: House, person: int) -> str:
    return next(name for name, who in house.cast.items() if who.person == person)


# Conversations


def test_only_those_who_take_part_reach_a_conversation(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    for name, who in house.cast.items():
        found = house.ask(lambda reading, who=who: access.conversations(reading, who, [sent.conversation, 999_999]))
        assert (sent.conversation in found) == (name in {"ben", "dana"}), name
        if name not in {"ben", "dana"}:
            with pytest.raises(NotFound):
                house.ask(lambda reading, who=who: access.conversation(reading, who, sent.conversation))
    row = house.ask(lambda reading: access.conversation(reading, house.ben, sent.conversation))
    assert tuple(row) == (sent.conversation, house.dana.person, 1, 1, 1)


def test_nothing_is_asked_for_nobodys_conversations(house: House) -> None:
    with house.counted() as seen:
        assert house.ask(lambda reading: access.conversations(reading, house.ben, [])) == {}
    assert seen == []


def test_a_scope_reaches_what_it_names_until_it_ends(house: House) -> None:
    sent, other = house.begin(house.ben, house.dana), house.begin(house.ben, house.dana, subject="Other")
    scoped = dataclasses.replace(house.dana, scope={sent.conversation: later(minutes=15)})

    def reached() -> set[int]:
        return set(house.ask(lambda reading: access.conversations(reading, scoped, [sent.conversation, other.conversation])))

    assert reached() == {sent.conversation}
    with house.at(later(minutes=15) - 1):
        assert reached() == {sent.conversation}
    with house.at(later(minutes=15)):
        assert reached() == set()


# Clients and staff


HARBOR = {"ada": {"dana", "eli", "fay", "gus"}, "ben": {"dana", "eli", "gus"}, "cleo": {"fay"}}
LOOKS_AFTER: dict[str, set[str]] = {name: set() for name in CAST} | HARBOR | {"ivy": {"kim"}, "jon": {"kim"}}


@pytest.mark.parametrize(("who", "sees"), LOOKS_AFTER.items())
def test_clients_are_seen_by_those_who_look_after_them(house: House, who: str, sees: set[str]) -> None:
    asker = house.cast[who]
    for name, other in house.cast.items():
        try:
            found = house.ask(lambda reading, other=other: access.client(reading, asker, other.person))
        except NotFound:
            assert name not in sees
        else:
            assert name in sees
            assert found.name == CAST[name].name
    with pytest.raises(NotFound):
        house.ask(lambda reading: access.client(reading, asker, 999_999))
    if asker.role in STAFF:
        scoped = dataclasses.replace(asker, scope={})
        for other in house.cast.values():
            with pytest.raises(NotFound):
                house.ask(lambda reading, other=other: access.client(reading, scoped, other.person))


def test_the_team_is_seen_by_the_team(house: House) -> None:
    for name, who in house.cast.items():
        for other_name, other in house.cast.items():
            same = who.role in STAFF and other.role in STAFF and who.organization == other.organization
            try:
                house.ask(access.staff_member, other.person, who=who)
            except NotFound:
                assert not same, (name, other_name)
            else:
                assert same, (name, other_name)
    with pytest.raises(NotFound):
        house.ask(access.staff_member, house.cleo.person, who=dataclasses.replace(house.ben, scope={}))


def test_only_a_whole_administrator_is_one(house: House) -> None:
    def administrator(who: Who) -> bool:
        try:
            house.ask(access.require_administrator, who=who)
        except NotFound:
            return False
        return True

    assert [name for name, who in house.cast.items() if administrator(who)] == ["ada", "ivy"]
    assert not administrator(dataclasses.replace(house.ada, scope={}))


def test_what_is_asked_on_nobodys_behalf_has_no_me(house: House) -> None:
    with pytest.raises(LookupError, match="nobody's behalf"):
        house.ask(lambda reading: reading.me)


# The gates, one by one


BEN = Member(2, 1, "therapist", "Ben", True, True, False)
DANA = Member(4, 1, "client", "Dana", True, False, True)
HAL = Member(8, 1, "contact", "Hal", True, False, False)
ADA = Member(1, 1, "administrator", "Ada", True, True, False)


def change(member: Member, **values: bool) -> Member:
    return dataclasses.replace(member, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("author", "client", "others", "messaging", "gate"),
    [
        (BEN, DANA, [DANA], True, None),
        (DANA, DANA, [BEN], True, None),
        (HAL, DANA, [DANA, BEN], True, None),
        (BEN, None, [ADA], True, None),
        (change(BEN, in_portal=False), None, [ADA], True, None),
        (BEN, DANA, [DANA], False, "organization"),
        (BEN, None, [ADA], False, "organization"),
        (change(BEN, in_portal=False), DANA, [DANA], True, "portal"),
        (change(ADA, in_portal=False), DANA, [DANA], True, "portal"),
        (BEN, change(DANA, active=False), [], True, "inactive"),
        (DANA, change(DANA, active=False), [BEN], True, "inactive"),
        (BEN, change(DANA, messaging_enabled=False), [], True, "client"),
        (change(DANA, messaging_enabled=False), change(DANA, messaging_enabled=False), [BEN], True, "client"),
        (HAL, change(DANA, messaging_enabled=False), [BEN], True, "client"),
        (DANA, DANA, [], True, "assignment"),
        (DANA, DANA, [change(BEN, in_portal=False)], True, "assignment"),
        (DANA, DANA, [change(BEN, active=False)], True, "assignment"),
        (HAL, DANA, [DANA], True, "assignment"),
        (BEN, None, [], True, "inactive"),
        (BEN, None, [change(ADA, active=False)], True, "inactive"),
        (change(BEN, in_portal=False), change(DANA, active=False), [], False, "organization"),
        (change(BEN, in_portal=False), change(DANA, active=False, messaging_enabled=False), [], True, "portal"),
    ],
)
def test_each_gate_says_that_it_is_the_one(
    author: Member, client: Member | None, others: list[Member], messaging: bool, gate: str | None
) -> None:
    refusal = access.closed(author, client, others, messaging=messaging)
    assert (refusal.details["gate"] if refusal else None) == gate
    assert refusal is None or refusal.message.endswith(".")


def test_the_client_is_not_spoken_of_in_the_third_person() -> None:
    shut = change(DANA, messaging_enabled=False)
    mine, theirs = (access.closed(author, shut, [BEN], messaging=True) for author in (shut, BEN))
    assert mine
    assert theirs
    assert "for you" in mine.message
    assert "for Dana" in theirs.message


def test_a_reading_has_a_moment_of_its_own(house: House) -> None:
    assert Reading(house.connection, house.keys).now == later()


def test_what_a_mass_message_began_is_its_sender_s_until_somebody_answers(house: House) -> None:
    message = dataclasses.replace(to_people(house.dana, subject="Holidays"), mass=True)
    talk = house.do(send_messages, house.ben, message)["conversation"]

    def found(who: Who) -> list[int]:
        return list(house.ask(access.silent_conversations, who, [talk], who=who))

    assert found(house.ben) == [talk]
    assert found(house.dana) == found(house.ada) == found(house.jon) == []
    assert found(dataclasses.replace(house.ben, scope={talk: later(hours=1)})) == []
    house.reply(house.dana, talk)
    assert found(house.ben) == []
