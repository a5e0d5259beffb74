"""`quietroom audit`: an operator finds out whether anybody touched the audit trail."""

from pathlib import Path

from sqlalchemy import Executable, delete, update

from chat import house
from chat.actions.chains import append
from chat.cli.tools import Hands, asking
from chat.lib import clock
from chat.lib.database import writing_engine
from chat.queries.chains import AUDIT, HEADS, unchained
from chat.settings import Settings
from tests.cli.desk import Desk, desk
from tests.databases import closing_engine
from tests.people import NOON

__all__ = ["desk"]


def chain(desk: Desk) -> None:
    """What the job does."""
    settings = Settings()
    with asking(settings) as ask, Hands() as hands:
        while links := ask(unchained, house.audit_key(house.open_vault(settings)), "test"):
            hands.do(append, None, links)


def tamper(desk: Desk, *statements: Executable) -> None:
    """What somebody with the database does."""
    with closing_engine(writing_engine(desk.address)) as engine, engine.begin() as connection:
        for statement in statements:
            connection.execute(statement)


def bad(desk: Desk, *words: str) -> str:
    """What `verify` says of a bad trail."""
    result = desk.run("audit", "verify", *words)
    assert result.exit_code == 1, result.output
    return result.output


def test_a_trail_as_it_was_written_is_confirmed(desk: Desk, tmp_path: Path) -> None:
    chain(desk)
    desk.done("audit", "heads", str(tmp_path / "heads"))
    assert "entries of the audit trail are as they were written" in desk.done(
        "audit", "verify", "--heads", str(tmp_path / "heads")
    )


def test_the_first_bad_entry_of_a_practice_is_named(desk: Desk) -> None:
    chain(desk)
    tamper(desk, update(AUDIT).values(details="nothing").where(AUDIT.c.organization_id == 1, AUDIT.c.place.in_((3, 5))))
    assert bad(desk).startswith("✗ Practice 1: Entry 3 (row ")


def test_a_practice_whose_whole_trail_is_gone_is_missed_by_heads_kept_elsewhere(desk: Desk, tmp_path: Path) -> None:
    chain(desk)
    file = tmp_path / "heads"
    file.write_text(desk.done("audit", "heads"))
    tamper(desk, delete(AUDIT).where(AUDIT.c.organization_id == 1), delete(HEADS).where(HEADS.c.organization_id == 1))
    desk.done("audit", "verify")
    assert "Practice 1: The entries 1 to " in bad(desk, "--heads", str(file))


def test_a_head_that_is_gone_is_said(desk: Desk) -> None:
    chain(desk)
    tamper(desk, delete(HEADS).where(HEADS.c.organization_id == 1))
    assert "Practice 1: the head of the chain is gone." in bad(desk)


def test_entries_that_nobody_chains_are_said(desk: Desk) -> None:
    with clock.frozen(NOON + 2 * clock.MINUTE):
        words = bad(desk)
    assert "wait for their place in the chain since 2026-03-04T12:00:00Z" in words


def test_a_file_that_holds_no_heads_is_refused_by_line(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "heads").write_text("2026-03-04T12:00:00Z 1 3 ff\nhello\n")
    assert "Line 2 of" in desk.refused("audit", "verify", "--heads", str(tmp_path / "heads"))
