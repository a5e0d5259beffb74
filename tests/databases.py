"""Both databases for the tests of the core, filled with the cast: `house` rolls everything back, `address` is a fresh copy."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple, TypeVar
from uuid import uuid4

import pytest
from sqlalchemy import Connection, Engine, Executable, Table, event, insert, select, text, update
from sqlmodel import SQLModel

from chat.actions import messages, people
from chat.errors import CoreError
from chat.lib import clock, sql
from chat.lib.crypto import KeyRing
from chat.lib.database import writing_engine
from chat.migrations.running import upgrade
from chat.models import Assignment, Conversation, Participant, Span
from chat.models.columns import table
from chat.queries import changes, conversations
from chat.queries.views import ConversationView
from chat.transaction import Asked, Keys, Reading, Transaction, Who
from tests.people import NOON, fill, new_person
from tests.services.postgres import PostgresServer

T = TypeVar("T")
KINDS = ("sqlite", "postgresql")
RING = KeyRing({"test": bytes(range(32))})
MEMORY = Path("/dev/shm")  # noqa: S108  a folder of our own is made in it


class Sent(NamedTuple):
    """What a send answers."""

    conversation: int
    seq: int


@dataclass
class House:
    """Both practices in one open transaction. The cast stands here by name: `house.ben` is a Who."""

    connection: Connection
    cast: dict[str, Who]
    keys: Keys = field(default_factory=lambda: Keys(RING))
    rung: set[int] = field(default_factory=set)

    def __getattr__(self, name: str) -> Who:
        try:
            return self.__dict__["cast"][name]  # type: ignore[no-any-return]
        except KeyError:
            raise AttributeError(name) from None

    def do(self, action: Callable[..., Any], who: Who | None = None, what: Any = None) -> Any:
        """Carry out one action; its refusal is raised. `rung` says whose mailboxes it changed."""
        if getattr(action, "set_based", False) and who is not None:
            (result,) = self.batch(action, [(who, what)])
            if isinstance(result, CoreError):
                raise result
            return result
        with self.connection.begin_nested():
            tx = Transaction(self.connection, self.keys, who=who)
            result = action(tx, what)
            tx.finish()
        self.rung = tx.rung
        return result

    def batch(self, action: Callable[..., Any], asked: Iterable[tuple[Who, Any]]) -> list[Any]:
        """Carry out a set-based action for all of these together; refusals are values."""
        with self.connection.begin_nested():
            tx = Transaction(self.connection, self.keys)
            results: list[Any] = action(tx, [Asked(who, what) for who, what in asked])
            tx.finish()
        self.rung = tx.rung
        return results

    def refusal(self, action: Callable[..., Any], who: Who | None, what: Any = None) -> CoreError:
        """The refusal that this action meets."""
        with pytest.raises(CoreError) as caught:
            self.do(action, who, what)
        return caught.value

    def ask(self, question: Callable[..., T], *values: Any, who: Who | None = None, **named: Any) -> T:
        """Answer a question."""
        return question(Reading(self.connection, self.keys, who=who), *values, **named)

    def at(self, instant: int) -> AbstractContextManager[None]:
        """Hold the clock at this instant within the block."""
        return clock.frozen(instant)

    def begin(self, author: Who, *to: Who, body: str = "Hello", subject: str | None = None, key: str = "") -> Sent:
        """Write to people."""
        return Sent(**self.do(messages.send_messages, author, to_people(*to, body=body, subject=subject, key=key)))

    def reply(self, author: Who, place: Sent | int, body: str = "Hello", key: str = "") -> Sent:
        """Write into a conversation."""
        return Sent(**self.do(messages.send_messages, author, into(place, body=body, key=key)))

    def row(self, who: Who, place: Sent | int) -> ConversationView:
        """The conversation as this person has it; it must be theirs to see."""
        found = self.ask(conversations.one, number(place), who=who)
        assert found is not None
        return found

    def sees(self, who: Who, place: Sent | int) -> bool:
        """Whether the conversation is this person's to see, by every way of asking for it."""
        row, opened = (self.ask(ask, number(place), who=who) for ask in (conversations.one, conversations.messages_page))
        assert (row is None) == (opened is None)
        return row is not None

    def page(self, who: Who, place: Sent | int, **bounds: int) -> conversations.Opened:
        """The conversation opened; it must be this person's to see."""
        found = self.ask(conversations.messages_page, number(place), who=who, **bounds)
        assert found is not None
        return found

    def feed(self, who: Who, cursor: int = 0) -> changes.Answer:
        """What lies beyond this person's cursor."""
        return self.ask(changes.changes_since, [changes.Reader(who, cursor)])[0]

    def someone(self, role: str, name: str, *, like: Who, of: Sequence[Who] = (), **more: object) -> Who:
        """Somebody new in the practice of `like`; `of`: the therapists of a client, or the clients of a therapist."""
        person = self.do(people.add_person, None, new_person(like.organization, role, name, **more))
        for other in of:
            self.assign(*((person, other.person) if role == "client" else (other.person, person)))
        return Who(person, like.organization, role)

    def assign(self, client: int, therapist: int) -> None:
        """Begin an assignment, as it stands in the table."""
        self.run(insert(table(Assignment)).values(client_id=client, therapist_id=therapist, created_at=NOON))

    def unassign(self, client: Who, therapist: Who) -> None:
        """End an assignment in the table alone."""
        here = table(Assignment)
        self.run(here.delete().where(here.c.client_id == client.person, here.c.therapist_id == therapist.person))

    def set(self, model: type[SQLModel], number: int, **values: object) -> None:
        """Change columns of one row."""
        here = table(model)
        self.run(update(here).where(here.c.id == number).values(**values))

    def add_cc(self, place: Sent | int, who: Who, *ranges: tuple[int, int | None]) -> None:
        """Let somebody on Cc see these messages, as if they had been added and dropped so."""
        here, talks = number(place), table(Conversation)
        last = self.run(select(talks.c.last_seq).where(talks.c.id == here))[0][0]
        key = {"conversation_id": here, "person_id": who.person}
        for first, end in ranges:
            self.run(insert(table(Span)).values(**key, from_seq=first, to_seq=end, cc=True, hidden=False))
        seen = [seq for seq in range(1, last + 1) if any(first <= seq <= (end or last) for first, end in ranges)]
        part = dict.fromkeys(("read_through", "receipt_through", "unread", "change", "message_change"), 0)
        self.run(insert(table(Participant)).values(**key, **part, visible=len(seen), newest=max(seen, default=0)))

    def run(self, statement: Executable) -> list[tuple[Any, ...]]:
        """The rows of a Core statement, or none."""
        result = self.connection.execute(statement)
        return [tuple(row) for row in result] if result.returns_rows else []

    def count(self, model: type[SQLModel] | str) -> int:
        """How many rows a table has."""
        name = model if isinstance(model, str) else table(model).name
        return int(self.connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one())  # noqa: S608  a table's name

    def state(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table, for telling that nothing changed."""
        return {name: self._all(here) for name, here in SQLModel.metadata.tables.items()}

    def _all(self, here: Table) -> list[tuple[Any, ...]]:
        return self.run(here.select().order_by(*here.primary_key))

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Take back what happens in the block, as a transaction that is rolled back does."""
        nested = self.connection.begin_nested()
        try:
            yield
        finally:
            nested.rollback()

    @contextmanager
    def counted(self) -> Iterator[list[str]]:
        """The statements that go to the driver within the block."""
        seen: list[str] = []
        plain = sql.driver
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sql, "driver", lambda connection: Counting(plain(connection), seen))
            yield seen


