"""What Prometheus is told, and what nobody else is."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from chat import house, worker
from chat.lib import metrics
from tests.web.doors import Doors, Practice, open_doors

TOKEN = "only-prometheus-knows"
MADE = {name for name in vars(metrics) if name.isupper()} - {"CONTENT_TYPE_LATEST", "REGISTRY"}


def value(name: str, **labels: str) -> float:
    """The figure of a metric at this moment; 0 if it was never counted."""
    registry: CollectorRegistry = metrics.REGISTRY
    return registry.get_sample_value(name, labels) or 0.0


@pytest.mark.parametrize("given", ["", "Bearer ", f"Bearer {TOKEN}x", TOKEN])
async def test_metrics_are_absent_for_whoever_lacks_the_token(practice: Practice, tmp_path: Path, given: str) -> None:
    async with open_doors(practice, tmp_path, metrics_token=TOKEN) as doors:
        answer = await doors.get(practice.cookies["ada"], "/metrics", Authorization=given)
        assert answer.status_code == 404
        assert b"quietroom" not in answer.content


async def test_without_a_token_in_the_settings_there_are_none(doors: Doors) -> None:
    assert (await doors.get(None, "/metrics", Authorization="Bearer ")).status_code == 404


async def test_prometheus_understands_what_it_is_told_and_learns_of_nobody(practice: Practice, tmp_path: Path) -> None:
    async with open_doors(practice, tmp_path, metrics_token=TOKEN) as doors:
        body = {"key": str(uuid.uuid4()), "to": [doors.person("dana")], "body": "A word of comfort."}
        await doors.post(practice.cookies["ben"], "send_message", body)
        answer = await doors.get(None, "/metrics", Authorization=f"Bearer {TOKEN}")
        assert answer.status_code == 200
        families = {one.name: one for one in text_string_to_metric_families(answer.text)}
        own = {name for name in families if name.startswith("quietroom_")}
        assert len(own) >= len(MADE)
        labels = {name for family in own for sample in families[family].samples for name in sample.labels}
        assert labels <= {"command", "outcome", "what", "job", "state", "le"}, "a new label must name nobody; then add it here"
        assert not any(word in answer.text for word in ("comfort", "dana", "Reed", doors.person("dana"), "192.0.2.1"))


async def test_commands_are_counted_by_name_and_outcome_and_unknown_names_are_one(doors: Doors) -> None:
    ben = doors.practice.cookies["ben"]
    before = [value("quietroom_commands_total", command=name, outcome=outcome) for name, outcome in WHAT]
    async with doors.socket(ben) as socket:
        await socket.do("find_people", "1", {"search": ""})
        await socket.do("find_people", "2", {"surprise": ""})
        await socket.do("made_up_by_somebody", "3", {})
    after = [value("quietroom_commands_total", command=name, outcome=outcome) for name, outcome in WHAT]
    assert [now - then for now, then in zip(after, before, strict=True)] == [1, 1, 1]
    assert b"made_up_by_somebody" not in metrics.generate_latest()


WHAT = (("find_people", "done"), ("find_people", "invalid"), ("unknown", "invalid"))


async def test_commits_sockets_and_the_feed_are_measured(doors: Doors) -> None:
    names = ("quietroom_commit_seconds_count", "quietroom_batch_commands_sum", "quietroom_feed_seconds_count")
    before = [value(name) for name in names]
    async with doors.socket(doors.practice.cookies["dana"]) as socket:
        await socket.hear()
        assert value("quietroom_sockets") == 1
        body = {"key": str(uuid.uuid4()), "to": [doors.person("dana")], "body": "x"}
        assert (await doors.post(doors.practice.cookies["ben"], "send_message", body)).status_code == 200
        while "change" not in await socket.hear():
            pass
    assert all(now > then for now, then in zip([value(name) for name in names], before, strict=True))
    assert value("quietroom_queue_commands") == 0


async def test_the_outbox_is_told_by_the_worker(doors: Doors) -> None:
    with doors.database() as connection:
        connection.execute("UPDATE alert SET state = 'waiting', due_at = 1 WHERE id = (SELECT max(id) FROM alert)")
    desk = doors.desk
    own = worker.Worker(desk.settings, house.open_vault(desk.settings), desk.runtime, jobs=())
    await worker.tell_figures(own)
    await own.stop()
    assert value("quietroom_alerts", state="waiting") >= 1
    assert value("quietroom_oldest_alert_seconds") > 86_400


async def test_a_jobs_steps_are_counted_by_what_came_of_them(doors: Doors) -> None:
    async def fails(_: worker.Worker) -> None:
        raise ValueError

    async def works(_: worker.Worker) -> bool:
        return True

    desk = doors.desk
    own = worker.Worker(desk.settings, house.open_vault(desk.settings), desk.runtime, jobs=())
    assert not await own._step(worker.Job("test fails", 1, fails))
    assert await own._step(worker.Job("test works", 1, works))
    await own.stop()
    assert value("quietroom_job_steps_total", job="test fails", outcome="failed") == 1
    assert value("quietroom_job_steps_total", job="test works", outcome="done") == 1
