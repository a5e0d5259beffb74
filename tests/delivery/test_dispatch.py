"""From a due alert to a mail that has left, whatever happens on the way."""

from __future__ import annotations

import asyncio

import pytest

from chat.actions.alerts import LEASE, announce, claim_alerts, settle_alert
from chat.actions.letters import Letter
from chat.actions.marks import MarkRead, mark_read
from chat.actions.quick_links import Opening, open_quick_link
from chat.delivery import dispatch
from chat.delivery.dispatch import Dispatcher, back_off
from chat.delivery.post import Final, Mail, Passing
from chat.delivery.smtp import MailServer, Smtp
from chat.lib import clock
from chat.lib.clock import HOUR, MINUTE, SECOND
from chat.runtime import Unavailable
from chat.transaction import Transaction
from tests.databases import Template
from tests.delivery.desk import COMPOSER, Kept, at, dispatching, everything, house_of, rows, states, word_of, write
from tests.people import later
from tests.services.smtp import SmtpSink


@pytest.mark.journey
async def test_a_message_becomes_a_mail_whose_link_opens_the_conversation(
    address: str, template: Template, smtp_sink: SmtpSink
) -> None:
    smtp_sink.clear()
    post = Smtp(MailServer.of(f"smtp://127.0.0.1:{smtp_sink.port}?tls=none"), "no-reply@example.org", "messages.example.org")
    cast = template.cast
    async with house_of(address) as runtime, dispatching(runtime, post) as dispatcher:
        with at():
            conversation = await write(runtime, cast["ben"], cast["dana"])
            await everything(dispatcher)
            assert smtp_sink.mails == []
        with at(seconds=10):
            await everything(dispatcher)
            (mail,) = smtp_sink.wait_for(1)
            assert mail.recipients == ["dana@example.org"]
            assert not any(word in mail.content.as_string() for word in ("canary", "Ben", "Larsen", "Dana", "Reed", "Harbor"))
            word = word_of(Mail("", "", mail.content.as_bytes()))
            opened = await runtime.perform(open_quick_link, None, Opening(word))
            assert opened.conversation == conversation
            await everything(dispatcher)
        assert await states(runtime) == [("sent", None)]
    assert len(smtp_sink.mails) == 1


async def test_who_has_read_it_meanwhile_gets_none_and_the_mail_server_is_left_alone(address: str, template: Template) -> None:
    post, cast = Kept(), template.cast
    async with house_of(address) as runtime, dispatching(runtime, post) as dispatcher:
        with at():
            conversation = await write(runtime, cast["ben"], cast["dana"])
            await runtime.perform(mark_read, cast["dana"], MarkRead(conversation, 1))
        with at(seconds=10):
            await everything(dispatcher)
        assert (post.mails, await states(runtime)) == ([], [("dropped", "read")])


async def test_after_a_failure_for_now_it_leaves_later_with_the_same_message_id_and_a_new_link(
    address: str, template: Template
) -> None:
    post, cast, tried = Kept(), template.cast, []

    def greylist(mail: Mail) -> None:
        tried.append(mail)
        if len(tried) == 1:
            raise Passing("later 450")

    post.before = greylist
    async with house_of(address) as runtime, dispatching(runtime, post) as dispatcher:
        with at():
            await write(runtime, cast["ben"], cast["dana"])
        with at(seconds=10):
            await everything(dispatcher)
            assert await states(runtime) == [("waiting", "later 450")]
        with at(seconds=31):
            await everything(dispatcher)
        assert len(tried) == 1
        with at(seconds=60):
            await everything(dispatcher)
        assert await states(runtime) == [("sent", None)]
    assert tried[0].name == tried[1].name
    with at(seconds=60):
        assert word_of(tried[0]) != word_of(tried[1])


async def test_what_is_refused_for_good_is_not_tried_again_and_shown(address: str, template: Template) -> None:
    post, cast = Kept(), template.cast

    def refuse(_: Mail) -> None:
        raise Final("refused 550")

    post.before = refuse
    async with house_of(address) as runtime, dispatching(runtime, post) as dispatcher:
        with at():
            await write(runtime, cast["ben"], cast["dana"])
        for hours in (1, 2):
            with at(hours=hours):
                await everything(dispatcher)
        assert await states(runtime) == [("failed", "refused 550")]


