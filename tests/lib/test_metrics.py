"""Commands are counted by name and outcome."""

from chat.lib import metrics


def counted(name: str, outcome: str) -> float:
    """How many there were, 0 if none."""
    return metrics.REGISTRY.get_sample_value("quietroom_commands_total", {"command": name, "outcome": outcome}) or 0.0


def test_a_command_is_counted_under_its_name_and_what_came_of_it() -> None:
    before = counted("send_message", "done"), counted("send_message", "not_found")
    for _ in range(2):
        metrics.command("send_message", "done")
    metrics.command("send_message", "not_found")
    assert (counted("send_message", "done"), counted("send_message", "not_found")) == (before[0] + 2, before[1] + 1)
    assert "quietroom_commands_total" in metrics.generate_latest(metrics.REGISTRY).decode()
