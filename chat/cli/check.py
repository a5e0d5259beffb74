"""`quietroom check`: whether all that is stored is as it was written."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import click

from chat import house
from chat.cli.keys import refuse_wrong_keys
from chat.cli.tools import asking
from chat.lib.blobs import Damaged, Storage, Unreachable
from chat.queries.stored import SHELVES, File, file_names, look
from chat.settings import Settings


@click.command()
def check() -> None:
    """Open every sealed value and read every file, beside running servers, and name what was altered, moved, cut or is missing.
    Nothing is changed: what is named can be brought back from a backup. Files that belong to nothing are named, too."""
    settings = Settings()
    blobs = house.blobs(settings)
    with asking(settings) as ask:
        refuse_wrong_keys(ask, house.open_vault(settings))
        try:
            stood = set(blobs.names())
            tried, files, bad = _walk(ask, blobs)
            # Listed before, so that no upload since is meant, and after, so that none that was given up meanwhile is.
            nobodys = (stood - ask(file_names)) & set(blobs.names())
        except Unreachable as error:
            raise click.ClickException(f"Files: {error}. Look at QUIETROOM_FILES, _KEY and _SECRET.") from error
    for line in bad:
        click.echo(f"✗ {line}")
    for name in sorted(nobodys):
        click.echo(f"! {name} belongs to nothing: an upload broke off, or still runs. Nobody has its key; it can be removed.")
    if bad:
        sys.exit(1)
    click.echo(f"✓ {tried} sealed values and {files} files are as they were written.")


def _walk(ask: Callable[..., Any], blobs: Storage) -> tuple[int, int, list[str]]:
    tried, bad = 0, list[str]()
    seen: set[str] = set()
    for shelf in SHELVES:
        after = None
        while True:
            page = ask(look, shelf, after)
            tried += page.tried
            bad += [f"{place}: {why}" for place, why in page.bad]
            for file in page.files:
                if file.storage not in seen:
                    seen.add(file.storage)
                    bad += _read(blobs, file)
            if page.last is None:
                break
            after = page.last
    return tried, len(seen), bad


def _read(blobs: Storage, file: File) -> list[str]:
    try:
        for _ in blobs.get(file.storage, file.key):
            pass
    except Unreachable:
        raise  # it says nothing of the file
    except (Damaged, OSError) as error:
        return [f"{file.place}: {error}"]
    return []
