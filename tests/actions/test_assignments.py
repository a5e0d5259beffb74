"""Who looks after whom: conversations come and go with the relation, at once, and nothing that was seen is lost."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from chat.actions.assignments import Assigned, HandOver, assign, hand_over, unassign
from chat.actions.deletions import delete_permanently
from chat.actions.mailboxes import Selection, move_to_trash
from chat.actions.marks import MarkRead, mark_read
from chat.actions.messages import send_messages
from chat.actions.staff import Deactivate, NamedStaff, remove_from_portal
from chat.actions.standing import deactivate
from chat.errors import NotFound, Refused
from chat.models import Alert, Assignment, AuditEntry, Mailbox, Person
from chat.models.columns import table
from chat.queries.conversations import conversations, find
from chat.transaction import Who
from tests import recount
from tests.databases import House, Sent, into
from tests.people import later

AUDIT, ALERTS, BOXES = table(AuditEntry), table(Alert), table(Mailbox)


def taken(house: House, client: Who, therapist: Who) -> None:
    house.do(unassign, house.ada, Assigned(client.person, therapist.person))


def given(house: House, client: Who, therapist: Who) -> None:
    house.do(assign, house.ada, Assigned(client.person, therapist.person))


def handed(house: House, leaving: Who, successor: Who, *clients: Who, history: bool = False) -> dict[str, int]:
    named = tuple(client.person for client in clients) or None
    answer: dict[str, int] = house.do(hand_over, house.ada, HandOver(leaving.person, successor.person, history, named))
    assert recount.faults(house.connection) == []
    return answer


def bodies(house: House, who: Who, place: Sent) -> list[str]:
    return [message["body"] for message in house.page(who, place).messages]


def listed(house: House, who: Who) -> set[int]:
    """The conversations in this person's folders, and found by a search for Dana: the two must agree."""
    folders = {row["id"] for name in ("inbox", "sent") for row in house.ask(conversations, name, who=who)[0]}
    found = {row["id"] for name in ("inbox", "sent") for row in house.ask(find, name, "dana", who=who)[0]}
    assert found <= folders
    return found


def talk(house: House) -> Sent:
    """Dana and Ben wrote to each other; Ben has read it through."""
    sent = house.begin(house.dana, house.ben, body="one")
    house.reply(house.ben, sent, body="two")
    house.batch(mark_read, [(house.ben, MarkRead(sent.conversation, 2))])
    return sent


# Assigning and letting go


def test_who_is_no_longer_assigned_loses_the_conversations_at_once(house: House) -> None:
    sent, other = talk(house), house.begin(house.eli, house.ben)
    house.reply(house.dana, sent, body="three")
    before = house.feed(house.ben)
    assert (before.unread, listed(house, house.ben)) == (2, {sent.conversation})
    taken(house, house.dana, house.ben)
    assert house.ben.person in house.rung
    assert (house.sees(house.ben, sent), house.sees(house.ben, other)) == (False, True)
    answer = house.feed(house.ben, before.cursor)
    assert (answer.unread, [(one.conversation["id"], one.conversation.get("gone")) for one in answer.changes]) == (
        1,
        [(sent.conversation, True)],
    )
    assert answer.changes[0].messages == []
    assert listed(house, house.ben) == set()
    assert recount.faults(house.connection) == []


def test_the_client_still_reads_everything_and_is_told_whom_to_write_to(house: House) -> None:
    sent = talk(house)
    cursor = house.feed(house.dana).cursor
    assert house.row(house.dana, sent)["closed"] is None
    taken(house, house.dana, house.ben)
    assert bodies(house, house.dana, sent) == ["one", "two"]
    (change,) = house.feed(house.dana, cursor).changes
    closed = change.conversation["closed"]
    assert closed is not None
    assert (closed["gate"], "Please call the practice." in closed["message"]) == ("assignment", True)
    given(house, house.dana, house.cleo)
    closed = house.row(house.dana, sent)["closed"]
    assert closed is not None
    assert "Please write to Cleo Marsh." in closed["message"]


def test_new_messages_do_not_reach_the_one_who_left(house: House) -> None:
    house.assign(house.dana.person, house.cleo.person)
    sent = house.begin(house.dana, house.ben, house.cleo, body="one", subject="To both")
    taken(house, house.dana, house.ben)
    cursor = house.feed(house.ben).cursor
    alerts = house.count(Alert)
    house.reply(house.dana, sent, body="two")
    assert house.rung == {house.dana.person, house.cleo.person}
    assert house.feed(house.ben).cursor == cursor
    assert house.count(Alert) == alerts + 1
    assert [person["name"] for person in house.row(house.dana, sent)["people"]] == ["Cleo Marsh"]
    assert isinstance(house.refusal(send_messages, house.ben, into(sent)), NotFound)


