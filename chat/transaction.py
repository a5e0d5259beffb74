"""Units of work: a `Transaction` for the verbs, a `Reading` for the questions. Neither knows a socket, Redis or an event loop."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, delete, select

from chat.lib import clock
from chat.lib.crypto import DataKey, KeyRing, Unreadable, key_of
from chat.lib.sql import Link, Row, Rows, Statement, link
from chat.models import AuditEntry
from chat.models import DataKey as DataKeyRow
from chat.models.columns import table

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])

_BEYOND = 1 << 63  # no id of a row: a sealed value that names it is damaged
_KEYS = table(DataKeyRow)
_AUDIT_COLUMNS = (
    *("organization_id", "at", "actor_id", "session_id", "action", "person_id", "client_id", "conversation_id", "seq"),
    *("address", "outcome", "details"),
)
INSERT_AUDIT = Rows(table(AuditEntry), _AUDIT_COLUMNS)
INSERT_KEYS = Rows(_KEYS, ("id", "purpose", "wrapping_key", "wrapped", "created_at"))
DELETE_KEYS = Statement(lambda sets: delete(_KEYS).where(sets.has(_KEYS.c.id, "keys")))
SELECT_KEYS = Statement(lambda sets: select(_KEYS.c.id, _KEYS.c.wrapping_key, _KEYS.c.wrapped).where(sets.has(_KEYS.c.id, "ids")))


@dataclass(frozen=True, slots=True)
class Who:
    """On whose behalf. `scope` is everything (None), or the conversations that may be seen, each with the instant it ends."""

    person: int
    organization: int
    role: str
    session: int | None = None
    scope: Mapping[int, int] | None = None
    address: str = ""

    def reaches(self, conversation: int, now: int) -> bool:
        """Whether the scope holds this conversation at `now`."""
        return self.scope is None or self.scope.get(conversation, 0) > now


@dataclass(frozen=True, slots=True)
class Asked(Generic[T]):
    """One of the commands that a set-based action carries out together."""

    who: Who
    what: T


@dataclass(frozen=True, slots=True)
class Policy:
    """The settings that rules need, as numbers; the doors fill it in."""

    body_length: int = 10_000  # code points
    subject_length: int = 200
    attachments: int = 10  # files a message
    alert_delay: int = 10 * clock.SECOND  # a client who reads within it gets no email
    staff_alert_delay: int = 15 * clock.MINUTE
    staff_alert_pause: int = clock.HOUR  # between two emails about what is unread
    alert_fold: int = 5 * clock.MINUTE  # an email speaks for the messages that follow it so soon
    quick_link: int = 15 * clock.MINUTE  # how long a link, and all that it gave, lives
    quick_link_sessions: int = 1  # how many a link opens
    texts: bool = False  # whether there is a gateway for text messages
    push_hosts: tuple[str, ...] = ()  # push services that may be posted to
    ledger: bool = False  # whether deletions are written down elsewhere, too


class Keys:
    """The data keys of an installation, unwrapped on demand and kept by id. Shared by threads."""

    def __init__(self, ring: KeyRing, keep: int = 20_000) -> None:
        self.ring = ring
        self._keep = keep
        self._known: OrderedDict[int, DataKey] = OrderedDict()
        self._lock = threading.Lock()

    def load(self, connection: Connection, ids: Iterable[int]) -> None:
        """Make these data keys ready, in one statement for those not known yet. What is wrong with one is told by `get`: it
        keeps no other from being ready."""
        missing = [number for number in set(ids) if number not in self._known and number < _BEYOND]
        for number, name, wrapped in SELECT_KEYS.rows(connection, ids=missing) if missing else ():
            with suppress(Unreadable):
                self._remember(DataKey(number, self.ring.unwrap(number, name, wrapped)))

    def get(self, connection: Connection, number: int) -> DataKey:
        """One data key. Unreadable if its row is gone, because what it sealed was erased, or if it does not open."""
        found = self._known.get(number)
        if found is None:
            rows = SELECT_KEYS.rows(connection, ids=[number]) if number < _BEYOND else []
            if not rows:
                raise Unreadable("The data key of a sealed value is gone.")
            found = DataKey(number, self.ring.unwrap(*rows[0]))
            self._remember(found)
        return found

    def make(self, connection: Connection, purposes: Sequence[str], now: int) -> list[DataKey]:
        """New data keys, one for each purpose, written in one statement."""
        made = [self.ring.make() for _ in purposes]
        INSERT_KEYS.write(
            connection,
            [(number, purpose, name, wrapped, now) for purpose, (number, wrapped, name, _) in zip(purposes, made, strict=True)],
        )
        return [DataKey(number, secret) for number, _, _, secret in made]

    def forget(self, number: int) -> None:
        """Drop a key from memory: its row was destroyed."""
        with self._lock:
            self._known.pop(number, None)

    def _remember(self, key: DataKey) -> None:
        with self._lock:
            self._known[key.id] = key
            while len(self._known) > self._keep:
                self._known.popitem(last=False)


@dataclass
class Reading:
    """A question's view: one snapshot, read only. `who` is None for questions of the house itself."""

    connection: Connection
    keys: Keys
    now: int = field(default_factory=clock.now)
    who: Who | None = None
    policy: Policy = field(default_factory=Policy)

    @cached_property
    def link(self) -> Link:
        """The driver's own connection."""
        return link(self.connection)

    @property
    def me(self) -> Who:
        """Who asks."""
        if self.who is None:
            raise LookupError("This was asked on nobody's behalf.")
        return self.who

    def rows(self, statement: Statement, **parameters: Any) -> list[Row]:
        """Run one of the compiled statements."""
        return statement.run(self.connection, self.link, parameters)

    def open(self, place: str, sealed: bytes) -> str:
        """The text sealed at `place` (table, column and known values of its row)."""
        return self.data_key(key_of(sealed)).open(place, sealed)

    def data_key(self, number: int) -> DataKey:
        """An unwrapped data key."""
        return self.keys.get(self.connection, number)

    def load_keys(self, ids: Iterable[int]) -> None:
        """Make data keys ready in one statement, where one at a time would be many."""
        self.keys.load(self.connection, ids)


