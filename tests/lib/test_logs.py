"""What the logs hold, and what they never do."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest

from chat.lib import logs

log = logging.getLogger("chat.somewhere")


@pytest.fixture(autouse=True)
def _afterwards() -> Iterator[None]:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield
    root.handlers[:] = before
    root.setLevel(level)


def written(*, machine: bool) -> io.StringIO:
    """Where lines go from now on."""
    stream = io.StringIO()
    logs.begin("debug", machine=machine, stream=stream)
    return stream


def test_a_machine_reads_one_object_a_line_with_what_it_is_about() -> None:
    stream = written(machine=True)
    with logs.about(request="r1"):
        log.warning("Redis is silent (%s).", "TimeoutError")
    log.debug("later")
    first, second = map(json.loads, stream.getvalue().splitlines())
    assert (first["event"], first["level"], first["logger"]) == ("Redis is silent (TimeoutError).", "warning", "chat.somewhere")
    assert first["request"] == "r1"
    assert first["timestamp"].endswith("Z")
    assert "request" not in second


def test_a_person_reads_lines() -> None:
    stream = written(machine=False)
    with logs.about(request="r1"):
        log.info("The worker is ready.")
    assert stream.getvalue().endswith(" INFO chat.somewhere The worker is ready. request=r1\n")


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("mail to dana.reed+x@mail.example.org bounced", "mail to ‹…› bounced"),
        ("a text to +1 (555) 123-4567 failed", "a text to ‹…› failed"),
        ("GET /q/ImFiYyI.aB3-dEf", "GET /q/‹…›"),
        ("GET /unsubscribe?t=abc.def", "GET /unsubscribe?t=‹…›"),
        ("conversation OvZZg8c9JZ1xit2Ev84aTw", "conversation ‹…›"),
        ("smtp://user:secret@mail", "smtp://‹…›@mail"),
        ("The command note_failed_sign_in_2 took 12 ms at 10:31.", "The command note_failed_sign_in_2 took 12 ms at 10:31."),
    ],
)
@pytest.mark.parametrize("machine", [True, False])
def test_what_belongs_to_a_person_or_is_secret_is_blotted_out(line: str, kept: str, *, machine: bool) -> None:
    stream = written(machine=machine)
    log.info(line)
    assert kept in stream.getvalue()


@pytest.mark.parametrize("machine", [True, False])
def test_an_exception_tells_its_kind_and_its_way_and_not_its_words(*, machine: bool) -> None:
    stream = written(machine=machine)
    try:
        try:
            raise ValueError("Dana Reed said: a secret")
        except ValueError as error:
            raise KeyError("another secret") from error
    except KeyError:
        log.exception("A command failed.")
    text = stream.getvalue()
    assert "secret" not in text
    assert "Dana" not in text
    for word in ("A command failed.", "KeyError", "because of", "ValueError", "test_logs.py", "test_an_exception_tells"):
        assert word in text


def test_what_went_wrong_in_the_code_itself_is_told() -> None:
    stream = written(machine=True)
    try:
        None.missing  # type: ignore[attr-defined]  # noqa: B018
    except AttributeError as error:
        log.error("Failed.", exc_info=error)
    assert "'NoneType' object has no attribute 'missing'" in stream.getvalue()


def test_all_that_failed_together_is_told() -> None:
    stream = written(machine=True)
    log.error("Failed.", exc_info=ExceptionGroup("words", [OSError("words"), TimeoutError("words")]))
    fault = json.loads(stream.getvalue())["fault"]
    assert fault == ["ExceptionGroup", "OSError", "TimeoutError"]
