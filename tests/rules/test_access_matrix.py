"""Every route and every command × everybody who has no part in it.

Made by machine from the tables of routes and commands. A new one needs a line in CALLS (or a reason in OPEN): how the right
person calls it with real ids. The rest follows: everybody else is refused as if the ids had never existed, and no row changes.
"""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import Mount, Route, WebSocketRoute

from chat.actions.quick_links import mint
from chat.errors import NotFound
from chat.lib import clock
from chat.models.people import Role
from chat.transaction import Transaction, Who
from chat.web.commands import COMMANDS, carry_out
from chat.web.routes import ROUTES
from tests.web.doors import Doors, Practice, open_doors
from tests.web.practice import CANARY, make_practice, upload

#: Signed in, and each somebody else: another client of Ben's, a client of Cleo's, a contact, therapists who never did or no
#: longer look after Dana, and the people of another practice.
OTHERS = ("ada", "ben", "dana", "eli", "fay", "hal", "cleo", "moe", "ned", "ivy", "jon", "kim")
BOOKKEEPING = frozenset({"session", "audit_entry"})
STAFF, ADMINISTRATORS = frozenset({Role.ADMINISTRATOR, Role.THERAPIST}), frozenset({Role.ADMINISTRATOR})
CLIENTS, EVERYBODY = frozenset({Role.CLIENT}), frozenset(Role)


class Ids:
    """Ids of rows that exist."""

    def __init__(self, doors: Doors) -> None:
        self.doors, self.practice = doors, doors.practice

    def person(self, name: str) -> str:
        """Somebody's."""
        return self.doors.person(name)

    def other(self, tag: str, name: str = "") -> str:
        """Something else's: the conversation "talk" of Dana, Ben, and formerly Moe and Dee; Dana's other session."""
        return self.doors.desk.wire.ids.outer(tag, self.practice.ids[name or tag])

    @property
    def talk(self) -> str:
        """Dana's conversation."""
        return self.other("conversation", "talk")


class NeverIds(Ids):
    """Well-formed ids of rows that never existed."""

    def person(self, name: str) -> str:
        """Nobody's."""
        return self.doors.desk.wire.person(10**12 + len(name))

    def other(self, tag: str, name: str = "") -> str:
        """Nothing's."""
        return self.doors.desk.wire.ids.outer(tag, 10**12 + len(name))


class JunkIds(Ids):
    """Words that are no ids."""

    def person(self, name: str) -> str:
        """No id."""
        return "A" * 22

    def other(self, tag: str, name: str = "") -> str:
        """No id."""
        return "A" * 22


Fields = Callable[[Ids], dict[str, Any]]


@dataclass(frozen=True)
class Call:
    """How `who` calls it. `also`: others who may, with these very ids. `roles` instead: it concerns only whoever calls it."""

    who: str
    fields: Fields = lambda _: {}
    also: tuple[str, ...] = ()
    roles: frozenset[Role] | None = None
    status: int = 200  # of the right person's call; another one is a rule that this person may know of
    method: str = "POST"
    path: Callable[[Ids], str] | None = None
    raw: bytes | None = None  # a body that is no JSON


def about(who: str, fields: Fields, *also: str, status: int = 200) -> Call:
    """It names somebody's or something's id."""
    return Call(who, fields, also, status=status)


def own(who: str, roles: frozenset[Role] = EVERYBODY, fields: Fields = lambda _: {}, status: int = 200) -> Call:
    """It concerns only whoever calls it, if their role is one of these."""
    return Call(who, fields, roles=roles, status=status)


def read(who: str, path: Callable[[Ids], str], *also: str) -> Call:
    """A GET that names an id."""
    return Call(who, also=also, method="GET", path=path)


def own_read(who: str, roles: frozenset[Role] = EVERYBODY) -> Call:
    """A GET of one's own."""
    return Call(who, roles=roles, method="GET")


