"""`quietroom keys`: the key ring."""

from __future__ import annotations

import click

from chat import house


@click.group()
def keys() -> None:
    """The key ring that everything stored is sealed with."""


@keys.command()
def make() -> None:
    """Print a new key ring, for QUIETROOM_KEYS_FILE or QUIETROOM_KEYS. Keep a copy apart from the database."""
    click.echo(house.make_keys(), nl=False)
