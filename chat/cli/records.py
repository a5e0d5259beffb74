"""`quietroom records`: a client's whole record, also what nobody has in a mailbox any more; on record in the history."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from typing import Any

import click

from chat import house
from chat.actions.views import note_record_export
from chat.cli.tools import Hands, asking
from chat.lib.archives import safe_name
from chat.lib.blobs import Storage, Unreachable
from chat.lib.crypto import Unreadable
from chat.models.people import Role
from chat.printing import Printer, PrintFailed
from chat.printing.bundles import Bundle, Source
from chat.printing.communications import Outer
from chat.queries import records as questions
from chat.queries.attachments import Fetch, fetch_for_house
from chat.queries.prints import PrintedConversation, PrintedStep
from chat.queries.records import Found
from chat.transaction import Who

Ask = Callable[..., Any]


@click.group()
def records() -> None:
    """What the practice holds of a client."""


@records.command()
@click.argument("client", nargs=-1, required=True)
@click.option("--organization", default="", help="Only in this practice, by its name.")
@click.option("--born", default="", help="Of several with this name the one born on this day, as in 1994-03-04.")
@click.option("--to", "folder", type=click.Path(file_okay=False, path_type=Path), default=Path(), show_default="this folder")
def export(client: tuple[str, ...], organization: str, born: str, folder: Path) -> None:
    """Write the whole record of each CLIENT (username, email address or full name) to a ZIP file in a folder.

    Every conversation with its files, deleted ones that are kept included, and the contact log. The files are not
    encrypted: keep them where only those may read them who should. The practice's administrators see it in their history.
    """
    with Hands() as hands, asking(hands.settings) as ask:
        found = [_one(ask(questions.find, word), word, organization, born) for word in client]
        folder.mkdir(parents=True, exist_ok=True)
        for one in found:
            path = _path(folder, one)
            # The operator acts for the practice: with the rights of an administrator, and on record as the house.
            hands.do(note_record_export, _office(one), one.id)
            asyncio.run(_write(path, house.blobs(hands.settings), hands.vault.ids.outer, ask, one))
            click.echo(f"{one.name}: {path}")


def _one(found: list[Found], word: str, organization: str, born: str) -> Found:
    left = [one for one in found if organization in {"", one.practice} and born in {"", one.born}]
    if not left:
        raise click.ClickException(f"No client has the username, email address or name {word}.")
    if len(left) > 1:
        choices = "; ".join(f"born {one.born or 'unknown'} at {one.practice}" for one in left)
        raise click.ClickException(f"{word} may be several clients ({choices}). Say which by --born and --organization.")
    return left[0]


def _path(folder: Path, client: Found) -> Path:
    path = folder / f"record-{safe_name(client.name)}-{client.id}.zip"
    if path.exists():
        raise click.ClickException(f"{path} is there already. Move it away first.")
    return path


def _office(client: Found) -> Who:
    return Who(0, client.organization, Role.ADMINISTRATOR, address="command line")


async def _write(path: Path, blobs: Storage, outer: Outer, ask: Ask, client: Found) -> None:
    """Whole or not at all: it has its name when it is finished."""
    half, printer = path.with_suffix(".part"), Printer()
    try:
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            bundle = Bundle(printer, blobs, ask(questions.record_head, client), _source(ask, client), outer)
            async for piece in bundle.pieces(_contact_log(ask, printer, client)):
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        half.rename(path)
    except PrintFailed as failure:
        raise click.ClickException(failure.message) from failure
    except Unreachable as error:
        raise click.ClickException(f"Files: {error}. Look at QUIETROOM_FILES, _KEY and _SECRET.") from error
    except Unreadable as error:
        raise click.ClickException(
            f"{error} `quietroom check` says what is damaged; a backup has it. Nothing was exported."
        ) from error
    finally:
        half.unlink(missing_ok=True)
        await printer.close()


def _source(ask: Ask, client: Found) -> Source:
    async def talks() -> AsyncIterator[PrintedConversation]:
        after = 0
        while page := ask(questions.record_conversations, client.id, after):
            for talk in page:
                yield talk
            after = page[-1]["id"]

    async def messages(talk: PrintedConversation, after: int) -> PrintedStep:
        step: PrintedStep = ask(questions.record_messages, talk["id"], after)
        return step

    async def file(number: int) -> Fetch | None:
        found: Fetch | None = ask(fetch_for_house, number)
        return found

    return Source(talks(), messages, file)


async def _contact_log(ask: Ask, printer: Printer, client: Found) -> AsyncIterator[tuple[str, bytes]]:
    """The contact log as a PDF, if there is one."""
    entries = partial(ask, questions.record_log, client.id)
    if not entries(None)[0]:
        return

    async def steps() -> AsyncIterator[dict[str, Any]]:
        before: int | None = None
        while True:
            rows, before = entries(before)
            yield {"add": rows}
            if before is None:
                return

    yield "contact-log.pdf", await printer.contact_log(ask(questions.record_log_head, client), steps())
