"""The kinds of alerts: who decides at the last moment, and makes what the mail needs. The template is the letter's own."""

from __future__ import annotations

from collections.abc import Callable

from chat.actions.alerts import Handing
from chat.actions.letters import (
    Letter,
    prepare_email_changed,
    prepare_fresh_link,
    prepare_invitation,
    prepare_message,
    prepare_not_read,
    prepare_password_reset,
)
from chat.transaction import Transaction

Prepare = Callable[[Transaction, Handing], Letter | None]

#: kind → the action that decides anew and mints; an alert of any other kind fails and is shown so.
KINDS: dict[str, Prepare] = {
    "message": prepare_message,
    "not_read": prepare_not_read,
    "fresh_link": prepare_fresh_link,
    "invitation": prepare_invitation,
    "password_reset": prepare_password_reset,
    "email_changed": prepare_email_changed,
}