def test_being_assigned_again_brings_them_back_without_what_came_between(house: House) -> None:
    house.assign(house.dana.person, house.cleo.person)
    sent = house.begin(house.dana, house.ben, house.cleo, body="one", subject="To both")
    house.reply(house.dana, sent, body="two")
    house.batch(mark_read, [(house.ben, MarkRead(sent.conversation, 1))])
    taken(house, house.dana, house.ben)
    house.reply(house.dana, sent, body="between")
    given(house, house.dana, house.ben)
    row = house.row(house.ben, sent)
    assert (row["visible"], row["unread"], row["read_through"]) == (2, 1, 1)
    assert house.feed(house.ben).unread == 1
    house.reply(house.dana, sent, body="four")
    assert bodies(house, house.ben, sent) == ["one", "two", "four"]
    assert [message["after"] for message in house.page(house.ben, sent).messages] == [0, 1, 2]
    assert recount.faults(house.connection) == []


def test_an_assignment_ended_twice_with_nothing_between_comes_back_twice(house: House) -> None:
    sent = talk(house)
    for _ in range(2):
        taken(house, house.dana, house.ben)
        assert not house.sees(house.ben, sent)
        given(house, house.dana, house.ben)
    house.reply(house.dana, sent, body="three")
    assert bodies(house, house.ben, sent) == ["one", "two", "three"]
    assert recount.faults(house.connection) == []


def test_a_new_therapist_sees_nothing_of_what_was_written_before(house: House) -> None:
    sent = talk(house)
    given(house, house.dana, house.cleo)
    assert not house.sees(house.cleo, sent)
    assert house.feed(house.cleo).changes == []
    house.begin(house.cleo, house.dana)


def test_assigning_twice_is_assigning_once(house: House) -> None:
    sent = talk(house)
    given(house, house.dana, house.ben)
    assert bodies(house, house.ben, sent) == ["one", "two"]
    rows = house.run(select(table(Assignment).c.therapist_id).where(table(Assignment).c.client_id == house.dana.person))
    assert rows == [(house.ben.person,)]


def test_what_was_deleted_for_good_does_not_come_back_with_the_assignment(house: House) -> None:
    sent = talk(house)
    selection = Selection((sent.conversation,))
    house.do(move_to_trash, house.ben, selection)
    house.do(delete_permanently, house.ben, selection)
    taken(house, house.dana, house.ben)
    given(house, house.dana, house.ben)
    assert not house.sees(house.ben, sent)
    house.reply(house.dana, sent, body="three")
    assert bodies(house, house.ben, sent) == ["three"]
    assert recount.faults(house.connection) == []


def test_an_administrator_keeps_what_they_take_part_in(house: House) -> None:
    given(house, house.dana, house.ada)
    sent = house.begin(house.dana, house.ada)
    taken(house, house.dana, house.ada)
    assert house.sees(house.ada, sent)
    house.reply(house.ada, sent)


def test_who_was_never_assigned_cannot_be_let_go(house: House) -> None:
    before = house.state()
    assert isinstance(house.refusal(unassign, house.ada, Assigned(house.dana.person, house.cleo.person)), NotFound)
    assert house.state() == before


def test_deactivated_staff_are_assigned_to_nobody(house: House) -> None:
    house.set(Person, house.cleo.person, active=False)
    before = house.state()
    assert isinstance(house.refusal(assign, house.ada, Assigned(house.dana.person, house.cleo.person)), Refused)
    assert house.state() == before


@pytest.mark.parametrize("action", [assign, unassign])
def test_only_administrators_of_the_same_practice_assign(house: House, action: object) -> None:
    before = house.state()
    for who in (house.ben, house.cleo, house.dana, house.hal, house.ivy, house.jon):
        what = Assigned(house.dana.person, house.ben.person)
        assert isinstance(house.refusal(action, who, what), NotFound), who  # type: ignore[arg-type]
    for client, therapist in ((house.kim, house.ben), (house.dana, house.jon), (house.ben, house.cleo), (house.dana, house.eli)):
        what = Assigned(client.person, therapist.person)
        assert isinstance(house.refusal(action, house.ada, what), NotFound), what  # type: ignore[arg-type]
    assert house.state() == before


