"""Set-based statements: one text and one plan for a set of any size, on SQLite and on PostgreSQL.

A `Statement` is SQLAlchemy Core, compiled once for each dialect and then run by the driver on a kept connection: compiling,
or even looking up the compiled form, would cost more than the statement. Sets travel as one parameter: a JSON array on
SQLite, arrays on PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple, TypeAlias

import orjson
import psycopg
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Executable,
    Subquery,
    Table,
    Text,
    TextClause,
    bindparam,
    column,
    literal_column,
    text,
)
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

Row: TypeAlias = tuple[Any, ...]
SQLITE = "sqlite"


class Link(NamedTuple):
    """The driver's own connection, and whose dialect it speaks. Asking the engine for it costs as much as a small statement."""

    dialect: str
    driver: Any


@contextmanager
def pipelined(connection: Connection) -> Iterator[None]:
    """Around a transaction: PostgreSQL's statements that answer no rows are not waited for. They travel with the next one that
    does, or with the commit, and so do their errors. SQLite has no way to travel.
    """
    if connection.dialect.name == SQLITE:
        yield
        return
    real = driver(connection)
    try:
        with real.pipeline():
            yield
    except BaseException:
        # A COMMIT that came to nothing because of an earlier error leaves its transaction open; and inside the pipeline a
        # ROLLBACK may come to nothing, too. Whoever has the connection next would be refused for it.
        with suppress(psycopg.Error):
            real.rollback()
        raise


def link(connection: Connection) -> Link:
    """What a Core connection stands on; good for one transaction."""
    return Link(connection.dialect.name, driver(connection))


class Sets:
    """How one dialect takes a set as a parameter; given to the function that builds a statement."""

    def __init__(self, dialect: str) -> None:
        self.dialect = dialect
        self.relations: dict[str, list[str]] = {}

    def has(self, value: ColumnElement[Any], name: str) -> ColumnElement[bool]:
        """`value` is one of the set given as parameter `name`."""
        return value.in_(_text(self._members(name, value.type), [name]))

    def members(self, name: str, type_: TypeEngine[Any] | None = None) -> Subquery:
        """The set given as parameter `name`, as a relation with the column `value`."""
        source = _text(self._members(name, type_ or BigInteger()), [name])
        return source.columns(column("value", type_ or BigInteger())).subquery(f"{name}_set")

    def relation(self, name: str, **columns: TypeEngine[Any]) -> Subquery:
        """Rows given as parameter `name` (a list of tuples in this order), as a relation with these columns."""
        typed = [column(key, kind) for key, kind in columns.items()]
        if self.dialect == SQLITE:
            fields = ", ".join(f"json_extract(value, '$[{at}]') AS {key}" for at, key in enumerate(columns))
            return _text(f"SELECT {fields} FROM json_each(:{name})", [name]).columns(*typed).subquery(name)  # noqa: S608  names from code
        self.relations[name] = [f"{name}_{key}" for key in columns]
        arrays = ", ".join(f"CAST(:{name}_{key} AS {_array(kind)})" for key, kind in columns.items())
        sentence = f"SELECT * FROM unnest({arrays}) AS r({', '.join(columns)})"  # noqa: S608
        return _text(sentence, self.relations[name]).columns(*typed).subquery(name)

    def _members(self, name: str, kind: TypeEngine[Any]) -> str:
        if self.dialect == SQLITE:
            return f"SELECT value FROM json_each(:{name})"  # noqa: S608
        return f"SELECT unnest(CAST(:{name} AS {_array(kind)})) AS value"


class _Compiled(NamedTuple):
    sentence: str
    order: list[str]
    fixed: dict[str, Any]
    relations: dict[str, list[str]]
    answers: bool  # whether there are rows to fetch


class Statement:
    """A Core statement, built and compiled at its first run on each dialect. Its results are the driver's plain tuples."""

    def __init__(self, build: Callable[[Sets], Executable]) -> None:
        self._build = build
        self._ready: dict[str, _Compiled] = {}

    def rows(self, connection: Connection, **parameters: Any) -> list[Row]:
        """The rows that the statement answers; none for a statement that answers no rows."""
        return self.run(connection, link(connection), parameters)

    def run(self, connection: Connection, link: Link, parameters: Mapping[str, Any]) -> list[Row]:
        """The same for a `Link` that is already at hand."""
        name = link.dialect
        ready = self._ready.get(name)
        if ready is None:
            ready = self._ready[name] = self._compile(connection, name)
        given = {**ready.fixed, **parameters}
        if name == SQLITE:
            rows: list[Row] = link.driver.execute(ready.sentence, [_packed(given[key]) for key in ready.order]).fetchall()
            return rows
        cursor = link.driver.execute(ready.sentence, _arguments(given, ready.relations))
        return cursor.fetchall() if ready.answers else []

    def text(self, connection: Connection) -> str:
        """The statement as the database receives it, for looking at its plan."""
        return self._compile(connection, connection.dialect.name).sentence

    def _compile(self, connection: Connection, name: str) -> _Compiled:
        sets = Sets(name)
        statement: Any = self._build(sets)
        compiled: SQLCompiler = statement.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
        fixed = {key: value for key, value in compiled.params.items() if value is not None}
        answers = statement.is_select or bool(compiled.effective_returning)
        return _Compiled(str(compiled), list(compiled.positiontup or ()), fixed, sets.relations, answers)


