"""The installation: which key it belongs to, and what becomes of a database that was restored."""

from __future__ import annotations

import secrets

from sqlalchemy import Text, update

from chat.lib.sql import Statement, parameter
from chat.models import Installation
from chat.models.columns import table
from chat.transaction import Transaction

_INSTALLATION = table(Installation)
RENEW = Statement(lambda _: update(_INSTALLATION).values(epoch=parameter("epoch", Text())))
_UNMARKED = _INSTALLATION.c.mark == parameter("none", Text())
NOTE = Statement(lambda _: update(_INSTALLATION).values(mark=parameter("mark", Text())).where(_UNMARKED))


def note_mark(tx: Transaction, mark: str) -> None:
    """What was made under this installation's `id` key is kept, so that another one is known for what it is; only once."""
    tx.rows(NOTE, mark=mark, none="")


def renew_epoch(tx: Transaction, restored: str) -> None:
    """Every cursor that browsers hold becomes worthless, so that they load anew; `restored` says of what, for the record."""
    tx.rows(RENEW, epoch=secrets.token_hex(4))
    tx.audit("restore", address="command line", details=restored)