def test_each_step_is_on_record(house: House) -> None:
    given(house, house.dana, house.cleo)
    taken(house, house.dana, house.cleo)
    handed(house, house.ben, house.cleo, house.eli, history=True)
    columns = (AUDIT.c.action, AUDIT.c.actor_id, AUDIT.c.person_id, AUDIT.c.client_id, AUDIT.c.details)
    rows = house.run(select(*columns).where(AUDIT.c.action.in_(["assign", "unassign", "hand_over"])).order_by(AUDIT.c.id))
    ada, cleo, dana, eli = (who.person for who in (house.ada, house.cleo, house.dana, house.eli))
    assert rows == [
        ("assign", ada, cleo, dana, ""),
        ("unassign", ada, cleo, dana, ""),
        ("hand_over", ada, cleo, eli, "with history"),
    ]


# Handing over


def test_handing_over_moves_all_clients_and_shows_nothing_old(house: House) -> None:
    sent = talk(house)
    assert handed(house, house.ben, house.cleo) == {"clients": 3}
    assert not house.sees(house.ben, sent)
    assert not house.sees(house.cleo, sent)
    assert bodies(house, house.dana, sent) == ["one", "two"]
    closed = house.row(house.dana, sent)["closed"]
    assert closed is not None
    assert "Please write to Cleo Marsh." in closed["message"]
    assert house.begin(house.dana, house.cleo).conversation != sent.conversation
    assert isinstance(house.refusal(send_messages, house.ben, into(sent)), NotFound)


def test_with_history_all_is_shown_and_both_sides_see_the_line(house: House) -> None:
    sent = talk(house)
    unread = {name: house.feed(getattr(house, name)).unread for name in ("dana", "cleo")}
    alerts = house.count(Alert)
    handed(house, house.ben, house.cleo, history=True)
    line = "Cleo Marsh reads this conversation from today."
    for who in (house.dana, house.cleo):
        assert bodies(house, who, sent) == ["one", "two", line]
        note = house.page(who, sent).messages[-1]
        assert (note["author"], note["author_name"], note["automatic"]) == (None, "", True)
        row = house.row(who, sent)
        assert (row["newest"], row["first_words"], row["newest_author"]) == (3, line, None)
    assert house.row(house.cleo, sent)["read_through"] == 3
    assert {name: house.feed(getattr(house, name)).unread for name in ("dana", "cleo")} == unread
    assert house.row(house.cleo, sent)["unread"] == 0
    assert house.count(Alert) == alerts
    assert not house.sees(house.ben, sent)
    assert {house.dana.person, house.cleo.person, house.ben.person} <= house.rung
    assert sent.conversation in listed(house, house.cleo)
    assert house.reply(house.dana, sent, body="four").seq == 4
    assert (house.row(house.cleo, sent)["unread"], house.feed(house.cleo).unread) == (1, 1)
    house.reply(house.cleo, sent, body="five")
    assert bodies(house, house.dana, sent)[-2:] == ["four", "five"]
    assert recount.faults(house.connection) == []


def test_what_is_handed_over_names_those_it_was_sent_to_for_both_sides_also_once_deleted(house: House) -> None:
    sent = talk(house)
    house.reply(house.dana, sent, body="three")
    handed(house, house.ben, house.cleo, history=True)
    house.reply(house.dana, sent, body="five")

    def to(who: Who) -> dict[str, list[str]]:
        return {message["body"]: message["to"] for message in house.page(who, sent).messages}

    for who in (house.cleo, house.dana):
        assert (to(who)["three"], to(who)["five"]) == (["Ben Larsen"], ["Cleo Marsh"])
    for action in (move_to_trash, delete_permanently):
        house.do(action, house.cleo, Selection((sent.conversation,)))
    assert (to(house.dana)["three"], to(house.dana)["five"]) == (["Ben Larsen"], ["Cleo Marsh"])
    handed(house, house.cleo, house.ben, history=True)
    assert (to(house.dana)["three"], to(house.dana)["five"]) == (["Ben Larsen"], ["Cleo Marsh"])


def test_what_was_unread_for_the_client_stays_unread_under_the_line(house: House) -> None:
    sent = talk(house)
    assert house.row(house.dana, sent)["unread"] == 1
    handed(house, house.ben, house.cleo, history=True)
    row = house.row(house.dana, sent)
    assert (row["unread"], row["read_through"]) == (1, 0)
    house.batch(mark_read, [(house.dana, MarkRead(sent.conversation, 3))])
    assert house.row(house.dana, sent)["unread"] == 0
    assert recount.faults(house.connection) == []