def key() -> str:
    """A new key."""
    return str(uuid.uuid4())


PRACTICE = {
    "version": 1, "name": "Harbor", "mail_name": "", "time_zone": "UTC", "messaging_enabled": True, "emergency_text": "",
    "idle_minutes": 15, "second_factor_required": False, "attachments_allowed": True,
    "deletion_allowed": True, "retention_years": 0,
}  # fmt: skip
PUSH = {
    "endpoint": "https://updates.push.services.mozilla.com/wpush/v2/abc",
    "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    "auth": "BTBZMqHH6r4Tts7J_aSIgg",
}
CSV = "name,born,email\nNew Client,1990-01-01,new@example.org\n"

CALLS: dict[str, list[Call]] = {
    # commands
    "send_message": [
        about("dana", lambda ids: {"key": key(), "conversation": ids.talk, "body": "Hello"}, "ben"),
        about("ben", lambda ids: {"key": key(), "to": [ids.person("dana")], "body": "Hello"}, "ada"),
        about("ben", lambda ids: {"key": key(), "to": [ids.person("cleo")], "body": "Hello"}, "ada", "moe", "ned", "fay"),
    ],
    "mark_read": [about("ben", lambda ids: {"conversation": ids.talk, "seq": 1}, "dana")],
    "stop_watch": [about("ben", lambda ids: {"conversation": ids.talk, "seq": 1})],
    "mark_unread": [about("ben", lambda ids: {"conversations": [ids.talk]}, "dana")],
    "move_to_trash": [about("ben", lambda ids: {"conversations": [ids.talk]}, "dana")],
    "undo_trash": [about("ben", lambda ids: {"conversations": [ids.talk]}, "dana")],
    "move_to_inbox": [about("ben", lambda ids: {"conversations": [ids.talk]}, "dana")],
    "delete_permanently": [about("ben", lambda ids: {"conversations": [ids.talk]}, "dana", status=403)],
    "save_draft": [about("dana", lambda ids: {"conversation": ids.talk, "body": "Later"}, "ben")],
    "find_conversations": [own("dana", fields=lambda _: {"folder": "sent", "search": ""})],
    "find_people": [own("dana", fields=lambda _: {"search": ""})],
    "enable_messaging": [about("ben", lambda ids: {"client": ids.person("gus")}, "ada")],
    "disable_messaging": [about("ben", lambda ids: {"client": ids.person("dana")}, "ada")],
    "invite_client": [about("ben", lambda ids: {"client": ids.person("eli")}, "ada", status=403)],
    "save_client": [
        about(
            "ben",
            lambda ids: {"client": ids.person("dana"), "version": 1, "name": "Dana R.", "email": "dana@example.org"},
            "ada",
        ),
        own("ada", STAFF, lambda _: {"name": "Lou Park"}),
    ],
    "find_clients": [own("ben", STAFF)],
    "assign": [about("ada", lambda ids: {"client": ids.person("dana"), "therapist": ids.person("cleo")})],
    "unassign": [about("ada", lambda ids: {"client": ids.person("dana"), "therapist": ids.person("ben")})],
    "hand_over": [about("ada", lambda ids: {"therapist": ids.person("ben"), "successor": ids.person("cleo")})],
    "add_contact": [own("dana", CLIENTS, lambda _: {"name": "Ina Reed", "email": "ina@example.org"})],
    "save_contact": [
        about("dana", lambda ids: {"contact": ids.person("hal"), "version": 1, "name": "Hal R.", "email": "hal@example.org"})
    ],
    "remove_contact": [about("dana", lambda ids: {"contact": ids.person("hal")})],
    "invite": [own("ada", ADMINISTRATORS, lambda _: {"name": "Pia Lund", "email": "pia@example.org", "role": "therapist"})],
    "invite_staff_again": [about("ada", lambda ids: {"person": ids.person("ben")}, status=403)],
    "set_role": [about("ada", lambda ids: {"person": ids.person("ben"), "role": "administrator", "version": 1})],
    "add_to_portal": [about("ada", lambda ids: {"person": ids.person("ben")})],
    "remove_from_portal": [about("ada", lambda ids: {"person": ids.person("ben")})],
    "activate": [
        about("ben", lambda ids: {"person": ids.person("dana")}, "ada"),
        about("ada", lambda ids: {"person": ids.person("dee")}),
    ],
    "deactivate": [
        about("ben", lambda ids: {"person": ids.person("dana")}, "ada"),
        about("ada", lambda ids: {"person": ids.person("moe")}),
    ],
    "save_organization": [own("ada", ADMINISTRATORS, lambda _: PRACTICE)],
    "active": [own("dana")],
    "end_session": [about("dana", lambda ids: {"session": ids.other("session")})],
    "start_totp": [own("ben")],
    "confirm_totp": [own("ben", fields=lambda _: {"code": "000000"}, status=403)],
    "stop_totp": [own("ben", fields=lambda _: {"code": "000000"}, status=400)],
    "find_mass_messages": [own("ben", STAFF, lambda _: {"folder": "sent", "search": ""})],
    "preview_mass_message": [
        about("ben", lambda ids: {"to": [ids.person("dana")]}, "ada"),
        own("ben", STAFF, lambda _: {"everyone": True}),
    ],
    "send_mass_message": [
        about("ben", lambda ids: {"key": key(), "to": [ids.person("dana")], "subject": "Closed", "body": "On Friday."}, "ada"),
    ],
    "cancel_mass_message": [about("ben", lambda ids: {"mass_message": ids.other("mass_message")})],
    "trash_mass_message": [about("ben", lambda ids: {"mass_message": ids.other("mass_message")})],
    "restore_mass_message": [about("ben", lambda ids: {"mass_message": ids.other("mass_message")})],
    "delete_mass_message": [about("ben", lambda ids: {"mass_message": ids.other("mass_message")}, status=403)],
    "drop_cc": [about("dana", lambda ids: {"conversation": ids.other("conversation", "with hal"), "contact": ids.person("hal")})],
    "discard_attachment": [about("dana", lambda ids: {"attachment": ids.other("attachment", "upload")})],
    "add_contact_log_entry": [
        about("ben", lambda ids: {"key": key(), "client": ids.person("dana"), "body": "A call."}, "ada"),
    ],
    "set_hold": [about("ada", lambda ids: {"client": ids.person("dana"), "reason": "A letter from a court."})],
    "lift_hold": [about("ada", lambda ids: {"client": ids.person("dana"), "reason": "It is over."}, status=403)],
    "save_alerts": [
        about("ben", lambda ids: {"email": "none", "client": ids.person("dana")}, "ada"),
        own("dana", fields=lambda _: {"email": "usual"}),
    ],
    "save_language": [own("dana", fields=lambda _: {"language": "es"})],
    "set_away": [own("ben", STAFF, lambda _: {"text": ""})],
    "save_push": [own("dana", fields=lambda _: PUSH)],
    "forget_push": [own("dana", fields=lambda _: {"endpoint": PUSH["endpoint"]})],
    # what is read
    "/api/me": [own_read("dana")],
    "/api/conversations": [own_read("dana")],
    "/api/conversations/{id}/messages": [read("dana", lambda ids: f"/api/conversations/{ids.talk}/messages", "ben")],
    "/api/people": [own_read("dana")],
    "/api/drafts": [own_read("dana")],
    "/api/away": [own_read("ben", STAFF)],
    "/api/clients": [own_read("ben", STAFF)],
    "/api/clients/{id}": [read("ben", lambda ids: f"/api/clients/{ids.person('dana')}", "ada")],
    "/api/clients/{id}/alerts": [read("ben", lambda ids: f"/api/clients/{ids.person('dana')}/alerts", "ada")],
    "/api/clients/{id}/texts": [read("ben", lambda ids: f"/api/clients/{ids.person('dana')}/texts", "ada")],
    "/api/export": [own_read("dana", frozenset({Role.CLIENT, Role.CONTACT}))],
    "/api/clients/{id}/export": [read("ben", lambda ids: f"/api/clients/{ids.person('dana')}/export", "ada")],
    "/api/clients/{id}/holds": [read("ben", lambda ids: f"/api/clients/{ids.person('dana')}/holds", "ada")],
    "/api/clients/{id}/contact_log": [read("ben", lambda ids: f"/api/clients/{ids.person('dana')}/contact_log", "ada")],
    "/api/clients/{id}/contact_log.csv": [read("ben", lambda ids: f"/api/clients/{ids.person('dana')}/contact_log.csv", "ada")],
    "/api/clients/{id}/contact_log.pdf": [read("ben", lambda ids: f"/api/clients/{ids.person('dana')}/contact_log.pdf", "ada")],
    "/api/attachments/{id}": [
        read("ben", lambda ids: f"/api/attachments/{ids.other('enclosure')}", "dana"),
        read("dana", lambda ids: f"/api/attachments/{ids.other('attachment', 'upload')}"),
    ],
    "/api/attachments/{id}/small": [
        read("ben", lambda ids: f"/api/attachments/{ids.other('enclosure')}/small", "dana"),
    ],
    "/api/alerts": [read("ben", lambda ids: f"/api/alerts?conversation={ids.talk}"), own_read("ben", STAFF)],
    "/api/push": [own_read("dana")],
    "/api/contacts": [own_read("dana", CLIENTS)],
    "/api/staff": [own_read("ada", ADMINISTRATORS)],
    "/api/organization": [own_read("ada", ADMINISTRATORS)],
    "/api/overview": [own_read("ben", STAFF)],
    "/api/audit": [own_read("ada", ADMINISTRATORS), read("ada", lambda ids: f"/api/audit?client={ids.person('dana')}")],
    "/api/audit.csv": [
        own_read("ada", ADMINISTRATORS),
        read("ada", lambda ids: f"/api/audit.csv?client={ids.person('dana')}"),
    ],
    "/api/sessions": [own_read("dana")],
    "/api/mass_messages": [own_read("ben")],
    "/api/mass_messages/{id}/recipients": [
        read("ben", lambda ids: f"/api/mass_messages/{ids.other('mass_message')}/recipients"),
    ],
    # ways in, and what else is no command
    "/api/attachments": [Call("dana", roles=EVERYBODY, method="PUT", raw=b"Plain text.")],
    "/api/sign_out": [own("dana")],
    "/api/unlock": [own("dana", fields=lambda _: {"password": "quietroom-test"})],
    "/api/change_password": [own("dana", fields=lambda _: {"old": "quietroom-test", "new": "correct horse battery staple"})],
    "/api/print": [about("ben", lambda ids: {"conversations": [ids.talk]}, "dana")],
    "/api/preview_clients": [own("ada", STAFF, lambda _: {"csv": CSV})],
    "/api/import_clients": [own("ada", STAFF, lambda _: {"csv": CSV, "key": key()})],
}

