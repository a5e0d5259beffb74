"""`quietroom check`: whether all that is stored is as it was written."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import click

from chat import house
from chat.cli.keys import refuse_wrong_keys
from chat.cli.tools import asking
from chat.lib.blobs import Blobs, Damaged
from chat.queries.stored import SHELVES, File, look
from chat.settings import Settings


@click.command()
def check() -> None:
    """Open every sealed value and read every file, beside running servers, and name what was altered, moved, cut or is missing.
    Nothing is changed: what is named can be brought back from a backup."""
    settings = Settings()
    with asking(settings) as ask:
        refuse_wrong_keys(ask, house.open_vault(settings))
        tried, files, bad = _walk(ask, house.blobs(settings))
    for line in bad:
        click.echo(f"✗ {line}")
    if bad:
        sys.exit(1)
    click.echo(f"✓ {tried} sealed values and {files} files are as they were written.")


def _walk(ask: Callable[..., Any], blobs: Blobs) -> tuple[int, int, list[str]]:
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


def _read(blobs: Blobs, file: File) -> list[str]:
    try:
        for _ in blobs.get(file.storage, file.key):
            pass
    except (Damaged, OSError) as error:
        return [f"{file.place}: {error}"]
    return []
