"""People: oneself, those recently written with, and those to be found."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from chat.actions.languages import ChooseLanguage, choose_language
from chat.lib import clock
from chat.lib.languages import ENGLISH, KNOWN
from chat.models.people import STAFF
from chat.queries import people
from chat.queries.sessions import has_second_factor
from chat.web.answers import Json
from chat.web.command import Command
from chat.web.desk import desk_of, signed_in, unscoped
from chat.web.inputs import Input, Line
from chat.web.languages import language
from chat.web.wire import Wire

#: What a page may offer because this server has it; a newer page against an older server leaves it out.
FEATURES = ["attachments", "cc", "print"]
#: Further, for staff; clients and contacts cannot learn of them.
STAFF_FEATURES = ["contact_log", "mass_messages"]


class SearchInput(Input):
    """Words of somebody's name."""

    search: Annotated[Line, Field(max_length=200)] = ""


def _people(wire: Wire, found: list[people.FoundPerson]) -> dict[str, Any]:
    return {"people": [wire.found(person) for person in found], "next": None}


class LanguageInput(Input):
    """A language by its tag, one of those that the pages can speak."""

    language: Annotated[Line, Field(max_length=20)]


COMMANDS = (
    Command(
        "save_language",
        LanguageInput,
        "Choose the language of one's pages, mails and texts.",
        action=choose_language,
        build=lambda given: ChooseLanguage(given.language),
    ),
    Command(
        "find_people",
        SearchInput,
        "Those whom one may write to, by name.",
        question=people.find_people,
        build=lambda given: given.search,
        view=_people,
    ),
)


async def me(request: Request) -> Response:
    """GET /api/me"""
    desk = desk_of(request)
    session = await signed_in(request)
    view = await desk.runtime.ask(people.me, who=session.who)
    own: dict[str, Any] = {"ends_at": session.ends_at, "locks_at": session.locks_at, "now": clock.now()}
    own["scoped"] = session.who.scope is not None
    factor = await desk.runtime.ask(has_second_factor, session.who.person)
    own["restricted"] = session.restricted
    shown = desk.wire.me(view)
    if session.who.role in STAFF and not KNOWN[language()].for_staff:
        # A page that speaks what is for clients alone opens itself anew.
        shown["language"] = shown["language"] or ENGLISH
    if session.who.scope is not None:
        own["conversations"] = [{"id": desk.wire.conversation_id(n), "ends_at": end} for n, end in session.who.scope.items()]
        shown.pop("unread")  # whoever holds a quick link learns of its conversation only
    policy = desk.runtime.policy
    limits = {"body": policy.body_length, "subject": policy.subject_length, "attachments": policy.attachments}
    limits["attachment_megabytes"] = desk.settings.attachment_megabytes
    features = FEATURES + (STAFF_FEATURES if session.who.role in STAFF else [])
    house = {"support": desk.settings.support, "features": features, "version": desk.version}
    return Json(shown | {"session": own, "second_factor": factor, "limits": limits} | house)


async def people_list(request: Request) -> Response:
    """GET /api/people: those recently written with."""
    desk, who = await unscoped(request)
    return Json(_people(desk.wire, await desk.runtime.ask(people.recent_people, who=who)))