#: Open to everybody, and why that tells nobody anything.
OPEN: dict[str, str] = {
    "/api/sign_in": "asks for a password itself",
    "/api/confirm_sign_in": "asks for the code of a sign-in that has begun",
    "/api/set_up": "asks for the token that the server printed at its start",
    "/api/setup": "says only whether there is a practice at all",
    "/api/look_at_link": "asks for the token of a link",
    "/api/accept_invitation": "asks for the token of a link",
    "/api/reset_password": "asks for the token of a link",
    "/api/request_password_reset": "gives everybody the same answer",
    "/q/{token}": "asks for the token of a link",
    "/q/{token}/instead": "asks for the token of a link",
    "/q/{token}/mail": "asks for the token of a link, and mails to its person only",
    "/hooks/sms": "asks for the gateway's signature",
    "/unsubscribe": "asks for the token of a link",
    "/dev/outbox": "in development only",
    "/dev/outbox/{name}": "in development only",
    "/openapi.json": "what the wire is",
    "/asyncapi.json": "what the wire is",
    "/healthz": "holds nothing of anybody",
    "/readyz": "holds nothing of anybody",
    "/metrics": "by its own token; tried in tests/web/test_metrics.py",
    "/static": "the pages' own files",
    "/sw.js": "one of the pages' own files",
    "/words/{language}.json": "one of the pages' own files",
    "/ws": "tried in test_a_socket_opens_for_nobody_without_a_session",
}


