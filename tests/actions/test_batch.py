"""The locked state: read after the locks, seen by every command of the batch, written back by one statement a table."""

from __future__ import annotations

from sqlalchemy import select, update

from chat.actions.batch import LOCK_CONVERSATIONS, LOCK_MAILBOXES, Batch, People
from chat.models import Mailbox, Participant, Span
from chat.models.columns import table
from chat.transaction import Transaction
from tests.databases import House

BOXES, PARTS, SPANS = table(Mailbox), table(Participant), table(Span)


def opened(house: House, *places: int, people: tuple[int, ...] = ()) -> Batch:
    return Batch(Transaction(house.connection, house.keys, who=house.ben), conversations=places, people=people)


def test_it_holds_the_conversations_their_people_and_nobody_elses(house: House) -> None:
    sent, other = house.begin(house.ben, house.dana), house.begin(house.ben, house.eli)
    batch = opened(house, sent.conversation)
    assert set(batch.talks) == {sent.conversation}
    assert set(batch.parts) == {(sent.conversation, house.ben.person), (sent.conversation, house.dana.person)}
    assert set(batch.boxes) == set(batch.people.members) == {house.ben.person, house.dana.person}
    assert batch.talks[sent.conversation].open == {house.ben.person: False, house.dana.person: False}
    assert other.conversation not in batch.talks


def test_those_on_cc_and_those_who_left_are_told_apart(house: House) -> None:
    sent = house.begin(house.dana, house.ben, subject="Friday")
    house.add_cc(sent, house.hal, (1, None))
    assert opened(house, sent.conversation).talks[sent.conversation].open[house.hal.person] is True
    house.run(update(SPANS).where(SPANS.c.person_id == house.hal.person).values(to_seq=1))
    batch = opened(house, sent.conversation)
    assert house.hal.person not in batch.talks[sent.conversation].open
    assert (sent.conversation, house.hal.person) in batch.parts


def test_it_is_read_by_a_fixed_number_of_statements(house: House) -> None:
    places = [house.begin(house.ben, house.dana, subject=f"Thread {n}").conversation for n in range(5)]
    with house.counted() as one:
        opened(house, places[0])
    with house.counted() as five:
        opened(house, *places)
    assert one == five
    with house.counted() as none:
        opened(house, people=(house.ben.person,))
    assert len(none) < len(one)


def test_locks_come_first_in_order_and_do_not_collide_with_foreign_keys(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    with house.counted() as seen:
        opened(house, sent.conversation)
    assert seen[:2] == [LOCK_CONVERSATIONS.text(house.connection), LOCK_MAILBOXES.text(house.connection)]
    if house.connection.dialect.name == "postgresql":
        for sentence in seen[:2]:
            assert "ORDER BY" in sentence
            assert sentence.rstrip().endswith("FOR NO KEY UPDATE")


def test_each_change_takes_the_next_number_and_is_written_once(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    with house.counted() as seen:
        batch = opened(house, sent.conversation)
        read = len(seen)
        part = batch.parts[sent.conversation, house.dana.person]
        assert not batch.has_changed(part)
        for unread in (0, 4, 0, 2):
            counted, part.unread = part.counts, unread
            batch.change(part, counted=counted)
        assert batch.has_changed(part)
        batch.save()
    assert len(seen) == read + 2
    assert (part.change, part.message_change, batch.boxes[house.dana.person].unread) == (5, 1, 1)
    assert batch.tx.rung == {house.dana.person}
    assert house.run(select(BOXES.c.change, BOXES.c.unread).where(BOXES.c.person_id == house.dana.person)) == [(5, 1)]
    assert house.run(select(PARTS.c.change, PARTS.c.unread).where(PARTS.c.person_id == house.dana.person)) == [(5, 2)]
    assert house.run(select(BOXES.c.change).where(BOXES.c.person_id == house.ben.person)) == [(1,)]


def test_what_is_held_back_is_written_without_a_number(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    batch = opened(house, sent.conversation)
    part = batch.parts[sent.conversation, house.dana.person]
    part.ended_at = 5
    batch.hold(part)
    batch.save()
    assert house.run(select(PARTS.c.change, PARTS.c.ended_at).where(PARTS.c.person_id == house.dana.person)) == [(1, 5)]
    assert batch.tx.rung == set()


def test_nothing_changed_is_nothing_written(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    with house.counted() as seen:
        batch = opened(house, sent.conversation)
        read = len(seen)
        batch.save()
    assert (len(seen), batch.tx.rung) == (read, set())
    assert read > 0


def test_facts_about_people_come_with_whom_they_look_after(house: House) -> None:
    everybody = [house.ben.person, house.dana.person, house.kim.person]
    people = People(Transaction(house.connection, house.keys), everybody)
    assert people.assigned == {(house.dana.person, house.ben.person), (house.kim.person, house.jon.person)}
    assert people.messaging == {house.ben.organization: True, house.kim.organization: True}
    with house.counted() as seen:
        assert People(Transaction(house.connection, house.keys), [house.ben.person]).assigned == set()
    assert len(seen) == 1
