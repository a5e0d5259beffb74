"""Consent to text messages, and the texts that leave by it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from chat.actions.alerts import Claim, Claimed, Outcome, claim_alerts, settle_alert
from chat.actions.clients import ClientInfo, save_client
from chat.actions.letters import Letter
from chat.actions.messages import send_messages
from chat.actions.texts import Received, TextTime, keyword, note_text_times, receive_text
from chat.lib.clock import DAY, HOUR, MINUTE, SECOND
from chat.models import Alert, AuditEntry, Person, TextConsent
from chat.models.columns import table
from chat.queries.conversations import one
from chat.queries.texts import ASKED_FOR, CLOSE, disputed
from chat.transaction import Policy, Transaction, Who
from tests.databases import House, Sent, to_people
from tests.outbox import prepare, settle
from tests.people import NOON, later

PEOPLE, CONSENTS, ALERTS, AUDIT = table(Person), table(TextConsent), table(Alert), table(AuditEntry)
PHONE, OTHER = "+12125550123", "+12125550124"
DANA = ClientInfo("Dana Reed", email="dana@example.org", phone=PHONE, text_ok=True)


def save(house: House, **changes: object) -> None:
    """Ben saves Dana's Client Info tab."""
    version = house.run(select(PEOPLE.c.version).where(PEOPLE.c.id == house.dana.person))[0][0]
    house.do(save_client, house.ben, replace(DANA, client=house.dana.person, version=version, **changes))  # type: ignore[arg-type]


def text(house: House, body: str, sid: str = "", phone: str = PHONE) -> str | None:
    """A text comes in."""
    found: str | None = house.do(receive_text, None, Received(sid or f"SM{body}", phone, body))
    return found


def changes(house: House, who: Who, sent: Sent) -> int:
    """The number of the last change of a conversation as somebody sees it."""
    return int(house.row(who, sent)["change"])


def off_since(house: House) -> int | None:
    found: int | None = house.run(select(PEOPLE.c.texts_off_at).where(PEOPLE.c.id == house.dana.person))[0][0]
    return found


def steps(house: House) -> list[tuple[str, int | None]]:
    mine = CONSENTS.c.person_id == house.dana.person
    return [(row[0], row[1]) for row in house.run(select(CONSENTS.c.event, CONSENTS.c.by_id).where(mine).order_by(CONSENTS.c.id))]


def claim_texts(tx: Transaction, _what: object = None) -> Claimed:
    """As where there is a gateway."""
    tx.policy = Policy(texts=True)
    return claim_alerts(tx, Claim(100))


def rounds(house: House) -> list[Letter]:
    """All that leaves now, where there is a gateway."""
    letters = []
    while (claimed := house.do(claim_texts)).more:
        for mine in claimed.alerts:
            letter = prepare(house, mine)
            if letter:
                letters.append(letter)
                settle(house, mine, letter=letter)
    return letters


def leaving(house: House, **time: float) -> list[str]:
    """Templates of what leaves at a time."""
    with house.at(later(**time)):
        return sorted(letter.template for letter in rounds(house))


@pytest.mark.parametrize(
    "word", ["STOP", "stopall", "Unsubscribe", "CANCEL", "end", " Quit. ", "REVOKE", "opt-out", "OPT OUT", "«STOP!»"]
)
def test_these_words_stop(word: str) -> None:
    assert keyword(word) == "stop"


def test_these_words_start_and_ask_for_help() -> None:
    assert [keyword(word) for word in ("START", "unstop", "Help", "info")] == ["start", "start", "help", "help"]


@pytest.mark.parametrize("body", ["", "Please stop", "STOP texting me", "ending", "yes", "🛑", "start over"])
def test_anything_else_is_no_keyword(body: str) -> None:
    assert keyword(body) is None


def test_a_client_who_agreed_gets_a_text_beside_the_email(house: House) -> None:
    save(house)
    sent = house.begin(house.ben, house.dana)
    with house.at(later(seconds=10)):
        letters = rounds(house)
    with house.at(later(seconds=16)):
        letters += rounds(house)
    assert sorted((one.template, one.address) for one in letters) == [("message", "dana@example.org"), ("text", PHONE)]
    assert all(one.conversation == sent.conversation for one in letters)