#: Commands of a quick link's session that name no conversation, and why they reach nothing that they should not.
ANY_SESSION = {"discard_attachment": "an upload is its uploader's, whichever session made it, and its id is known to no other"}


def routes() -> dict[str, frozenset[str]]:
    """Every path with its methods, as the application serves it; commands by their name, pages left out."""
    found: dict[str, frozenset[str]] = {}
    for route in ROUTES:
        if isinstance(route, Route):
            name = route.path.removeprefix("/api/") if route.path.removeprefix("/api/") in COMMANDS else route.path
            if route.endpoint.__name__ != "page":
                found[name] = frozenset(route.methods or ())
        elif isinstance(route, Mount | WebSocketRoute):
            found[route.path] = frozenset({"GET"})
    return found


def test_every_route_and_command_has_its_line() -> None:
    there = set(routes())
    assert set(COMMANDS) <= there
    assert there - set(CALLS) - set(OPEN) == set(), "say in CALLS how this is called with somebody's real ids"
    assert (set(CALLS) | set(OPEN)) - there == set(), "this does not exist any more"
    assert set(CALLS) & set(OPEN) == set()


@pytest.fixture(scope="session")
async def practice(tmp_path_factory: pytest.TempPathFactory) -> Practice:
    """The cast, signed in, and those who have no part in anything any more."""
    return await make_practice(tmp_path_factory.mktemp("matrix"))