async def test_one_poisonous_alert_stops_no_other(address: str, template: Template, caplog: pytest.LogCaptureFixture) -> None:
    post, cast = Kept(), template.cast

    def compose(letter: Letter) -> Mail:
        if letter.person == cast["dana"].person:
            raise LookupError("poison")
        return COMPOSER.compose(letter)

    async with house_of(address) as runtime, dispatching(runtime, post, compose) as dispatcher:
        with at():
            for name in ("dana", "eli"):
                await write(runtime, cast["ben"], cast[name])
        with at(seconds=10):
            await everything(dispatcher)
        assert await states(runtime) == [("waiting", "error"), ("sent", None)]
    assert [mail.address for mail in post.mails] == ["eli@example.org"]
    assert "cannot be handed over" in caplog.text


async def test_a_kind_that_nobody_knows_fails_and_is_shown(address: str, template: Template) -> None:
    dana = template.cast["dana"]

    def unknown(tx: Transaction, _what: None) -> None:
        announce(tx, dana.organization, [dana.person], "carrier pigeon")

    async with house_of(address) as runtime, dispatching(runtime, Kept()) as dispatcher:
        with at():
            await runtime.perform(unknown, None)
            await everything(dispatcher)
        assert await states(runtime) == [("failed", "unknown")]


async def test_a_mail_server_that_cannot_be_reached_is_left_alone_for_a_while(address: str, template: Template) -> None:
    post, cast, tried = Kept(), template.cast, []

    def down(mail: Mail) -> None:
        tried.append(mail)
        raise Passing("unreachable", unreachable=True)

    post.before = down
    async with house_of(address) as runtime, dispatching(runtime, post) as dispatcher:
        with at():
            await write(runtime, cast["ben"], cast["dana"])
        with at(seconds=10):
            await everything(dispatcher)
            await write(runtime, cast["ben"], cast["eli"])
        with at(hours=1):
            await everything(dispatcher)
        assert len(tried) == 1
        assert await states(runtime) == [("waiting", "unreachable"), ("waiting", None)]


async def test_a_mail_server_that_answers_again_gets_all_at_once(
    address: str, template: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "PAUSE", 0.0)
    post, cast, down = Kept(), template.cast, True

    def answer(_: Mail) -> None:
        if down:
            raise Passing("unreachable", unreachable=True)

    post.before = answer
    async with house_of(address) as runtime, dispatching(runtime, post) as dispatcher:
        with at():
            for name in ("dana", "eli"):
                await write(runtime, cast["ben"], cast[name])
        with at(seconds=10):
            await everything(dispatcher)
        down = False
        with at(hours=24):
            await everything(dispatcher)
        assert await states(runtime) == [("sent", None), ("sent", None)]


async def test_several_workers_at_once_send_each_mail_once(address: str, template: Template) -> None:
    post, cast = Kept(), template.cast
    async with house_of(address) as first, house_of(address) as other:
        second = other if template.kind == "postgresql" else first  # SQLite has one process
        with at():
            for name in ("dana", "eli"):
                await write(first, cast["ben"], cast[name])
            await write(first, cast["cleo"], cast["fay"])
            await write(first, cast["jon"], cast["kim"])
        async with dispatching(first, post) as one, dispatching(second, post) as two:
            with at(seconds=10):
                await asyncio.gather(everything(one), everything(two), everything(one), everything(two))
        assert await states(first) == [("sent", None)] * 4
    assert sorted(mail.address.partition("@")[0] for mail in post.mails) == ["dana", "eli", "fay", "kim"]


async def test_a_worker_that_stood_still_settles_nothing_when_it_wakes(address: str, template: Template) -> None:
    held, go, post, cast = asyncio.Event(), asyncio.Event(), Kept(), template.cast

    class Frozen(Kept):
        async def deliver(self, mail: Mail) -> None:
            held.set()
            await go.wait()
            raise Final("refused 550")

    async with house_of(address) as runtime, dispatching(runtime, Frozen()) as frozen, dispatching(runtime, post) as sound:
        with at():
            await write(runtime, cast["ben"], cast["dana"])
        with at(seconds=10):
            await frozen.step()
            await held.wait()
        with clock.frozen(later(seconds=10) + LEASE):
            await everything(sound)
            go.set()
            await frozen.idle()
        assert await states(runtime) == [("sent", None)]
    assert len(post.mails) == 1