@dataclass
class Counting:
    """A driver's connection or cursor that writes down what is executed."""

    real: Any
    seen: list[str]

    def cursor(self) -> Counting:
        """A counting cursor."""
        return Counting(self.real.cursor(), self.seen)

    def execute(self, sentence: str, *arguments: Any) -> Any:
        """One statement."""
        self.seen.append(sentence)
        return self.real.execute(sentence, *arguments)

    def executemany(self, sentence: str, *arguments: Any) -> Any:
        """One statement, prepared once, for many rows."""
        self.seen.append(sentence)
        return self.real.executemany(sentence, *arguments)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)


def number(place: Sent | int) -> int:
    """A conversation's id."""
    return place if isinstance(place, int) else place.conversation


def to_people(*to: Who, body: str = "Hello", subject: str | None = None, key: str = "") -> messages.SendMessage:
    """A message to people."""
    return messages.SendMessage(key or str(uuid4()), body, to=tuple(one.person for one in to), subject=subject)


def into(place: Sent | int, body: str = "Hello", key: str = "") -> messages.SendMessage:
    """A message into a conversation."""
    return messages.SendMessage(key or str(uuid4()), body, conversation=number(place))


@dataclass
class Template:
    """A database with tables and cast, from which others are copied."""

    kind: str
    cast: dict[str, Who]
    copy: Callable[[], AbstractContextManager[str]]


