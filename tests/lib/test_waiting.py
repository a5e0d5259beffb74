"""Flags and queues that are small while nobody waits."""

import asyncio
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest

from chat.lib.waiting import Flag, Queue


async def turn() -> None:
    """Let everybody run who can."""
    for _ in range(3):
        await asyncio.sleep(0)


async def test_who_waits_goes_on_when_the_flag_is_set_and_later_comers_do_not_wait() -> None:
    flag = Flag()
    waiting = [asyncio.create_task(flag.wait()) for _ in range(2)]
    await turn()
    assert not flag.is_set()
    assert not any(task.done() for task in waiting)
    flag.set()
    await turn()
    assert all(task.done() for task in waiting)
    await asyncio.wait_for(flag.wait(), 1)
    flag.clear()
    later = asyncio.create_task(flag.wait())
    await turn()
    assert (flag.is_set(), later.done()) == (False, False)
    flag.set()
    await asyncio.wait_for(later, 1)


async def test_a_flag_that_is_set_and_cleared_at_once_lets_those_go_on_who_waited() -> None:
    flag = Flag()
    waiting = asyncio.create_task(flag.wait())
    await turn()
    flag.set()
    flag.clear()
    await asyncio.wait_for(waiting, 1)
    assert not flag.is_set()


async def test_who_gives_up_is_forgotten_and_harms_nobody() -> None:
    flag = Flag()
    gone, stays = asyncio.create_task(flag.wait()), asyncio.create_task(flag.wait())
    await turn()
    gone.cancel()
    flag.set()  # while the one that gave up is still on the list
    await asyncio.wait_for(stays, 1)
    with pytest.raises(asyncio.CancelledError):
        await gone
    assert flag._waiting == ()


async def test_what_is_put_in_is_taken_out_in_that_order() -> None:
    queue: Queue[int] = Queue()
    assert queue.empty()
    queue.put_nowait(1)
    queue.put_nowait(2)
    assert not queue.empty()
    assert [await queue.get(), queue.get_nowait()] == [1, 2]
    assert queue.empty()
    with pytest.raises(IndexError):
        queue.get_nowait()


async def test_who_takes_from_an_empty_queue_waits_for_the_next_that_is_put_in() -> None:
    queue: Queue[str] = Queue()
    for word in ("one", "two"):
        taking = asyncio.create_task(queue.get())
        await turn()
        assert not taking.done()
        queue.put_nowait(word)
        assert await asyncio.wait_for(taking, 1) == word
    assert queue.empty()


def room(make: Callable[[], Any]) -> float:
    """How many bytes one takes."""
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        kept = [make() for _ in range(1_000)]
        return (tracemalloc.get_traced_memory()[0] - before) / len(kept)
    finally:
        tracemalloc.stop()


async def used() -> Queue[int]:
    """A queue that held something."""
    queue: Queue[int] = Queue()
    queue.put_nowait(1)
    await queue.get()
    return queue


@pytest.mark.parametrize(("ours", "theirs"), [(Flag, asyncio.Event), (Queue, asyncio.Queue)])
async def test_an_idle_one_takes_a_fifth_of_the_room_of_asyncios(ours: Callable[[], Any], theirs: Callable[[], Any]) -> None:
    assert 5 * room(ours) < room(theirs)


async def test_a_queue_that_is_empty_again_takes_no_more_room_than_a_new_one() -> None:
    assert (await used())._items is None
