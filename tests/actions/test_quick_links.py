"""Quick links: a quarter of an hour in one conversation, for one browser."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from chat.actions.drafts import SaveDraft, save_draft
from chat.actions.letters import Letter
from chat.actions.messages import send_messages
from chat.actions.quick_links import Opened, Opening, end_quick_links, open_quick_link
from chat.actions.sessions import SignIn, sign_in
from chat.errors import NotFound
from chat.lib import clock
from chat.lib.clock import HOUR
from chat.lib.signing import token_hash
from chat.models import AuditEntry, Organization, Person, QuickLink, Session
from chat.models.columns import table
from chat.queries.sessions import SignedIn, session_of
from chat.transaction import Policy
from tests.databases import House, Sent, into, to_people
from tests.outbox import after, claim, leaving, prepare, settle
from tests.people import later

LINKS, AUDIT, SESSIONS = table(QuickLink), table(AuditEntry), table(Session)
END = {"minutes": 15, "seconds": 10}  # of a link whose mail left ten seconds after noon


@pytest.fixture
def sent(house: House) -> Sent:
    return house.begin(house.ben, house.dana)


@pytest.fixture
def letter(house: House, sent: Sent) -> Letter:
    (found,) = leaving(house, seconds=10)
    return found


def press(house: House, letter: Letter, session: int | None = None) -> Opened | None:
    opened: Opened | None = house.do(open_quick_link, None, Opening(letter.word or "", session, "192.0.2.1", "Phone"))
    return opened


def signed_in(house: House, token: str | None) -> SignedIn | None:
    return house.ask(session_of, token or "", "192.0.2.1")


def pressed(house: House, letter: Letter, session: int | None = None) -> tuple[Opened, SignedIn]:
    opened = press(house, letter, session)
    assert opened is not None
    assert opened.token is not None
    found = signed_in(house, opened.token)
    assert found is not None
    return opened, found


def test_only_a_hash_of_the_link_is_stored(house: House, letter: Letter) -> None:
    assert letter.word is not None
    assert house.run(select(LINKS.c.token_hash)) == [(token_hash(letter.word),)]
    assert letter.word not in repr(house.state())


def test_the_button_opens_the_conversation_for_reading_and_answering(house: House, sent: Sent, letter: Letter) -> None:
    opened, session = pressed(house, letter)
    assert (opened.conversation, session.who.person) == (sent.conversation, house.dana.person)
    assert [message["body"] for message in house.page(session.who, sent).messages] == ["Hello"]
    assert house.reply(session.who, sent, "Thanks").seq == 2
    house.do(save_draft, session.who, SaveDraft("And then", sent.conversation))


def test_it_opens_nothing_else(house: House, letter: Letter) -> None:
    other = house.begin(house.ben, house.dana, subject="Elsewhere")
    _, session = pressed(house, letter)
    assert not house.sees(session.who, other)
    assert isinstance(house.refusal(send_messages, session.who, into(other)), NotFound)
    assert isinstance(house.refusal(send_messages, session.who, to_people(house.ben)), NotFound)
    assert house.sees(house.dana, other)


def test_all_that_it_gave_ends_at_one_moment_whatever_is_done_with_it(house: House, sent: Sent, letter: Letter) -> None:
    with after(house, minutes=10):
        opened, session = pressed(house, letter)
    with after(house, minutes=15, seconds=9):
        press(house, letter, opened.session)
        found = signed_in(house, opened.token)
        assert found is not None
        assert (found.ends_at, found.locks_at) == (later(**END), later(**END))
        house.reply(found.who, sent)
    with after(house, **END):
        assert signed_in(house, opened.token) is None
        assert not house.sees(session.who, sent)
        assert isinstance(house.refusal(send_messages, session.who, into(sent)), NotFound)
        assert press(house, letter, opened.session) is None


def test_it_cannot_be_opened_after_its_end(house: House, letter: Letter) -> None:
    with after(house, minutes=15, seconds=9), house.undone():
        assert press(house, letter) is not None
    with after(house, **END):
        assert press(house, letter) is None


def test_one_link_opens_one_session(house: House, letter: Letter) -> None:
    first, _ = pressed(house, letter)
    assert press(house, letter) is None
    again = press(house, letter, first.session)
    assert again is not None
    assert (again.session, again.token) == (first.session, None)


def test_the_number_of_sessions_is_a_setting(house: House, letter: Letter) -> None:
    two = Policy(quick_link_sessions=2)

    def open_it(tx, what):  # type: ignore[no-untyped-def]
        tx.policy = two
        return open_quick_link(tx, what)

    results = [house.do(open_it, None, Opening(letter.word or "")) for _ in range(3)]
    assert [result is not None for result in results] == [True, True, False]


def test_a_session_of_somebody_else_is_not_added_to(house: House, sent: Sent) -> None:
    fay = house.begin(house.cleo, house.fay)
    letters = {one.person: one for one in leaving(house, seconds=10)}
    danas, _ = pressed(house, letters[house.dana.person])
    fays = press(house, letters[house.fay.person], danas.session)
    assert fays is not None
    assert fays.session != danas.session
    found = signed_in(house, danas.token)
    assert found is not None
    assert found.who.scope is not None
    assert list(found.who.scope) == [sent.conversation]
    assert not house.sees(found.who, fay)


def test_in_one_browser_each_conversation_goes_on_to_its_own_end(house: House, sent: Sent, letter: Letter) -> None:
    with after(house, minutes=5):
        other = house.begin(house.ben, house.dana, subject="Elsewhere")
    (second,) = leaving(house, minutes=5, seconds=10)
    with after(house, minutes=6):
        opened, _ = pressed(house, letter)
        again = press(house, second, opened.session)
        assert again is not None
        assert (again.session, again.token) == (opened.session, None)
        both = signed_in(house, opened.token)
        assert both is not None
        assert both.who.scope == {sent.conversation: later(**END), other.conversation: later(minutes=20, seconds=10)}
    with after(house, **END):
        left = signed_in(house, opened.token)
        assert left is not None
        assert left.who.scope == {other.conversation: later(minutes=20, seconds=10)}
        assert not house.sees(both.who, sent)
        assert house.sees(left.who, other)
    with after(house, minutes=20, seconds=10):
        assert signed_in(house, opened.token) is None


def test_a_newer_link_ends_older_ones_that_nobody_opened(house: House, sent: Sent, letter: Letter) -> None:
    with after(house, minutes=6):
        house.reply(house.ben, sent)
    (newer,) = leaving(house, minutes=6, seconds=10)
    with after(house, minutes=7):
        assert press(house, letter) is None
        assert press(house, newer) is not None


def test_an_opened_session_runs_to_its_own_end_beside_a_newer_link(house: House, sent: Sent, letter: Letter) -> None:
    opened, _ = pressed(house, letter)
    with after(house, minutes=6):
        house.reply(house.ben, sent)
    assert len(leaving(house, minutes=6, seconds=10)) == 1
    with after(house, minutes=15):
        assert signed_in(house, opened.token) is not None


def test_an_older_link_lives_until_the_newer_mail_has_left(house: House, sent: Sent, letter: Letter) -> None:
    with after(house, minutes=6):
        house.reply(house.ben, sent)
    with after(house, minutes=6, seconds=10):
        (mine,) = claim(house).alerts
        newer = prepare(house, mine)
        assert settle(house, mine, "waiting", newer, reason="unreachable", due_at=later(hours=1))
        assert press(house, letter) is not None


def test_the_next_attempt_makes_a_new_link(house: House, sent: Sent) -> None:
    words = []
    for minute in (1, 2):
        with after(house, minutes=minute):
            (mine,) = claim(house).alerts
            letter = prepare(house, mine)
            assert letter is not None
            words.append((letter.word, letter.ends_at))
            settle(house, mine, "waiting", letter, due_at=later(minutes=minute + 1))
    assert words[0][0] != words[1][0]
    assert [ends_at for _, ends_at in words] == [later(minutes=16), later(minutes=17)]


def test_it_dies_at_once_with_the_session_when_password_or_address_change(house: House, sent: Sent, letter: Letter) -> None:
    house.begin(house.cleo, house.fay)
    (fays,) = leaving(house, seconds=10)
    opened, _ = pressed(house, letter)
    spare = house.do(sign_in, None, SignIn(house.dana.person, "192.0.2.1"))
    house.do(end_quick_links, None, [house.dana.person])
    assert signed_in(house, opened.token) is None
    assert press(house, letter, opened.session) is None
    assert signed_in(house, spare) is not None  # who signed in by password stays
    (ended,) = house.run(select(SESSIONS.c.ended_at).where(SESSIONS.c.id == opened.session))
    assert ended[0] is not None
    assert press(house, fays) is not None


@pytest.mark.parametrize("gate", ["client", "organization"])
def test_it_dies_at_once_when_messaging_is_turned_off(house: House, letter: Letter, gate: str) -> None:
    opened, _ = pressed(house, letter)
    with house.undone():
        if gate == "client":
            house.set(Person, house.dana.person, messaging_enabled=False)
        else:
            house.set(Organization, house.dana.organization, messaging_enabled=False)
        assert signed_in(house, opened.token) is None
        assert press(house, letter, opened.session) is None
    assert signed_in(house, opened.token) is not None


def test_a_contact_loses_it_when_the_clients_messaging_is_turned_off(house: House, sent: Sent) -> None:
    thread = house.begin(house.ben, house.dana, subject="Plans")
    house.add_cc(thread, house.hal, (2, None))
    house.reply(house.ben, thread)
    letter = next(one for one in leaving(house, seconds=10) if one.person == house.hal.person)
    opened, session = pressed(house, letter)
    assert house.sees(session.who, thread)
    house.set(Person, house.dana.person, messaging_enabled=False)
    assert signed_in(house, opened.token) is None


def test_a_clock_that_was_turned_back_while_the_process_was_down_lengthens_nothing(
    house: House, letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    with after(house, minutes=1):
        opened, _ = pressed(house, letter)
    # The machine has run on for a quarter of an hour; its clock says that two minutes have passed.
    monkeypatch.setattr(clock, "uptime", lambda: later(**END) - 1)
    with after(house, minutes=2):
        assert signed_in(house, opened.token) is not None
    monkeypatch.setattr(clock, "uptime", lambda: later(**END))
    with after(house, minutes=2):
        assert signed_in(house, opened.token) is None
        assert press(house, letter) is None


@pytest.mark.parametrize("boot", ["another machine, or this one before it was switched on", None])
def test_elsewhere_a_link_ends_by_the_clock(
    house: House, letter: Letter, monkeypatch: pytest.MonkeyPatch, boot: str | None
) -> None:
    monkeypatch.setattr(clock, "BOOT", boot)
    monkeypatch.setattr(clock, "uptime", lambda: later(days=400))
    with after(house, minutes=15, seconds=9):
        opened, _ = pressed(house, letter)
    with after(house, **END):
        assert signed_in(house, opened.token) is None


def test_a_clock_that_is_turned_back_before_the_link_was_made_opens_nothing(house: House, letter: Letter) -> None:
    with house.at(later(seconds=10) - HOUR):
        assert press(house, letter) is None


def test_opening_and_refusing_are_on_record(house: House, sent: Sent, letter: Letter) -> None:
    opened, _ = pressed(house, letter)
    press(house, letter)
    columns = (AUDIT.c.actor_id, AUDIT.c.session_id, AUDIT.c.conversation_id, AUDIT.c.client_id, AUDIT.c.address, AUDIT.c.outcome)
    rows = house.run(select(*columns).where(AUDIT.c.action == "open_quick_link").order_by(AUDIT.c.id))
    dana, place = house.dana.person, sent.conversation
    assert rows == [
        (dana, opened.session, place, dana, "192.0.2.1", "done"),
        (dana, None, place, dana, "192.0.2.1", "refused"),
    ]


def test_a_word_that_was_never_made_opens_nothing_and_writes_nothing(house: House, letter: Letter) -> None:
    before = house.state()
    assert house.do(open_quick_link, None, Opening("made up")) is None
    assert house.state() == before
