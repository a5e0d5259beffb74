"""Quick links: a page that changes nothing, a button that opens one conversation, and the ways on when a link is over."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from chat.actions import sessions
from chat.actions.letters import ask_for_mail
from chat.actions.quick_links import Opening, open_quick_link
from chat.lib import clock
from chat.printing import times
from chat.queries.people import me
from chat.queries.quick_links import LinkView, link_of
from chat.queries.sessions import SignedIn, session_of
from chat.web.answers import DoorError
from chat.web.desk import Desk, address_of, desk_of
from chat.web.languages import language
from chat.web.rendered import rendered

PURPOSE = "quick-link"
GONE = 410  # the same for what is over, used up, tampered with, or was never a link


@dataclass
class Visit:
    """A browser at a link's address: the link behind it, if any, and who is signed in."""

    request: Request
    desk: Desk
    word: str
    link: LinkView | None
    alive: bool
    current: SignedIn | None

    @property
    def own(self) -> bool:
        """Whether the browser may see the conversation already: signed in as that person, or by this very link."""
        if self.link is None or self.current is None or self.current.who.person != self.link.person:
            return False
        return self.current.who.scope is None or (self.alive and self.current.who.session in self.link.sessions)

    @property
    def foreign(self) -> bool:
        """Whether somebody else is signed in here."""
        return self.link is not None and self.current is not None and self.current.who.person != self.link.person

    @property
    def free(self) -> bool:
        """Whether the link can still open a session."""
        return self.link is not None and self.alive and self.link.opened < self.desk.runtime.policy.quick_link_sessions

    @property
    def place(self) -> str:
        """The conversation's address, or the Inbox for a link that leads nowhere."""
        return f"/inbox/{self.desk.wire.conversation_id(self.link.conversation)}" if self.link else "/inbox"

    @property
    def here(self) -> str:
        """The link's own address."""
        return f"/q/{self.request.path_params['token']}"

    @property
    def until(self) -> str:
        """When the link ends, on the clock of its person and as the pages tell it."""
        if self.link is None:
            return ""
        return times.clock(times.moment(self.link.ends_at, self.link.time_zone), self.link.time_zone, language())


async def link_page(request: Request) -> Response:
    """GET /q/<token>: what the link is, and nothing of the message. Scanners and prefetchers change nothing here."""
    visit = await _visit(request)
    if visit.own:
        return RedirectResponse(visit.place, 303)
    if visit.free and visit.foreign:
        return await _asked(visit)
    if visit.free:
        return rendered("quick_link.html", practice=_practice(visit), here=visit.here, until=visit.until)
    return _over(visit)


async def press(request: Request) -> Response:
    """POST /q/<token>: the button. Opens a session for this conversation, and leads to it."""
    visit = await _visit(request)
    if visit.own:
        return RedirectResponse(visit.place, 303)
    if visit.free and visit.foreign:
        return await _asked(visit)
    return await _open(visit)


async def press_instead(request: Request) -> Response:
    """POST /q/<token>/instead: whoever is signed in here is signed out first."""
    visit = await _visit(request)
    if visit.free and visit.foreign and visit.current is not None:
        await visit.desk.runtime.perform(sessions.sign_out, visit.current.who)
        visit.desk.runtime.live.end_session(visit.current.who.session or 0, "signed_out")
        visit.current = None
    return await press(request) if visit.own else await _open(visit)


async def mail(request: Request) -> Response:
    """POST /q/<token>/mail: a fresh link while the time lasts, or the invitation again."""
    visit = await _visit(request)
    if visit.link is None or not await visit.desk.runtime.perform(ask_for_mail, None, visit.word):
        return _over(visit, again=False)
    return rendered("quick_link_mailed.html", practice=_practice(visit), sign_in=f"/sign-in?next={visit.place}")


async def _visit(request: Request) -> Visit:
    desk = desk_of(request)
    desk.paces.links.look(address_of(request))
    seconds = desk.runtime.policy.quick_link // clock.SECOND
    read = desk.signer.read(PURPOSE, request.path_params["token"], seconds)
    word, young = read or ("", False)
    link = await desk.runtime.ask(link_of, word) if word else None
    token = request.cookies.get(desk.cookie)
    current = await desk.runtime.ask(session_of, token, address_of(request)) if token else None
    return Visit(request, desk, word, link, young and link is not None and link.alive, current)


async def _open(visit: Visit) -> Response:
    agent = visit.request.headers.get("user-agent", "")
    session = visit.current.who.session if visit.current and visit.current.who.scope is not None else None
    what = Opening(visit.word, session, address_of(visit.request), agent)
    opened = await visit.desk.runtime.perform(open_quick_link, None, what) if visit.alive else None
    if opened is None:
        return _over(visit)
    response = RedirectResponse(visit.place, 303)
    if opened.token is not None:
        seconds = max(1, (opened.ends_at - clock.now()) // clock.SECOND)
        secure = visit.desk.settings.secure
        response.set_cookie(
            visit.desk.cookie, opened.token, max_age=seconds, path="/", secure=secure, httponly=True, samesite="lax"
        )
    return response


async def _asked(visit: Visit) -> Response:
    name = (await visit.desk.runtime.ask(me, who=visit.current.who))["name"] if visit.current else ""
    return rendered("quick_link_asked.html", practice="", name=name, here=visit.here)


def _over(visit: Visit, *, again: bool = True) -> Response:
    """The same helpful page for every link that opens nothing here, with the way on."""
    with contextlib.suppress(DoorError):
        # Whether this one was the last is told with the next.
        visit.desk.paces.links.take(address_of(visit.request))
    offer = None
    if again and visit.link is not None:
        offer = "fresh_link" if visit.alive else None if visit.link.password else "invitation"
    return rendered(
        "quick_link_over.html", GONE, practice=_practice(visit), again=offer, here=visit.here, until=visit.until,
        sign_in=f"/sign-in?next={visit.place}",
    )  # fmt: skip


def busy(error: DoorError) -> Response:
    """The page for an address from which too many links came that do not work."""
    page = rendered("quick_link_busy.html", error.status, practice="", seconds=error.retry_after)
    page.headers["Retry-After"] = str(error.retry_after)
    return page


def _practice(visit: Visit) -> str:
    """As the practice lets mails name it: whoever looks at the address must not learn more than from the mail."""
    return visit.link.mail_name if visit.link else ""
