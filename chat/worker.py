"""Composition of the worker: settings → jobs. On PostgreSQL processes of their own, as many as wanted; on SQLite in `serve`."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from chat import house
from chat.actions.attachments import forget_attachments, sweep_attachments
from chat.actions.away import answer_while_away
from chat.actions.chains import append
from chat.actions.deletions import purge
from chat.actions.erasing import erase
from chat.actions.forgetting import forget_alerts
from chat.actions.keys import note_scheduled_rotation, rewrap
from chat.actions.ledger import settle_deletions
from chat.actions.mass_messages import advance
from chat.actions.mass_trash import purge_mass_messages
from chat.actions.receipts import forget_receipts
from chat.actions.tallies import Counted, keep_tallies
from chat.actions.watches import tell_unread
from chat.delivery.dispatch import Dispatcher
from chat.delivery.email import Composer, Sender
from chat.delivery.outbox import Outbox, TextOutbox
from chat.delivery.post import Post
from chat.delivery.push import Pushes
from chat.delivery.sms import Texts, order_texts
from chat.delivery.smtp import MailServer, Smtp
from chat.doorbell import RedisBell
from chat.house import Vault
from chat.lib import clock, metrics
from chat.lib.blobs import Unreachable
from chat.lib.crypto import begins
from chat.lib.signing import token
from chat.queries.chains import STEP as CHAINED_AT_ONCE
from chat.queries.chains import unchained
from chat.queries.figures import outbox_figures
from chat.queries.ledger import waiting
from chat.queries.tallies import Page, begun, count_unread, count_written, due
from chat.runtime import Runtime, Unavailable
from chat.runtime.lane import checkpoint
from chat.settings import Settings

log = logging.getLogger(__name__)

MARKED_EVERY = clock.MINUTE  # how often the ledger of deletions says up to when it is complete
GRACE = 10.0  # seconds that steps have to end by themselves when the process stops


@dataclass(frozen=True)
class Job:
    """Something that is done again and again. A step is small and answers whether there is more to do at once."""

    name: str
    every: float  # seconds between two looks when there was nothing to do
    step: Callable[[Worker], Awaitable[Any]]


class Worker:
    """The jobs of one process over its runtime."""

    def __init__(self, settings: Settings, vault: Vault, runtime: Runtime, jobs: tuple[Job, ...] | None = None) -> None:
        self.settings, self.vault, self.runtime = settings, vault, runtime
        self._jobs = JOBS if jobs is None else jobs
        self.name = token()  # by which this process holds what only one may do
        self.clock = clock.Watch()
        self.marked = 0  # when the ledger was last said to be complete
        self.dispatcher = _dispatcher(settings, vault, runtime)
        self._stopping = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin all jobs, each in a task of its own: none waits for another."""
        self._tasks = [asyncio.create_task(self._run(job), name=f"job {job.name}") for job in self._jobs]

    async def stop(self) -> None:
        """Let the running steps end, and cancel those that take too long: each can be cut off anywhere."""
        self._stopping.set()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=GRACE)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self.dispatcher.close()

    async def _run(self, job: Job) -> None:
        while not self._stopping.is_set():
            more = await self._step(job)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0 if more else job.every):
                    await self._stopping.wait()

    async def _step(self, job: Job) -> bool:
        try:
            more = bool(await job.step(self))
        except Unavailable as error:
            metrics.JOBS.labels(job.name, "waits").inc()
            log.warning("The job %s waits: %s", job.name, error.message)
        except Exception:
            metrics.JOBS.labels(job.name, "failed").inc()
            log.exception("The job %s failed; it begins again in %s s.", job.name, job.every)
        else:
            metrics.JOBS.labels(job.name, "done").inc()
            return more
        return False


def _dispatcher(settings: Settings, vault: Vault, runtime: Runtime) -> Dispatcher:
    url = settings.mail_url.get_secret_value()
    host = urlsplit(settings.base_url).hostname or "localhost"
    sender = Sender(settings.base_url, host, settings.mail_from or f"no-reply@{host}")
    post: Post = Smtp(MailServer.of(url), sender.address, host) if url else Outbox(settings.data / "outbox")
    posts: dict[str, Post] = {"email": post}
    if settings.push_services:
        posts["push"] = Pushes(house.vapid(settings, vault), settings.push_services)
    if settings.sms_url:
        token = settings.sms_token.get_secret_value()
        posts["sms"] = Texts(settings.sms_url, settings.sms_account, token, settings.sms_from)
    elif settings.texts_to_outbox:
        posts["sms"] = TextOutbox(settings.data / "outbox")
    return Dispatcher(runtime, posts, Composer(sender, vault.secret, vault.ids).compose)


def steps(action: Callable[..., Any], what: Any = None) -> Callable[[Worker], Awaitable[Any]]:
    """The step of a job that is a plain action: `action(tx, what)` does a little and answers whether there is more."""

    async def step(worker: Worker) -> Any:
        return await worker.runtime.perform(action, None, what, job=True)

    return step


async def purge_by_the_clock(worker: Worker) -> Any:
    """The trash's 15 days; not while the clock is not to be believed, for what is erased does not come back."""
    if worker.clock.jumped():
        log.error("The clock moved further than time has passed. Nothing is erased before it agrees again, or a restart.")
        return False
    more = await worker.runtime.perform(purge, None, job=True)
    return await worker.runtime.perform(purge_mass_messages, None, job=True) or more


async def tell_of_unread(worker: Worker) -> Any:
    """Those who asked to be told if a message stays unread; not while the clock is not to be believed."""
    return not worker.clock.jumped() and await worker.runtime.perform(tell_unread, None, job=True)


