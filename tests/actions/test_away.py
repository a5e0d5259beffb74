"""Away messages: each client is answered once a period, and nothing ever answers back."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select

from chat.actions.away import SetAway, answer_while_away, set_away
from chat.actions.clients import NamedClient, disable_messaging
from chat.actions.drafts import SaveDraft, save_draft
from chat.actions.mass_messages import SendMass, advance, send_mass_message
from chat.errors import Invalid, NotFound
from chat.lib import clock
from chat.models import Alert, AuditEntry, Away, AwayAnswer, DataKey, Message, Organization
from chat.models.columns import table
from chat.queries.away import away
from chat.queries.drafts import drafts
from chat.transaction import Who
from tests.databases import House, Sent
from tests.people import NOON, later
from tests.recount import faults

TEXT = "I am away until Friday. In an emergency call 112."
WEEK = SetAway(TEXT, "2026-03-04", "2026-03-06")


def leave(house: House, who: Who | None = None, what: SetAway = WEEK) -> None:
    house.do(set_away, who or house.ben, what)


def answered(house: House) -> int:
    """How many answers leave now."""
    before = house.count(Message)
    while house.do(answer_while_away):
        pass
    assert faults(house.connection) == []
    return house.count(Message) - before


def said(house: House, who: Who, place: Sent) -> list[tuple[str, str, bool]]:
    return [(one["author_name"], one["body"], one["automatic"]) for one in house.page(who, place).messages]


def test_a_client_is_answered_once_by_a_message_that_is_marked_and_alerted_like_any_other(house: House) -> None:
    leave(house)
    talk = house.begin(house.dana, house.ben, body="Hello")
    assert answered(house) == 1
    both = [("Dana Reed", "Hello", False), ("Ben Larsen", TEXT, True)]
    assert said(house, house.dana, talk) == said(house, house.ben, talk) == both
    assert house.row(house.ben, talk)["unread"] == 1, "nobody has read what Dana wrote"
    alerts, audit = table(Alert), table(AuditEntry)
    assert (house.dana.person,) in house.run(select(alerts.c.person_id).where(alerts.c.seq == 2))
    last = select(audit.c.actor_id, audit.c.action, audit.c.address, audit.c.details).order_by(audit.c.id.desc()).limit(1)
    assert house.run(last) == [(house.ben.person, "send_message", "away message", "")]
    house.reply(house.dana, talk, "And another")
    house.begin(house.dana, house.ben, subject="Sleep")
    assert answered(house) == 0, "once a period, whatever the conversation"
    house.begin(house.eli, house.ben)
    assert answered(house) == 1


def test_a_step_done_again_answers_nobody_twice(house: House) -> None:
    leave(house)
    house.begin(house.dana, house.ben)
    with house.undone():
        assert answered(house) == 1
    assert answered(house) == 1
    table_of = table(AwayAnswer)
    house.run(table_of.delete())
    assert answered(house) == 0, "another worker that knows of no answer has the same key"


def test_two_who_are_away_do_not_answer_each_other_nor_the_team(house: House) -> None:
    leave(house)
    leave(house, house.cleo)
    house.begin(house.cleo, house.ben)
    house.begin(house.ada, house.ben)
    assert answered(house) == 0
    house.assign(house.dana.person, house.cleo.person)
    talk = house.begin(house.dana, house.ben, house.cleo, subject="Both")
    assert answered(house) == 2
    assert [name for name, _, automatic in said(house, house.dana, talk) if automatic] == ["Ben Larsen", "Cleo Marsh"]
    assert answered(house) == 0


def test_what_is_automatic_or_by_a_contact_is_not_answered(house: House) -> None:
    talk = house.begin(house.ben, house.dana, subject="Sleep")
    house.add_cc(talk, house.hal, (2, None))
    leave(house)
    house.reply(house.hal, talk)
    assert answered(house) == 0
    house.run(table(Message).update().values(automatic=True))
    last = house.reply(house.dana, talk)
    house.run(table(Message).update().where(table(Message).c.seq == last.seq).values(automatic=True))
    assert answered(house) == 0


@pytest.mark.parametrize(
    ("written", "looked", "expected"),
    [
        (later(hours=-1), NOON, 0),
        (later(minutes=1), later(minutes=2), 1),
        (later(days=2, hours=10), later(days=2, hours=10.5), 1),
        (later(days=2, hours=11), later(days=2, hours=12), 0),
    ],
    ids=["before it was set", "in the period", "in the last hour, in the practice's zone", "after the last day"],
)
def test_only_what_is_written_in_the_period_is_answered(house: House, written: int, looked: int, expected: int) -> None:
    house.set(Organization, house.ben.organization, time_zone="Europe/Berlin")
    with house.at(min(written, NOON)):
        talk = house.begin(house.ben, house.dana)
        if written < NOON:
            house.reply(house.dana, talk)
    leave(house)
    if written > NOON:
        with house.at(written):
            house.reply(house.dana, talk)
    with house.at(looked):
        assert answered(house) == expected


def test_days_begin_and_end_in_the_practice_s_zone(house: House) -> None:
    house.set(Organization, house.ben.organization, time_zone="America/New_York")
    leave(house, what=SetAway(TEXT, "2026-03-07", "2026-03-08"))  # the clocks go forward on the 8th
    ((begins_at, ends_at),) = house.run(select(table(Away).c.begins_at, table(Away).c.ends_at))
    assert (ends_at - begins_at) == 47 * clock.HOUR
    assert ZoneInfo("America/New_York").key == house.ask(away, who=house.ben)["time_zone"]  # type: ignore[index]


def test_another_text_or_last_day_goes_on_and_another_first_day_begins_anew(house: House) -> None:
    leave(house)
    talk = house.begin(house.dana, house.ben)
    assert answered(house) == 1
    leave(house, what=SetAway("Longer.", "2026-03-04", "2026-03-20"))
    house.reply(house.dana, talk)
    assert answered(house) == 0
    house.begin(house.eli, house.ben)
    assert answered(house) == 1
    with house.at(later(minutes=1)):
        leave(house, what=SetAway("Anew.", "2026-03-03", "2026-03-20"))
        assert answered(house) == 0, "only what is written from now on"
        house.reply(house.dana, talk)
        assert answered(house) == 1
        assert said(house, house.dana, talk)[-1][1] == "Anew."
    assert house.count(Away) == 1


def state(house: House) -> str:
    view = house.ask(away, who=house.ben)
    assert view is not None
    return view["state"]


def test_it_is_taken_away_with_its_key_and_who_sees_it_is_its_own_therapist(house: House) -> None:
    keys = house.count(DataKey)
    leave(house)
    view = house.ask(away, who=house.ben)
    assert view is not None
    assert (view["text"], view["first_day"], view["last_day"], view["state"]) == (TEXT, "2026-03-04", "2026-03-06", "on")
    assert house.ask(away, who=house.ada) is None
    for outsider in (house.dana, house.hal):
        with pytest.raises(NotFound):
            house.ask(away, who=outsider)
        assert isinstance(house.refusal(set_away, outsider, WEEK), NotFound)
    with house.at(later(days=3)):
        assert state(house) == "over"
    leave(house, what=SetAway(" "))
    assert house.ask(away, who=house.ben) is None
    assert house.count(DataKey) == keys
    leave(house, what=SetAway(TEXT, "2026-04-01", "2026-04-02"))
    assert state(house) == "coming"
    house.begin(house.dana, house.ben)
    assert answered(house) == 0


@pytest.mark.parametrize(
    ("field", "what"),
    [
        ("text", SetAway("x" * 1_001, "2026-03-04", "2026-03-06")),
        ("first_day", SetAway(TEXT, "soon", "2026-03-06")),
        ("first_day", SetAway(TEXT, "2026-03-04", "")),
        ("last_day", SetAway(TEXT, "2026-03-06", "2026-03-05")),
        ("last_day", SetAway(TEXT, "2026-03-01", "2026-03-03")),
        ("last_day", SetAway(TEXT, "2026-03-04", "2027-03-06")),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(house: House, field: str, what: SetAway) -> None:
    refusal = house.refusal(set_away, house.ben, what)
    assert (type(refusal), refusal.details) == (Invalid, {"field": field})
    assert house.count(Away) == 0


def gone(house: House, talk: Sent) -> None:
    house.unassign(house.dana, house.ben)


def off(house: House, talk: Sent) -> None:
    house.do(disable_messaging, house.ben, NamedClient(house.dana.person))


def told(house: House, talk: Sent) -> None:
    house.run(
        insert(table(AwayAnswer)).values(away_id=house.run(select(table(Away).c.id))[0][0], client_id=house.dana.person, at=1)
    )


@pytest.mark.parametrize("why", [gone, off, told])
def test_who_cannot_be_written_to_or_was_told_is_not_answered(house: House, why: Callable[[House, Sent], None]) -> None:
    leave(house)
    talk = house.begin(house.dana, house.ben)
    why(house, talk)
    assert answered(house) == 0


def test_neither_an_away_message_nor_a_mass_message_takes_a_draft_along(house: House) -> None:
    talk = house.begin(house.dana, house.ben)
    leave(house)
    house.do(save_draft, house.ben, SaveDraft("Dear Dana", conversation=talk.conversation))
    house.do(save_draft, house.ben, SaveDraft("Also", to=(house.dana.person,)))
    house.reply(house.dana, talk)
    assert answered(house) == 1
    house.do(send_mass_message, house.ben, SendMass("k", "Holidays", "Closed.", everyone=True))
    while house.do(advance):
        pass
    assert sorted(one["body"] for one in house.ask(drafts, who=house.ben)) == ["Also", "Dear Dana"]
