"""The core's four exceptions. Each carries a sentence that a person can act on; the doors map them to answers in one place."""

from __future__ import annotations

from chat.lib.sentences import sentence


class CoreError(Exception):
    """A refusal. `code` is the word on the wire, `message` the sentence, `details` further wire fields."""

    code = "invalid"

    def __init__(self, message: str, **details: object) -> None:
        super().__init__(message)
        self.message = sentence(message)
        self.details = details


class NotFound(CoreError):
    """Absent or forbidden: the two look alike, so that nobody learns what exists."""

    code = "not_found"

    def __init__(self, message: str = "This does not exist, or is not yours to see.") -> None:
        super().__init__(message)


class Refused(CoreError):
    """A rule says no to somebody who may know why. `gate` names what is shut, where it is a gate."""

    code = "refused"


class Invalid(CoreError):
    """The input cannot be used as it is; `field` names where."""

    code = "invalid"


class Conflict(CoreError):
    """What the caller took for true is no longer true."""

    code = "conflict"