def test_only_the_named_clients_are_handed_over(house: House) -> None:
    dana, eli = talk(house), house.begin(house.eli, house.ben)
    answer = handed(house, house.ben, house.cleo, house.dana, house.fay, house.kim, history=True)
    assert answer == {"clients": 1}
    assert (house.sees(house.ben, dana), house.sees(house.ben, eli)) == (False, True)
    assert (house.sees(house.cleo, dana), house.sees(house.cleo, eli)) == (True, False)


def test_handing_over_nobody_changes_nothing(house: House) -> None:
    handed(house, house.ben, house.cleo)
    before = house.state()
    assert handed(house, house.ben, house.cleo, history=True) == {"clients": 0}
    assert house.state() == before


def test_who_takes_part_already_sees_the_rest_with_history_only(house: House) -> None:
    house.assign(house.dana.person, house.cleo.person)
    sent = talk(house)
    both = house.begin(house.dana, house.ben, house.cleo, subject="To both", body="both")
    with house.undone():
        handed(house, house.ben, house.cleo)
        assert not house.sees(house.cleo, sent)
        assert bodies(house, house.cleo, both) == ["both"]
    handed(house, house.ben, house.cleo, history=True)
    assert bodies(house, house.cleo, sent) == ["one", "two", "Cleo Marsh reads this conversation from today."]
    assert bodies(house, house.cleo, both) == ["both"]  # nothing new for her there, so no line


def test_handed_over_and_back_without_history_each_sees_their_own_time(house: House) -> None:
    sent = talk(house)
    handed(house, house.ben, house.cleo, history=True)  # the line is message 3
    house.reply(house.dana, sent, body="four")
    handed(house, house.cleo, house.ben)
    house.reply(house.dana, sent, body="five")
    assert bodies(house, house.ben, sent) == ["one", "two", "five"]
    assert not house.sees(house.cleo, sent)
    handed(house, house.ben, house.cleo)
    house.reply(house.dana, sent, body="six")
    assert [body for body in bodies(house, house.cleo, sent) if " " not in body] == ["one", "two", "four", "six"]
    assert [message["after"] for message in house.page(house.cleo, sent).messages] == [0, 1, 2, 3, 4]
    assert recount.faults(house.connection) == []


def test_handed_over_and_back_with_history_each_sees_all(house: House) -> None:
    sent = talk(house)
    handed(house, house.ben, house.cleo, history=True)
    house.reply(house.dana, sent, body="four")
    house.reply(house.cleo, sent, body="five")
    handed(house, house.cleo, house.ben, history=True)
    expected = ["one", "two", "Cleo Marsh reads this conversation from today.", "four", "five"]
    expected += ["Ben Larsen reads this conversation from today."]
    assert bodies(house, house.ben, sent) == bodies(house, house.dana, sent) == expected
    row = house.row(house.ben, sent)
    assert (row["visible"], row["unread"], row["newest"]) == (6, 0, 6)
    assert [message["after"] for message in house.page(house.ben, sent).messages] == [0, 1, 2, 3, 4, 5]
    house.reply(house.dana, sent, body="seven")
    assert (bodies(house, house.ben, sent)[-1], house.row(house.ben, sent)["unread"]) == ("seven", 1)
    assert recount.faults(house.connection) == []


def test_history_stays_unread_for_a_successor_who_was_behind_already(house: House) -> None:
    sent = house.begin(house.dana, house.ben, body="one")
    handed(house, house.ben, house.cleo, history=True)
    house.reply(house.dana, sent, body="three")
    house.reply(house.cleo, sent, body="four")
    handed(house, house.cleo, house.ben, history=True)
    row = house.row(house.ben, sent)
    assert (row["visible"], row["unread"], row["read_through"]) == (5, 3, 0)
    assert house.feed(house.ben).unread == 1


def test_nobody_inherits_what_the_one_who_left_had_deleted_or_let_lapse(house: House) -> None:
    deleted, lapsed, kept = talk(house), house.begin(house.ben, house.dana, subject="Old"), house.begin(house.eli, house.ben)
    for place in (deleted, lapsed):
        house.do(move_to_trash, house.ben, Selection((place.conversation,)))
    house.do(delete_permanently, house.ben, Selection((deleted.conversation,)))
    with house.at(later(days=15)):
        handed(house, house.ben, house.cleo, history=True)
        assert [house.sees(house.cleo, place) for place in (deleted, lapsed, kept)] == [False, False, True]
        assert bodies(house, house.dana, deleted) == ["one", "two"]


