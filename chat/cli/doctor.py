"""`quietroom doctor`: what is wrong with this installation, before anybody else finds it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Engine, func, select, text

from chat import house
from chat.cli.database import behind, prepare_folder
from chat.cli.keys import wrong_id
from chat.cli.reach import bucket, clocks, mail, redis_server, scanner, texts
from chat.cli.tools import asking, time_of
from chat.lib.clock import DAY, MINUTE, SECOND, now
from chat.lib.crypto import begins
from chat.lib.database import unusable, writing_engine
from chat.lib.ledger import NoLedger
from chat.models import AuditEntry
from chat.models.columns import table
from chat.queries.chains import late
from chat.queries.figures import outbox_figures
from chat.queries.keys import unopened
from chat.settings import Settings, Unsafe
from chat.transaction import Reading

Problems = Iterator[str]
FREE = 1 << 30  # bytes that a disk should have left
DURABLE = ("fsync", "full_page_writes", "synchronous_commit")


@click.command()
def doctor() -> None:
    """Look at configuration, keys, database, clock, disk, ledger, files, Redis, mail, texts and virus scanner, and say what to
    mend."""
    settings = Settings()
    sound = True
    for name, look in LOOKS:
        problems = list(_patiently(look, settings))
        for problem in problems:
            click.echo(f"✗ {problem}")
        if not problems:
            click.echo(f"✓ {name}")
        sound = sound and not problems
    if not sound:
        sys.exit(1)


def _patiently(look: Callable[[Settings], Problems], settings: Settings) -> Problems:
    """What a look says, and that what it needed is not to be had."""
    try:
        yield from look(settings)
    except Unsafe as error:
        yield str(error)
    except OSError as error:
        yield f"{error.filename or 'A file'} cannot be used: {error.strerror}."
    except Exception as error:
        if not unusable(error):
            raise
        yield f"The database does not answer ({type(error).__name__}). Look at QUIETROOM_DATABASE_URL."


def _configuration(settings: Settings) -> Problems:
    yield from settings.problems()


def _keys(settings: Settings) -> Problems:
    prepare_folder(settings)
    ring = house.open_vault(settings).ring
    path = Path(settings.keys_file) if settings.keys_file else settings.data / "keys"
    if path.exists() and path.stat().st_mode & 0o007:
        yield f"Everybody on this machine can read {path}. Run chmod 600 on it."
    since = begins(ring.current)
    if since and settings.key_days and now() - since > 2 * settings.key_days * DAY:
        yield f"The key that writes does so since {ring.current}. Add keys to every ring and its copy (`quietroom keys more`)."


def _database(settings: Settings) -> Problems:
    engine = writing_engine(settings.database)
    try:
        if behind(engine):
            yield "The database is not at this version. Run `quietroom migrate`."
            return
        yield from (_sqlite if settings.embedded else _postgresql)(engine)
    finally:
        engine.dispose()
    with asking(settings) as ask:
        vault = house.open_vault(settings)
        yield from wrong_id(ask, vault)
        if names := ask(unopened):
            yield f"This key ring does not open what the database holds under {', '.join(names)}. Use its own ring."
        yield from _waiting(ask)


def _sqlite(engine: Engine) -> Problems:
    with engine.connect() as connection:
        mode, damage = (connection.execute(text(f"PRAGMA {name}")).scalar_one() for name in ("journal_mode", "quick_check(1)"))
    if mode != "wal":
        yield f"SQLite keeps its log as {mode} and not as wal here: put the data folder on a disk of this machine."
    if damage != "ok":
        yield f"The database is damaged: {damage}. Stop serving, keep the file, and restore a backup."


def _postgresql(engine: Engine) -> Problems:
    with engine.connect() as connection:
        found = {name: connection.execute(text(f"SHOW {name}")).scalar_one() for name in (*DURABLE, "server_encoding")}
        version = int(connection.execute(text("SHOW server_version_num")).scalar_one())
    for name in DURABLE:
        if found[name] == "off":
            yield f"PostgreSQL has {name} = off: what was acknowledged is lost at a power cut. Turn it on."
    if found["server_encoding"] != "UTF8":
        yield f"The database is encoded as {found['server_encoding']}. Make it anew with UTF8, and restore a backup into it."
    if version < 140_000:
        yield f"PostgreSQL {version // 10_000} is too old: it needs 14 or newer."


def _waiting(ask: Callable[..., Any]) -> Problems:
    if found := ask(late):
        yield f"{found[0]} entries of the audit trail wait for their place since {time_of(found[2])}. Is a worker running?"
    due, _, seconds = ask(outbox_figures)
    if seconds > 5 * 60:
        yield f"{due} alerts are due, the oldest for {int(seconds // 60)} minutes. Look at the worker's log."


def _newest(reading: Reading) -> int:
    return reading.connection.execute(select(func.max(table(AuditEntry).c.at))).scalar() or 0


def _clock(settings: Settings) -> Problems:
    engine = writing_engine(settings.database)
    try:
        if behind(engine):
            return  # an older database is told of elsewhere, and a new one holds nothing yet
    finally:
        engine.dispose()
    with asking(settings) as ask:
        newest = ask(_newest)
    if newest > now() + MINUTE:
        yield f"The clock is behind: the database holds what was done at {time_of(newest)}. Let it be set by a time server."
    for name, instant in clocks(settings):
        apart = abs(instant - now()) // SECOND
        if apart > 5:
            yield f"The clocks of this machine and of {name} are {apart} s apart. Let both be set by a time server."


def _disk(settings: Settings) -> Problems:
    # Over PostgreSQL the data folder is made with the first file in it: until then the disk is that of the folder around it.
    data = next(place for place in (settings.data, *settings.data.absolute().parents) if place.exists())
    places = {data, *([Path(settings.ledger)] if settings.ledger else [])}
    for place in sorted(places):
        free = shutil.disk_usage(place).free
        if free < FREE:
            yield f"The disk of {place} has {free >> 20} MiB left. Make room: when it is full, nothing can be sent."
        if not os.access(place, os.W_OK | os.X_OK):
            yield f"The folder {place} cannot be written by this user."


def _ledger(settings: Settings) -> Problems:
    if not settings.ledger:
        return
    if settings.production and Path(settings.ledger).stat().st_dev == settings.data.stat().st_dev:
        yield f"{settings.ledger} is on the disk of the data folder, and lost with it. Mount a place of another machine there."
    try:
        through = house.ledger(settings, house.open_vault(settings)).through()
    except NoLedger as error:
        yield f"{error} A running server begins one within a minute."
        return
    if now() - through > 5 * MINUTE:
        yield f"The ledger of deletions ends at {time_of(through)}. Look at the worker's log."


LOOKS: tuple[tuple[str, Callable[[Settings], Problems]], ...] = (
    ("Configuration", _configuration),
    ("Keys", _keys),
    ("Database", _database),
    ("Clock", _clock),
    ("Disk", _disk),
    ("Ledger of deletions", _ledger),
    ("Files", bucket),
    ("Redis", redis_server),
    ("Mail", mail),
    ("Text messages", texts),
    ("Virus scanner", scanner),
)
