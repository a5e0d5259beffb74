"""Who belongs to whom among the people that the bench makes up."""


def conversation_of(username: str) -> str:
    """t0007 and c0007 share conversation 0007."""
    return username[1:]


def other_of(username: str) -> str:
    """The other person of the pair."""
    return ("c" if username[0] == "t" else "t") + username[1:]