@dataclass
class Transaction(Reading):
    """A verb's unit of work. It is committed, and its bells are rung, by whoever opened it."""

    rung: set[int] = field(default_factory=set)
    audited: list[Row] = field(default_factory=list)
    fresh: dict[int, DataKey] = field(default_factory=dict)

    def write(self, rows: Any, values: Sequence[Row]) -> None:
        """Write many rows by one of the compiled `Rows` or `Changes`."""
        if values:
            rows.run(self.link, values)

    def make_keys(self, purposes: Sequence[str]) -> list[int]:
        """Ids of new data keys, one for each purpose, written in one statement."""
        made = self.keys.make(self.connection, purposes, self.now)
        # Kept here and not in the shared store: this transaction may still be rolled back.
        self.fresh.update((key.id, key) for key in made)
        return [key.id for key in made]

    def destroy_keys(self, ids: Iterable[int]) -> None:
        """Destroy data keys: what they sealed opens for nobody any more."""
        if gone := list(ids):
            self.rows(DELETE_KEYS, keys=gone)
            for number in gone:
                self.keys.forget(number)

    def data_key(self, number: int) -> DataKey:
        """An unwrapped data key, also one that this transaction made."""
        return self.fresh.get(number) or super().data_key(number)

    def load_keys(self, ids: Iterable[int]) -> None:
        """Make data keys ready; those made by this transaction are."""
        super().load_keys(number for number in ids if number not in self.fresh)

    def seal(self, key: int | None, place: str, text: str) -> bytes:
        """`text` sealed under a data key, bound to `place`."""
        if key is None:
            raise LookupError(f"No data key for {place}.")
        return self.data_key(key).seal(place, text)

    def ring(self, people: Iterable[int]) -> None:
        """After the commit, tell these people's devices that their mailbox changed."""
        self.rung.update(people)

    def audit(
        self, action: str, *, who: Who | None = None, organization_id: int | None = None, actor_id: int | None = None,
        person_id: int | None = None, client_id: int | None = None, conversation_id: int | None = None, seq: int | None = None,
        address: str | None = None, outcome: str = "done", details: str = "",
    ) -> None:  # fmt: skip
        """Note an AuditEntry; all of a transaction's are written together before its commit. Who acts is `who`, or who asks."""
        actor, session = who or self.who, None
        if actor is not None:
            organization_id = actor.organization if organization_id is None else organization_id
            actor_id = actor.person if actor_id is None else actor_id
            address = actor.address if address is None else address
            session = actor.session
        self.audited.append((
            organization_id, self.now, actor_id, session, action, person_id, client_id, conversation_id, seq,
            address or "", outcome, details,
        ))  # fmt: skip

    def finish(self) -> None:
        """Write what was gathered; the last thing before the commit."""
        self.write(INSERT_AUDIT, self.audited)
        self.audited.clear()


def set_based(action: F) -> F:
    """Mark an action that takes many `Asked` and answers a list of results, in which a refusal is a value, never raised."""
    action.set_based = True  # type: ignore[attr-defined]
    return action
