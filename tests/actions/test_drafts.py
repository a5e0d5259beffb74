"""Drafts: sealed, one a person and place, and never in another conversation."""

from __future__ import annotations

import dataclasses
import threading

import pytest
from sqlalchemy import select

from chat.actions.drafts import SaveDraft, save_draft
from chat.errors import Invalid, NotFound
from chat.lib.crypto import key_of
from chat.lib.database import writing_engine
from chat.models import DataKey, Draft
from chat.models.columns import table
from chat.queries.drafts import draft_in, drafts
from chat.transaction import Keys, Transaction
from tests.databases import RING, House, Template, closing_engine
from tests.people import NOON, later

DRAFTS = table(Draft)


def test_a_draft_is_there_again_in_its_conversation_and_in_no_other(house: House) -> None:
    sent, other = house.begin(house.ben, house.dana), house.begin(house.ben, house.eli)
    house.do(save_draft, house.ben, SaveDraft("What I mean", conversation=sent.conversation))
    assert house.ask(draft_in, sent.conversation, who=house.ben) == ("What I mean", NOON)
    assert house.ask(draft_in, other.conversation, who=house.ben) is None
    assert house.ask(draft_in, sent.conversation, who=house.dana) is None
    assert house.ask(drafts, who=house.dana) == []


def test_a_draft_is_saved_over_and_over_in_one_row(house: House) -> None:
    to = (house.eli.person, house.dana.person)
    house.do(save_draft, house.ben, SaveDraft("first", to=to, subject="Subject"))
    with house.at(later(minutes=1)):
        house.do(save_draft, house.ben, SaveDraft("second", to=to[::-1]))
    assert house.count(Draft) == 1
    (draft,) = house.ask(drafts, who=house.ben)
    people = sorted(to)
    assert (draft["to"], draft["subject"], draft["body"], draft["saved_at"]) == (people, None, "second", later(minutes=1))


def test_an_empty_draft_is_none(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    for what in (SaveDraft("text", conversation=sent.conversation), SaveDraft("", conversation=sent.conversation)):
        house.do(save_draft, house.ben, what)
    assert house.count(Draft) == 0
    house.do(save_draft, house.ben, SaveDraft("", to=(house.eli.person,), subject="Only a subject"))
    assert [one["subject"] for one in house.ask(drafts, who=house.ben)] == ["Only a subject"]


@pytest.mark.parametrize("what", [SaveDraft("x" * 10_001), SaveDraft("", subject="x" * 201)])
def test_a_draft_is_no_longer_than_a_message(house: House, what: SaveDraft) -> None:
    refusal = house.refusal(save_draft, house.ben, dataclasses.replace(what, to=(house.eli.person,)))
    assert isinstance(refusal, Invalid)
    assert house.count(Draft) == 0


def test_nobody_keeps_a_draft_where_they_take_no_part(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    for who in (house.ada, house.cleo, house.eli, house.kim):
        assert isinstance(house.refusal(save_draft, who, SaveDraft("text", conversation=sent.conversation)), NotFound)
    assert house.count(Draft) == 0


def test_a_quick_link_keeps_and_sees_the_draft_of_its_conversation_only(house: House) -> None:
    sent, other = house.begin(house.ben, house.dana), house.begin(house.ben, house.dana, subject="Other")
    house.do(save_draft, house.dana, SaveDraft("elsewhere", conversation=other.conversation))
    house.do(save_draft, house.dana, SaveDraft("for Ben", to=(house.ben.person,)))
    scoped = dataclasses.replace(house.dana, scope={sent.conversation: later(minutes=15)})
    house.do(save_draft, scoped, SaveDraft("here", conversation=sent.conversation))
    assert [one["body"] for one in house.ask(drafts, who=scoped)] == ["here"]
    for what in (SaveDraft("no", conversation=other.conversation), SaveDraft("no", to=(house.ben.person,))):
        assert isinstance(house.refusal(save_draft, scoped, what), NotFound)
    with house.at(later(minutes=15)):
        assert house.ask(drafts, who=scoped) == []
    assert len(house.ask(drafts, who=house.dana)) == 3


def test_drafts_of_a_person_share_a_key_that_no_message_uses(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    for what in (SaveDraft("one", conversation=sent.conversation), SaveDraft("two", to=(house.eli.person,))):
        house.do(save_draft, house.ben, what)
    house.do(save_draft, house.dana, SaveDraft("three", conversation=sent.conversation))
    keys = {(row[0], key_of(row[1])) for row in house.run(select(DRAFTS.c.person_id, DRAFTS.c.body))}
    assert len(keys) == 2
    assert house.count(DataKey) == 3


def test_a_draft_moved_to_another_place_does_not_open(house: House) -> None:
    sent, other = house.begin(house.ben, house.dana), house.begin(house.ben, house.eli)
    house.do(save_draft, house.ben, SaveDraft("for Dana", conversation=sent.conversation))
    house.run(DRAFTS.update().values(place=f"c:{other.conversation}"))
    assert house.ask(draft_in, other.conversation, who=house.ben) is None
    assert house.ask(drafts, who=house.ben) == []


def test_two_tabs_in_two_processes_save_the_same_new_draft(postgresql_template: Template) -> None:
    ben, eli = postgresql_template.cast["ben"], postgresql_template.cast["eli"]

    def save(tx: Transaction, body: str) -> None:
        save_draft(tx, SaveDraft(body, to=(eli.person,)))

    errors: list[BaseException] = []
    with postgresql_template.copy() as address, closing_engine(writing_engine(address)) as engine:

        def second_tab() -> None:
            try:
                with engine.begin() as connection:
                    save(Transaction(connection, Keys(RING), who=ben), "second")
            except Exception as error:
                errors.append(error)

        other = threading.Thread(target=second_tab)
        with engine.begin() as connection:
            save(Transaction(connection, Keys(RING), who=ben), "first")
            other.start()
            waiting(engine.url.render_as_string(hide_password=False))
        other.join(10)
        with engine.connect() as connection:
            found = drafts(Transaction(connection, Keys(RING), who=ben))
    assert errors == []
    assert [one["body"] for one in found] == ["second"]


def waiting(address: str) -> None:
    """Until a session of this database waits for a lock of another."""
    asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with closing_engine(writing_engine(address)) as engine, engine.connect() as connection:
        for _ in range(2_000):
            if connection.exec_driver_sql(asked).scalar_one():
                return
            connection.rollback()
            connection.exec_driver_sql("SELECT pg_sleep(0.005)")
    raise AssertionError("nobody waits")
