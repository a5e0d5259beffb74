"""`quietroom backup` and `quietroom restore`: all that is stored, taken along while it is in use, and put back elsewhere."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
from sqlalchemy import inspect, make_url

import chat
from chat import house
from chat.actions.installation import renew_epoch
from chat.actions.ledger import delete_again
from chat.cli.database import bring_up, empty, only_one, prepare_folder
from chat.cli.keys import refuse_wrong_keys
from chat.cli.tools import Hands, asking, looking, time_of
from chat.lib import backups
from chat.lib.backups import DATABASE, FILES, Manifest
from chat.lib.blobs import Unreachable
from chat.lib.clock import DAY, now
from chat.lib.database import writing_engine
from chat.lib.dumps import Undone, dump, load, settle
from chat.lib.ledger import Line, NoLedger
from chat.lib.signing import derived
from chat.migrations import known, revision
from chat.queries.changes import epoch
from chat.queries.keys import uses
from chat.settings import Settings, Unsafe

STEP = 200  # deletions carried out again in one transaction


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
def backup(target: Path) -> None:
    """Write the database and the sealed files into the new folder TARGET, also while Quietroom serves. The key ring is never
    in it: keep that apart."""
    with _sentences():
        settings = Settings()
        _refuse_place(settings, target)
        half = target.with_name(f".{target.name}-{secrets.token_hex(4)}")
        half.mkdir(mode=0o700)
        try:
            manifest = _fill(settings, half)
            half.rename(target)
        except BaseException:
            shutil.rmtree(half)
            raise
    files = sum(1 for _ in backups.stored(manifest))
    click.echo(f"The backup of {time_of(manifest.made_at)} is in {target}: the database and {files} files.")
    click.echo(f"It can be read with the key ring alone ({', '.join(manifest.keys) or 'no key yet'}), which is not in it.")


@click.command()
@click.argument("source", type=click.Path(exists=True, file_okay=False, path_type=Path))
def restore(source: Path) -> None:
    """Put the backup in the folder SOURCE where the settings say, which must be empty, with the key ring that belongs to it."""
    with _sentences():
        settings = Settings()
        manifest = _read(settings, source)
        if settings.embedded:
            settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        with only_one(settings) or contextlib.nullcontext():
            _refuse_full(settings)
            backups.verify(source, manifest)
            promise = _put_back(settings, source, manifest)
    click.echo(f"The backup of {time_of(manifest.made_at)} is restored. Browsers load everything anew.")
    click.echo(f"What was erased before that instant stays erased; {promise}")


@contextlib.contextmanager
def _sentences() -> Iterator[None]:
    try:
        yield
    except (Undone, Unsafe, backups.Unusable, NoLedger) as error:
        raise click.ClickException(str(error)) from error
    except Unreachable as error:
        raise click.ClickException(f"Files: {error}. Look at QUIETROOM_FILES, _KEY and _SECRET.") from error
    except OSError as error:
        raise click.ClickException(f"{error.filename or 'A file'}: {error.strerror or 'it cannot be used'}.") from error


def _refuse_place(settings: Settings, target: Path) -> None:
    if target.exists():
        raise Unsafe(f"{target} is there already. Name a folder that is not; a backup is never written over another.")
    if not target.absolute().parent.is_dir():
        raise Unsafe(f"The folder {target.absolute().parent} does not exist. Make it, or name another place.")
    if settings.data.resolve() in target.resolve().parents:
        raise Unsafe(f"{target} lies in the data folder and would be lost with it. Name a place elsewhere.")


def _fill(settings: Settings, folder: Path) -> Manifest:
    vault = _vault(settings)
    made_at = now()
    if settings.embedded and not _file(settings).is_file():
        raise Unsafe(f"There is no database {_file(settings)}. Look at QUIETROOM_DATA.")
    with looking(settings) as connection:
        migration, kind = revision(connection), connection.dialect.name
    if migration is None:
        raise Unsafe("The database holds no tables yet: there is nothing to back up.")
    with asking(settings) as ask:
        refuse_wrong_keys(ask, vault)
        names = sorted(ask(uses))
    # The files after the database: each that it names was whole before it did.
    dump(settings.database, folder / DATABASE)
    checksums = {DATABASE: backups.checksum(folder / DATABASE)} | backups.copy_files(house.blobs(settings), folder / FILES)
    manifest = Manifest(chat.__version__, migration, kind, names, made_at, checksums)
    backups.write_manifest(folder, manifest, _key(vault))
    return manifest


def _key(vault: house.Vault) -> bytes:
    return derived(vault.secret, "backup")


def _vault(settings: Settings) -> house.Vault:
    """The key ring that is there. A new one, as the first start makes it, would open nothing."""
    if not (settings.keys.get_secret_value() or settings.keys_file or (settings.data / "keys").exists()):
        raise Unsafe("The key ring is missing. Give it with QUIETROOM_KEYS_FILE or QUIETROOM_KEYS.")
    return house.open_vault(settings)


def _read(settings: Settings, source: Path) -> Manifest:
    vault = _vault(settings)
    manifest = backups.read_manifest(source, _key(vault))
    kind = "sqlite" if settings.embedded else "postgresql"
    if manifest.database != kind:
        raise Unsafe(f"{source} is a backup of {manifest.database}, and the settings say {kind}. Look at QUIETROOM_DATABASE_URL.")
    if not known(manifest.migration):
        raise Unsafe(f"{source} was made by a newer version ({manifest.version}). Install that one, then restore.")
    if missing := sorted(set(manifest.keys) - set(vault.ring.names)):
        raise Unsafe(f"{source} needs {', '.join(missing)}, which this key ring lacks. Give the ring that belongs to it.")
    return manifest


def _refuse_full(settings: Settings) -> None:
    """Nothing is ever written over: a practice, its files, or tables of anybody."""
    if not house.blobs(settings).empty():
        if settings.files:
            raise Unsafe("The bucket holds files. Name an empty one, or another folder in it, with QUIETROOM_FILES.")
        raise Unsafe(f"{settings.data / FILES} holds files. Move the data folder away, or name an empty one with QUIETROOM_DATA.")
    if settings.embedded and not _file(settings).exists():
        return
    engine = writing_engine(settings.database)
    try:
        if settings.embedded:
            full = not empty(engine)
        else:
            with engine.connect() as connection:
                full = bool(inspect(connection).get_table_names())
    finally:
        engine.dispose()
    if full:
        raise Unsafe("The database is not empty, and nothing is written over. Name an empty one, or move the data folder away.")


def _file(settings: Settings) -> Path:
    return Path(make_url(settings.database).database or "")


def _put_back(settings: Settings, source: Path, manifest: Manifest) -> str:
    through, lines = _deleted(settings, manifest)
    staged = _staged(settings)
    with house.blobs(settings).filling() as put:
        for place in backups.stored(manifest):
            put(Path(place).stem, source / FILES / place)
        load(staged.database, source / DATABASE)
        _bring_up(staged)
        with asking(staged) as ask:
            refuse_wrong_keys(ask, house.open_vault(settings))
        with Hands(staged) as hands:
            promise = _promise(through, _delete_again(hands, manifest.made_at, lines))
            hands.do(renew_epoch, None, f"of {time_of(manifest.made_at)}")
    if settings.embedded:
        _move_in(_file(staged), _file(settings))
    return promise


def _deleted(settings: Settings, manifest: Manifest) -> tuple[int | None, list[Line]]:
    """Up to when the ledger is complete, and what it holds; read before anything is written, for it may be refused."""
    if not settings.ledger:
        return None, []
    found = house.ledger(settings, _vault(settings))
    return found.through(), list(found.since(manifest.made_at - DAY))


def _delete_again(hands: Hands, made_at: int, lines: list[Line]) -> int:
    """Carry out what the ledger says. An id means the same in all that this backup went on to be; what was lost before it was
    made, by restoring an older one, may have used it for something else."""
    with asking(hands.settings) as ask:
        own = ask(epoch)
    wanted = [line for line in lines if line.epoch == own or line.at > made_at]
    return sum(hands.do(delete_again, None, wanted[at : at + STEP]) for at in range(0, len(wanted), STEP))


def _promise(through: int | None, count: int) -> str:
    if through is None:
        return "what was deleted for good since then is there again (no QUIETROOM_LEDGER is set)."
    later = f"what was deleted for good after {time_of(through)}, where the ledger ends, is there again."
    again = "1 deletion since then was" if count == 1 else f"{count} deletions since then were"
    return f"{again} carried out again; {later}"


def _staged(settings: Settings) -> Settings:
    """Where the database is made ready: on SQLite a file beside its place, which is taken when all is done."""
    if not settings.embedded:
        return settings
    name = _file(settings).with_name(f"{_file(settings).name}.restoring")
    _remove(name)
    staged = settings.model_copy(update={"database_url": f"sqlite:///{name}"})
    prepare_folder(staged)
    return staged


def _bring_up(settings: Settings) -> None:
    engine = writing_engine(settings.database)
    try:
        bring_up(engine)
    finally:
        engine.dispose()


def _move_in(ready: Path, place: Path) -> None:
    settle(ready)
    _remove(place)
    ready.rename(place)
    descriptor = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(name: Path) -> None:
    for end in ("", "-wal", "-shm"):
        name.with_name(name.name + end).unlink(missing_ok=True)
