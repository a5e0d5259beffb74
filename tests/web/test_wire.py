"""What the wire must not tell."""

from __future__ import annotations

from typing import Any

import pytest

from chat.lib.ids import Ids
from chat.queries.messages import MessageView
from chat.web.wire import Wire


@pytest.mark.parametrize("logged", [True, False])
def test_a_message_speaks_of_the_contact_log_only_where_it_is_in_it(logged: bool) -> None:
    plain: dict[str, Any] = {"seq": 1, "after": 0, "author": 2, "author_name": "Ben", "body": "Hello", "sent_at": 3}
    more = {"to": [], "cc": [], "attachments": [], "automatic": False, "in_contact_log": logged}
    view = MessageView(**plain | more)  # type: ignore[typeddict-item]
    assert ("in_contact_log" in Wire(Ids(b"k" * 32)).message(view)) == logged
