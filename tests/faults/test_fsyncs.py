"""An acknowledgement without an fsync between its command and it is found in a trace."""

from __future__ import annotations

import pytest

from tests.faults.fsyncs import read

KEY = "0b0e7a3c-5a0e-4d8c-9a3f-0d8a3c6f1e2d"
CAME = rf'7 read(20<socket:[1]>, "\201\376{{\"do\":\"send_message\",\"key\":\"{KEY}\"", 65536) = 90'
ASKED = rf'7 sendto(31<socket:[2]>, "{KEY}", 40, 0, NULL, 0) = 40'
SYNCED = "9 fdatasync(15</data/quietroom.db-wal>) = 0"
OTHER = "9 fdatasync(15</data/something.else>) = 0"
BEGUN, ENDED = "9 fdatasync(15</pg/pg_wal/000001> <unfinished ...>", "9 <... fdatasync resumed>) = 0"
DONE = rf'7 write(20<socket:[1]>, "\201}}{{\"done\":\"{KEY}\",\"result\":{{}}}}", 90) = 90'


@pytest.mark.parametrize(
    "trace",
    [[CAME, SYNCED, DONE], [CAME, BEGUN, ENDED, DONE], [CAME, ASKED, BEGUN, OTHER, ENDED, DONE]],
    ids=["one", "two", "mixed"],
)
def test_an_fsync_between_command_and_answer_is_seen(trace: list[str]) -> None:
    order = read(trace)
    assert (order.right, order.wrong) == ({KEY}, set())


@pytest.mark.parametrize(
    "trace",
    [[CAME, DONE, SYNCED], [SYNCED, CAME, DONE], [CAME, OTHER, DONE], [BEGUN, CAME, ENDED, DONE], [CAME, BEGUN, DONE, ENDED]],
    ids=["after it", "before it", "of another file", "begun before it", "not ended"],
)
def test_an_answer_without_its_fsync_is_found(trace: list[str]) -> None:
    order = read(trace)
    assert (order.right, order.wrong) == (set(), {KEY})