def test_nobody_else_gets_one(house: House) -> None:
    save(house, text_ok=False)
    house.begin(house.ben, house.dana)
    house.begin(house.ben, house.eli)
    assert leaving(house, seconds=20) == ["message", "message"]
    assert house.run(select(ALERTS.c.id).where(ALERTS.c.channel == "sms")) == []


def test_without_a_gateway_there_are_no_texts(house: House) -> None:
    save(house)
    house.begin(house.ben, house.dana)
    with house.at(later(seconds=10)):
        house.do(claim_alerts, None, Claim(100))
    assert house.run(select(ALERTS.c.channel)) == [("email",)]


def test_an_alert_that_is_looked_at_often_gets_one_text(house: House) -> None:
    save(house)
    sent = house.begin(house.ben, house.dana)
    assert leaving(house, seconds=10) + leaving(house, seconds=16) == ["message", "text"]
    with house.at(later(seconds=30)):
        house.reply(house.ben, sent)
    for minute in (1, 6, 16):  # folded, looked at on the way, and at the end
        assert leaving(house, minutes=minute) == []
    assert len(house.run(select(ALERTS.c.id).where(ALERTS.c.channel == "sms"))) == 2


def test_who_stopped_the_emails_still_gets_texts_and_the_other_way_round(house: House) -> None:
    save(house)
    house.set(Person, house.dana.person, alerts_email="none")
    house.begin(house.ben, house.dana)
    assert leaving(house, seconds=10) == ["text"]
    house.set(Person, house.dana.person, alerts_email=None)
    text(house, "STOP")
    house.begin(house.ben, house.dana, subject="Later")
    assert leaving(house, hours=1) == ["message"]


def test_stop_holds_from_then_on_and_is_on_record(house: House) -> None:
    save(house)
    with house.at(NOON + HOUR):
        assert text(house, "Stop") == "stop"
    with house.at(NOON + 2 * HOUR):
        assert text(house, "stop", "SM2") == "stop"
    assert off_since(house) == NOON + HOUR
    assert steps(house) == [("number_added", house.ben.person), ("ticked", house.ben.person), ("stop", None), ("stop", None)]
    rows = house.run(select(AUDIT.c.actor_id, AUDIT.c.client_id, AUDIT.c.organization_id).where(AUDIT.c.action == "stop_texts"))
    assert rows == [(house.dana.person, house.dana.person, house.dana.organization)] * 2


def test_start_turns_them_on_again(house: House) -> None:
    save(house)
    text(house, "STOP")
    assert text(house, "START") == "start"
    assert off_since(house) is None
    assert [event for event, _ in steps(house)] == ["number_added", "ticked", "stop", "start"]


def test_help_changes_nothing(house: House) -> None:
    save(house)
    before = steps(house)
    assert text(house, "HELP") == "help"
    assert (steps(house), off_since(house)) == (before, None)


def test_each_event_is_handled_once(house: House) -> None:
    save(house)
    assert text(house, "STOP", "SM1") == "stop"
    assert text(house, "START", "SM2") == "start"
    assert text(house, "STOP", "SM1") is None
    assert off_since(house) is None
    assert len(steps(house)) == 4


def test_stop_holds_for_everybody_with_that_number(house: House) -> None:
    save(house)
    house.set(Person, house.kim.person, phone=PHONE, text_ok=True)
    house.set(Person, house.eli.person, phone=OTHER, text_ok=True)
    text(house, "STOP")
    off = select(PEOPLE.c.id).where(PEOPLE.c.texts_off_at.is_not(None)).order_by(PEOPLE.c.id)
    assert house.run(off) == [(house.dana.person,), (house.kim.person,)]


def test_a_text_from_a_stranger_changes_nobody(house: House) -> None:
    save(house)
    assert text(house, "STOP", phone=OTHER) == "stop"
    assert off_since(house) is None