@pytest.fixture
async def doors(practice: Practice, tmp_path: Path) -> AsyncIterator[Doors]:
    """An application of the test's own."""
    async with open_doors(practice, tmp_path) as found:
        yield found


EVERY = [
    pytest.param(name, call, id=f"{name} {at}" if at else name) for name, calls in CALLS.items() for at, call in enumerate(calls)
]


def every_call() -> list[tuple[str, Call]]:
    """Each line of CALLS with its name."""
    return [(name, call) for name, calls in CALLS.items() for call in calls]


async def carried(doors: Doors, name: str, call: Call, cookie: str | None, ids: Ids, **headers: str) -> tuple[int, Any]:
    """Status and answer over HTTP."""
    path = call.path(ids) if call.path else name if name.startswith("/") else f"/api/{name}"
    answer = await doors.ask(cookie, call.method, path, call.raw or call.fields(ids), **headers)
    words = answer.headers["content-type"] == "application/json"
    return answer.status_code, answer.json() if words else answer.content


def wrong_people(call: Call, doors: Doors) -> list[str]:
    """Who is signed in and has no part in it."""
    if call.roles is not None:
        return [name for name in OTHERS if doors.practice.people[name].role not in call.roles]
    return [name for name in OTHERS if name != call.who and name not in call.also]


