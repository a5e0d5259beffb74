"""The outbox: what leaves, when, to whom, and what does not."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from chat.actions.alerts import LEASE
from chat.actions.clients import NamedClient, disable_messaging
from chat.actions.marks import MarkRead, MarkUnread, mark_read, mark_unread
from chat.actions.subscriptions import ChooseAlerts, choose_alerts
from chat.lib.clock import DAY, MINUTE, SECOND
from chat.models import Alert, AuditEntry, Organization, Person, QuickLink
from chat.models.columns import table
from tests.databases import House
from tests.outbox import after, claim, due_at, leaving, prepare, settle, states
from tests.people import NOON, later

PEOPLE, AUDIT, LINKS = table(Person), table(AuditEntry), table(QuickLink)


# When an email leaves


def test_a_client_gets_an_email_ten_seconds_after_the_message_and_not_before(house: House) -> None:
    house.begin(house.ben, house.dana)
    assert leaving(house, seconds=9.9) == []
    (letter,) = leaving(house, seconds=10)
    assert (letter.address, letter.template, letter.prepared_at) == ("dana@example.org", "message", later(seconds=10))
    assert states(house, house.dana) == [("sent", None)]


def test_who_reads_within_the_first_seconds_gets_none(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    house.do(mark_read, house.dana, MarkRead(*sent))
    assert leaving(house, seconds=11) == []
    assert states(house, house.dana) == [("dropped", "read")]


def test_who_reads_while_the_mail_server_is_being_reached_gets_none(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    with after(house, seconds=10):
        (mine,) = claim(house).alerts
        house.do(mark_read, house.dana, MarkRead(*sent))
        assert prepare(house, mine) is None
    assert states(house, house.dana) == [("dropped", "read")]


def test_marking_unread_again_brings_no_email(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    house.do(mark_read, house.dana, MarkRead(*sent))
    house.do(mark_unread, house.dana, MarkUnread((sent.conversation,)))
    assert house.row(house.dana, sent)["unread"] == 1
    assert leaving(house, seconds=10) == []


@pytest.mark.parametrize(
    ("model", "change", "expected"),
    [
        (Person, {"active": False}, ("dropped", "inactive")),
        (Person, {"messaging_enabled": False}, ("dropped", "off")),
        (Person, {"alerts_email": "none"}, ("dropped", "unsubscribed")),
        (Person, {"email": None}, ("failed", "no_address")),
        (Organization, {"messaging_enabled": False}, ("dropped", "off")),
    ],
)
def test_the_facts_of_the_moment_decide(house: House, model: type, change: dict[str, object], expected: tuple[str, str]) -> None:
    house.begin(house.ben, house.dana)
    house.set(model, house.dana.person if model is Person else house.dana.organization, **change)
    assert leaving(house, seconds=10) == []
    assert states(house, house.dana) == [expected]


def test_a_contact_is_alerted_while_the_clients_messaging_is_on(house: House) -> None:
    sent = house.begin(house.ben, house.dana, subject="Plans")
    house.add_cc(sent, house.hal, (2, None))
    house.reply(house.ben, sent)
    assert {letter.address for letter in leaving(house, seconds=10)} == {"dana@example.org", "hal@example.org"}
    house.reply(house.ben, sent)
    house.do(disable_messaging, house.ben, NamedClient(house.dana.person))
    assert leaving(house, minutes=30) == []
    assert states(house, house.hal)[-1] == ("dropped", "off")


def test_a_therapist_who_no_longer_looks_after_the_client_is_not_alerted(house: House) -> None:
    house.begin(house.dana, house.ben)
    house.unassign(house.dana, house.ben)
    assert leaving(house, minutes=15) == []
    assert states(house, house.ben) == [("dropped", "no_access")]


# Folding


def test_messages_that_follow_soon_send_no_other_email(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    assert len(leaving(house, seconds=10)) == 1
    with after(house, minutes=4):
        house.reply(house.ben, sent)
    assert leaving(house, minutes=4, seconds=10) == []
    assert leaving(house, minutes=14) == []
    # At the link's end nothing was read: the one email stands for both.
    assert leaving(house, minutes=15, seconds=10) == []
    assert states(house, house.dana) == [("sent", None), ("dropped", "folded")]


def test_a_message_after_five_minutes_sends_another(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    leaving(house, seconds=10)
    with after(house, minutes=5, seconds=11):
        house.reply(house.ben, sent)
    assert len(leaving(house, minutes=5, seconds=21)) == 1


def test_a_message_after_something_was_read_sends_another_at_once(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    leaving(house, seconds=10)
    with after(house, seconds=30):
        house.do(mark_read, house.dana, MarkRead(*sent))
        house.reply(house.ben, sent)
    assert len(leaving(house, seconds=40)) == 1


def test_a_folded_message_is_announced_if_only_the_one_before_it_gets_read(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    leaving(house, seconds=10)
    with after(house, seconds=30):
        house.reply(house.ben, sent)
    assert leaving(house, seconds=40) == []
    with after(house, seconds=50):
        house.do(mark_read, house.dana, MarkRead(*sent))
    assert due_at(house, house.dana) == [5 * 60 + 10]
    assert len(leaving(house, minutes=5, seconds=10)) == 1


def test_an_email_speaks_for_all_that_was_there_when_it_left(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    for _ in range(3):
        house.reply(house.ben, sent)
    assert len(leaving(house, seconds=10)) == 1
    assert leaving(house, seconds=15) == []
    assert states(house, house.dana) == [("sent", None), *[("dropped", "folded")] * 3]


def test_two_conversations_are_two_emails(house: House) -> None:
    house.begin(house.ben, house.dana)
    house.begin(house.ben, house.dana, subject="Plans")
    assert len(leaving(house, seconds=10)) == 1
    assert len(leaving(house, seconds=16)) == 1


def test_an_email_whose_link_was_ended_speaks_for_nothing(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    leaving(house, seconds=10)
    house.run(LINKS.update().values(ended_at=later(seconds=20), end_reason="revoked"))
    with after(house, seconds=30):
        house.reply(house.ben, sent)
    assert len(leaving(house, seconds=40)) == 1


# Staff


def test_staff_get_one_email_about_all_that_is_unread_after_a_quarter_of_an_hour(house: House) -> None:
    house.begin(house.dana, house.ben)
    house.begin(house.eli, house.ben)
    assert leaving(house, minutes=14) == []
    (letter,) = leaving(house, minutes=15)
    assert (letter.address, letter.template, letter.word, letter.link) == ("ben@example.org", "unread", None, None)
    leaving(house, minutes=16)
    assert states(house, house.ben) == [("sent", None), ("dropped", "folded")]


def test_staff_get_an_email_at_most_hourly(house: House) -> None:
    sent = house.begin(house.dana, house.ben)
    assert len(leaving(house, minutes=15)) == 1
    with after(house, minutes=20):
        house.reply(house.dana, sent)
    assert leaving(house, minutes=74) == []
    assert len(leaving(house, minutes=75)) == 1


def test_staff_who_want_one_for_each_get_one_for_each(house: House) -> None:
    house.do(choose_alerts, house.ben, ChooseAlerts("each"))
    sent = house.begin(house.dana, house.ben)
    house.reply(house.dana, sent)
    # As soon as a client would, one after the other.
    assert len(leaving(house, seconds=10)) + len(leaving(house, seconds=16)) == 2


def test_who_no_longer_wants_one_for_each_waits_for_what_stays_unread(house: House) -> None:
    house.do(choose_alerts, house.ben, ChooseAlerts("each"))
    sent = house.begin(house.dana, house.ben)
    house.do(choose_alerts, house.ben, ChooseAlerts("usual"))
    assert leaving(house, seconds=10) == []
    assert due_at(house, house.ben) == [900]
    house.do(mark_read, house.ben, MarkRead(*sent))
    assert leaving(house, minutes=15) == []


def test_staff_who_want_none_get_none(house: House) -> None:
    house.do(choose_alerts, house.ben, ChooseAlerts("none"))
    house.begin(house.dana, house.ben)
    assert leaving(house, hours=3) == []
    assert states(house, house.ben) == [("dropped", "unsubscribed")]


# Claiming and settling


def test_what_one_worker_has_claimed_no_other_gets(house: House) -> None:
    house.begin(house.ben, house.dana)
    with after(house, seconds=10):
        assert len(claim(house).alerts) == 1
        assert claim(house).alerts == []


def test_an_alert_whose_worker_does_not_come_back_is_claimed_again(house: House) -> None:
    house.begin(house.ben, house.dana)
    with after(house, seconds=10):
        (first,) = claim(house).alerts
    with house.at(later(seconds=10) + LEASE):
        (second,) = claim(house).alerts
    assert (second.alert, second.attempt) == (first.alert, first.attempt + 1)


def test_a_worker_that_wakes_too_late_mints_and_settles_nothing(house: House) -> None:
    house.begin(house.ben, house.dana)
    with after(house, seconds=10):
        (frozen,) = claim(house).alerts
    with house.at(later(seconds=10) + LEASE):
        assert prepare(house, frozen) is None  # its lease is over, though nobody else has it yet
        (mine,) = claim(house).alerts
        letter = prepare(house, mine)
        assert prepare(house, frozen) is None
        assert not settle(house, frozen, "failed", reason="refused")
        assert settle(house, mine, letter=letter)
        assert not settle(house, mine, "waiting")
    assert states(house, house.dana) == [("sent", None)]
    assert house.count(QuickLink) == 1


def test_an_attempt_that_failed_for_now_waits_and_says_why(house: House) -> None:
    house.begin(house.ben, house.dana)
    with after(house, seconds=10):
        (mine,) = claim(house).alerts
        assert settle(house, mine, "waiting", reason="unreachable", due_at=later(seconds=40))
    assert states(house, house.dana) == [("waiting", "unreachable")]
    assert leaving(house, seconds=39) == []
    assert len(leaving(house, seconds=40)) == 1


def test_after_four_days_it_is_given_up(house: House) -> None:
    house.begin(house.ben, house.dana)
    with house.at(NOON + 4 * DAY - SECOND):
        (mine,) = claim(house).alerts
        assert settle(house, mine, "waiting", reason="unreachable", due_at=NOON + 4 * DAY)
    assert leaving(house, hours=96) == []
    assert states(house, house.dana) == [("failed", "gave_up")]


def test_one_persons_alerts_leave_one_after_the_other(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    house.reply(house.ben, sent)
    with after(house, seconds=10):
        (mine,) = claim(house).alerts
        assert claim(house).alerts == []
        letter = prepare(house, mine)
        settle(house, mine, letter=letter)
    assert leaving(house, seconds=15) == []
    assert states(house, house.dana) == [("sent", None), ("dropped", "folded")]


def test_a_practice_with_much_to_send_holds_up_no_other(house: House) -> None:
    for number in range(30):
        house.begin(
            house.ben, house.someone("client", f"Client {number}", like=house.ben, of=[house.ben], email=f"c{number}@a.test")
        )
    house.begin(house.jon, house.kim)
    with after(house, seconds=10):
        first = claim(house, limit=4)
    claimed = {row[0] for row in house.run(select(table(Alert).c.organization_id).where(table(Alert).c.state == "claimed"))}
    assert len(first.alerts) == 4
    assert claimed == {house.ben.organization, house.jon.organization}


def test_the_next_look_goes_on_with_the_next_practice(house: House) -> None:
    house.begin(house.ben, house.dana)
    house.begin(house.ben, house.eli)
    house.begin(house.jon, house.kim)
    with after(house, seconds=10):
        first = claim(house, limit=1)
        second = claim(house, limit=1, after=first.after)
        assert claim(house, limit=1, after=second.after).more  # round again
        third = claim(house, limit=1)
    rows = {row[0]: row[1] for row in house.run(select(table(Alert).c.id, table(Alert).c.organization_id))}
    harbor, juniper = house.ben.organization, house.jon.organization
    assert [rows[one.alerts[0].alert] for one in (first, second, third)] == [harbor, juniper, harbor]


def test_an_alert_that_cannot_be_handed_over_stands_in_nobodys_way(house: House) -> None:
    house.begin(house.ben, house.dana)
    house.begin(house.ben, house.eli)
    with after(house, seconds=10):
        first, second = claim(house).alerts
        settle(house, first, "waiting", reason="error", due_at=later(minutes=1))
        assert settle(house, second, letter=prepare(house, second))
    assert [states(house, who)[0][0] for who in (house.dana, house.eli)] == ["waiting", "sent"]


def test_nothing_is_due_where_nothing_waits(house: House) -> None:
    assert not claim(house).more
    house.begin(house.ben, house.dana)
    with house.at(NOON + MINUTE):
        assert claim(house).more
        assert not claim(house).more
