"""What became of the alerts: each one that was sent lies at the mail server, at most twice, under one Message-ID."""

from __future__ import annotations

import asyncio
import hmac
import time
from collections import Counter

from sqlalchemy import or_, select

from chat.actions.alerts import LEASE
from chat.lib import clock
from chat.lib.database import reading_engine
from chat.lib.signing import derived
from chat.models import Alert
from chat.models.columns import table
from tests.databases import closing_engine
from tests.faults.checker import Findings
from tests.faults.scene import Scene

PATIENCE = LEASE / clock.SECOND + 180  # what a killed worker had claimed waits for the end of its lease
FAR = 30 * clock.MINUTE  # staff are told later than any campaign lasts
_ALERTS = table(Alert)


async def arrived(scene: Scene) -> Findings:
    """Wait until nothing is on its way any more, and compare."""
    until = time.monotonic() + PATIENCE
    while waiting := await asyncio.to_thread(_waiting, scene):
        if time.monotonic() > until:
            return Findings(other=[f"{waiting} alerts are still on their way"])
        await asyncio.sleep(0.5)
    return await asyncio.to_thread(_compared, scene)


def _waiting(scene: Scene) -> int:
    soon = _ALERTS.c.due_at < clock.now() + FAR
    open_ = or_(_ALERTS.c.state == "waiting", _ALERTS.c.state == "claimed")
    with closing_engine(reading_engine(scene.house.database)) as engine, engine.connect() as connection:
        return len(connection.execute(select(_ALERTS.c.id).where(open_, soon)).all())


def _compared(scene: Scene) -> Findings:
    with closing_engine(reading_engine(scene.house.database)) as engine, engine.connect() as connection:
        columns = (_ALERTS.c.id, _ALERTS.c.state, _ALERTS.c.error, _ALERTS.c.attempt)
        rows = connection.execute(select(*columns).where(_ALERTS.c.attempt > 0)).all()
    there = Counter(path.stem.partition("-")[0] for path in scene.mails.glob("*.eml"))
    names = derived(scene.vault.secret, "message-id")
    found = Findings()
    for number, state, error, attempts in rows:
        count = there.pop(hmac.digest(names, str(number).encode(), "sha256").hex()[:32], 0)
        if state == "sent" and count == 0:
            found.lost.append(f"the mail of alert {number}, which is called sent")
        if state == "failed":
            found.other.append(f"alert {number} failed: {error}")
        if count > attempts:
            found.doubled.append(f"the mail of alert {number}, {count} times by {attempts} attempts")
    found.other += [f"mail {name} belongs to no alert" for name in there]
    return found