@pytest.mark.parametrize(("name", "call"), EVERY)
async def test_whoever_has_no_part_in_it_is_refused_as_if_it_had_never_been(doors: Doors, name: str, call: Call) -> None:
    before, cookies = doors.dump(without=BOOKKEEPING), doors.practice.cookies
    for nobody in (None, "guessed", cookies[f"{call.who} expired"], cookies[f"{call.who} ended"], cookies["dee"]):
        status, answer = await carried(doors, name, call, nobody, Ids(doors))
        assert (status, answer["error"]["code"]) == (401, "signed_out")
        assert (status, answer) == await carried(doors, name, call, nobody, NeverIds(doors))
    for wrong in wrong_people(call, doors):
        status, answer = await carried(doors, name, call, cookies[wrong], Ids(doors))
        assert (status, answer) == await carried(doors, name, call, cookies[wrong], NeverIds(doors)), wrong
        if not (
            wrong == "hal" and name == "send_message" and status == 403
        ):  # told that contacts begin nothing, whoever it is to
            assert (status, answer["error"]["code"]) == (404, "not_found"), f"{wrong}: {status} {answer}"
            assert (status, answer) == await carried(doors, name, call, cookies[wrong], JunkIds(doors)), wrong
    if call.method != "GET":
        for proof in ({"Origin": ""}, {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec_Fetch_Site": "cross-site"}):
            status, answer = await carried(doors, name, call, cookies[call.who], Ids(doors), **proof)
            assert (status, answer["error"]["code"]) == (403, "cross_origin")
    assert doors.dump(without=BOOKKEEPING) == before
    # All of this means something only if the right person may.
    status, answer = await carried(doors, name, call, cookies[call.who], Ids(doors))
    assert status == call.status, answer


@pytest.mark.parametrize(("name", "call"), [param for param in EVERY if param.values[0] in COMMANDS])
async def test_the_socket_refuses_with_the_same_words(doors: Doors, name: str, call: Call) -> None:
    before, cookies = doors.dump(without=BOOKKEEPING), doors.practice.cookies
    for wrong in wrong_people(call, doors):
        _, expected = await carried(doors, name, call, cookies[wrong], NeverIds(doors))
        async with doors.socket(cookies[wrong]) as line:
            given = call.fields(Ids(doors))
            answer = await line.do(name, given.get("key", "k"), given)
            assert answer == {"refused": given.get("key", "k"), "error": expected["error"]}, wrong
    assert doors.dump(without=BOOKKEEPING) == before


@pytest.mark.parametrize("name", [name for name, calls in CALLS.items() if calls[0].method == "GET" and calls[0].roles])
async def test_what_one_reads_of_ones_own_holds_nothing_of_others(doors: Doors, name: str) -> None:
    call = CALLS[name][0]
    talk = Ids(doors).talk
    for reader in set(OTHERS) - {"dana", "ben"} - set(wrong_people(call, doors)):
        answer = await doors.get(doors.practice.cookies[reader], name)
        assert answer.status_code == 200
        assert talk not in answer.text
        own_words = {"cleo": "(cleo)", "fay": "(cleo)", "jon": "(jon)", "kim": "(jon)", "eli": "()"}.get(reader, "()")
        assert answer.text.count(CANARY) == answer.text.count(f"{CANARY} {own_words}")


@pytest.mark.parametrize("name", sorted(COMMANDS))
async def test_permission_is_decided_before_fields_are_looked_at(doors: Doors, name: str) -> None:
    for person in OTHERS:
        if doors.practice.people[person].role not in COMMANDS[name].may:
            answer = await doors.post(doors.practice.cookies[person], name, {"nonsense": 1})
            assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize("name", sorted(COMMANDS))
async def test_a_session_for_one_conversation_reaches_nothing_else(doors: Doors, name: str) -> None:
    dana = doors.practice.people["dana"]
    there = {doors.practice.ids["ben dana"]: clock.now() + clock.HOUR}
    over = {doors.practice.ids["talk"]: clock.now() - 1}
    before = doors.dump(without=BOOKKEEPING)
    for call in CALLS[name]:
        if COMMANDS[name].quick_link and (call.roles is not None or name in ANY_SESSION):
            continue
        for scope in (there, over, {}):
            who = Who(dana.person, dana.organization, dana.role, 1, scope)
            with pytest.raises(NotFound):
                await carry_out(doors.desk, who, name, call.fields(Ids(doors)))
    assert doors.dump(without=BOOKKEEPING) == before


async def test_a_socket_opens_for_nobody_without_a_session(doors: Doors) -> None:
    cookies = doors.practice.cookies
    for nobody in (None, "guessed", cookies["dana expired"], cookies["dana ended"], cookies["dee"]):
        async with doors.socket(nobody) as line:
            assert line.first["type"] == "websocket.close"
    for origin in ("", "null", "https://evil.example"):
        async with doors.socket(cookies["dana"], origin=origin) as line:
            assert line.first["type"] == "websocket.close"
    async with doors.socket(cookies["dana"]) as line:
        assert line.accepted


OFF = [("disable_messaging", "client", "client"), ("deactivate", "person", "inactive")]


@pytest.mark.parametrize(("verb", "field", "gate"), OFF)
async def test_a_disabled_or_inactive_client_reads_and_no_side_writes(doors: Doors, verb: str, field: str, gate: str) -> None:
    cookies, ids = doors.practice.cookies, Ids(doors)
    shared = ids.other("conversation", "with hal")
    assert (await doors.post(cookies["ben"], verb, {field: ids.person("dana")})).status_code == 200
    before = doors.dump(without=BOOKKEEPING)
    for author, other in (("dana", "ben"), ("ben", "dana"), ("hal", None)):
        places: list[dict[str, Any]] = [{"conversation": shared}]
        for to in [*places, {"conversation": ids.talk}, {"to": [ids.person(other)]}] if other else places:
            written = {"key": key(), "body": "Hello", **to}
            answer = await doors.post(cookies[author], "send_message", written)
            assert (answer.status_code, answer.json()["error"]["gate"]) == (403, gate), (author, to)
            assert len(answer.json()["error"]["message"]) > 20
            async with doors.socket(cookies[author]) as line:
                refused = await line.do("send_message", written["key"], written)
                assert refused["error"] == answer.json()["error"]
    assert doors.dump(without=BOOKKEEPING) == before
    for reader in ("dana", "ben", "hal"):
        page = await doors.get(cookies[reader], f"/api/conversations/{shared}/messages")
        assert "Hello, both." in page.text
        assert page.json()["conversation"]["closed"]["gate"] == gate
    page = await doors.get(cookies["dana"], f"/api/conversations/{ids.talk}/messages")
    assert CANARY in page.text


async def test_a_contact_taken_out_of_it_sees_what_came_before_and_writes_nothing(doors: Doors) -> None:
    cookies, ids = doors.practice.cookies, Ids(doors)
    shared = ids.other("conversation", "with hal")
    drop = {"conversation": shared, "contact": ids.person("hal")}
    assert (await doors.post(cookies["dana"], "drop_cc", drop)).status_code == 200
    enclosed = await upload(doors, cookies["dana"])
    attached = doors.desk.wire.ids.outer("attachment", enclosed)
    later = {"key": key(), "conversation": shared, "body": "Without Hal.", "attachments": [attached]}
    assert (await doors.post(cookies["dana"], "send_message", later)).status_code == 200
    newest = (await doors.get(cookies["ben"], f"/api/conversations/{shared}/messages")).json()["messages"][-1]
    (file,) = newest["attachments"]
    page = await doors.get(cookies["hal"], f"/api/conversations/{shared}/messages")
    assert [message["body"] for message in page.json()["messages"]] == ["Hello, both."]
    assert page.json()["conversation"]["closed"]["gate"] == "cc"
    assert (await doors.get(cookies["hal"], f"/api/conversations/{shared}/messages?after=1")).json()["messages"] == []
    for path in (f"/api/attachments/{file['id']}", f"/api/attachments/{file['id']}/small"):
        assert (await doors.get(cookies["ben"], path)).status_code == 200
        never = path.replace(file["id"], NeverIds(doors).other("enclosure"))
        shut, unknown = [await doors.get(cookies["hal"], one) for one in (path, never)]
        assert (shut.status_code, shut.json()) == (unknown.status_code, unknown.json())
        assert shut.status_code == 404
    before = doors.dump(without=BOOKKEEPING)
    for cc in ({}, {"cc": [ids.person("hal")]}):
        written = {"key": key(), "conversation": shared, "body": "Let me in", **cc}
        answer = await doors.post(cookies["hal"], "send_message", written)
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
    assert doors.dump(without=BOOKKEEPING) == before


async def test_a_contact_who_was_removed_is_out_everywhere(doors: Doors) -> None:
    cookies, ids = doors.practice.cookies, Ids(doors)
    assert (await doors.post(cookies["dana"], "remove_contact", {"contact": ids.person("hal")})).status_code == 200
    for name, call in every_call():
        status, answer = await carried(doors, name, call, cookies["hal"], Ids(doors))
        assert (status, answer["error"]["code"]) == (401, "signed_out"), name


#: What a quick link's session may ask for that concerns it alone.
OF_THE_GUEST = {"active", *ANY_SESSION, "/api/me", "/api/drafts", "/api/attachments", "/api/sign_out", "/api/unlock"}


async def guest(doors: Doors) -> str:
    """The cookie of a session that Dana's quick link to her conversation with Ben has opened."""

    def make(tx: Transaction, _what: None) -> str:
        return mint(tx, doors.practice.people["dana"].person, doors.practice.ids["ben dana"], 0)[1]

    path = f"/q/{doors.desk.signer.sign('quick-link', await doors.desk.runtime.perform(make, None))}"
    answer = await doors.ask(None, "POST", path, b"", Content_Type="application/x-www-form-urlencoded")
    return str(answer.cookies["session"])


async def test_a_quick_links_session_reaches_its_conversation_and_nothing_else(doors: Doors) -> None:
    cookie, ids = await guest(doors), Ids(doors)
    own = ids.other("conversation", "ben dana")
    before = doors.dump(without=BOOKKEEPING)
    for name, call in every_call():
        if name not in OF_THE_GUEST:
            status, answer = await carried(doors, name, call, cookie, ids)
            assert (status, answer["error"]["code"]) == (404, "not_found"), name
    assert doors.dump(without=BOOKKEEPING) == before
    me = (await doors.get(cookie, "/api/me")).json()
    assert ([one["id"] for one in me["session"]["conversations"]], "unread" in me) == ([own], False)
    assert (await doors.get(cookie, "/api/drafts")).json()["drafts"] == []
    assert len((await doors.get(doors.practice.cookies["dana"], "/api/drafts")).json()["drafts"]) == 1
    # All of this means something only if the session lives.
    assert f"{CANARY} (ben)" in (await doors.get(cookie, f"/api/conversations/{own}/messages")).text
    answer = await doors.post(cookie, "send_message", {"key": key(), "conversation": own, "body": "Hello"})
    assert answer.status_code == 200


#: What a session may do that lacks the second factor that is required.
WITHOUT_A_FACTOR = {"start_totp", "confirm_totp", "active", "/api/me", "/api/sign_out", "/api/unlock"}


async def test_who_lacks_a_required_second_factor_can_do_nothing_but_set_it_up(doors: Doors) -> None:
    cookies = doors.practice.cookies
    required = {**PRACTICE, "second_factor_required": True}
    assert (await doors.post(cookies["ada"], "save_organization", required)).status_code == 200
    before = doors.dump(without=BOOKKEEPING)
    for name, call in every_call():
        if name not in WITHOUT_A_FACTOR:
            for who in ("ada", "ben"):
                status, answer = await carried(doors, name, call, cookies[who], Ids(doors))
                assert (status, answer["error"]["code"]) == (403, "second_factor"), (name, who)
    assert doors.dump(without=BOOKKEEPING) == before
    assert (await doors.get(cookies["dana"], "/api/conversations")).status_code == 200
