"""Everything that the audit trail notes has plain words."""

import ast
from pathlib import Path

from chat.queries.audit_words import ACTIONS, KINDS, of_kind, said


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
