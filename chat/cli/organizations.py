"""`quietroom organizations` and `quietroom setup`."""

from __future__ import annotations

import click
from sqlalchemy import select

from chat.access import ORGANIZATIONS
from chat.actions import organizations
from chat.actions.invitations import check_password
from chat.actions.setup import SetUp, set_up
from chat.cli.tools import Hands, looking
from chat.lib import passwords
from chat.settings import Settings


@click.group(name="organizations")
def group() -> None:
    """The practices of this installation."""


@group.command(name="list")
def list_() -> None:
    """Show every practice."""
    with looking(Settings()) as connection:
        for row in connection.execute(select(ORGANIZATIONS.c.name, ORGANIZATIONS.c.time_zone, ORGANIZATIONS.c.messaging_enabled)):
            click.echo(f"{row.name}\t{row.time_zone}\tmessaging {'on' if row.messaging_enabled else 'off'}")


@group.command()
@click.argument("name")
@click.option("--time-zone", default="UTC", show_default=True)
def add(name: str, time_zone: str) -> None:
    """Add a practice; add its first administrator with `quietroom people add`."""
    with Hands() as hands:
        with looking(hands.settings) as connection:
            if connection.execute(select(ORGANIZATIONS.c.id).where(ORGANIZATIONS.c.name == name)).first():
                raise click.ClickException(f"{name} is there already. The words of the command line know a practice by its name.")
        hands.do(organizations.found_organization, None, organizations.Found(name, time_zone))
    click.echo(f"{name} is there.")


@click.command()
@click.option("--organization", prompt="Name of the practice")
@click.option("--time-zone", prompt="Time zone", default="America/New_York")
@click.option("--name", prompt="Your name")
@click.option("--username", prompt="Choose a username")
@click.password_option("--password", prompt="Choose a password")
@click.option("--email", prompt="Your email address", default="")
@click.option("--messaging/--no-messaging", prompt="Turn secure messaging on for the practice now?", default=False)
def setup(*, organization: str, time_zone: str, name: str, username: str, password: str, email: str, messaging: bool) -> None:
    """Set up an empty installation: the practice and its first administrator."""
    with Hands() as hands:
        check_password(password, username)
        hands.do(
            set_up, None, SetUp(organization, time_zone, name, username, passwords.hashed(password), email or None, messaging)
        )
    click.echo(f"{organization} is set up. Start `quietroom serve` and sign in as {username}.")