async def sweep_files(worker: Worker) -> Any:
    """Files that were not sent within a day or that no message holds any more: given up first, then the bytes, then the row."""
    given_up = await worker.runtime.perform(sweep_attachments, None, job=True)
    if not given_up:
        return False
    blobs, gone = house.blobs(worker.settings), list[int]()
    try:
        for file in given_up:
            for name in file.names:
                await asyncio.to_thread(blobs.delete, name)
            gone.append(file.id)
    except Unreachable as error:
        # What lies there opens for nobody any more, and its row says so at the next look, after a restart, too.
        raise Unavailable(f"Files could not be removed: {error}. Look at QUIETROOM_FILES.") from error
    finally:
        if gone:
            await worker.runtime.perform(forget_attachments, None, gone, job=True)
    return True


async def settle_texts(worker: Worker) -> None:
    """Which of a STOP and a START stands where they may have changed places on their way; the gateway knows."""
    gateway = worker.dispatcher.posts.get("sms")
    if isinstance(gateway, Texts):
        await order_texts(worker.runtime, gateway)


async def keep_ledger(worker: Worker) -> Any:
    """Deletions go to the ledger outside the machine, the rows once they stand there; then that it is complete up to now."""
    if not worker.settings.ledger:
        return False
    ledger = house.ledger(worker.settings, worker.vault)
    at, lines = await worker.runtime.ask(waiting)
    metrics.LEDGER.set(len(lines))
    try:
        if lines:
            await asyncio.to_thread(ledger.append, list(lines.values()))
            await worker.runtime.perform(settle_deletions, None, list(lines), job=True)
        elif at - worker.marked >= MARKED_EVERY:
            await asyncio.to_thread(ledger.mark, at)
            worker.marked = at
    except OSError as error:
        raise Unavailable(f"The ledger of deletions cannot be written ({error.strerror}). Look at QUIETROOM_LEDGER.") from error
    return bool(lines)


async def rotate_keys(worker: Worker) -> Any:
    """Once a key that is named by its first day writes, everything is wrapped by it. One of another name is put to use by hand:
    only the operator knows whether every process has it."""
    ring = worker.vault.ring
    since = begins(ring.current)
    metrics.KEY_AGE.set((clock.now() - since) / clock.SECOND if since else 0)
    if not (worker.settings.key_days and since):
        return
    done, after = 0, 0
    while (step := await worker.runtime.perform(rewrap, None, after, job=True)).last is not None:
        done, after = done + step.count, step.last
    if done:
        await worker.runtime.perform(note_scheduled_rotation, None, done, job=True)


async def tell_figures(worker: Worker) -> Any:
    """How the outbox stands, for whoever watches this process."""
    due, failed, oldest = await worker.runtime.ask(outbox_figures)
    metrics.ALERTS.labels("waiting").set(due)
    metrics.ALERTS.labels("failed").set(failed)
    metrics.OLDEST.set(oldest)


async def count_days(worker: Worker) -> Any:
    """Days that are over become numbers of the overview; read beside the writer, a step at a time, and written down at once."""
    days = None if worker.clock.jumped() else await worker.runtime.ask(due)
    if days is None:
        return False
    counts = begun(days)
    for count in (count_written, count_unread):
        page: Page | None = Page()
        while page is not None:
            page = await worker.runtime.ask(count, days, counts, page)
    await worker.runtime.perform(keep_tallies, None, Counted(days.organization, counts), job=True)
    return True


async def chain_audit(worker: Worker) -> Any:
    """The audit trail's rows get their places. The links are made beside the writer, which only writes them down."""
    links = await worker.runtime.ask(unchained, house.audit_key(worker.vault), worker.name)
    if links:
        await worker.runtime.perform(append, None, links, job=True)
    # Not at once again for the few that came meanwhile: under load each commit would follow the next.
    return sum(len(one.rows) for one in links) == CHAINED_AT_ONCE


#: Every job of the house, a line each.
JOBS: tuple[Job, ...] = (
    Job("alerts", 1, lambda worker: worker.dispatcher.step()),
    Job("text order", 10, settle_texts),
    Job("purge", 20, purge_by_the_clock),
    Job("mass messages", 0.5, steps(advance)),
    Job("away messages", 2, steps(answer_while_away)),
    Job("not read", 10, tell_of_unread),
    Job("erase", 2, steps(erase)),
    Job("forget receipts", 600, steps(forget_receipts)),
    Job("forget alerts", 600, steps(forget_alerts)),
    Job("sweep files", 60, sweep_files),
    Job("ledger", 2, keep_ledger),
    Job("rotate keys", 600, rotate_keys),
    Job("audit chain", 0.5, chain_audit),
    Job("overview", 10, count_days),
    Job("figures", 15, tell_figures),
    Job("checkpoint", 20, steps(checkpoint)),
)


@contextlib.asynccontextmanager
async def beside(settings: Settings, vault: Vault, runtime: Runtime) -> AsyncIterator[Worker]:
    """The worker as part of a process that has a runtime already."""
    worker = Worker(settings, vault, runtime)
    worker.start()
    try:
        yield worker
    finally:
        await worker.stop()


async def serve(settings: Settings) -> None:
    """A process of its own, until SIGTERM or SIGINT."""
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    vault = house.open_vault(settings)
    runtime = house.runtime(settings, vault)
    bell = RedisBell(settings.redis_url) if settings.redis_url else None
    await runtime.start()
    if bell is not None:
        runtime.after_commit.append(bell.ring)
        await bell.start(lambda _: None, list)
    try:
        async with beside(settings, vault, runtime):
            log.info("The worker is ready.")
            await stopped.wait()
    finally:
        if bell is not None:
            await bell.stop()
        await runtime.stop()
