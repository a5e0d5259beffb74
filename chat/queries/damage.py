"""What is damaged: said to be so in its place, where it stands among much else that is not."""

from __future__ import annotations

import logging

from chat.lib.crypto import Unreadable
from chat.lib.sentences import Sentence
from chat.transaction import Reading

log = logging.getLogger(__name__)

MESSAGE, SUBJECT, FILE, ENTRY, REASON = (
    Sentence("This message cannot be read."),
    Sentence("This subject cannot be read."),
    Sentence("This file cannot be read."),
    Sentence("This entry cannot be read."),
    Sentence("This reason cannot be read."),
)


def opened_or(reading: Reading, place: str, sealed: bytes, instead: Sentence) -> str:
    """The text sealed at `place`; the sentence that is said instead, if it or its key is damaged. The log names the place."""
    text = opened_or_none(reading, place, sealed)
    return instead if text is None else text


def opened_or_none(reading: Reading, place: str, sealed: bytes) -> str | None:
    """The same where no sentence can stand for it."""
    try:
        return reading.open(place, sealed)
    except Unreadable:
        log.exception("Something at %s is damaged. `quietroom check` names it, and a backup has it.", place)
        return None
