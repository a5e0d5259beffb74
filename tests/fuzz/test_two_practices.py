"""Random days in two practices at once, with callers who leave in the middle: nothing is lost, doubled, or seen next door."""

from __future__ import annotations

import asyncio
import contextlib
import re
import tempfile
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import create_engine

from chat.actions.assignments import Assigned, assign, unassign
from chat.actions.deletions import delete_permanently
from chat.actions.mailboxes import Selection, move_to_inbox, move_to_trash
from chat.actions.marks import MarkRead, mark_read
from chat.actions.messages import SendMessage, send_messages
from chat.errors import CoreError
from chat.transaction import Transaction
from tests.people import CAST
from tests.recount import faults
from tests.web.doors import Doors, Practice, open_doors
from tests.web.practice import make_practice

WRITERS = ("ada", "ben", "cleo", "dana", "eli", "hal", "ivy", "jon", "kim")
PEOPLE = st.sampled_from(WRITERS)
#: How many turns of the event loop a caller waits before leaving; None: to the end.
PATIENCE = st.sampled_from((None, None, None, 0, 1, 2, 5))
TALKS = ("talk", "with hal", "ben dana", "jon kim", "cleo fay")
FOLDERS = ("inbox", "sent", "trash")


def nothing(_tx: Transaction, _what: None) -> None:
    """Comes after all that was given to the writer before."""


class Days(RuleBasedStateMachine):
    """People of both practices do anything to any conversation; what they were promised is kept in a list."""

    practice: Practice

    def __init__(self) -> None:
        super().__init__()
        self._runner = asyncio.Runner()
        self._stack = contextlib.AsyncExitStack()
        self._folder = tempfile.TemporaryDirectory(prefix="quietroom-days-")
        opened = open_doors(self.practice, Path(self._folder.name))
        self.doors: Doors = self._runner.run(self._stack.enter_async_context(opened))
        self.talks = [self.doors.practice.ids[name] for name in TALKS]
        self.sent: list[tuple[str, SendMessage, Any]] = []

    def teardown(self) -> None:
        try:
            self._runner.run(self._repeat_everything())
            self._runner.run(self._look_around())
        finally:
            self._runner.run(self._stack.aclose())
            self._runner.close()
            self._folder.cleanup()

    def do(self, who: str, action: Callable[..., Any], what: Any, patience: int | None = None) -> Any:
        """Carry something out; None if it was refused or the caller left."""
        return self._runner.run(self._do(who, action, what, patience))

    async def _do(self, who: str, action: Callable[..., Any], what: Any, patience: int | None) -> Any:
        asked = asyncio.create_task(self.doors.desk.runtime.perform(action, self.doors.practice.people[who], what))
        for _ in range(patience or 0):
            await asyncio.sleep(0)
        if patience is not None:
            asked.cancel()
        with contextlib.suppress(CoreError, asyncio.CancelledError):
            return await asked
        return None

    def number(self, name: str) -> int:
        """Somebody's number."""
        return self.doors.practice.people[name].person

    @rule(author=PEOPLE, other=PEOPLE, thread=st.booleans(), patience=PATIENCE)
    def write(self, author: str, other: str, *, thread: bool, patience: int | None) -> None:
        """A message to somebody, in either practice."""
        what = SendMessage(str(uuid.uuid4()), self._body(author), to=(self.number(other),), subject="Thread" if thread else "")
        self._sent(author, what, self.do(author, send_messages, what, patience))
        if self.sent[-1][2]:
            assert CAST[author].practice == CAST[other].practice

    @rule(author=PEOPLE, place=st.integers(0, 99), patience=PATIENCE)
    def answer(self, author: str, place: int, patience: int | None) -> None:
        """A message into any conversation, one's own or not."""
        what = SendMessage(str(uuid.uuid4()), self._body(author), conversation=self.talks[place % len(self.talks)])
        self._sent(author, what, self.do(author, send_messages, what, patience))

    @rule(who=PEOPLE, place=st.integers(0, 99), verb=st.sampled_from((move_to_trash, move_to_inbox, delete_permanently)))
    def sort(self, who: str, place: int, verb: Callable[..., Any]) -> None:
        """To the trash and back, or for good."""
        self.do(who, verb, Selection((self.talks[place % len(self.talks)],)))

    @rule(who=PEOPLE, place=st.integers(0, 99), seq=st.integers(1, 9), patience=PATIENCE)
    def read(self, who: str, place: int, seq: int, patience: int | None) -> None:
        """Messages were on screen."""
        self.do(who, mark_read, MarkRead(self.talks[place % len(self.talks)], seq), patience)

    @rule(who=st.sampled_from(("ada", "ivy")), client=PEOPLE, staff=PEOPLE, verb=st.sampled_from((assign, unassign)))
    def entrust(self, who: str, client: str, staff: str, verb: Callable[..., Any]) -> None:
        """A client gets a therapist, or loses one; in the other practice nobody does."""
        self.do(who, verb, Assigned(self.number(client), self.number(staff)))

    @invariant()
    def counters_are_what_a_recount_says(self) -> None:
        """Whatever was cancelled where. What was taken before its caller left is carried out first."""
        self.do("ada", nothing, None)
        engine = create_engine(f"sqlite:///{self.doors.practice.database}")
        with engine.connect() as connection:
            found = faults(connection)
        engine.dispose()
        # Ned's assignment has gone behind everybody's back (see `practice`): his own counters wait for somebody to notice.
        ned = re.compile(rf"\b{self.number('ned')}:")
        assert [line for line in found if not ned.search(line)] == []

    def _body(self, author: str) -> str:
        return f"{CAST[author].practice}: {len(self.sent)}"

    def _sent(self, author: str, what: SendMessage, result: Any) -> None:
        self.sent.append((author, what, result))
        if result and result["conversation"] not in self.talks:
            self.talks.append(result["conversation"])

    async def _repeat_everything(self) -> None:
        """What was promised is told again; what became of the others can be learned by asking again."""
        for author, what, promised in self.sent:
            if promised:
                again = await self.doors.desk.runtime.perform(send_messages, self.doors.practice.people[author], what)
                assert again == promised

    async def _look_around(self) -> None:
        """Everybody reads all they can see, and it is of their own practice."""
        for name in WRITERS:
            cookie = self.doors.practice.cookies[name]
            for folder in FOLDERS:
                for row in (await self.doors.get(cookie, f"/api/conversations?folder={folder}")).json()["conversations"]:
                    page = (await self.doors.get(cookie, f"/api/conversations/{row['id']}/messages")).json()
                    bodies = [message["body"] for message in page["messages"]]
                    assert len(set(bodies)) == len(bodies) or any(": " not in body for body in bodies)
                    for body in bodies:
                        assert body.partition(":")[0] in {CAST[name].practice, body}, f"{name} reads {body}"


async def test_two_practices_and_callers_who_leave(tmp_path: Path) -> None:
    Days.practice = await make_practice(tmp_path)
    chosen = settings(
        max_examples=8,
        stateful_step_count=20,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    await asyncio.to_thread(run_state_machine_as_test, Days, settings=chosen)
