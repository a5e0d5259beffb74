"""The one table of commands, served by the socket and by POST /api/<name>. Each noun's file brings its rows."""

from __future__ import annotations

from typing import Any

from chat.errors import Invalid, NotFound
from chat.lib import metrics
from chat.lib.sentences import Sentence
from chat.transaction import Who
from chat.web import (
    alerts,
    attachments,
    away,
    clients,
    contact_logs,
    contacts,
    conversations,
    drafts,
    holds,
    mailboxes,
    mass_messages,
    messages,
    organizations,
    people,
    push,
    sessions,
    staff,
    totp,
)
from chat.web.answers import error_view
from chat.web.command import Command
from chat.web.desk import Desk
from chat.web.inputs import parse

NOUNS = (
    *(messages, mailboxes, drafts, conversations, people, clients, contacts, staff, organizations),
    *(sessions, totp, attachments, contact_logs, holds, mass_messages, away, alerts, push),
)
COMMANDS: dict[str, Command] = {command.name: command for noun in NOUNS for command in noun.COMMANDS}


def prepared(desk: Desk, who: Who, name: str, fields: dict[str, Any]) -> tuple[Command, Any]:
    """The command and what its action or question takes. Permission is decided before fields are looked at."""
    command = COMMANDS.get(name)
    if command is None:
        raise Invalid(Sentence("There is no command “{name}”.", name=name[:40]))
    if who.role not in command.may or (who.scope is not None and not command.quick_link):
        raise NotFound
    if command.letter:
        desk.paces.sends.take(who.person)
    if not command.keyed:
        # On the socket every command has a key, to tell its answer by.
        fields = {key: value for key, value in fields.items() if key != "key"}
    return command, command.build(parse(command.input, fields, desk.wire.ids))


async def carry_out(desk: Desk, who: Who, name: str, fields: dict[str, Any]) -> Any:
    """Carry out a command and return its wire result."""
    try:
        command, what = prepared(desk, who, name, fields)
        if command.action is not None:
            result = await desk.runtime.perform(command.action, who, what)
        else:
            result = await answered(desk, who, command, what)
        shown = command.view(desk.wire, result)
    except Exception as error:
        count(name, error)
        raise
    count(name)
    return shown


async def answered(desk: Desk, who: Who, command: Command, what: Any) -> Any:
    """The result of a command that reads."""
    if command.question is None:
        raise LookupError(f"The command {command.name} has neither action nor question.")
    return await desk.runtime.ask(command.question, *(what if isinstance(what, tuple) else (what,)), who=who)


def count(name: str, error: Exception | None = None) -> None:
    """Note a command that was carried out, or refused."""
    metrics.command(name if name in COMMANDS else "unknown", error_view(error)[1]["code"] if error else "done")
