"""A mass message in its sender's trash: it stands for all of its conversations without a reply, and for no other."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from sqlalchemy import select

from chat.actions.assignments import Assigned, assign, unassign
from chat.actions.deletions import delete_permanently
from chat.actions.erasing import erase
from chat.actions.holds import HeldClient, lift_hold, set_hold
from chat.actions.mailboxes import Selection, move_to_trash
from chat.actions.mass_messages import SendMass, advance, send_mass_message
from chat.actions.mass_trash import delete_mass_message, purge_mass_messages, restore_mass_message, trash_mass_message
from chat.errors import NotFound, Refused
from chat.lib import clock
from chat.models import MassMessage, MassRecipient, Message, Organization
from chat.models.columns import table
from chat.queries.conversations import conversations
from chat.queries.mass_messages import mass_messages, mass_recipients
from tests.databases import House, Sent
from tests.people import NOON, later

TEXT = "We are closed."
ACTIONS = (trash_mass_message, restore_mass_message, delete_mass_message)


def sent(house: House) -> int:
    """Ben wrote to Dana and Eli at once."""
    what = SendMass(str(uuid4()), "Holidays", TEXT, everyone=True)
    number: int = house.do(send_mass_message, house.ben, what)["mass_message"]
    finish(house)
    return number


def finish(house: House) -> None:
    while house.do(advance):
        pass


def of(house: House, name: str) -> Sent:
    """The conversation that one client got."""
    return Sent(house.ask(conversations, "inbox", who=getattr(house, name))[0][0]["id"], 1)


def listed(house: House, *, trashed: bool) -> list[int]:
    return [row["id"] for row in house.ask(mass_messages, trashed=trashed, who=house.ben)[0]]


def bodies(house: House, name: str, place: Sent) -> list[str]:
    return [message["body"] for message in house.page(getattr(house, name), place).messages]


def test_it_goes_to_the_trash_and_back(house: House) -> None:
    number = sent(house)
    house.do(trash_mass_message, house.ben, number)
    assert (listed(house, trashed=False), listed(house, trashed=True)) == ([], [number])
    (row,) = house.ask(mass_messages, trashed=True, who=house.ben)[0]
    assert row["deleted_at"] == NOON + 15 * clock.DAY
    with house.at(later(days=1)):
        house.do(trash_mass_message, house.ben, number)  # it keeps its day
        assert house.ask(mass_messages, trashed=True, who=house.ben)[0][0]["trashed_at"] == NOON
    assert house.feed(house.ben).progress[0].state == "trash"
    house.do(restore_mass_message, house.ben, number)
    assert (listed(house, trashed=False), listed(house, trashed=True)) == ([number], [])
    assert bodies(house, "dana", of(house, "dana")) == [TEXT]


def test_a_reply_to_what_lies_in_the_trash_is_an_ordinary_conversation_with_all_of_it(house: House) -> None:
    number, talk = sent(house), of(house, "dana")
    house.do(trash_mass_message, house.ben, number)
    house.reply(house.dana, talk, "Thanks")
    assert bodies(house, "ben", talk) == [TEXT, "Thanks"]
    assert [row["id"] for row in house.ask(conversations, "inbox", who=house.ben)[0]] == [talk.conversation]
    house.do(delete_mass_message, house.ben, number)
    assert bodies(house, "ben", talk) == [TEXT, "Thanks"]


def test_deleted_for_good_it_comes_back_by_no_reply_and_is_erased_once_the_client_deletes_it_too(house: House) -> None:
    number, dana, eli = sent(house), of(house, "dana"), of(house, "eli")
    house.do(trash_mass_message, house.ben, number)
    house.do(delete_mass_message, house.ben, number)
    assert listed(house, trashed=False) == listed(house, trashed=True) == []
    assert house.count(MassRecipient) == 0
    assert house.run(select(table(MassMessage).c.subject, table(MassMessage).c.body)) == [(b"", b"")]
    assert house.feed(house.ben).progress[0].state == "gone"
    assert house.feed(house.ben).changes == []
    house.reply(house.dana, dana, "Thanks")
    assert bodies(house, "ben", dana) == ["Thanks"]
    assert bodies(house, "dana", dana) == [TEXT, "Thanks"]
    house.do(move_to_trash, house.eli, Selection((eli.conversation,)))
    house.do(delete_permanently, house.eli, Selection((eli.conversation,)))
    while house.do(erase):
        pass
    left = house.run(select(table(Message).c.conversation_id))
    assert {row[0] for row in left} == {dana.conversation}


def test_after_fifteen_days_it_is_gone_whether_or_not_it_was_purged(house: House) -> None:
    number, talk = sent(house), of(house, "dana")
    house.do(trash_mass_message, house.ben, number)
    with house.at(later(days=15, minutes=-1)):
        assert not house.do(purge_mass_messages)
        assert listed(house, trashed=True) == [number]
    with house.at(later(days=15)):
        assert listed(house, trashed=True) == []
        assert isinstance(house.refusal(restore_mass_message, house.ben, number), NotFound)
        with house.undone():
            house.reply(house.dana, talk, "Thanks")
            assert bodies(house, "ben", talk) == ["Thanks"]
        while house.do(purge_mass_messages):
            pass
        house.reply(house.dana, talk, "Thanks")
        assert bodies(house, "ben", talk) == ["Thanks"]
        assert house.count(MassRecipient) == 0


def test_a_purge_goes_in_small_steps(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chat.actions.mass_trash.STEP", 1)
    number, talk = sent(house), of(house, "eli")
    house.do(trash_mass_message, house.ben, number)
    with house.at(later(days=15)):
        steps = 0
        while house.do(purge_mass_messages):
            steps += 1
        assert steps == 3, "a client each, and the row"
        house.reply(house.eli, talk, "Thanks")
        assert bodies(house, "ben", talk) == ["Thanks"]


@pytest.mark.parametrize("action", ACTIONS)
def test_it_is_its_sender_s_alone(house: House, action: Callable[..., object]) -> None:
    number = sent(house)
    before = house.state()
    for outsider in (house.ada, house.cleo, house.dana, house.jon):
        assert isinstance(house.refusal(action, outsider, number), NotFound)
    assert house.state() == before


def test_only_what_is_in_the_trash_and_no_longer_on_its_way_is_deleted_for_good(house: House) -> None:
    what = SendMass(str(uuid4()), "Holidays", TEXT, everyone=True)
    number = house.do(send_mass_message, house.ben, what)["mass_message"]
    assert "trash first" in str(house.refusal(delete_mass_message, house.ben, number))
    house.do(trash_mass_message, house.ben, number)
    refusal = house.refusal(delete_mass_message, house.ben, number)
    assert isinstance(refusal, Refused)
    assert "still on its way" in str(refusal)
    finish(house)
    house.do(delete_mass_message, house.ben, number)


def test_a_client_who_is_no_longer_the_sender_s_is_not_told_of_and_what_had_no_reply_stays_out_of_sight(house: House) -> None:
    number, talk = sent(house), of(house, "dana")
    whose = Assigned(house.dana.person, house.ben.person)
    house.do(unassign, house.ada, whose)
    assert [one["name"] for one in house.ask(mass_recipients, number, who=house.ben)[0]] == ["Eli Navarro", "Gus Okafor"]
    house.do(assign, house.ada, whose)
    assert not house.sees(house.ben, talk)
    house.reply(house.dana, talk, "Thanks")
    assert bodies(house, "ben", talk)[-1] == "Thanks"


def test_what_the_practice_keeps_or_one_held_record_among_its_clients_outranks_deleting_for_good(house: House) -> None:
    number = sent(house)
    house.do(trash_mass_message, house.ben, number)

    def refused() -> str:
        refusal = house.refusal(delete_mass_message, house.ben, number)
        assert isinstance(refusal, Refused)
        (row,) = house.ask(mass_messages, trashed=True, who=house.ben)[0]
        assert row["kept"] == refusal.details | {"message": refusal.message}, "said before as after"
        return str(refusal.details["kept_by"])

    house.do(set_hold, house.ada, HeldClient(house.eli.person, "A court"))
    assert refused() == "hold"
    house.do(lift_hold, house.ada, HeldClient(house.eli.person, "Over"))
    house.set(Organization, house.ben.organization, retention_years=1)
    assert refused() == "retention"
    house.set(Organization, house.ben.organization, deletes_since=None)
    assert refused() == "practice"
    house.set(Organization, house.ben.organization, deletes_since=0, retention_years=0)
    house.do(set_hold, house.ada, HeldClient(house.fay.person, "Another's client, who did not get it"))
    (row,) = house.ask(mass_messages, trashed=True, who=house.ben)[0]
    assert row["kept"] is None
    house.do(delete_mass_message, house.ben, number)
    assert listed(house, trashed=True) == []


def test_while_the_practice_deletes_nothing_it_stays_in_the_trash_and_what_is_gone_stays_gone(house: House) -> None:
    gone, number = sent(house), sent(house)
    for one in (gone, number):
        house.do(trash_mass_message, house.ben, one)
    house.do(delete_mass_message, house.ben, gone)
    house.set(Organization, house.ben.organization, deletes_since=None)
    with house.at(later(days=40)):
        assert not house.do(purge_mass_messages)
        assert listed(house, trashed=True) == [number]
        assert house.ask(mass_messages, trashed=True, who=house.ben)[0][0]["deleted_at"] is None
        assert {one.id: one.state for one in house.feed(house.ben).progress} == {gone: "gone", number: "trash"}
        house.do(restore_mass_message, house.ben, number)
        assert listed(house, trashed=False) == [number]
