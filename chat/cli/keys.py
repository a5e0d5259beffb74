"""`quietroom keys`: the key ring."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import click

from chat import house
from chat.actions.keys import note_rotation, rewrap
from chat.cli.tools import Hands, asking
from chat.queries.installation import mark
from chat.queries.keys import check as check_page
from chat.queries.keys import unopened, uses
from chat.settings import Settings, Unsafe


@click.group()
def keys() -> None:
    """The key ring that everything stored is sealed with."""


@keys.command()
def make() -> None:
    """Print a new key ring, for QUIETROOM_KEYS_FILE or QUIETROOM_KEYS. Keep a copy apart from the database."""
    click.echo(house.make_keys(), nl=False)


@keys.command(name="list")
def list_() -> None:
    """Show the keys of the ring by name, how many data keys each wraps, and which one writes."""
    settings = Settings()
    ring = house.open_vault(settings).ring
    with asking(settings) as ask:
        counts: dict[str, int] = ask(uses)
    for name in [*ring.names, *sorted(counts.keys() - set(ring.names))]:
        state = "missing from this ring" if name not in ring.names else "writes" if name == ring.current else "reads"
        click.echo(f"{name}\t{counts.get(name, 0)} data keys\t{state}")


@keys.command()
def check() -> None:
    """Try every data key of the database with this key ring."""
    settings = Settings()
    with asking(settings) as ask:
        wrong = wrong_id(ask, house.open_vault(settings))
        count, bad = _check(ask)
    for trouble in [*wrong, *(f"Data key {number}: {trouble}" for number, trouble in bad)]:
        click.echo(f"✗ {trouble}")
    if bad or wrong:
        sys.exit(1)
    click.echo(f"✓ All {count} data keys open under this key ring.")


@keys.command()
def rotate() -> None:
    """Wrap every data key by the key that writes (the last one named), beside running servers; cut off, run it again."""
    with Hands() as hands:
        with asking(hands.settings) as ask:
            counts: dict[str, int] = ask(uses)
            vault = house.open_vault(hands.settings)
            refuse_wrong_keys(ask, vault)
        current = vault.ring.current
        total = sum(count for name, count in counts.items() if name != current)
        done = _rewrap(hands, total)
        if done:
            hands.do(note_rotation, None, done)
    click.echo(f"All data keys are wrapped by {current} now. Take the others off every ring when `quietroom keys list` shows 0.")


def wrong_id(ask: Callable[..., Any], vault: house.Vault) -> list[str]:
    """What is to be said if the database was begun under another `id` key."""
    if ask(mark) in {"", house.mark(vault)}:
        return []
    return ["The `id` key of this ring is not this database's: no address, link or audit entry would be right. Use its own ring."]


def refuse_wrong_keys(ask: Callable[..., Any], vault: house.Vault) -> None:
    """Unsafe, with a sentence, if the database holds what this key ring cannot open, or has another `id` key."""
    for trouble in wrong_id(ask, vault):
        raise Unsafe(f"{trouble} Nothing was changed.")
    if names := ask(unopened):
        raise Unsafe(
            f"This key ring does not open what the database holds under {', '.join(names)}. "
            "Use the ring that belongs to this database; nothing was changed."
        )


def _rewrap(hands: Hands, total: int) -> int:
    done, after = 0, 0
    while True:
        step = hands.do(rewrap, None, after)
        if step.last is None:
            return done
        done, after = done + step.count, step.last
        click.echo(f"{done} of {total} data keys", err=True)


def _check(ask: Callable[..., Any]) -> tuple[int, list[tuple[int, str]]]:
    count, bad, after = 0, [], 0
    while True:
        page = ask(check_page, after)
        count += page.tried
        bad += page.bad
        if page.last is None:
            return count, bad
        after = page.last
