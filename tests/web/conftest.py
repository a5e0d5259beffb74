"""The cast in a practice of its own for each test, behind the doors."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.web.doors import Doors, Practice, open_doors
from tests.web.practice import make_practice


@pytest.fixture(scope="session")
async def practice(tmp_path_factory: pytest.TempPathFactory) -> Practice:
    """The cast, who have written to each other, and are signed in."""
    return await make_practice(tmp_path_factory.mktemp("doors"))


@pytest.fixture
async def doors(practice: Practice, tmp_path: Path) -> AsyncIterator[Doors]:
    """An application over a copy of it."""
    async with open_doors(practice, tmp_path) as found:
        yield found
