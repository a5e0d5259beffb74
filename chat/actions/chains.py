"""Lengthening the chains of the audit trail; sends never touch their heads."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Executable, Text, and_, or_, update

from chat.lib import chains
from chat.lib.clock import SECOND
from chat.lib.sql import Changes, Rows, Sets, Statement, parameter
from chat.queries.chains import AUDIT, HEADS, Links
from chat.transaction import Transaction

LEASE = 10 * SECOND


def _move(_: Sets) -> Executable:
    mine = or_(HEADS.c.holder == parameter("holder", Text()), HEADS.c.held_until < parameter("now"))
    same = and_(HEADS.c.organization_id == parameter("organization"), HEADS.c.place == parameter("after"), mine)
    values = {
        "place": parameter("to"), "chain": parameter("link", HEADS.c.chain.type),
        "holder": parameter("holder", Text()), "held_until": parameter("until"),
    }  # fmt: skip
    return update(HEADS).values(values).where(same).returning(HEADS.c.organization_id)


MOVE = Statement(_move)
BEGIN = Rows(HEADS, ("organization_id", "place", "chain", "holder", "held_until"), skip_existing=True)
PLACE = Changes(AUDIT, ("id",), ("place", "chain"))


def append(tx: Transaction, what: Sequence[Links]) -> int:
    """Give rows their places; the answer is how many. A chain that another process lengthened meanwhile, or holds, is left."""
    tx.write(BEGIN, [(one.organization, 0, chains.START, "", 0) for one in what if one.after == 0])
    placed: list[tuple[int, int, bytes]] = []
    for one in what:
        _, last, link = one.rows[-1]
        until = tx.now + LEASE
        if tx.rows(
            MOVE, organization=one.organization, after=one.after, holder=one.holder, now=tx.now, to=last, link=link, until=until
        ):
            placed += one.rows
    tx.write(PLACE, placed)
    return len(placed)
