"""What is printed of conversations: what the asker may see, all of it, and nothing else."""

from __future__ import annotations

import pytest

from chat.actions.mailboxes import Selection, move_to_trash
from chat.actions.mass_messages import SendMass, advance, send_mass_message
from chat.actions.messages import send_messages
from chat.errors import NotFound
from chat.queries import prints
from chat.queries.mass_messages import mass_conversations
from chat.queries.prints import PrintedMessage, PrintedStep, Printout, printed_messages, printout
from chat.transaction import Who
from tests.databases import House, Sent, into
from tests.people import NOON, later


def heads(house: House, who: Who, *places: Sent) -> Printout:
    return house.ask(printout, [place.conversation for place in places], who=who)


def step(house: House, who: Who, place: Sent, after: int = 0, through: int | None = None) -> PrintedStep:
    return house.ask(printed_messages, place.conversation, after, through or place.seq, who=who)


def bodies(messages: list[PrintedMessage]) -> list[str]:
    return [message["body"] for message in messages]


def many(house: House, count: int) -> Sent:
    """Ben wrote so many messages to Dana, numbered from 1."""
    sent = house.begin(house.ben, house.dana, body="1")
    for result in house.batch(send_messages, [(house.ben, into(sent, str(n))) for n in range(2, count + 1)]):
        sent = Sent(**result)
    return sent


def test_heads_come_in_the_order_asked_for_with_practice_and_reader(house: House) -> None:
    first = house.begin(house.ben, house.dana, subject="Sleep")
    second = house.begin(house.ben, house.eli)
    found = heads(house, house.ben, second, first)
    assert [talk["id"] for talk in found["conversations"]] == [second.conversation, first.conversation]
    assert [talk["subject"] for talk in found["conversations"]] == [None, "Sleep"]
    assert (found["practice"], found["printed_by"], found["now"]) == ("Harbor Counseling", "Ben Larsen", NOON)
    assert found["conversations"][1]["newest"] == 1


def test_the_head_tells_who_takes_part_and_who_they_are(house: House) -> None:
    sent = house.begin(house.ben, house.dana, subject="Sleep")
    house.add_cc(sent, house.hal, (1, None))
    (talk,) = heads(house, house.dana, sent)["conversations"]
    assert [(one["name"], one["role"], one["cc"], one["me"]) for one in talk["people"]] == [
        ("Ben Larsen", "therapist", False, False),
        ("Dana Reed", "client", False, True),
        ("Hal Reed", "contact", True, False),
    ]
    assert (talk["people"][2]["relation"], talk["people"][2]["of"], talk["people"][2]["left"]) == ("father", "Dana Reed", False)


def test_who_left_is_told_only_to_those_who_met_them(house: House) -> None:
    sent = many(house, 4)
    house.add_cc(sent, house.hal, (1, 2))
    late = house.someone("contact", "Mia Reed", like=house.dana, client=house.dana.person)
    house.add_cc(sent, late, (4, None))
    for reader, told in ((house.ben, True), (late, False)):
        (talk,) = heads(house, reader, sent)["conversations"]
        names = {one["name"]: one["left"] for one in talk["people"]}
        assert ("Hal Reed" in names) is told
        assert names["Mia Reed"] is False
    assert {one["name"]: one["left"] for one in heads(house, house.ben, sent)["conversations"][0]["people"]}["Hal Reed"]


def test_what_is_not_the_askers_is_left_out_whatever_the_reason(house: House) -> None:
    own, other = house.begin(house.ben, house.dana), house.begin(house.cleo, house.fay)
    elsewhere = house.begin(house.jon, house.kim)
    nothing = Sent(1 << 40, 1)
    places = (other, own, elsewhere, nothing)
    assert [talk["id"] for talk in heads(house, house.ben, *places)["conversations"]] == [own.conversation]
    for place in (other, elsewhere, nothing):
        with pytest.raises(NotFound):
            step(house, house.ben, place)


