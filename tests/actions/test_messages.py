"""Sending: exactly once, in sets, to whom it may, sealed."""

from __future__ import annotations

import dataclasses
import json
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from chat.actions.clients import NamedClient, disable_messaging
from chat.actions.drafts import SaveDraft, save_draft
from chat.actions.mailboxes import Selection, move_to_trash
from chat.actions.messages import SendMessage, send_messages
from chat.errors import Conflict, CoreError, Invalid, NotFound, Refused
from chat.lib import clock
from chat.lib.crypto import DataKey, KeyRing, Unreadable, key_of
from chat.models import Alert, AuditEntry, Conversation, Message, Organization, Participant, Person
from chat.models import DataKey as DataKeyRow
from chat.models.columns import table
from chat.queries.drafts import drafts
from chat.transaction import Keys
from tests.databases import House, Sent, into, to_people
from tests.people import NOON, later

MESSAGES, CONVERSATIONS, ALERTS, AUDIT = table(Message), table(Conversation), table(Alert), table(AuditEntry)
TRACES = ("conversation", "participant", "span", "message", "alert", "audit_entry", "mailbox", "receipt", "data_key")


def bodies(house: House, who: str, place: Sent) -> list[str]:
    return [message["body"] for message in house.page(getattr(house, who), place).messages]


def traces(house: House) -> dict[str, object]:
    """All that a send leaves."""
    state = house.state()
    return {name: state[name] for name in TRACES}


# What a message is


def test_a_message_reaches_its_reader_and_nobody_else(house: House) -> None:
    sent = house.begin(house.ben, house.dana, body="How did it go?")
    assert sent.seq == 1
    assert bodies(house, "ben", sent) == bodies(house, "dana", sent) == ["How did it go?"]
    for outsider in ("ada", "cleo", "eli", "fay", "hal", "ivy", "jon", "kim"):
        assert not house.sees(getattr(house, outsider), sent), outsider
        assert house.feed(getattr(house, outsider)).changes == [], outsider
    assert house.rung == {house.ben.person, house.dana.person}


def test_messages_are_numbered_in_one_order_whatever_the_clock_says(house: House) -> None:
    first = house.begin(house.ben, house.dana)
    with house.at(later(days=-1)):
        assert house.reply(house.dana, first, body="from a clock that is behind") == (first.conversation, 2)
    assert house.reply(house.ben, first) == (first.conversation, 3)
    assert [message["seq"] for message in house.page(house.ben, first).messages] == [1, 2, 3]


def test_writing_to_one_person_without_a_subject_continues_the_direct_conversation(house: House) -> None:
    first = house.begin(house.ben, house.dana)
    assert house.begin(house.ben, house.dana) == (first.conversation, 2)
    assert house.begin(house.dana, house.ben) == (first.conversation, 3)
    assert house.begin(house.ben, house.eli).conversation != first.conversation


def test_a_subject_starts_a_new_thread(house: House) -> None:
    direct = house.begin(house.ben, house.dana)
    thread = house.begin(house.ben, house.dana, subject="Sleep diary")
    again = house.begin(house.ben, house.dana, subject="Sleep diary")
    assert len({direct.conversation, thread.conversation, again.conversation}) == 3
    row, plain = house.row(house.dana, thread), house.row(house.dana, direct)
    assert (row["subject"], row["direct"], plain["subject"], plain["direct"]) == ("Sleep diary", False, None, True)


def test_a_client_may_write_to_several_of_their_staff_at_once(house: House) -> None:
    house.assign(house.dana.person, house.cleo.person)
    sent = house.begin(house.dana, house.ben, house.cleo, subject="To both of you")
    for who in (house.ben, house.cleo):
        row = house.row(who, sent)
        assert (row["unread"], row["client"]) == (1, house.dana.person)


def test_several_recipients_need_a_subject(house: House) -> None:
    refusal = house.refusal(send_messages, house.ben, to_people(house.ada, house.cleo))
    assert (type(refusal), refusal.details) == (Invalid, {"field": "subject"})


