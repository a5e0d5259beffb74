"""The installation: what becomes of a database that was restored."""

from __future__ import annotations

import secrets

from sqlalchemy import Text, update

from chat.lib.sql import Statement, parameter
from chat.models import Installation
from chat.models.columns import table
from chat.transaction import Transaction

RENEW = Statement(lambda _: update(table(Installation)).values(epoch=parameter("epoch", Text())))


def renew_epoch(tx: Transaction, restored: str) -> None:
    """Every cursor that browsers hold becomes worthless, so that they load anew; `restored` says of what, for the record."""
    tx.rows(RENEW, epoch=secrets.token_hex(4))
    tx.audit("restore", address="command line", details=restored)
