"""Set-based statements: the same text for a set of any size, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    insert,
    select,
    update,
)

from chat.lib.sql import Changes, Rows, Sets, Statement, driver, literal, parameter
from tests.databases import House

NOTES = Table(
    "note",
    MetaData(),
    Column("id", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True),
    Column("word", Text),
    Column("done", Boolean),
    Column("size", Integer),
    Column("sealed", LargeBinary),
)
COLUMNS = ("id", "word", "done", "size", "sealed")
ROWS = [(1, "one", True, 10, b"\x00\xff"), (2, None, False, None, None), (3, "Zoë \U0001f642 'quoted' \\", True, -3, b"")]
INSERT, SKIPPING = Rows(NOTES, COLUMNS), Rows(NOTES, COLUMNS, skip_existing=True)
ALL = Statement(lambda _: select(*(NOTES.c[name] for name in COLUMNS)).order_by(NOTES.c.id))
NAMED = Statement(lambda sets: select(NOTES.c.id).where(sets.has(NOTES.c.word, "words")).order_by(NOTES.c.id))
NUMBERED = Statement(lambda sets: select(NOTES.c.id).where(sets.has(NOTES.c.id, "ids")).order_by(NOTES.c.id))


@pytest.fixture
def connection(house: House) -> Connection:
    """A table of notes."""
    NOTES.create(house.connection)
    INSERT.write(house.connection, ROWS)
    return house.connection


def everything(connection: Connection) -> list[tuple[object, ...]]:
    return [(*row[:2], None if row[2] is None else bool(row[2]), *row[3:]) for row in ALL.rows(connection)]


def test_rows_of_every_type_come_back(connection: Connection) -> None:
    assert everything(connection) == ROWS


@pytest.mark.parametrize("word", ["", "NULL", "null", "{1,2}", 'say "so"', "back\\slash", "a\nb\tc", "\\x00", " blank ", "'; --"])
def test_a_word_comes_back_whatever_an_array_would_make_of_it(connection: Connection, word: str) -> None:
    INSERT.write(connection, [(number, word, None, None, word.encode()) for number in (4, 5)])
    assert everything(connection)[3:] == [(number, word, None, None, word.encode()) for number in (4, 5)]
    assert NAMED.rows(connection, words=[word, "none of them"]) == [(4,), (5,)]


def test_no_rows_are_no_statement(connection: Connection) -> None:
    INSERT.write(connection, [])
    Changes(NOTES, ("id",), ("word",)).write(connection, [])
    assert everything(connection) == ROWS


def test_rows_that_exist_are_left_alone_where_that_is_wanted(connection: Connection) -> None:
    SKIPPING.write(connection, [(1, "other", False, 0, None), (4, "four", False, 4, b"4")])
    assert everything(connection) == [*ROWS, (4, "four", False, 4, b"4")]
    with pytest.raises(Exception, match=r"(?i)unique"), connection.begin_nested():
        INSERT.write(connection, [(1, "other", False, 0, None)])


def test_many_rows_are_changed_each_to_its_own_values(connection: Connection) -> None:
    Changes(NOTES, ("id", "done"), ("word", "sealed")).write(
        connection, [(1, True, "uno", None), (2, False, "due", b"2"), (3, False, "no", b"")]
    )
    assert everything(connection) == [(1, "uno", True, 10, None), (2, "due", False, None, b"2"), ROWS[2]]


@pytest.mark.parametrize("kind", [list, tuple, set, frozenset])
def test_a_set_is_one_parameter_whatever_holds_it(connection: Connection, kind: type[list[object]]) -> None:
    assert NUMBERED.rows(connection, ids=kind([3, 1, 99])) == [(1,), (3,)]
    assert NAMED.rows(connection, words=kind(["one", ROWS[2][1], "'"])) == [(1,), (3,)]
    assert NUMBERED.rows(connection, ids=kind([])) == NAMED.rows(connection, words=kind([])) == []


def test_a_large_set_has_the_same_text(house: House, connection: Connection) -> None:
    with house.counted() as seen:
        assert NUMBERED.rows(connection, ids=[2]) == [(2,)]
        assert NUMBERED.rows(connection, ids=list(range(50_000))) == [(1,), (2,), (3,)]
    assert seen[0] == seen[1] == NUMBERED.text(connection)


def test_a_relation_holds_rows_of_several_columns(connection: Connection) -> None:
    def build(sets: Sets) -> object:
        asked = sets.relation("asked", number=BigInteger(), word=Text())
        joined = asked.join(NOTES, NOTES.c.id == asked.c.number)
        return (
            select(asked.c.number, asked.c.word, NOTES.c.word)
            .select_from(joined)
            .where(NOTES.c.size > parameter("least"))
            .order_by(asked.c.number)
        )

    statement = Statement(build)  # type: ignore[arg-type]
    asked = [(1, "for one"), (3, "for 'three'"), (9, "for nobody")]
    assert statement.rows(connection, asked=asked, least=-9) == [(1, "for one", "one"), (3, "for 'three'", ROWS[2][1])]
    assert statement.rows(connection, asked=asked, least=0) == [(1, "for one", "one")]
    assert statement.rows(connection, asked=[], least=0) == []


def test_members_of_a_set_are_rows_too(connection: Connection) -> None:
    def build(sets: Sets) -> object:
        members = sets.members("ids")
        return select(members.c.value).where(members.c.value.not_in(select(NOTES.c.id))).order_by(members.c.value)

    assert Statement(build).rows(connection, ids=[1, 7, 5]) == [(5,), (7,)]  # type: ignore[arg-type]


def test_a_statement_that_answers_nothing_answers_no_rows(connection: Connection) -> None:
    change = Statement(
        lambda _: update(NOTES).values(word=parameter("word", Text()), size=5).where(NOTES.c.id == parameter("id"))
    )
    assert change.rows(connection, word="eins", id=1) == []
    assert everything(connection)[0] == (1, "eins", True, 5, b"\x00\xff")


def test_a_statement_may_answer_what_it_wrote(connection: Connection) -> None:
    add = Statement(lambda _: insert(NOTES).values(id=parameter("id"), word=parameter("word", Text())).returning(NOTES.c.id))
    assert add.rows(connection, id=8, word=None) == [(8,)]
    assert everything(connection)[-1] == (8, None, None, None, None)


def test_a_number_may_stand_in_the_statement_itself(connection: Connection) -> None:
    assert Statement(lambda _: select(literal(7))).rows(connection) == [(7,)]


def test_results_are_the_drivers_plain_tuples(connection: Connection) -> None:
    assert type(ALL.rows(connection)[0]) is tuple
    assert driver(connection) is connection.connection.driver_connection