def test_the_same_recipient_named_with_nobody_is_not_found(house: House) -> None:
    assert isinstance(house.refusal(send_messages, house.ben, to_people()), NotFound)
    assert isinstance(house.refusal(send_messages, house.ben, to_people(house.ben)), NotFound)
    nobody = SendMessage(str(uuid4()), "Hello", to=(987_654_321,))
    assert isinstance(house.refusal(send_messages, house.ben, nobody), NotFound)


@pytest.mark.parametrize("body", ["", " \n\t ", "\u2003"])
def test_a_message_needs_text(house: House, body: str) -> None:
    refusal = house.refusal(send_messages, house.ben, to_people(house.dana, body=body))
    assert (type(refusal), refusal.details) == (Invalid, {"field": "body"})


def test_a_message_may_be_as_long_as_the_setting_says_and_no_longer(house: House) -> None:
    longest = "\U0001f642" * 10_000
    assert bodies(house, "dana", house.begin(house.ben, house.dana, body=longest)) == [longest]
    refusal = house.refusal(send_messages, house.ben, to_people(house.dana, body=longest + "x"))
    assert (type(refusal), refusal.details) == (Invalid, {"field": "body"})
    assert "10,000" in refusal.message
    assert "10,001" in refusal.message


def test_a_subject_has_a_limit_too(house: House) -> None:
    house.begin(house.ben, house.dana, subject="x" * 200)
    refusal = house.refusal(send_messages, house.ben, to_people(house.dana, subject="x" * 201))
    assert (type(refusal), refusal.details) == (Invalid, {"field": "subject"})


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1).filter(lambda text: text.strip()))
@settings(deadline=None, max_examples=40, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
def test_all_of_unicode_comes_back_as_it_was_sent(house: House, body: str) -> None:
    with house.undone():
        assert bodies(house, "dana", house.begin(house.ben, house.dana, body=body, subject="Thread")) == [body]


def test_a_message_may_hold_the_character_zero(house: House) -> None:
    assert bodies(house, "dana", house.begin(house.ben, house.dana, body="a\x00b")) == ["a\x00b"]


# Exactly once


def test_the_same_key_with_the_same_content_gets_the_first_answer_again(house: House) -> None:
    key = str(uuid4())
    sent = house.begin(house.ben, house.dana, key=key)
    house.reply(house.dana, sent)
    before = traces(house)
    assert house.begin(house.ben, house.dana, key=key) == sent
    assert traces(house) == before
    assert house.rung == set()


def test_a_thread_begun_twice_under_one_key_is_one_thread(house: House) -> None:
    key = str(uuid4())
    sent = house.begin(house.ben, house.dana, subject="Once", key=key)
    before = house.state()
    assert house.begin(house.ben, house.dana, subject="Once", key=key) == sent
    assert house.state() == before


@pytest.mark.parametrize(
    "other",
    [
        lambda house, sent: to_people(house.dana, body="Another text"),
        lambda house, sent: to_people(house.eli),
        lambda house, sent: to_people(house.dana, subject="Another subject"),
        lambda house, sent: into(sent),
    ],
    ids=["text", "recipient", "subject", "place"],
)
def test_the_same_key_with_other_content_is_a_conflict(house: House, other: object) -> None:
    key = str(uuid4())
    sent = house.begin(house.ben, house.dana, key=key)
    before = traces(house)
    what = dataclasses.replace(other(house, sent), key=key)  # type: ignore[operator]
    assert isinstance(house.refusal(send_messages, house.ben, what), Conflict)
    assert traces(house) == before


def test_a_key_belongs_to_one_person(house: House) -> None:
    key = str(uuid4())
    sent = house.begin(house.ben, house.dana, key=key)
    assert house.begin(house.dana, house.ben, key=key) == (sent.conversation, 2)


def test_duplicates_inside_one_batch_are_sent_once(house: House) -> None:
    key = str(uuid4())
    what = to_people(house.dana, key=key)
    other = dataclasses.replace(what, body="Something else")
    first, again, conflict = house.batch(send_messages, [(house.ben, what), (house.ben, what), (house.ben, other)])
    assert first == again == {"conversation": first["conversation"], "seq": 1}
    assert isinstance(conflict, Conflict)
    assert house.count(Message) == 1


def test_a_refused_key_may_be_used_again(house: House) -> None:
    what = to_people(house.gus)
    assert isinstance(house.refusal(send_messages, house.ben, what), Refused)
    house.set(Person, house.gus.person, messaging_enabled=True)
    assert house.do(send_messages, house.ben, what)["seq"] == 1


def test_a_refused_key_used_again_for_somebody_else_concerns_them_alone(house: House) -> None:
    """What was refused for Gus must not leave a conversation that concerns Gus to a message for Dana."""
    key = str(uuid4())
    assert isinstance(house.refusal(send_messages, house.ben, to_people(house.gus, subject="Thread", key=key)), Refused)
    sent = house.begin(house.ben, house.dana, subject="Thread", key=key)
    assert house.row(house.ben, sent)["client"] == house.dana.person
    key = str(uuid4())
    refused = to_people(house.gus, house.ada, subject="Thread", key=key)
    _, result = house.batch(send_messages, [(house.ben, refused), (house.ben, to_people(house.dana, subject="Thread", key=key))])
    assert [one["id"] for one in house.row(house.ben, result["conversation"])["people"]] == [house.dana.person]


def test_after_a_rollback_the_same_key_sends_anew(house: House) -> None:
    what = to_people(house.dana)
    with house.undone():
        house.do(send_messages, house.ben, what)
    assert house.count(Message) == 0
    assert bodies(house, "dana", Sent(**house.do(send_messages, house.ben, what))) == ["Hello"]


def test_the_first_answer_stands_also_when_the_same_would_be_refused_today(house: House) -> None:
    key = str(uuid4())
    sent = house.begin(house.ben, house.dana, key=key)
    house.set(Person, house.dana.person, messaging_enabled=False)
    house.unassign(house.dana, house.ben)
    assert house.begin(house.ben, house.dana, key=key) == sent


# A batch knows itself


def test_both_may_begin_their_direct_conversation_in_one_batch(house: House) -> None:
    asked = [(house.ben, to_people(house.dana, body="one")), (house.dana, to_people(house.ben, body="two"))]
    first, second = (Sent(**result) for result in house.batch(send_messages, asked))
    assert (first.conversation, first.seq, second.seq) == (second.conversation, 1, 2)
    assert bodies(house, "ben", first) == bodies(house, "dana", first) == ["one", "two"]
    for who, unread in ((house.ben, 1), (house.dana, 1)):
        row = house.row(who, first)
        assert (row["visible"], row["unread"]) == (2, unread)


def test_a_conversation_has_one_birth_for_a_pair_and_one_for_each_thread(house: House) -> None:
    for _ in range(2):
        house.begin(house.ben, house.dana)
        house.begin(house.dana, house.ben)
        house.begin(house.dana, house.ben, subject="Thread")
    births = [row[0] for row in house.run(select(CONVERSATIONS.c.birth))]
    assert len(births) == len(set(births)) == 3


def test_each_message_of_a_batch_sees_what_came_before_it(house: House) -> None:
    results = house.batch(send_messages, [(house.ben, to_people(house.dana)) for _ in range(5)])
    assert [result["seq"] for result in results] == [1, 2, 3, 4, 5]
    row, answer = house.row(house.dana, results[0]["conversation"]), house.feed(house.dana)
    assert (row["visible"], row["unread"], row["newest"], row["change"]) == (5, 5, 5, 5)
    assert (answer.cursor, answer.unread) == (5, 1)


def test_a_refused_message_leaves_its_batch_mates_alone(house: House) -> None:
    good, bad, outside = to_people(house.dana), to_people(house.gus), to_people(house.kim)
    results = house.batch(
        send_messages, [(house.ben, bad), (house.ben, good), (house.ben, outside), (house.dana, to_people(house.ben))]
    )
    assert [type(result) for result in results] == [Refused, dict, NotFound, dict]
    assert [result["seq"] for result in results if isinstance(result, dict)] == [1, 2]


@pytest.mark.parametrize("others", [(), ("gus",), ("dana", "gus"), ("gus", "dana", "kim")])
def test_a_refused_message_leaves_no_trace(house: House, others: tuple[str, ...]) -> None:
    house.begin(house.ben, house.dana)
    before = traces(house)
    empty = to_people(house.dana, body=" ")
    refused = [(house.ben, to_people(getattr(house, name), body=" " if name == "dana" else "Hello")) for name in others]
    results = house.batch(send_messages, [*refused, (house.ben, empty)])
    assert all(isinstance(result, CoreError) for result in results)
    assert traces(house) == before
    assert house.rung == set()
    assert house.feed(house.gus).changes == []


def test_a_refused_message_does_not_begin_a_conversation_for_its_batch_mate(house: House) -> None:
    """Gus is refused; a team message of the same batch must not carry his number, participants or key."""
    results = house.batch(send_messages, [(house.ben, to_people(house.gus)), (house.ben, to_people(house.cleo))])
    assert results[1]["seq"] == 1
    assert {row[0] for row in house.run(select(table(Participant).c.conversation_id))} == {results[1]["conversation"]}


# Who may write to whom, where


@pytest.mark.parametrize(
    ("author", "to"),
    [
        *(("ben", "fay"), ("cleo", "dana"), ("dana", "cleo"), ("dana", "ada"), ("dana", "eli"), ("dana", "hal"), ("ben", "hal")),
        *(("ben", "kim"), ("ben", "jon"), ("ada", "ivy"), ("ada", "kim"), ("kim", "ben"), ("ada", "hal")),
    ],
)
def test_whom_one_may_not_write_to_does_not_exist(house: House, author: str, to: str) -> None:
    before = house.state()
    assert isinstance(house.refusal(send_messages, getattr(house, author), to_people(getattr(house, to))), NotFound)
    assert house.state() == before


def test_a_client_answers_an_administrator_who_wrote_first(house: House) -> None:
    sent = house.begin(house.ada, house.dana)
    assert house.reply(house.dana, sent).seq == 2


@pytest.mark.parametrize("who", ["ada", "cleo", "eli", "hal", "kim", "ivy"])
def test_nobody_writes_into_a_conversation_of_others(house: House, who: str) -> None:
    sent = house.begin(house.ben, house.dana)
    before = house.state()
    assert isinstance(house.refusal(send_messages, getattr(house, who), into(sent)), NotFound)
    assert isinstance(house.refusal(send_messages, getattr(house, who), into(999_999_999)), NotFound)
    assert house.state() == before


def test_two_clients_never_share_a_conversation(house: House) -> None:
    before = house.state()
    refusal = house.refusal(send_messages, house.ben, to_people(house.dana, house.eli, subject="Group"))
    assert isinstance(refusal, Refused)
    assert "at most one client" in refusal.message
    assert house.state() == before


def test_a_colleague_who_does_not_look_after_the_client_is_no_recipient_beside_them(house: House) -> None:
    refusal = house.refusal(send_messages, house.ben, to_people(house.dana, house.cleo, subject="Handing over"))
    assert (type(refusal), refusal.message) == (Refused, "Cleo Marsh does not look after this client.")
    assert house.begin(house.ben, house.dana, house.ada, subject="With the office").seq == 1


def test_a_contact_starts_nothing_but_answers(house: House) -> None:
    sent = house.begin(house.dana, house.ben, subject="Friday")
    assert isinstance(house.refusal(send_messages, house.hal, to_people(house.dana)), Refused)
    assert isinstance(house.refusal(send_messages, house.hal, to_people(house.ben)), Refused)
    house.add_cc(sent, house.hal, (2, None))
    assert house.reply(house.hal, sent).seq == 2
    row = house.row(house.ben, sent)
    assert row["unread"] == 2


def test_a_contact_who_was_dropped_writes_no_more(house: House) -> None:
    sent = house.begin(house.dana, house.ben, subject="Friday")
    house.add_cc(sent, house.hal, (1, 1))
    assert isinstance(house.refusal(send_messages, house.hal, into(sent)), NotFound)
    house.reply(house.ben, sent)
    assert bodies(house, "hal", sent) == ["Hello"]


def test_a_therapist_no_longer_assigned_neither_writes_nor_receives(house: House) -> None:
    house.assign(house.dana.person, house.cleo.person)
    sent = house.begin(house.dana, house.ben, house.cleo, subject="To both of you")
    house.unassign(house.dana, house.cleo)
    before = house.feed(house.cleo).cursor
    assert isinstance(house.refusal(send_messages, house.cleo, into(sent)), NotFound)
    assert house.reply(house.dana, sent).seq == 2
    assert house.feed(house.cleo).cursor == before
    house.assign(house.dana.person, house.cleo.person)
    assert house.reply(house.cleo, sent).seq == 3


def test_deactivated_staff_write_neither_on_nor_anew(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    house.set(Person, house.ben.person, active=False)
    assert isinstance(house.refusal(send_messages, house.ben, into(sent)), NotFound)
    assert isinstance(house.refusal(send_messages, house.ben, to_people(house.dana)), NotFound)
    assert isinstance(house.refusal(send_messages, house.cleo, to_people(house.ben)), NotFound)


def test_a_quick_link_answers_in_its_conversation_while_it_lives_and_nowhere_else(house: House) -> None:
    sent, other = house.begin(house.ben, house.dana), house.begin(house.ben, house.dana, subject="Another")
    scoped = dataclasses.replace(house.dana, scope={sent.conversation: later(minutes=15)})
    assert house.reply(scoped, sent).seq == 2
    assert isinstance(house.refusal(send_messages, scoped, into(other)), NotFound)
    assert isinstance(house.refusal(send_messages, scoped, to_people(house.ben)), NotFound)
    with house.at(later(minutes=15)):
        assert isinstance(house.refusal(send_messages, scoped, into(sent)), NotFound)


# The gates


def shut(house: House, gate: str) -> None:
    if gate == "organization":
        house.set(Organization, house.ben.organization, messaging_enabled=False)
    elif gate == "portal":
        house.set(Person, house.ben.person, in_portal=False)
    elif gate == "client":
        house.set(Person, house.dana.person, messaging_enabled=False)
    else:
        house.set(Person, house.dana.person, active=False)


@pytest.mark.parametrize("place", ["conversation", "to"])
@pytest.mark.parametrize(
    ("gate", "reason"),
    [
        ("organization", "An administrator can turn it on."),
        ("portal", "You are not in the client portal yet."),
        ("client", "Secure messaging is off for Dana Reed."),
        ("inactive", "Dana Reed is inactive."),
    ],
)
def test_a_shut_gate_refuses_the_therapist_and_says_which_it_is(house: House, gate: str, reason: str, place: str) -> None:
    sent = house.begin(house.ben, house.dana)
    shut(house, gate)
    before = traces(house)
    refusal = house.refusal(send_messages, house.ben, into(sent) if place == "conversation" else to_people(house.dana))
    assert (type(refusal), refusal.details) == (Refused, {"gate": gate})
    assert reason in refusal.message
    assert traces(house) == before
    assert bodies(house, "dana", sent) == bodies(house, "ben", sent) == ["Hello"]


@pytest.mark.parametrize(
    ("gate", "shown"),
    [("organization", "organization"), ("portal", "assignment"), ("client", "client"), ("inactive", "inactive")],
)
def test_a_shut_gate_refuses_the_client_too(house: House, gate: str, shown: str) -> None:
    sent = house.begin(house.ben, house.dana)
    shut(house, gate)
    refusal = house.refusal(send_messages, house.dana, into(sent))
    assert (type(refusal), refusal.details) == (Refused, {"gate": shown})
    row = house.row(house.dana, sent)
    assert row["closed"]
    assert row["closed"]["gate"] == shown
    assert row["closed"]["message"].startswith(refusal.message)  # the row may also say whom to write to instead


def test_team_messages_need_only_the_first_gate(house: House) -> None:
    for who in (house.ben, house.cleo):
        house.set(Person, who.person, in_portal=False)
    sent = house.begin(house.ben, house.cleo)
    assert house.reply(house.cleo, sent).seq == 2
    house.set(Organization, house.ben.organization, messaging_enabled=False)
    assert house.refusal(send_messages, house.ben, into(sent)).details == {"gate": "organization"}


def test_a_team_conversation_without_anybody_else_takes_no_message(house: House) -> None:
    sent = house.begin(house.ben, house.cleo)
    house.set(Person, house.cleo.person, active=False)
    refusal = house.refusal(send_messages, house.ben, into(sent))
    assert (type(refusal), refusal.details) == (Refused, {"gate": "inactive"})


def test_a_client_whom_nobody_looks_after_any_more_is_told_so(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    house.unassign(house.dana, house.ben)
    refusal = house.refusal(send_messages, house.dana, into(sent))
    assert refusal.details == {"gate": "assignment"}


def test_disabling_closes_at_once_and_keeps_what_was_written(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    house.do(disable_messaging, house.ben, NamedClient(house.dana.person))
    assert house.refusal(send_messages, house.ben, into(sent)).details == {"gate": "client"}
    assert bodies(house, "dana", sent) == ["Hello"]


# Whom the writer was shown


def test_the_recipients_that_were_shown_are_still_true(house: House) -> None:
    sent = house.begin(house.dana, house.ben, subject="Friday")
    what = dataclasses.replace(into(sent), expects=frozenset({house.dana.person}))
    assert house.do(send_messages, house.ben, what)["seq"] == 2


def test_changed_recipients_refuse_the_send_with_the_new_names(house: House) -> None:
    sent = house.begin(house.dana, house.ben, subject="Friday")
    house.add_cc(sent, house.hal, (2, None))
    what = dataclasses.replace(into(sent), expects=frozenset({house.dana.person}))
    refusal = house.refusal(send_messages, house.ben, what)
    assert (type(refusal), sorted(refusal.details["people"])) == (Conflict, ["Dana Reed", "Hal Reed"])  # type: ignore[call-overload]
    assert "Hal Reed" in refusal.message
    row = house.row(house.dana, sent)
    assert row["visible"] == 1


# What else a send does


def test_a_new_message_brings_a_trashed_conversation_back(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    for trasher, writer in ((house.dana, house.ben), (house.dana, house.dana)):
        house.do(move_to_trash, trasher, Selection((sent.conversation,)))
        house.reply(writer, sent)
        row = house.row(trasher, sent)
        assert (row["trashed_at"], row["folders"][0]) == (None, "inbox")


def test_sending_takes_the_draft_away(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    house.do(save_draft, house.ben, SaveDraft("begun", conversation=sent.conversation))
    house.do(save_draft, house.ben, SaveDraft("for Eli", to=(house.eli.person,)))
    house.do(save_draft, house.dana, SaveDraft("Dana's own", conversation=sent.conversation))
    house.reply(house.ben, sent)
    assert [draft["body"] for draft in house.ask(drafts, who=house.ben)] == ["for Eli"]
    house.begin(house.ben, house.eli, subject="Sleep")
    assert house.ask(drafts, who=house.ben) == []
    assert len(house.ask(drafts, who=house.dana)) == 1


def test_each_reader_gets_an_alert_and_the_author_none(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    house.reply(house.dana, sent)
    alerts = house.run(select(ALERTS.c.person_id, ALERTS.c.seq, ALERTS.c.state, ALERTS.c.due_at).order_by(ALERTS.c.id))
    ten_seconds, quarter = later(seconds=10), later(minutes=15)
    assert alerts == [(house.dana.person, 1, "waiting", ten_seconds), (house.ben.person, 2, "waiting", quarter)]


def test_each_message_is_one_row_of_the_audit_trail(house: House) -> None:
    before = house.count(AuditEntry)
    author = dataclasses.replace(house.ben, session=77, address="192.0.2.7")
    sent = house.begin(author, house.dana)
    names = ("actor_id", "organization_id", "client_id", "conversation_id", "seq", "session_id", "address", "outcome", "at")
    rows = house.run(select(*(AUDIT.c[name] for name in names)).where(AUDIT.c.action == "send_message"))
    assert rows == [
        (house.ben.person, house.ben.organization, house.dana.person, sent.conversation, 1, 77, "192.0.2.7", "done", NOON)
    ]
    assert house.count(AuditEntry) == before + 1


# Sealing


def test_nothing_of_what_people_write_stands_in_the_database_in_clear(house: House) -> None:
    canaries = ("CanaryBody", "CanarySubject", "CanaryDraft", "CanaryTitle")
    sent = house.begin(house.ben, house.dana, body=canaries[0], subject=canaries[1])
    house.do(save_draft, house.dana, SaveDraft(canaries[2], conversation=sent.conversation))
    house.do(save_draft, house.ben, SaveDraft("text", to=(house.eli.person,), subject=canaries[3]))
    stored = json.dumps(house.state(), default=lambda value: bytes(value).decode("latin-1"))
    assert "Dana Reed" in stored  # what is in clear is found
    assert [canary for canary in canaries if canary in stored] == []


def test_a_sealed_body_opens_in_its_own_place_only(house: House) -> None:
    sent = house.begin(house.ben, house.dana, body="one")
    house.reply(house.ben, sent, body="two")
    first, second = (row[0] for row in house.run(select(MESSAGES.c.body).order_by(MESSAGES.c.seq)))
    assert key_of(first) == key_of(second)
    swapped = MESSAGES.update().where(MESSAGES.c.conversation_id == sent.conversation)
    house.run(swapped.where(MESSAGES.c.seq == 1).values(body=second))
    with pytest.raises(Unreadable):
        house.page(house.dana, sent)
    house.run(swapped.where(MESSAGES.c.seq == 1).values(body=first[:-1] + bytes([first[-1] ^ 1])))
    with pytest.raises(Unreadable):
        house.page(house.dana, sent)


def test_without_the_key_ring_nothing_opens(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    house.keys = Keys(KeyRing({"test": bytes(32)}))
    with pytest.raises(Unreadable):
        house.page(house.dana, sent)


def test_a_conversation_begins_a_new_data_key_each_month(house: House) -> None:
    sent = house.begin(house.ben, house.dana, body="March", subject="Through the year")
    house.reply(house.ben, sent, body="March too")
    with house.at(later(days=31)):
        house.reply(house.dana, sent, body="April")
    used = [key_of(row[0]) for row in house.run(select(MESSAGES.c.body).order_by(MESSAGES.c.seq))]
    assert used[0] == used[1] != used[2]
    assert house.count(DataKeyRow) == 2
    house.keys = Keys(house.keys.ring)  # as after a restart
    assert bodies(house, "dana", sent) == ["March", "March too", "April"]


def test_conversations_do_not_share_a_data_key(house: House) -> None:
    house.begin(house.ben, house.dana)
    house.begin(house.ben, house.eli)
    first, second = (key_of(row[0]) for row in house.run(select(MESSAGES.c.body)))
    assert first != second
    assert isinstance(house.keys.get(house.connection, first), DataKey)


# The cost


def statements(house: House, asked: list[tuple[object, SendMessage]]) -> list[str]:
    house.keys = Keys(house.keys.ring)
    with house.undone(), house.counted() as seen:
        results = house.batch(send_messages, asked)  # type: ignore[arg-type]
        assert all(isinstance(result, dict) for result in results)
    return seen


def test_a_send_takes_as_many_statements_for_fifty_messages_as_for_one(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    one = statements(house, [(house.ben, into(sent))])
    fifty = statements(house, [(house.ben, into(sent)) for _ in range(50)])
    assert one == fifty
    begun = statements(house, [(house.ben, to_people(house.eli))])
    assert begun == statements(house, [(house.ben, to_people(house.eli, subject=f"Thread {n}")) for n in range(50)])


def test_a_send_takes_as_many_statements_for_six_readers_as_for_two(house: House) -> None:
    team = [house.someone("therapist", f"Therapist {n}", like=house.ben) for n in range(4)]
    two, six = house.begin(house.ben, house.cleo), house.begin(house.ben, house.cleo, *team, subject="Team")
    assert len(house.page(house.ben, six).conversation["people"]) == 5
    assert statements(house, [(house.ben, into(two))]) == statements(house, [(house.ben, into(six))])


def test_the_clock_of_a_message_is_the_transactions(house: House) -> None:
    with house.at(later(hours=1)):
        sent = house.begin(house.ben, house.dana)
    assert [message["sent_at"] for message in house.page(house.dana, sent).messages] == [NOON + clock.HOUR]
