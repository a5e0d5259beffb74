"""Everything that the audit trail notes has plain words."""

import ast
from pathlib import Path

import pytest

from chat.lib.languages import said as in_language
from chat.queries.audit_words import ACTIONS, KINDS, detailed, of_kind, said


def noted() -> set[str]:
    """Every action that the code notes, as far as it stands there in words."""
    trees = (ast.parse(path.read_text()) for path in (Path(__file__).parents[2] / "chat").rglob("*.py"))
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    first = [call.args[0] for call in calls if getattr(call.func, "attr", getattr(call.func, "id", "")) in {"audit", "Export"}]
    told = [leaf for node in first for leaf in ((node.body, node.orelse) if isinstance(node, ast.IfExp) else (node,))]
    return {leaf.value for leaf in told if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str)}


def test_every_action_has_its_words_and_every_kind_its_actions() -> None:
    assert {"view", "send_message", "print", "export_contact_log"} <= noted(), "or the actions are no longer found"
    assert noted() - set(ACTIONS) == set(), "say in chat/queries/audit_words.py what this is called on screen"
    assert {one.kind for one in ACTIONS.values()} == set(KINDS)
    assert all(of_kind(kind) for kind in KINDS)
    assert said("brew_tea").words == "Brew tea"


@pytest.mark.parametrize(
    ("details", "spanish"),
    [
        ("", ""),
        ("off", "desactivado"),
        ("image/png", "image/png"),
        ("1 clients", "1 cliente"),
        ("12 clients", "12 clientes"),
        ("2026-03-01 to 2026-03-09", "del 2026-03-01 al 2026-03-09"),
        (
            "messaging on, nothing is deleted for good, messages are kept for at least 3 years",
            "mensajería activada, nada se elimina definitivamente, los mensajes se conservan al menos 3 años",
        ),
    ],
)
def test_what_was_written_down_behind_an_action_can_be_said_in_another_language(details: str, spanish: str) -> None:
    assert in_language(detailed(details), "es") == spanish
    assert detailed(details) == details.replace("1 clients", "1 client")
