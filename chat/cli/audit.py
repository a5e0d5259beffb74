"""`quietroom audit`: whether the audit trail is as it was written."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from chat import house
from chat.cli.tools import asking, time_of
from chat.lib.clock import now
from chat.queries.chains import NOBODY, Walk, headless, heads, late
from chat.settings import Settings

Ask = Callable[..., Any]


@click.group()
def audit() -> None:
    """The audit trail: who did what, to whose record, when and from where."""


@audit.command(name="heads")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
def heads_(file: Path | None) -> None:
    """Write down how far each chain goes: to the end of FILE, or to the terminal. Keep it where the server cannot write."""
    with asking(Settings()) as ask:
        lines = [f"{time_of(now())} {one.organization} {one.place} {one.chain.hex()}" for one in ask(heads) if one.place]
    if file is None:
        for line in lines:
            click.echo(line)
        return
    with file.open("a", encoding="ascii") as out:
        out.writelines(f"{line}\n" for line in lines)
    click.echo(f"{len(lines)} heads were added to {file}.")


@audit.command()
@click.option("--heads", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Heads written down before.")
def verify(file: Path | None) -> None:
    """Look for an entry that was changed, moved, removed or cut off; the first bad one of each practice is named."""
    settings = Settings()
    key = house.audit_key(house.open_vault(settings))
    known = _read(file) if file else {}
    with asking(settings) as ask:
        problems, checked = _check(ask, key, known)
    for problem in problems:
        click.echo(f"✗ {problem}")
    if problems:
        sys.exit(1)
    click.echo(f"✓ {checked} entries of the audit trail are as they were written.")


def _check(ask: Ask, key: bytes, known: dict[int, dict[int, bytes]]) -> tuple[list[str], int]:
    # The heads first: what is appended while this looks lies beyond them.
    ends = {one.organization: one for one in ask(heads)}
    problems = [f"{_practice(one)}: the head of the chain is gone." for one in ask(headless)]
    checked = 0
    for number in sorted(ends.keys() | known.keys()):
        given = dict(known.get(number, {}))
        if number in ends and ends[number].place:
            given.setdefault(ends[number].place, ends[number].chain)
        walk = Walk(number, key, given)
        while ask(walk.step):
            pass
        checked += walk.place
        problems += [f"{_practice(number)}: {walk.fault}"] if walk.fault else []
    return problems + _late(ask), checked


def _late(ask: Ask) -> list[str]:
    found = ask(late)
    if found is None:
        return []
    count, first, since = found
    wait = f"{count} entries wait for their place in the chain since {time_of(since)} (the first is row {first})"
    return [f"{wait}. Is a worker running?"]


def _read(file: Path) -> dict[int, dict[int, bytes]]:
    found: dict[int, dict[int, bytes]] = defaultdict(dict)
    for number, line in enumerate(file.read_text("ascii").splitlines(), 1):
        try:
            _, organization, place, chain = line.split()
            found[int(organization)][int(place)] = bytes.fromhex(chain)
        except ValueError as error:
            raise click.ClickException(
                f"Line {number} of {file} is not a head. It is made by `quietroom audit heads`."
            ) from error
    return found


def _practice(number: int) -> str:
    return "What belongs to no practice" if number == NOBODY else f"Practice {number}"
