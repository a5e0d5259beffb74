"""What is worked out once for the same rows is never given for others."""

from __future__ import annotations

from chat.access import Member
from chat.models import Organization, Person
from chat.queries.circles import Circle, circles
from tests.databases import House, Sent


def circle(house: House, talk: Sent) -> Circle:
    return house.ask(circles, [talk.conversation])[talk.conversation]


def names(people: list[Member]) -> list[str]:
    return [one.name for one in people]


def test_as_long_as_nothing_changes_it_is_the_same_one_by_one_statement(house: House) -> None:
    talks = [house.begin(house.ben, house.dana), house.begin(house.ben, house.ada)]
    first = house.ask(circles, [talk.conversation for talk in talks])
    house.reply(house.dana, talks[0])
    with house.counted() as seen:
        again = house.ask(circles, [talk.conversation for talk in talks])
    assert len(seen) == 1
    assert all(again[number] is first[number] for number in first)
    assert first[talks[0].conversation] is not first[talks[1].conversation]


def test_a_right_that_ended_is_another_circle(house: House) -> None:
    talk = house.begin(house.ben, house.dana)
    before = circle(house, talk)
    assert (names(before.open), before.reached(house.ben.person)) == (["Dana Reed", "Ben Larsen"], True)
    house.unassign(house.dana, house.ben)
    after = circle(house, talk)
    assert (names(after.open), after.reached(house.ben.person)) == (["Dana Reed"], False)
    assert after.people(house.dana.person) == []
    house.assign(house.dana.person, house.ben.person)
    assert circle(house, talk).people(house.dana.person) == before.people(house.dana.person) != []


def test_each_reader_is_told_of_the_others_and_of_the_gate_that_is_shut(house: House) -> None:
    talk = house.begin(house.ben, house.dana)
    here = circle(house, talk)
    for reader, other in ((house.ben, house.dana), (house.dana, house.ben)):
        assert [one["id"] for one in here.people(reader.person)] == [other.person]
        assert here.shut(reader.person, house.dana.person, messaging=True) is None
        shut = here.shut(reader.person, house.dana.person, messaging=False)
        assert shut is not None
        assert shut.details["gate"] == "organization"
    house.set(Person, house.dana.person, messaging_enabled=False)
    shut = circle(house, talk).shut(house.ben.person, house.dana.person, messaging=True)
    assert shut is not None
    assert shut.details["gate"] == "client"


def test_a_conversation_of_the_team_concerns_no_client(house: House) -> None:
    talk = house.begin(house.ben, house.ada)
    assert circle(house, talk).shut(house.ben.person, None, messaging=True) is None
    house.set(Organization, house.ben.organization, messaging_enabled=False)
    # Whether messaging is on is no part of the circle: it is asked with each row.
    assert circle(house, talk).shut(house.ben.person, None, messaging=True) is None
