"""`quietroom people`: what an operator needs without a browser, through the same actions as the pages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click
from sqlalchemy import select

from chat.access import ORGANIZATIONS, PEOPLE
from chat.actions import people as actions
from chat.actions.invitations import check_password, checked_username
from chat.actions.passwords import NewPassword, change_password
from chat.actions.sessions import end_all_sessions
from chat.actions.staff import Deactivate, checked_email
from chat.actions.standing import deactivate
from chat.cli.tools import Hands, looking
from chat.lib import passwords
from chat.lib.words import username as folded_username
from chat.models.people import Role
from chat.settings import Settings
from chat.transaction import Transaction, Who


@click.group()
def people() -> None:
    """Who can sign in."""


@people.command(name="list")
@click.option("--organization", default="", help="Only of this practice.")
def list_(organization: str) -> None:
    """Show everybody: username, name, role, practice, and whether they are active."""
    names = (PEOPLE.c.username, PEOPLE.c.name, PEOPLE.c.role, PEOPLE.c.active)
    rows = select(*names, ORGANIZATIONS.c.name.label("practice")).join(
        ORGANIZATIONS, ORGANIZATIONS.c.id == PEOPLE.c.organization_id
    )
    rows = (rows.where(ORGANIZATIONS.c.name == organization) if organization else rows).order_by(PEOPLE.c.id)
    with looking(Settings()) as connection:
        for row in connection.execute(rows):
            click.echo("\t".join((row.username or "-", row.name, row.role, row.practice, "active" if row.active else "inactive")))


@people.command()
@click.argument("username")
@click.option("--name", required=True)
@click.option("--role", type=click.Choice([Role.ADMINISTRATOR.value, Role.THERAPIST.value]), required=True)
@click.option("--organization", required=True, help="The practice's name.")
@click.option("--email", default=None)
@click.password_option()
def add(username: str, name: str, role: str, organization: str, email: str | None, password: str) -> None:
    """Add a member of staff who can sign in at once."""
    with Hands() as hands:
        check_password(password, username)
        number = _organization(hands, organization)
        new = actions.NewPerson(number, role, name, username, passwords.hashed(password), email, in_portal=True)
        hands.do(_add, None, new)
    click.echo(f"{username} can sign in.")


@people.command()
@click.argument("username")
@click.option("--successor", default=None, help="Username of who takes over the clients.")
@click.option("--history", is_flag=True, help="The successor may read what was written before.")
def disable(username: str, successor: str | None, history: bool) -> None:
    """Put somebody out at once: their sessions end within five seconds, also on running servers."""
    with Hands() as hands:
        person, who = _person(hands, username)
        after = _person(hands, successor)[0] if successor else None
        # The operator acts for the practice: with the rights of an administrator, and on record as the house.
        office = Who(0, who.organization, Role.ADMINISTRATOR, address="command line")
        hands.do(deactivate, office, Deactivate(person, after, history))
    click.echo(f"{username} is out.")


@people.command(name="reset-password")
@click.argument("username")
@click.password_option()
def reset_password(username: str, password: str) -> None:
    """Give somebody a new password; all their sessions end."""
    with Hands() as hands:
        check_password(password, username)
        _, who = _person(hands, username)
        hands.do(change_password, who, NewPassword(passwords.hashed(password)))
    click.echo(f"{username} has a new password.")


@people.command(name="end-sessions")
@click.argument("username")
def end_sessions(username: str) -> None:
    """Sign somebody out everywhere."""
    with Hands() as hands:
        person, who = _person(hands, username)
        ended = hands.do(lambda tx, _: end_all_sessions(tx, [person], "ended"), who)
    click.echo(f"{ended} sessions ended.")


def _add(tx: Transaction, what: actions.NewPerson) -> int:
    username = checked_username(tx, 0, what.username)
    email = checked_email(what.email) if what.email else None
    return actions.add_person(tx, replace(what, name=actions.check_name(what.name), username=username, email=email))


def _person(hands: Hands, username: str) -> tuple[int, Who]:
    row = _one(
        hands, select(PEOPLE.c.id, PEOPLE.c.organization_id, PEOPLE.c.role).where(PEOPLE.c.username == folded_username(username))
    )
    if row is None:
        raise click.ClickException(f"Nobody has the username {username}.")
    return row[0], Who(row[0], row[1], row[2], address="command line")


def _organization(hands: Hands, name: str) -> int:
    row = _one(hands, select(ORGANIZATIONS.c.id).where(ORGANIZATIONS.c.name == name))
    if row is None:
        raise click.ClickException(f"There is no practice called {name}.")
    return int(row[0])


def _one(hands: Hands, statement: Any) -> Any:
    with looking(hands.settings) as connection:
        return connection.execute(statement).first()
