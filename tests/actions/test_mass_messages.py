"""Mass messages: a conversation each, nobody twice, and nothing that tells one client of another."""

from __future__ import annotations

from uuid import uuid4

import pytest

from chat.actions.mass_messages import (
    SendMass,
    advance,
    cancel_mass_message,
    recipients,
    send_mass_message,
)
from chat.errors import Conflict, Invalid, NotFound, Refused
from chat.lib.languages import said
from chat.models import Message
from chat.queries.conversations import conversations
from chat.queries.mass_messages import mass_messages, mass_recipients
from tests.databases import House, Sent


def mass(house: House, who: str = "ben", **more: object) -> SendMass:
    given: dict[str, object] = {"key": str(uuid4()), "subject": "Holidays", "body": "We are closed.", "everyone": True}
    return SendMass(**given | more)  # type: ignore[arg-type]


def finish(house: House) -> None:
    while house.do(advance):
        pass


def inbox(house: House, who: str) -> list[dict[str, object]]:
    return [dict(row) for row in house.ask(conversations, "inbox", who=getattr(house, who))[0]]


def test_each_client_gets_a_conversation_of_their_own_that_names_no_other(house: House) -> None:
    answer = house.do(send_mass_message, house.ben, mass(house))
    assert (answer["of"], answer["skipped"]) == (2, 1), "Gus is not enabled"
    finish(house)
    for client, other in (("dana", "Eli"), ("eli", "Dana")):
        (row,) = inbox(house, client)
        talk = Sent(row["id"], 1)  # type: ignore[arg-type]
        assert [person["name"] for person in row["people"]] == ["Ben Larsen"]  # type: ignore[attr-defined]
        assert other not in str(row) + str(house.page(getattr(house, client), talk).messages)
    assert inbox(house, "gus") == inbox(house, "fay") == inbox(house, "kim") == []


def test_in_sent_it_is_one_row_and_a_reply_is_an_ordinary_conversation(house: House) -> None:
    number = house.do(send_mass_message, house.ben, mass(house))["mass_message"]
    finish(house)
    assert house.ask(conversations, "sent", who=house.ben)[0] == []
    (row,) = house.ask(mass_messages, who=house.ben)[0]
    assert (row["id"], row["subject"], row["body"], row["done"], row["of"]) == (number, "Holidays", "We are closed.", 2, 2)
    talk = Sent(inbox(house, "dana")[0]["id"], 1)  # type: ignore[arg-type]
    house.reply(house.dana, talk, body="Thanks")
    assert [m["body"] for m in house.page(house.ben, talk).messages] == ["We are closed.", "Thanks"]
    states = {one["name"]: one["state"] for one in house.ask(mass_recipients, number, who=house.ben)[0]}
    assert states == {"Dana Reed": "replied", "Eli Navarro": "sent", "Gus Okafor": "skipped"}


def test_the_same_key_sends_once_and_a_step_done_again_doubles_nobody(house: House) -> None:
    what = mass(house)
    first = house.do(send_mass_message, house.ben, what)
    assert house.do(send_mass_message, house.ben, what) == first
    with house.undone():
        house.do(advance)
    finish(house)
    finish(house)
    assert house.count(Message) == 2
    assert isinstance(house.refusal(send_mass_message, house.ben, mass(house, key=what.key, body="Else")), Conflict)


def test_whom_one_may_pick(house: House) -> None:
    names = {
        who: [one.name for one in house.ask(recipients, mass(house), who=getattr(house, who))] for who in ("ben", "cleo", "ada")
    }
    assert names["ben"] == ["Dana Reed", "Eli Navarro", "Gus Okafor"]
    assert names["cleo"] == ["Fay Lindqvist"]
    assert names["ada"] == ["Dana Reed", "Eli Navarro", "Fay Lindqvist", "Gus Okafor"]
    for wrong in (house.fay, house.kim, house.cleo):
        assert isinstance(house.refusal(send_mass_message, house.ben, mass(house, everyone=False, to=(wrong.person,))), NotFound)
    for who in (house.dana, house.hal):
        with pytest.raises(NotFound):
            house.ask(recipients, mass(house), who=who)


def test_more_than_twenty_five_are_confirmed_by_typing_the_number(house: House) -> None:
    for number in range(26):
        house.someone("client", f"Client {number:02}", like=house.cleo, of=[house.cleo])
    refusal = house.refusal(send_mass_message, house.cleo, mass(house))
    assert isinstance(refusal, Refused)
    assert refusal.details == {"field": "confirm", "of": 27}
    assert house.do(send_mass_message, house.cleo, mass(house, confirm=27))["of"] == 27


def test_the_rest_can_be_cancelled_by_its_sender_alone(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chat.actions.mass_messages.STEP", 1)
    number = house.do(send_mass_message, house.ben, mass(house))["mass_message"]
    house.do(advance)
    for outsider in (house.ada, house.cleo, house.jon):
        assert isinstance(house.refusal(cancel_mass_message, outsider, number), NotFound)
    house.do(cancel_mass_message, house.ben, number)
    finish(house)
    states = [one["state"] for one in house.ask(mass_recipients, number, who=house.ben)[0]]
    assert sorted(states) == ["cancelled", "sent", "skipped"]
    assert house.count(Message) == 1
    assert isinstance(house.refusal(cancel_mass_message, house.ben, number), NotFound), "it is over"


@pytest.mark.parametrize(
    ("field", "more"), [("subject", {"subject": " "}), ("body", {"body": " "}), ("body", {"body": "x" * 10_001})]
)
def test_bad_text_is_refused_at_its_field(house: House, field: str, more: dict[str, object]) -> None:
    refusal = house.refusal(send_mass_message, house.ben, mass(house, "ben", **more))
    assert (type(refusal), refusal.details) == (Invalid, {"field": field})


def test_the_sender_s_pages_are_rung_when_it_is_accepted_at_each_step_and_when_the_rest_is_cancelled(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chat.actions.mass_messages.STEP", 1)
    number = house.do(send_mass_message, house.ben, mass(house))["mass_message"]
    assert house.ben.person in house.rung
    told = [house.feed(house.ben).progress]
    house.do(advance)
    assert house.ben.person in house.rung
    told.append(house.feed(house.ben).progress)
    house.do(cancel_mass_message, house.ben, number)
    told.append(house.feed(house.ben).progress)
    finish(house)
    told.append(house.feed(house.ben).progress)
    states = [(one.done, one.of, one.state) for (one,) in told]
    assert states == [(0, 2, "running"), (1, 2, "running"), (1, 2, "cancelled"), (2, 2, "finished")]
    assert [one.number for (one,) in told] == sorted({one.number for (one,) in told})


def test_who_became_inactive_meanwhile_is_skipped_with_the_reason(house: House) -> None:
    number = house.do(send_mass_message, house.ben, mass(house))["mass_message"]
    house.unassign(house.eli, house.ben)
    finish(house)
    states = {one["name"]: (one["state"], bool(one["reason"])) for one in house.ask(mass_recipients, number, who=house.ben)[0]}
    assert states["Eli Navarro"] == ("skipped", True)
    assert states["Dana Reed"] == ("sent", False)


def test_each_reads_in_their_language_why_somebody_was_skipped(house: House) -> None:
    number = house.do(send_mass_message, house.ben, mass(house))["mass_message"]
    reasons = {one["name"]: one["reason"] for one in house.ask(mass_recipients, number, who=house.ben)[0]}
    assert reasons["Gus Okafor"] == "Secure messaging is off."
    assert said(reasons["Gus Okafor"], "es") == "La mensajería segura está desactivada."
    assert reasons["Dana Reed"] == ""
