"""Claim → connect → decide anew and mint → hand over → settle. Each step commits by itself, and any of them may be the last."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import time
from collections.abc import Callable
from typing import Any

from chat.actions.alerts import LEASE, Claim, Claimed, Handing, Outcome, claim_alerts, settle_alert
from chat.actions.letters import Letter
from chat.delivery.kinds import KINDS
from chat.delivery.post import Final, Mail, Passing, Post
from chat.lib import clock
from chat.lib.clock import HOUR, SECOND
from chat.queries.outbox import anything_due
from chat.runtime import Runtime, Unavailable

log = logging.getLogger(__name__)

LANES = 8  # alerts on their way at once
FIRST, LONGEST = 30 * SECOND, HOUR  # back-off after the first and after many attempts
PAUSE = 60.0  # seconds at most in which a mail server that cannot be reached is left alone
GRACE = 10.0
SETTLING, SETTLE_AGAIN = 5, 1.0  # times, and seconds between them


class Dispatcher:
    """Keeps the lanes filled with what is due. Several may run over one database."""

    def __init__(self, runtime: Runtime, posts: dict[str, Post], compose: Callable[[Letter], Mail]) -> None:
        self._runtime, self.posts, self._compose = runtime, posts, compose
        self._lanes: set[asyncio.Task[None]] = set()
        self._after = 0
        self._failures, self._closed_until = 0, 0.0

    async def step(self) -> bool:
        """Fill free lanes; the answer is whether to look again at once."""
        if len(self._lanes) >= LANES:
            await asyncio.wait(self._lanes, return_when=asyncio.FIRST_COMPLETED)
        if time.monotonic() < self._closed_until or not await self._runtime.ask(anything_due):
            return False
        claimed: Claimed = await self._runtime.perform(claim_alerts, None, Claim(LANES - len(self._lanes), self._after), job=True)
        self._after = claimed.after
        for mine in claimed.alerts:
            lane = asyncio.create_task(self._carry(mine), name=f"alert {mine.alert}")
            self._lanes.add(lane)
            lane.add_done_callback(self._lanes.discard)
        return claimed.more

    async def idle(self) -> None:
        """Return when every lane is free."""
        while self._lanes:
            await asyncio.wait(self._lanes)

    async def close(self) -> None:
        """Let what is on its way arrive, then stop: what is cut off is claimed again when its lease is over."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GRACE):
                await self.idle()
        for lane in list(self._lanes):
            lane.cancel()
        await asyncio.gather(*self._lanes, return_exceptions=True)
        for post in self.posts.values():
            await post.close()

    async def _carry(self, mine: Handing) -> None:
        """One attempt of one alert. Whatever happens to it, it happens to no other."""
        try:
            outcome = await self._attempt(mine)
        except Unavailable as error:
            # Nothing has left yet: it need not wait for the end of its lease.
            log.warning("The alert %s could not be prepared and is tried again soon: %s", mine.alert, error.message)
            outcome = self._again(mine, "error")
        except Exception:
            log.exception("The alert %s cannot be handed over.", mine.alert)
            outcome = self._again(mine, "error")
        if outcome is not None:
            await self._settle(outcome)

    async def _attempt(self, mine: Handing) -> Outcome | None:
        prepare, post = KINDS.get(mine.kind), self.posts.get(mine.channel)
        if prepare is None or post is None:
            return Outcome(mine.alert, mine.attempt, "failed", "unknown")
        letter: Letter | None = None
        begun = time.monotonic()
        try:
            async with post.counter() as counter:
                letter = await self._runtime.perform(prepare, None, mine, job=True)
                if letter is None:
                    return None
                mail = self._compose(letter)
                if time.monotonic() - begun > LEASE / SECOND / 2:
                    return None  # this process stood still; somebody else may have the alert soon
                await counter.deliver(mail)
        except Passing as error:
            self._note(reached=not error.unreachable)
            return self._again(mine, error.reason)
        except Final as error:
            self._note(reached=True)
            return Outcome(mine.alert, mine.attempt, "failed", error.reason)
        self._note(reached=True)
        return Outcome(mine.alert, mine.attempt, "sent", None, 0, letter.prepared_at, letter.link)

    async def _settle(self, outcome: Outcome) -> None:
        """Settling again is harmless; not settling would send the mail twice."""
        for attempt in range(SETTLING):
            try:
                if not await self._runtime.perform(settle_alert, None, outcome, job=True) and attempt == 0:
                    log.warning("The alert %s was no longer in these hands.", outcome.alert)
                return
            except Unavailable:
                await asyncio.sleep(SETTLE_AGAIN)
        log.error("The alert %s could not be settled; its mail may leave once more.", outcome.alert)

    def _again(self, mine: Handing, reason: str) -> Outcome:
        return Outcome(mine.alert, mine.attempt, "waiting", reason, clock.now() + back_off(mine.attempt))

    def _note(self, *, reached: bool) -> None:
        """After each failure to reach the mail server, leave it alone for a little longer."""
        if reached:
            self._failures, self._closed_until = 0, 0.0
        elif time.monotonic() >= self._closed_until:  # what fails together fails once
            self._failures += 1
            self._closed_until = time.monotonic() + min(PAUSE, 2.0 ** min(self._failures, 10))


def back_off(attempt: int, chance: Callable[[int], Any] = secrets.randbelow) -> int:
    """Milliseconds until the next attempt: twice as long each time, within bounds, and a quarter more or less by chance."""
    usual = int(min(LONGEST, FIRST * 2 ** min(attempt - 1, 20)))
    return usual * 3 // 4 + int(chance(usual // 2 + 1))