def test_a_therapist_who_is_no_longer_assigned_prints_nothing(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    assert heads(house, house.ben, sent)["conversations"]
    house.unassign(house.dana, house.ben)
    assert not heads(house, house.ben, sent)["conversations"]
    with pytest.raises(NotFound):
        step(house, house.ben, sent)


def test_a_quick_link_reaches_its_own_conversation_only(house: House) -> None:
    own, other = house.begin(house.ben, house.dana), house.begin(house.ben, house.dana, subject="Sleep")
    scoped = Who(house.dana.person, house.dana.organization, house.dana.role, scope={own.conversation: later(minutes=1)})
    assert [talk["id"] for talk in heads(house, scoped, own, other)["conversations"]] == [own.conversation]


def test_in_the_trash_one_can_print_until_it_is_gone(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    house.do(move_to_trash, house.dana, Selection((sent.conversation,)))
    with house.at(later(days=14)):
        assert heads(house, house.dana, sent)["conversations"]
        assert bodies(step(house, house.dana, sent).messages) == ["Hello"]
    with house.at(later(days=15)):
        assert not heads(house, house.dana, sent)["conversations"]


def test_messages_come_with_sender_time_and_recipients(house: House) -> None:
    sent = house.begin(house.ben, house.dana, body="Shall we meet?")
    assert step(house, house.ben, sent).messages == [
        {
            "seq": 1,
            "author": "Ben Larsen",
            "body": "Shall we meet?",
            "sent_at": NOON,
            "to": ["Dana Reed"],
            "cc": [],
            "attachments": [],
            "automatic": False,
        }
    ]


def test_messages_come_in_steps_without_hole_or_double(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prints, "STEP", 3)
    sent = many(house, 8)
    parts = [step(house, house.dana, sent)]
    while (after := parts[-1].next) is not None:
        parts.append(step(house, house.dana, sent, after))
    assert [bodies(part.messages) for part in parts] == [["1", "2", "3"], ["4", "5", "6"], ["7", "8"]]


def test_nothing_is_printed_that_came_after_the_head_was_read(house: House) -> None:
    sent = many(house, 4)
    assert bodies(step(house, house.dana, sent, through=3).messages) == ["1", "2", "3"]
    assert step(house, house.dana, sent, after=3, through=3) == PrintedStep([], None)


def test_a_contact_prints_what_they_see_and_not_what_came_between(house: House) -> None:
    sent = many(house, 6)
    house.add_cc(sent, house.hal, (2, 3), (6, None))
    assert bodies(step(house, house.hal, sent).messages) == ["2", "3", "6"]


def test_a_step_takes_the_same_few_statements_for_any_number_of_messages(house: House) -> None:
    short, long = house.begin(house.ben, house.eli), many(house, 60)
    step(house, house.ben, short)
    step(house, house.ben, long)
    with house.counted() as few:
        step(house, house.ben, short)
    with house.counted() as more:
        step(house, house.ben, long)
    assert len(few) == len(more) <= 4


def test_a_mass_message_is_printed_for_its_sender_alone_and_without_those_who_answered(house: House) -> None:
    what = SendMass("k", "Holidays", "We are closed.", everyone=True)
    number = house.do(send_mass_message, house.ben, what)["mass_message"]
    while house.do(advance):
        pass
    talks = house.ask(mass_conversations, [number], who=house.ben)[number]
    found = house.ask(printout, talks, who=house.ben)["conversations"]
    assert [[one["name"] for one in talk["people"]] for talk in found] == [
        ["Ben Larsen", "Dana Reed"],
        ["Ben Larsen", "Eli Navarro"],
    ]
    assert [bodies(step(house, house.ben, Sent(talk, 1)).messages) for talk in talks] == [["We are closed."]] * 2
    for outsider in (house.ada, house.cleo, house.jon):
        assert house.ask(mass_conversations, [number], who=outsider) == {}
        assert house.ask(printout, talks, who=outsider)["conversations"] == []
    house.reply(house.dana, talks[0])
    assert house.ask(mass_conversations, [number], who=house.ben)[number] == talks[1:]
    house.unassign(house.eli, house.ben)
    assert house.ask(printout, talks[1:], who=house.ben)["conversations"] == []