def test_only_a_text_counts(house: House) -> None:
    save(house)
    sent = Sent(**house.do(send_messages, house.dana, to_people(house.ben, body="STOP")))
    assert off_since(house) is None
    assert house.page(house.ben, sent).messages[0]["body"] == "STOP"


def test_ticking_again_does_not_override_a_stop(house: House) -> None:
    save(house)
    text(house, "STOP")
    save(house, text_ok=False)
    save(house, text_ok=True)
    assert off_since(house) == NOON


def test_deleting_the_number_and_adding_it_again_turns_them_on_on_our_side(house: House) -> None:
    save(house)
    text(house, "STOP")
    save(house, phone=None, text_ok=False)
    save(house)
    assert off_since(house) is None
    ben = house.ben.person
    after_stop = [("number_removed", ben), ("unticked", ben), ("number_added", ben), ("ticked", ben)]
    assert steps(house)[3:] == after_stop
    house.begin(house.ben, house.dana)
    assert "text" in leaving(house, seconds=10) + leaving(house, seconds=16)


def test_what_the_carrier_blocks_is_on_record(house: House) -> None:
    save(house)
    house.begin(house.ben, house.dana)
    with house.at(later(seconds=10)):
        (mail,) = house.do(claim_texts).alerts
        settle(house, mail, letter=prepare(house, mail))
        (mine,) = house.do(claim_texts).alerts
        house.do(settle_alert, None, Outcome(mine.alert, mine.attempt, "failed", "blocked 21610"))
    assert steps(house)[-1] == ("blocked", None)
    assert house.run(select(AUDIT.c.client_id).where(AUDIT.c.action == "texts_blocked")) == [(house.dana.person,)]


def test_a_new_client_with_a_number_has_their_consent_on_record(house: House) -> None:
    made = house.do(save_client, house.ben, replace(DANA, name="Lee Park", email="lee@example.org"))["client"]
    rows = house.run(select(CONSENTS.c.event, CONSENTS.c.phone).where(CONSENTS.c.person_id == made).order_by(CONSENTS.c.id))
    assert rows == [("number_added", PHONE), ("ticked", PHONE)]


# On open pages


def test_staff_with_an_open_page_see_a_stop_and_its_end_at_once(house: House) -> None:
    save(house)
    sent = house.begin(house.ben, house.dana)
    shown, theirs = changes(house, house.ben, sent), changes(house, house.dana, sent)
    text(house, "STOP")
    assert changes(house, house.ben, sent) == shown + 1
    view = house.ask(one, sent.conversation, who=house.ben)
    assert view is not None
    assert view["unreached"] == {"texts_off_at": off_since(house), "mail_failed_at": None}
    assert house.rung == {house.ben.person, house.ada.person}, "and the administrator, who may look at the client's page"
    text(house, "STOP", "SM2")
    assert changes(house, house.ben, sent) == shown + 1, "a second STOP changes nothing there"
    text(house, "START")
    assert changes(house, house.ben, sent) == shown + 3, "each time the conversation, and the client"
    text(house, "STOP", "SM3")
    save(house, phone=None, text_ok=False)
    assert changes(house, house.ben, sent) == shown + 7, "the number went, and its STOP with it"
    assert changes(house, house.dana, sent) == theirs, "the client is told nothing"


# What the gateway got last stands


def arrive(house: House, *bodies: str, apart: int = MINUTE) -> None:
    """Texts of these words arrive one after the other; each word is its event's id too."""
    for place, body in enumerate(bodies):
        with house.at(NOON + place * apart):
            text(house, body, body)


def told(house: House, *, at: int = NOON + HOUR, **times: int | None) -> None:
    """The gateway says when it got these, in seconds after noon."""
    with house.at(at):
        known = [TextTime(sid, None if when is None else NOON + when * SECOND) for sid, when in times.items()]
        house.do(note_text_times, None, known)


def asked_of(house: House, instant: int = NOON + HOUR) -> list[str]:
    with house.at(instant):
        return house.ask(disputed)