async def test_a_worker_that_wakes_before_handing_over_hands_nothing_over(
    address: str, template: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    post, cast = Kept(), template.cast
    ticks = iter([0.0, LEASE / SECOND])

    class Sleepy:
        @staticmethod
        def monotonic() -> float:
            return next(ticks, 10_000.0)

    async with house_of(address) as runtime, dispatching(runtime, post) as dispatcher:
        with at():
            await write(runtime, cast["ben"], cast["dana"])
        with at(seconds=10):
            await dispatcher.step()
            monkeypatch.setattr(dispatch, "time", Sleepy)
            await dispatcher.idle()
        assert await states(runtime) == [("claimed", None)]
    assert post.mails == []


async def test_settling_is_tried_again_when_the_database_does_not_answer(
    address: str, template: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    post, cast, failures = Kept(), template.cast, [2]
    async with house_of(address) as runtime, dispatching(runtime, post) as dispatcher:
        with at():
            await write(runtime, cast["ben"], cast["dana"])
        plain = runtime.perform

        async def failing(action, who, what=None, *, job=False):  # type: ignore[no-untyped-def]
            if action is settle_alert and failures[0]:
                failures[0] -= 1
                raise Unavailable
            return await plain(action, who, what, job=job)

        monkeypatch.setattr(runtime, "perform", failing)
        monkeypatch.setattr(dispatch, "SETTLE_AGAIN", 0.0)
        with at(seconds=10):
            await everything(dispatcher)
        assert await states(runtime) == [("sent", None)]
    assert len(post.mails) == 1


async def test_what_a_busy_database_kept_from_being_prepared_is_tried_again_long_before_its_lease_ends(
    address: str, template: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    post, cast, failures = Kept(), template.cast, [1]
    async with house_of(address) as runtime, dispatching(runtime, post) as dispatcher:
        with at():
            await write(runtime, cast["ben"], cast["dana"])
        plain = runtime.perform

        async def failing(action, who, what=None, *, job=False):  # type: ignore[no-untyped-def]
            if action not in {claim_alerts, settle_alert} and failures[0]:
                failures[0] -= 1
                raise Unavailable
            return await plain(action, who, what, job=job)

        monkeypatch.setattr(runtime, "perform", failing)
        with at(seconds=10):
            await everything(dispatcher)
        assert await states(runtime) == [("waiting", "error")]
        with at(seconds=10 + LEASE / SECOND / 2):
            await everything(dispatcher)
        assert await states(runtime) == [("sent", None)]
    assert len(post.mails) == 1


async def test_at_most_so_many_are_on_their_way_at_once(
    address: str, template: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "LANES", 2)
    cast, go, full, inside = template.cast, asyncio.Event(), asyncio.Event(), [0, 0]

    class Slow(Kept):
        async def deliver(self, mail: Mail) -> None:
            inside[0] += 1
            inside[1] = max(inside)
            if inside[0] == 2:
                full.set()
            await go.wait()
            inside[0] -= 1
            await super().deliver(mail)

    post = Slow()
    async with house_of(address) as runtime, dispatching(runtime, post) as dispatcher:
        with at():
            for author, client in (("ben", "dana"), ("ben", "eli"), ("cleo", "fay"), ("jon", "kim")):
                await write(runtime, cast[author], cast[client])
        with at(seconds=10):
            first = asyncio.create_task(everything(dispatcher))
            await full.wait()
            go.set()
            await first
            await everything(dispatcher)
        assert await states(runtime) == [("sent", None)] * 4
    assert inside == [0, 2]


async def test_closing_cancels_what_does_not_arrive_in_time(
    address: str, template: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "GRACE", 0.0)
    held = asyncio.Event()

    class Never(Kept):
        async def deliver(self, mail: Mail) -> None:
            held.set()
            await asyncio.Event().wait()

    async with house_of(address) as runtime:
        dispatcher = Dispatcher(runtime, {"email": Never()}, COMPOSER.compose)
        with at():
            await write(runtime, template.cast["ben"], template.cast["dana"])
        with at(seconds=10):
            await dispatcher.step()
            await held.wait()
            await dispatcher.close()
        assert await rows(runtime, "SELECT state, attempt FROM alert") == [("claimed", 1)]


def test_each_attempt_waits_twice_as_long_within_bounds_and_by_chance() -> None:
    longest = [back_off(attempt, lambda bound: bound - 1) for attempt in (1, 2, 3, 8, 1000)]
    shortest = [back_off(attempt, lambda _: 0) for attempt in (1, 2, 3, 8, 1000)]
    assert shortest == [22_500, 45_000, 90_000, HOUR * 3 // 4, HOUR * 3 // 4]
    assert longest == [37_500, 75_000, 150_000, HOUR * 5 // 4, HOUR * 5 // 4]
    assert len({back_off(4) for _ in range(50)}) > 10
    assert back_off(4) > MINUTE
