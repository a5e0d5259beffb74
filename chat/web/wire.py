"""Views of the core become JSON of the wire: numbers of rows become opaque ids here, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chat.lib.ids import Ids
from chat.queries.drafts import DraftView
from chat.queries.messages import MessageView
from chat.queries.people import FoundPerson, Me
from chat.queries.views import ConversationView


class Wire:
    """Translates for one installation."""

    def __init__(self, ids: Ids) -> None:
        self.ids = ids
        self._outer: Callable[[str, int], str] = ids.outer

    def person(self, number: int) -> str:
        """A person's id."""
        return self._outer("person", number)

    def conversation_id(self, number: int) -> str:
        """A conversation's id."""
        return self._outer("conversation", number)

    def conversation(self, view: ConversationView) -> dict[str, Any]:
        """One conversation's row."""
        if view.get("gone"):
            return {"id": self.conversation_id(view["id"]), "change": view["change"], "gone": True}
        author = view["newest_author"]
        return view | {
            "id": self.conversation_id(view["id"]),
            "client": self.person(view["client"]) if view["client"] else None,
            "people": [{**one, "id": self.person(one["id"])} for one in view["people"]],
            "newest_author": self.person(author) if author else None,
            "reads": [{**mark, "person": self.person(mark["person"])} for mark in view["reads"]],
        }

    def message(self, view: MessageView) -> dict[str, Any]:
        """One message. `in_contact_log` stands there only where it is true: a client must not learn that there is a log."""
        author = view["author"]
        files = [file | {"id": self._outer("enclosure", file["id"])} for file in view["attachments"]]
        shown: dict[str, Any] = view | {"author": self.person(author) if author else None, "attachments": files}
        if not view["in_contact_log"]:
            del shown["in_contact_log"]
        return shown

    def found(self, view: FoundPerson) -> dict[str, Any]:
        """Somebody whom one may write to."""
        return view | {"id": self.person(view["id"]), "direct": self.conversation_id(view["direct"]) if view["direct"] else None}

    def me(self, view: Me) -> dict[str, Any]:
        """Who is signed in."""
        house = view["organization"]
        return view | {"id": self.person(view["id"]), "organization": house | {"id": self._outer("organization", house["id"])}}

    def draft(self, view: DraftView, people: dict[int, FoundPerson]) -> dict[str, Any]:
        """A draft, with the people it is for as far as one may write to them."""
        there = view["conversation"]
        to = [self.found(people[person]) for person in view["to"] if person in people]
        return view | {"conversation": self.conversation_id(there) if there else None, "to": to}