class Rows:
    """Many rows of one table, written by one statement."""

    def __init__(self, table: Table, columns: Sequence[str], *, skip_existing: bool = False) -> None:
        names = ", ".join(columns)
        tail = " ON CONFLICT DO NOTHING" if skip_existing else ""
        marks = ", ".join("?" * len(columns))
        self._sqlite = f"INSERT INTO {table.name} ({names}) VALUES ({marks}){tail}"  # noqa: S608
        arrays = ", ".join(f"%s::{_array(table.c[name].type)}" for name in columns)
        self._postgres = f"INSERT INTO {table.name} ({names}) SELECT * FROM unnest({arrays}){tail}"  # noqa: S608

    def write(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Insert `rows` (tuples in the order of the columns); nothing for no rows."""
        if rows:
            self.run(link(connection), rows)

    def run(self, link: Link, rows: Sequence[Row]) -> None:
        """The same for a `Link` that is already at hand, and at least one row."""
        _write(link, rows, self._sqlite, self._postgres)


class Changes:
    """New values for many rows of one table, found by key, written by one statement. A row is (key values…, new values…)."""

    def __init__(self, table: Table, keys: Sequence[str], columns: Sequence[str]) -> None:
        sets = ", ".join(f"{name} = ?{at}" for at, name in enumerate(columns, len(keys) + 1))
        found = " AND ".join(f"{name} = ?{at}" for at, name in enumerate(keys, 1))
        self._sqlite = f"UPDATE {table.name} SET {sets} WHERE {found}"  # noqa: S608
        names = [*keys, *columns]
        arrays = ", ".join(f"%s::{_array(table.c[name].type)}" for name in names)
        given = ", ".join(f"{name} = v.{name}" for name in columns)
        match = " AND ".join(f"{table.name}.{name} = v.{name}" for name in keys)
        self._postgres = f"UPDATE {table.name} SET {given} FROM unnest({arrays}) AS v({', '.join(names)}) WHERE {match}"  # noqa: S608

    def write(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Update the rows named by the keys in `rows`; nothing for no rows."""
        if rows:
            self.run(link(connection), rows)

    def run(self, link: Link, rows: Sequence[Row]) -> None:
        """The same for a `Link` that is already at hand, and at least one row."""
        _write(link, rows, self._sqlite, self._postgres)


def driver(connection: Connection) -> Any:
    """The driver's own connection behind a Core connection."""
    return connection.connection.driver_connection


def parameter(name: str, kind: TypeEngine[Any] | None = None) -> ColumnElement[Any]:
    """A single value given by name when the statement runs."""
    return bindparam(name, None, type_=kind or BigInteger(), required=False)


def literal(value: int) -> ColumnElement[int]:
    """A number written into the statement itself."""
    return literal_column(str(value))


def _text(sentence: str, names: list[str]) -> TextClause:
    return text(sentence).bindparams(*(bindparam(name, None, required=False) for name in names))


def _write(link: Link, rows: Sequence[Row], sqlite: str, postgres: str) -> None:
    if link.dialect != SQLITE:
        link.driver.execute(postgres, [_written(values) for values in zip(*rows, strict=True)])
    elif len(rows) == 1:
        link.driver.execute(sqlite, rows[0])
    else:
        link.driver.executemany(sqlite, rows)


def _arguments(given: dict[str, Any], relations: dict[str, list[str]]) -> dict[str, Any]:
    for relation, keys in relations.items():
        rows = given.pop(relation)
        given.update(zip(keys, _transposed(rows, len(keys)), strict=True))
    return {key: _written(value) if isinstance(value, (list, set, frozenset, tuple)) else value for key, value in given.items()}


def _written(values: Iterable[Any]) -> str:
    """An array as PostgreSQL reads it. The driver would look at each element, a third of what a small transaction costs,
    and pick a type by the largest number in it, so that one statement would be prepared in several forms.
    """
    return "{" + ",".join([_ELEMENTS.get(type(value), _text_element)(value) for value in values]) + "}"


def _text_element(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


_ELEMENTS: dict[type, Callable[[Any], str]] = {
    int: str,
    bool: lambda value: "t" if value else "f",
    bytes: lambda value: f'"\\\\x{value.hex()}"',
    type(None): lambda _: "NULL",
}


def _packed(value: Any) -> Any:
    kind = type(value)
    if kind is list:
        return orjson.dumps(value).decode()
    return orjson.dumps(list(value)).decode() if kind in (set, frozenset, tuple) else value


def _transposed(rows: Iterable[Row], width: int) -> list[list[Any]]:
    lists: list[list[Any]] = [[] for _ in range(width)]
    for row in rows:
        for values, value in zip(lists, row, strict=True):
            values.append(value)
    return lists


def _array(kind: TypeEngine[Any]) -> str:
    from_python = {"BIGINT": "bigint[]", "INTEGER": "integer[]", "BOOLEAN": "boolean[]", "BLOB": "bytea[]", "TEXT": "text[]"}
    return from_python.get(_kind(kind), "text[]")


def _kind(kind: TypeEngine[Any]) -> str:
    return "TEXT" if isinstance(kind, Text) else str(kind.compile())
