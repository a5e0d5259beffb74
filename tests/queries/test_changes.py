"""What a device gets beyond its cursor: the same live and when catching up, whatever happened in between."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from chat.actions.clients import NamedClient, disable_messaging
from chat.actions.mailboxes import Selection, move_to_inbox, move_to_trash
from chat.actions.marks import MarkRead, MarkUnread, mark_read, mark_unread
from chat.actions.mass_messages import SendMass, send_mass_message
from chat.actions.messages import send_messages
from chat.lib import clock
from chat.models import Installation, Mailbox
from chat.models.columns import table
from chat.queries import changes
from chat.queries.changes import Answer, Reader, changes_since, epoch, hello
from chat.queries.conversations import conversations
from chat.queries.views import ConversationView
from chat.transaction import Who
from tests import recount
from tests.databases import House, Sent, into
from tests.people import NOON, later

BOXES = table(Mailbox)


def sends(house: House, author: Who, place: Sent, count: int) -> Sent:
    """So many more messages; the last of them."""
    return [Sent(**result) for result in house.batch(send_messages, [(author, into(place)) for _ in range(count)])][-1]


def seqs(answer: Answer) -> list[list[int]]:
    return [[message["seq"] for message in change.messages] for change in answer.changes]


# One reader


def test_nothing_new_is_an_answer_without_changes(house: House) -> None:
    assert house.feed(house.dana) == Answer(0, 0)
    house.begin(house.ben, house.dana)
    assert house.feed(house.dana, 1) == Answer(1, 1)


def test_the_same_question_gets_the_same_answer(house: House) -> None:
    house.reply(house.dana, house.begin(house.ben, house.dana))
    assert house.feed(house.dana) == house.feed(house.dana)
    assert house.feed(house.dana).changes


def test_what_happened_in_between_collapses_into_one_state(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    house.reply(house.dana, sent)
    house.do(mark_read, house.dana, MarkRead(sent.conversation, 2))
    house.do(move_to_trash, house.dana, Selection((sent.conversation,)))
    house.do(move_to_inbox, house.dana, Selection((sent.conversation,)))
    answer = house.feed(house.dana)
    assert [(change.number, change.conversation) for change in answer.changes] == [(5, house.row(house.dana, sent))]
    assert (answer.cursor, seqs(answer)) == (5, [[1, 2]])


def test_changes_come_in_the_order_of_their_numbers(house: House) -> None:
    first, second = house.begin(house.ben, house.dana), house.begin(house.ben, house.dana, subject="Thread")
    house.reply(house.ben, first)
    changes = house.feed(house.dana).changes
    assert [(change.number, change.conversation["id"]) for change in changes] == [
        (2, second.conversation),
        (3, first.conversation),
    ]


@pytest.mark.parametrize(("since", "brought"), [(0, 20), (10, 20), (29, 1), (25, 5)])
def test_a_change_brings_as_many_of_the_newest_messages_as_it_is_changes_ahead_and_at_most_twenty(
    house: House, since: int, brought: int
) -> None:
    sends(house, house.ben, house.begin(house.ben, house.dana), 29)
    assert seqs(house.feed(house.dana, since)) == [list(range(31 - brought, 31))]


def test_a_change_without_a_new_message_brings_none(house: House) -> None:
    sent = house.begin(house.dana, house.ben)
    cursor = house.feed(house.dana).cursor
    house.do(move_to_trash, house.dana, Selection((sent.conversation,)))
    answer = house.feed(house.dana, cursor)
    assert (seqs(answer), answer.changes[0].conversation["folders"]) == ([[]], ["trash"])
    assert answer.changes[0].conversation["first_words"] == "Hello"


def test_who_has_a_message_already_gets_only_what_lies_beyond(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    cursor = house.feed(house.ben).cursor
    house.do(mark_read, house.dana, MarkRead(sent.conversation, 1))
    house.reply(house.ben, sent)
    assert seqs(house.feed(house.ben, cursor)) == [[1, 2]]  # two changes ahead: a message too many is harmless
    assert seqs(house.feed(house.ben, cursor + 1)) == [[2]]


def test_every_message_names_the_one_before_it_that_its_reader_may_see(house: House) -> None:
    sent = house.begin(house.dana, house.ben, subject="Friday")
    sends(house, house.ben, sent, 5)
    house.add_cc(sent, house.hal, (2, 3), (6, None))
    sends(house, house.dana, sent, 3)
    (change,) = house.feed(house.hal).changes
    assert [(message["seq"], message["after"]) for message in change.messages] == [(7, 6), (8, 7), (9, 8)]
    page = house.page(house.hal, sent).messages
    assert [(message["seq"], message["after"]) for message in page] == [(2, 0), (3, 2), (6, 3), (7, 6), (8, 7), (9, 8)]
    assert [message["after"] for message in house.page(house.dana, sent).messages] == list(range(9))


def test_staff_get_receipts_and_clients_none(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    house.reply(house.dana, sent)
    house.do(mark_read, house.ben, MarkRead(sent.conversation, 2))
    house.do(mark_read, house.dana, MarkRead(sent.conversation, 2))
    (to_ben,), (to_dana,) = house.feed(house.ben).changes, house.feed(house.dana).changes
    assert [(read["person"], read["through"]) for read in to_ben.conversation["reads"]] == [(house.dana.person, 2)]
    assert to_dana.conversation["reads"] == []


def test_a_shut_gate_is_told_to_everybody_in_the_conversation(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    cursors = {who: house.feed(who).cursor for who in (house.ben, house.dana)}
    house.do(disable_messaging, house.ada, NamedClient(house.dana.person))
    for who, cursor in cursors.items():
        (change,) = house.feed(who, cursor).changes
        assert change.conversation["closed"]
        assert change.conversation["closed"]["gate"] == "client"
        assert change.messages == []
    assert house.sees(house.dana, sent)


# Loss


def test_what_is_no_longer_ones_to_see_is_gone_and_nothing_of_it_is_told(house: House) -> None:
    sent = house.begin(house.ben, house.dana, subject="Secret plans", body="Only for us")
    house.unassign(house.dana, house.ben)
    (change,) = house.feed(house.ben).changes
    assert change.conversation == {"id": sent.conversation, "change": 1, "gone": True}
    assert change.messages == []
    assert not house.sees(house.ben, sent)
    assert house.feed(house.dana).changes[0].conversation["subject"] == "Secret plans"


def test_reassigning_brings_it_back(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    house.unassign(house.dana, house.ben)
    house.assign(house.dana.person, house.ben.person)
    assert house.feed(house.ben).changes[0].conversation == house.row(house.ben, sent)


# Cursors


@pytest.mark.parametrize("cursor", [2, 99, 1 << 60])
def test_a_cursor_ahead_of_the_mailbox_begins_anew(house: House, cursor: int) -> None:
    house.begin(house.ben, house.dana)
    assert house.feed(house.dana, cursor) == Answer(1, 1, reset=True)


def test_a_cursor_below_the_horizon_begins_anew(house: House) -> None:
    sends(house, house.ben, house.begin(house.ben, house.dana), 4)
    house.run(update(BOXES).where(BOXES.c.person_id == house.dana.person).values(horizon=3))
    assert house.feed(house.dana, 2) == Answer(5, 1, reset=True)
    assert [change.number for change in house.feed(house.dana, 3).changes] == [5]


def test_every_cursor_begins_with_the_word_of_this_database(house: House) -> None:
    word = house.ask(epoch)
    assert word == house.run(select(table(Installation).c.epoch))[0][0]
    assert len(word) == 8
    house.begin(house.ben, house.dana)
    assert house.ask(hello, who=house.dana) == (word, 1, 1)


# Many readers


def test_readers_are_answered_together_each_with_their_own(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    house.begin(house.cleo, house.fay)
    readers = [Reader(house.ben, 0), Reader(house.dana, 0), Reader(house.fay, 0), Reader(house.kim, 0), Reader(house.dana, 1)]
    ben, dana, fay, kim, again = house.ask(changes_since, readers)
    assert ben.changes[0].conversation == house.row(house.ben, sent)
    assert dana.changes[0].conversation == house.row(house.dana, sent)
    assert fay.changes[0].conversation["people"][0]["name"] == "Cleo Marsh"
    assert (kim, again) == (Answer(0, 0), Answer(1, 1))


def test_devices_of_one_person_are_answered_from_where_each_stands(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    sends(house, house.ben, sent, 29)
    answers = house.ask(changes_since, [Reader(house.dana, cursor) for cursor in (0, 28, 30, 31)])
    assert [seqs(answer) for answer in answers] == [[list(range(11, 31))], [[29, 30]], [], []]
    assert [answer.reset for answer in answers] == [False, False, False, True]


def test_a_full_and_a_scoped_socket_on_one_cursor_get_what_each_may_see(house: House) -> None:
    sent, other = house.begin(house.ben, house.dana), house.begin(house.ben, house.dana, subject="Other")
    scoped = dataclasses.replace(house.dana, scope={sent.conversation: later(minutes=15)})
    readers = [Reader(house.dana, 0), Reader(scoped, 0)]
    full, narrow = house.ask(changes_since, readers)
    assert [change.conversation["id"] for change in full.changes] == [sent.conversation, other.conversation]
    assert [change.conversation["id"] for change in narrow.changes] == [sent.conversation]
    assert full.cursor == narrow.cursor == 2
    with house.at(later(minutes=15)):
        assert house.ask(changes_since, readers)[1].changes == []


def test_many_readers_take_as_many_statements_as_one(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    house.begin(house.cleo, house.fay)
    with house.counted() as one:
        house.ask(changes_since, [Reader(house.ben, 0)])
    everybody = [Reader(getattr(house, name), 0) for name in ("ben", "dana", "cleo", "fay", "ada", "kim")] * 5
    with house.counted() as many:
        answers = house.ask(changes_since, everybody)
    assert answers[1].changes[0].conversation["id"] == sent.conversation
    assert len(many) <= len(one) + 1  # the data keys, at the first look


# Full pages


def catch_up(house: House, who: Who, since: int = 0) -> tuple[list[int], int]:
    """The numbers that come when one asks until there is no more, and how often one had to ask."""
    numbers, asked, answer = [], 0, Answer(since, 0, more=True)
    while answer.more:
        answer = house.feed(who, answer.cursor)
        numbers += [change.number for change in answer.changes]
        asked += 1
        assert asked < 20
    return numbers, asked


def test_a_full_page_says_that_there_is_more_and_nothing_is_left_out(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(7):
        house.begin(house.ben, house.dana, subject=f"Thread {n}")
    monkeypatch.setattr(changes, "PAGE", 3)
    first = house.feed(house.dana)
    assert ([change.number for change in first.changes], first.cursor, first.more) == ([1, 2, 3], 3, True)
    assert catch_up(house, house.dana) == ([1, 2, 3, 4, 5, 6, 7], 3)
    assert catch_up(house, house.dana, 4) == ([5, 6, 7], 1)


def test_whom_a_full_page_does_not_reach_asks_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    places = {name: [house.begin(house.ben, getattr(house, name), subject=f"{n}") for n in range(3)] for name in ("dana", "eli")}
    readers = {name: Answer(0, 0, more=True) for name in ("eli", "ben", "dana")}
    got: dict[str, list[int]] = defaultdict(list)
    monkeypatch.setattr(changes, "PAGE", 4)
    for _ in range(5):
        asked = [name for name, answer in readers.items() if answer.more]
        answers = house.ask(changes_since, [Reader(getattr(house, name), readers[name].cursor) for name in asked])
        for name, answer in zip(asked, answers, strict=True):
            readers[name] = answer
            got[name] += [change.conversation["id"] for change in answer.changes]
    expected = {name: [place.conversation for place in mine] for name, mine in places.items()}
    assert got == expected | {"ben": expected["dana"] + expected["eli"]}


def test_who_begins_anew_does_so_once_also_on_a_full_page(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(5):
        house.begin(house.ben, house.dana, subject=f"Thread {n}")
    house.run(update(BOXES).where(BOXES.c.person_id == house.dana.person).values(horizon=2))
    monkeypatch.setattr(changes, "PAGE", 2)
    busy, late, same = house.ask(changes_since, [Reader(house.ben, 0), Reader(house.dana, 1), Reader(house.dana, 3)])
    assert (busy.cursor, busy.more, len(busy.changes)) == (2, True, 2)
    assert late == Answer(5, 5, reset=True)
    assert (same.cursor, same.more, same.changes) == (3, True, [])


# Whatever happens


NAMES = ("ben", "dana", "eli", "cleo", "ada")
STAFF = {"ada", "ben", "cleo"}
TALKS = (("ben", "dana"), ("dana", "ben"), ("ben", "ada", "dana"), ("ben", "cleo"), ("eli", "ben"))
SUBJECTS = (None, "A thread", "With the office", None, None)


@dataclass
class Side:
    """One conversation as somebody should have it."""

    received: int | None = None
    sent: int | None = None
    trashed: int | None = None
    read: int = 0
    told: int = 0
    change: int = 0
    message_change: int = 0


@dataclass
class Model:
    """The rules once more, as plainly as can be."""

    log: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    sides: dict[tuple[int, str], Side] = field(default_factory=lambda: defaultdict(Side))
    number: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def bump(self, talk: int, who: str) -> Side:
        side = self.sides[talk, who]
        self.number[who] += 1
        side.change = self.number[who]
        return side

    def send(self, who: str, talk: int, now: int) -> None:
        self.log[talk].append(who)
        for one in TALKS[talk]:
            side = self.bump(talk, one)
            side.message_change, side.trashed = side.change, None
            if one == who:
                side.sent = now
            else:
                side.received = now

    def read(self, who: str, talk: int, seq: int) -> None:
        seq, side = min(seq, len(self.log[talk])), self.sides[talk, who]
        if seq > side.read:
            self.bump(talk, who).read = seq
        if seq > side.told:
            side.told = seq
            for other in set(TALKS[talk]) & STAFF - {who}:
                self.bump(talk, other)

    def mark_unread(self, who: str, talk: int) -> None:
        theirs = [seq for seq, author in enumerate(self.log[talk], 1) if author != who]
        if theirs and not self.unread(who, talk):
            self.bump(talk, who).read = theirs[-1] - 1

    def trash(self, who: str, talk: int, now: int) -> None:
        if self.sides[talk, who].trashed is None:
            self.bump(talk, who).trashed = now

    def restore(self, who: str, talk: int) -> None:
        side = self.sides[talk, who]
        if side.trashed is not None or side.received is None:
            self.bump(talk, who).trashed = None
            side.received = side.received or side.sent

    def unread(self, who: str, talk: int) -> int:
        side = self.sides[talk, who]
        return sum(author != who for author in self.log[talk][side.read :])

    def folder(self, who: str, name: str) -> dict[int, int]:
        """The talks of a folder, each with the time by which it stands there."""
        times = {}
        for talk, people in enumerate(TALKS):
            side = self.sides[talk, who]
            time = {"inbox": side.received, "sent": side.sent, "trash": side.trashed}[name]
            if who in people and time is not None and (name == "trash") == (side.trashed is not None):
                times[talk] = time
        return times


@dataclass
class Device:
    """A browser that catches up now and then, by the rules that the wire promises."""

    who: Who
    cursor: int = 0
    rows: dict[int, ConversationView] = field(default_factory=dict)
    messages: dict[int, dict[int, dict[str, Any]]] = field(default_factory=lambda: defaultdict(dict))

    def catch_up(self, house: House) -> Answer:
        answer = house.feed(self.who, self.cursor)
        for change in answer.changes:
            place = change.conversation["id"]
            self.rows[place] = change.conversation
            held = self.messages[place]
            arrived: list[Any] = list(change.messages)
            if arrived and arrived[0]["after"] > max(held, default=0):
                arrived += house.page(self.who, place, after=max(held, default=0)).messages
            held.update({message["seq"]: message for message in arrived})
        self.cursor = answer.cursor
        return answer


@dataclass
class Play:
    """The house, the model and everybody's devices, doing the same things."""

    house: House
    model: Model = field(default_factory=Model)
    places: dict[int, Sent] = field(default_factory=dict)
    devices: dict[str, Device] = field(default_factory=dict)
    now: int = NOON

    def step(self, kind: str, asked: list[tuple[int, int, int]]) -> None:
        self.now += clock.SECOND
        with self.house.at(self.now):
            people = [(TALKS[talk][who % len(TALKS[talk])], talk, n) for who, talk, n in asked]
            getattr(self, kind)(people)

    def who(self, name: str) -> Who:
        return getattr(self.house, name)  # type: ignore[no-any-return]

    def send(self, asked: list[tuple[str, int, int]]) -> None:
        for _, talk, _ in asked:
            if talk not in self.places:
                author, *others = TALKS[talk]
                self.places[talk] = self.house.begin(self.who(author), *map(self.who, others), subject=SUBJECTS[talk])
                self.model.send(author, talk, self.now)
        for result in self.house.batch(send_messages, [(self.who(name), into(self.places[talk])) for name, talk, _ in asked]):
            assert isinstance(result, dict)
        for name, talk, _ in asked:
            self.model.send(name, talk, self.now)

    def read(self, asked: list[tuple[str, int, int]]) -> None:
        there = [one for one in asked if one[1] in self.places]
        marks = [(self.who(name), MarkRead(self.places[talk].conversation, seq)) for name, talk, seq in there]
        assert self.house.batch(mark_read, marks) == [{}] * len(there)
        for name, talk, seq in there:
            self.model.read(name, talk, seq)

    def each(self, action: Any, what: Any, asked: list[tuple[str, int, int]], then: Any) -> None:
        for name, talk, _ in asked:
            if talk in self.places:
                self.house.do(action, self.who(name), what((self.places[talk].conversation,)))
                then(name, talk)

    def mark_unread(self, asked: list[tuple[str, int, int]]) -> None:
        self.each(mark_unread, MarkUnread, asked, self.model.mark_unread)

    def trash(self, asked: list[tuple[str, int, int]]) -> None:
        self.each(move_to_trash, Selection, asked, lambda name, talk: self.model.trash(name, talk, self.now))

    def restore(self, asked: list[tuple[str, int, int]]) -> None:
        self.each(move_to_inbox, Selection, asked, self.model.restore)

    def catch_up(self, asked: list[tuple[str, int, int]]) -> None:
        for name, _, _ in asked:
            device = self.devices.setdefault(name, Device(self.who(name)))
            before = device.cursor
            self.compare_answer(name, before, device.catch_up(self.house))
            self.compare_device(name, device)

    def compare_answer(self, name: str, before: int, answer: Answer) -> None:
        sides = {talk: side for (talk, who), side in self.model.sides.items() if who == name and side.change > before}
        expected = []
        for talk, side in sorted(sides.items(), key=lambda one: one[1].change):
            count = len(self.model.log[talk])
            brought = min(20, side.change - before, count) if side.message_change > before else 0
            expected.append((side.change, self.places[talk].conversation, list(range(count - brought + 1, count + 1))))
        found = [(one.number, one.conversation["id"], [message["seq"] for message in one.messages]) for one in answer.changes]
        assert found == expected
        assert (answer.cursor, answer.more, answer.reset) == (self.model.number[name], False, False)

    def compare_device(self, name: str, device: Device) -> None:
        for talk, place in self.places.items():
            if name in TALKS[talk]:
                log, side = self.model.log[talk], self.model.sides[talk, name]
                row = device.rows[place.conversation]
                assert row == self.house.row(device.who, place)
                assert (row["visible"], row["unread"]) == (len(log), self.model.unread(name, talk))
                assert (row["newest"], row["read_through"]) == (len(log), side.read)
                assert (row["received_at"], row["sent_at"], row["trashed_at"]) == (side.received, side.sent, side.trashed)
                held = device.messages[place.conversation]
                assert [held[seq]["author"] for seq in sorted(held)] == [self.who(author).person for author in log]

    def compare_all(self) -> None:
        for name in NAMES:
            unread = sum(
                self.model.unread(name, talk) > 0 and self.model.sides[talk, name].trashed is None
                for talk, people in enumerate(TALKS)
                if name in people
            )
            _, number, counted = self.house.ask(hello, who=self.who(name))
            assert (number, counted) == (self.model.number[name], unread)
            for folder in ("inbox", "sent", "trash"):
                listed = [row["id"] for row in self.house.ask(conversations, folder, who=self.who(name))[0]]
                times = [(time, self.places[talk].conversation) for talk, time in self.model.folder(name, folder).items()]
                assert listed == [place for _, place in sorted(times, reverse=True)]
        self.catch_up([(name, 0, 0) for name in NAMES])
        assert recount.faults(self.house.connection) == []


