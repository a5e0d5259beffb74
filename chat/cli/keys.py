"""`quietroom keys`: the key ring."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import click

from chat import house
from chat.actions.keys import note_rotation, rewrap
from chat.cli.tools import Hands, asking
from chat.lib.clock import DAY, now
from chat.lib.crypto import KeyRing, begins
from chat.queries.installation import mark
from chat.queries.keys import check as check_page
from chat.queries.keys import unopened, uses
from chat.settings import Settings, Unsafe


@click.group()
def keys() -> None:
    """The key ring that everything stored is sealed with."""


@keys.command()
@click.option("--ahead", type=click.IntRange(1, 520), help="Make so many keys that take turns, QUIETROOM_KEY_DAYS days each.")
def make(ahead: int | None) -> None:
    """Print a new key ring, for QUIETROOM_KEYS_FILE or QUIETROOM_KEYS. Keep a copy apart from the database."""
    names = ("id", *house.days_from(now(), ahead, _days(Settings()))) if ahead else ()
    click.echo(house.make_keys(*names), nl=False)


@keys.command()
@click.option("--ahead", type=click.IntRange(1, 520), default=52, show_default=True, help="So many.")
def more(ahead: int) -> None:
    """Print keys that take turns after those of the ring, QUIETROOM_KEY_DAYS days each. Add them to the end of every ring, and to
    the copy of it, before the first of them begins."""
    settings = Settings()
    last = max(map(begins, house.open_vault(settings).ring.names))
    first = max(last, now()) + _days(settings) * DAY
    click.echo(house.make_keys(*house.days_from(first, ahead, _days(settings))), nl=False)


@keys.command()
def drop() -> None:
    """Take keys off the file of the ring whose days are over and that wrap nothing any more. What was erased while they wrote
    is then unreadable for whoever has the ring. Older backups need them: a copy is kept apart until those have expired."""
    settings = Settings()
    ring = house.open_vault(settings).ring
    with asking(settings) as ask:
        refuse_wrong_keys(ask, house.open_vault(settings))
        counts: dict[str, int] = ask(uses)
    spent = [] if now() - begins(ring.current) < DAY else [name for name in ring.names if begins(name) < begins(ring.current)]
    for name in (name for name in spent if counts.get(name)):
        click.echo(f"{name} still wraps {counts[name]} data keys. Run `quietroom keys rotate` first.")
    names = {name for name in spent if not counts.get(name)}
    if not names:
        click.echo("No key was taken off: none is spent for a day or longer.")
        return
    house.drop_keys(settings, names)
    click.echo(f"{', '.join(sorted(names))} taken off. Restart every process that was started with it.")


def _days(settings: Settings) -> int:
    if not settings.key_days:
        raise Unsafe("QUIETROOM_KEY_DAYS is 0: keys do not take turns by themselves here.")
    return settings.key_days


@keys.command(name="list")
def list_() -> None:
    """Show the keys of the ring by name, how many data keys each wraps, and which one writes."""
    settings = Settings()
    ring = house.open_vault(settings).ring
    with asking(settings) as ask:
        counts: dict[str, int] = ask(uses)
    for name in [*ring.names, *sorted(counts.keys() - set(ring.names))]:
        click.echo(f"{name}\t{counts.get(name, 0)} data keys\t{_state(ring, name)}")


def _state(ring: KeyRing, name: str) -> str:
    if name not in ring.names:
        return "missing from this ring"
    return "writes" if name == ring.current else "writes later" if begins(name) > now() else "reads"


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