def fill_database(address: str) -> dict[str, Who]:
    """Bring up an empty database and let the cast move in."""
    engine = writing_engine(address)
    try:
        migrate(engine)
        with clock.frozen(NOON), engine.begin() as connection:
            tx = Transaction(connection, Keys(RING))
            cast = fill(tx)
            tx.finish()
        return cast
    finally:
        engine.dispose()


def migrate(engine: Engine) -> None:
    """Make the tables, by the migrations and nothing else of the application: these tests stand on the core alone."""
    with engine.connect() as connection:
        upgrade(connection)
        connection.commit()


@pytest.fixture(scope="session")
def sqlite_template() -> Iterator[Template]:
    """A file in memory-backed storage, where the machine has it."""
    with TemporaryDirectory(prefix="quietroom-sqlite-", dir=MEMORY if MEMORY.is_dir() else None) as name:
        original = Path(name, "template.db")
        cast = fill_database(f"sqlite:///{original}")

        @contextmanager
        def copy() -> Iterator[str]:
            with TemporaryDirectory(dir=name) as folder:
                shutil.copy(original, Path(folder, "quietroom.db"))
                yield f"sqlite:///{folder}/quietroom.db"

        yield Template("sqlite", cast, copy)


@pytest.fixture(scope="session")
def postgresql_template(postgres_server: PostgresServer) -> Template:
    """A template database of the running server."""
    cast: dict[str, Who] = {}
    name = postgres_server.template("cast", lambda address: cast.update(fill_database(address)))
    return Template("postgresql", cast, lambda: postgres_server.database(name))


@pytest.fixture(scope="session", params=KINDS)
def template(request: pytest.FixtureRequest) -> Template:
    """Each database in turn."""
    found: Template = request.getfixturevalue(f"{request.param}_template")
    return found


@pytest.fixture
def address(template: Template) -> Iterator[str]:
    """A fresh database for a test that commits."""
    with template.copy() as place:
        yield place


@pytest.fixture(scope="session")
def _engine(template: Template) -> Iterator[Engine]:
    with template.copy() as place, closing_engine(writing_engine(place)) as engine:
        if template.kind == "postgresql":
            event.listen(engine, "connect", _patient)
        yield engine


def _patient(connection: Any, _record: object) -> None:
    # A test may stop in a debugger; what production forbids is tried in tests/lib/test_database.py.
    connection.execute("SET idle_in_transaction_session_timeout = 0")
    connection.commit()


@contextmanager
def closing_engine(engine: Engine) -> Iterator[Engine]:
    """The engine, and none of its connections afterwards."""
    try:
        yield engine
    finally:
        engine.dispose()


@pytest.fixture
def house(_engine: Engine, template: Template) -> Iterator[House]:
    """Everybody at noon, in a transaction that is rolled back."""
    with closing(_engine.connect()) as connection, clock.frozen(NOON):
        transaction = connection.begin()
        try:
            yield House(connection, template.cast)
        finally:
            transaction.rollback()
