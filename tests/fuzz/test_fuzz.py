"""A little of what `make fuzz` does at length: no input makes the server fail."""

from collections.abc import Iterator

import pytest

from tests.fuzz import frames, http
from tests.fuzz.season import Tally
from tests.journeys.servers import House, Practice, server

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A server to be maltreated."""
    with server(Practice(tmp_path_factory.mktemp("fuzz"))) as found:
        yield found


def sound(house: House, tally: Tally) -> None:
    """Nothing failed, and the log tells of no fault."""
    assert tally.faults == []
    assert "Traceback" not in house.log()
    assert "failed" not in house.log()


def test_no_request_that_the_document_describes_or_forbids_makes_the_server_fail(house: House) -> None:
    tally = http.flood(house, 100, 1)
    sound(house, tally)
    assert {"200", "400", "401", "404"} <= set(tally.codes), "or it did not come far"


async def test_no_frame_makes_the_server_fail(house: House) -> None:
    tally = await frames.flood(house, 1_500, 1)
    sound(house, tally)
    assert {"done", "invalid", "not_found", "closed 1009", "closed 1003"} <= set(tally.codes), "or it did not come far"