KINDS = ("send", "send", "send", "read", "read", "mark_unread", "trash", "restore", "catch_up")
ONE = st.tuples(st.integers(0, 2), st.integers(0, len(TALKS) - 1), st.integers(0, 8))
STEP = st.tuples(st.sampled_from(KINDS), st.lists(ONE, min_size=1, max_size=3))


@given(st.lists(STEP, max_size=25))
@example(
    [("send", [(0, 0, 0)]), ("catch_up", [(1, 0, 0)]), ("send", [(0, 0, 0)] * 3), ("read", [(1, 0, 2), (1, 0, 3), (0, 0, 4)])]
)
@example([("send", [(0, 0, 0)] * 3)] * 9 + [("catch_up", [(1, 0, 0)]), ("send", [(1, 0, 0)]), ("trash", [(0, 0, 0)])])
@settings(deadline=None, max_examples=25, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
def test_counters_folders_and_feed_are_what_a_plain_model_says(house: House, steps: list[Any]) -> None:
    with house.undone():
        play = Play(house)
        for kind, asked in steps:
            play.step(kind, asked)
        play.compare_all()


def test_a_recount_finds_what_is_wrong(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    house.do(mark_read, house.dana, MarkRead(sent.conversation, 1))
    assert recount.faults(house.connection) == []
    for statement, words in {
        "UPDATE participant SET visible = 7": "visible 7, counted 1",
        "UPDATE participant SET unread = 3": "unread 3, counted 0",
        "UPDATE participant SET newest = 9": "newest 9, counted 1",
        "UPDATE participant SET change = 0": "message_change",
        "UPDATE participant SET receipt_through = 2": "told 2",
        "UPDATE read_mark SET after = 1": "1 after 0",
        "UPDATE mailbox SET unread = 2": "unread 2, counted",
        "UPDATE mailbox SET change = change + 1": "change",
        "UPDATE conversation SET last_seq = 2": "last_seq 2",
        "UPDATE receipt SET command = 'other'": "1 messages, 0 receipts",
    }.items():
        with house.undone():
            house.connection.exec_driver_sql(statement)
            assert any(words in fault for fault in recount.faults(house.connection)), statement


def test_what_concerns_clients_is_told_once_at_its_number_and_to_no_scoped_session(house: House) -> None:
    talk = house.begin(house.dana, house.ben)
    start = house.feed(house.ben).cursor
    mine = update(BOXES).where(BOXES.c.person_id == house.ben.person)
    house.run(mine.values(change=start + 1, clients_change=start + 1))
    answer = house.feed(house.ben, start)
    assert (answer.clients, answer.cursor, answer.changes) == (start + 1, start + 1, [])
    assert house.feed(house.ben, answer.cursor).clients == 0
    assert house.feed(dataclasses.replace(house.ben, scope={talk.conversation: later(hours=1)}), start).clients == 0
    house.run(mine.values(horizon=start + 1))
    assert (house.feed(house.ben, start).reset, house.feed(house.ben, start).clients) == (True, 0)


def test_progress_is_asked_for_only_where_a_number_is_no_conversation_s(house: House) -> None:
    talk = house.begin(house.dana, house.ben)
    for reader in (Reader(house.ben, 0), Reader(house.dana, 0)):
        with house.counted() as seen:
            house.ask(changes_since, [reader])
        assert not [sentence for sentence in seen if "mass_message" in sentence]
    house.do(send_mass_message, house.ben, SendMass("k", "Holidays", "Closed.", everyone=True))
    (one,) = house.feed(house.ben).progress
    assert (one.key, one.done, one.of, one.state) == ("k", 0, 2, "running")
    assert house.feed(house.ben, one.number).progress == []
    narrow = dataclasses.replace(house.ben, scope={talk.conversation: later(hours=1)})
    assert house.feed(narrow).progress == house.feed(house.dana).progress == house.feed(house.ada).progress == []
