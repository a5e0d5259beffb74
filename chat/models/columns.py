"""Column types used by all tables."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import BigInteger, Integer, LargeBinary, Table, Text
from sqlmodel import Field, SQLModel

# A table found by its own key alone is one tree instead of two on SQLite. Not for one that grows with every message: a row that
# falls between others shifts them, and each page that was touched is written (0.8 × the time of a batch of 64 without).
ONE_TREE = {"sqlite_with_rowid": False}

# SQLite counts by itself only in a column declared INTEGER.
Number = BigInteger().with_variant(Integer(), "sqlite")


def identity() -> Any:
    """A row's own number, given by the database."""
    return Field(default=None, primary_key=True, sa_type=Number)


def number(
    reference: str | None = None, *, key: bool = False, optional: bool = False, index: bool = False, default: Any = ...
) -> Any:
    """A 64-bit number: a count, an instant in milliseconds, or another row's id."""
    extra: dict[str, Any] = {"default": None if optional and default is ... else default}
    if reference:
        extra["foreign_key"] = reference
    return Field(primary_key=key, sa_type=BigInteger, nullable=optional, index=index, **extra)


def words(*, default: Any = ..., optional: bool = False, unique: bool = False, key: bool = False) -> Any:
    """Text of any length."""
    return Field(default=None if optional else default, sa_type=Text, nullable=optional, unique=unique, primary_key=key)


def sealed(*, optional: bool = False) -> Any:
    """A value sealed by `lib.crypto`, or the hash of a secret."""
    return Field(default=None if optional else ..., sa_type=LargeBinary, nullable=optional)


def table(model: type[SQLModel]) -> Table:
    """The Core table of a model, for set-based statements."""
    return cast("Table", model.__table__)  # type: ignore[attr-defined]