def test_what_the_successor_deleted_for_good_stays_gone_for_them(house: House) -> None:
    sent = talk(house)
    handed(house, house.ben, house.cleo, history=True)
    house.do(move_to_trash, house.cleo, Selection((sent.conversation,)))
    house.do(delete_permanently, house.cleo, Selection((sent.conversation,)))
    handed(house, house.cleo, house.ben, history=True)
    house.reply(house.dana, sent, body="four")
    house.reply(house.ben, sent, body="five")
    handed(house, house.ben, house.cleo, history=True)
    assert bodies(house, house.cleo, sent) == ["four", "five", "Cleo Marsh reads this conversation from today."]


def test_the_line_does_not_bring_back_what_was_deleted_for_good(house: House) -> None:
    sent = talk(house)
    house.do(move_to_trash, house.dana, Selection((sent.conversation,)))
    house.do(delete_permanently, house.dana, Selection((sent.conversation,)))
    handed(house, house.ben, house.cleo, history=True)
    assert not house.sees(house.dana, sent)
    assert house.row(house.cleo, sent)["newest"] == 3
    house.reply(house.cleo, sent, body="four")
    assert bodies(house, house.dana, sent)[-1] == "four"
    assert "one" not in bodies(house, house.dana, sent)
    assert recount.faults(house.connection) == []


def test_what_lies_in_the_trash_of_the_one_who_leaves_is_in_the_inbox_of_the_successor(house: House) -> None:
    sent = talk(house)
    house.do(move_to_trash, house.ben, Selection((sent.conversation,)))
    handed(house, house.ben, house.cleo, history=True)
    assert house.row(house.cleo, sent)["folders"] == ["inbox"]


def test_what_only_the_one_who_leaves_has_written_is_in_the_inbox_of_the_successor(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    handed(house, house.ben, house.cleo, history=True)
    assert house.row(house.cleo, sent)["folders"] == ["inbox"]


def test_an_administrator_who_hands_over_still_takes_part(house: House) -> None:
    given(house, house.dana, house.ada)
    sent = house.begin(house.dana, house.ada, body="one")
    handed(house, house.ada, house.cleo, house.dana, history=True)
    for who in (house.ada, house.cleo, house.dana):
        assert bodies(house, who, sent) == ["one", "Cleo Marsh reads this conversation from today."]
    house.reply(house.dana, sent, body="three")
    assert house.rung == {house.ada.person, house.cleo.person, house.dana.person}


@pytest.mark.parametrize("successor", ["ben", "cleo"])
def test_the_successor_is_somebody_else_who_is_active(house: House, successor: str) -> None:
    house.set(Person, house.cleo.person, active=False)
    before = house.state()
    refusal = house.refusal(hand_over, house.ada, HandOver(house.ben.person, getattr(house, successor).person))
    assert (type(refusal), refusal.details) == (Refused, {"field": "successor"})
    assert house.state() == before


def test_only_administrators_of_the_same_practice_hand_over(house: House) -> None:
    before = house.state()
    for who in (house.ben, house.cleo, house.dana, house.hal, house.ivy):
        assert isinstance(house.refusal(hand_over, who, HandOver(house.ben.person, house.cleo.person, True)), NotFound), who
    for pair in ((house.ben, house.jon), (house.jon, house.ben), (house.dana, house.cleo), (house.ben, house.dana)):
        what = HandOver(pair[0].person, pair[1].person, True)
        assert isinstance(house.refusal(hand_over, house.ada, what), NotFound), what
    assert house.state() == before


def test_a_therapist_who_is_deactivated_or_out_of_the_portal_is_named_to_no_client(house: House) -> None:
    house.assign(house.dana.person, house.cleo.person)
    sent = talk(house)
    taken(house, house.dana, house.ben)
    house.do(remove_from_portal, house.ada, NamedStaff(house.cleo.person))
    closed = house.row(house.dana, sent)["closed"]
    assert closed is not None
    assert "call the practice" in closed["message"]
    house.do(deactivate, house.ada, Deactivate(house.cleo.person, house.ada.person))
    closed = house.row(house.dana, sent)["closed"]
    assert closed is not None
    assert "Ada Lindgren" in closed["message"]


def test_however_many_conversations_there_are_a_hand_over_takes_as_many_statements(house: House) -> None:
    def count() -> int:
        with house.undone(), house.counted() as seen:
            handed_over = house.do(hand_over, house.ada, HandOver(house.ben.person, house.cleo.person, True))
            assert handed_over == {"clients": 3}
        return len(seen)

    house.begin(house.dana, house.ben)
    few = count()
    for subject in ("One", "Two", "Three"):
        house.begin(house.ben, house.dana, subject=subject)
        house.begin(house.eli, house.ben, subject=subject)
    assert count() == few