def test_a_stop_that_was_sent_last_stands_though_it_arrived_first(house: House) -> None:
    save(house)
    arrive(house, "STOP", "START")
    assert off_since(house) is None
    told(house, STOP=9, START=4)
    assert off_since(house) == NOON + 9 * SECOND, "since the client sent it"
    assert [event for event, _ in steps(house)][2:] == ["stop", "start", "stop_was_last"]
    assert house.run(select(AUDIT.c.client_id).where(AUDIT.c.action == "stop_texts")) == [(house.dana.person,)] * 2


def test_a_start_that_was_sent_last_stands_though_it_arrived_first(house: House) -> None:
    save(house)
    sent = house.begin(house.ben, house.dana)
    arrive(house, "STOP", "UNSTOP", "QUIT")
    shown = changes(house, house.ben, sent)
    told(house, STOP=1, UNSTOP=9, QUIT=4)
    assert off_since(house) is None
    assert [event for event, _ in steps(house)][2:] == ["stop", "start", "stop", "start_was_last"]
    assert changes(house, house.ben, sent) == shown + 2, "staff see it at once: after what told of the client before"


def test_what_arrived_in_order_is_left_as_it_is(house: House) -> None:
    save(house)
    arrive(house, "STOP", "START")
    before = steps(house)
    told(house, STOP=1, START=2)
    assert (off_since(house), steps(house)) == (None, before)
    assert asked_of(house) == []


def test_in_one_second_of_the_gateway_the_stop_stands(house: House) -> None:
    save(house)
    arrive(house, "STOP", "START")
    told(house, STOP=3, START=3)
    assert off_since(house) == NOON + 3 * SECOND


def test_the_gateway_is_asked_only_where_a_stop_and_a_start_are_close(house: House) -> None:
    save(house)
    arrive(house, "STOP", "QUIT", "HELP", "hello")
    assert asked_of(house) == []
    text(house, "START", "SM1", OTHER)
    assert asked_of(house) == [], "another number"
    with house.at(NOON + MINUTE + CLOSE + 1):
        text(house, "START", "START")
    assert asked_of(house) == [], "too long after the last"
    with house.at(NOON + MINUTE + CLOSE):
        text(house, "START", "SM2")
    assert asked_of(house) == ["QUIT", "SM2"]
    assert asked_of(house, NOON + DAY) == ["QUIT", "SM2"], "until it answers"
    assert asked_of(house, NOON + ASKED_FOR + HOUR) == []


def test_nothing_is_settled_before_all_are_known(house: House) -> None:
    save(house)
    arrive(house, "START", "STOP", "UNSTOP")
    before = steps(house)
    told(house, STOP=9, UNSTOP=4)
    assert (off_since(house), asked_of(house)) == (None, ["START"])
    told(house, START=12)
    assert (off_since(house), steps(house)) == (None, before)


def test_an_event_that_the_gateway_does_not_know_counts_by_its_arrival(house: House) -> None:
    save(house)
    arrive(house, "STOP", "START")
    told(house, STOP=None, START=None)
    assert off_since(house) is None
    assert asked_of(house) == []


def test_an_answer_about_earlier_ones_does_not_override_a_later_text(house: House) -> None:
    save(house)
    arrive(house, "START", "STOP")
    with house.at(NOON + HOUR):
        text(house, "STOP", "SM3")
    told(house, START=9, STOP=4, at=NOON + 2 * HOUR)
    assert off_since(house) == NOON + MINUTE


def test_a_number_that_was_added_again_meanwhile_began_anew(house: House) -> None:
    save(house)
    arrive(house, "STOP", "START")
    with house.at(NOON + 5 * MINUTE):
        save(house, phone=None, text_ok=False)
        save(house)
    told(house, STOP=9, START=4)
    assert off_since(house) is None


def test_times_of_what_is_no_event_of_ours_change_nothing(house: House) -> None:
    save(house)
    before = steps(house)
    told(house, SM404=1)
    assert (steps(house), off_since(house)) == (before, None)
