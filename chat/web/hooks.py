"""What other services tell us: texts that come in, signed by the gateway."""

from __future__ import annotations

import hmac
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from starlette.requests import Request
from starlette.responses import Response

from chat.actions.deliveries import TextState, note_text_state
from chat.actions.texts import Received, receive_text
from chat.errors import NotFound
from chat.lib.languages import said
from chat.lib.sentences import Sentence
from chat.lib.signing import webhook_signature
from chat.queries.texts import language_of
from chat.web.answers import DoorError
from chat.web.desk import Desk, body_of, desk_of

PATH = "/hooks/sms"
HELP = Sentence("We text you when a secure message is waiting. Reply STOP for no more texts, START to get them again. Help:")


async def text_received(request: Request) -> Response:
    """POST /hooks/sms: a text from a client, or with `?alert=` what became of a text of ours, as Twilio sends them.

    Only what the gateway signed is believed.
    """
    desk = desk_of(request)
    token = desk.settings.sms_token.get_secret_value()
    if not desk.settings.sms_url or not token:
        raise NotFound
    fields = await _fields(request)
    # The address is the configured one: behind a proxy the request itself tells another.
    query = f"?{request.url.query}" if request.url.query else ""
    expected = webhook_signature(token, desk.settings.base_url + PATH + query, fields)
    if not hmac.compare_digest(expected.encode(), request.headers.get("x-twilio-signature", "").encode()):
        raise DoorError(403, "cross_origin", "This was not signed by the gateway.")
    given = dict(fields)
    if query:
        return await _told(request, given)
    sid, sender = given.get("MessageSid") or given.get("SmsSid"), given.get("From")
    if not sid or not sender or "Body" not in given:
        return _answer("")  # the state of a text of ours, or something newer than this
    word = await desk.runtime.perform(receive_text, None, Received(sid[:200], sender[:40], given["Body"][:2_000]))
    # Where the gateway answers keywords by itself it says so, and a second answer would only confuse.
    return _answer(await _help(desk, sender) if word == "help" and "OptOutType" not in given else "")


async def _told(request: Request, given: dict[str, str]) -> Response:
    """What became of a text of ours; an id that is none of ours is passed over."""
    desk = desk_of(request)
    alert = desk.wire.ids.inner("alert", request.query_params.get("alert", ""))
    state, code = given.get("MessageStatus") or given.get("SmsStatus", ""), given.get("ErrorCode", "")
    if alert is not None:
        what = TextState(alert, state[:20], int(code) if code.isascii() and code.isdigit() and len(code) < 10 else 0)
        await desk.runtime.perform(note_text_state, None, what)
    return _answer("")


async def _fields(request: Request) -> list[tuple[str, str]]:
    body = await body_of(request)
    try:
        return parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=bool(body), max_num_fields=200)
    except (ValueError, UnicodeDecodeError) as error:
        raise DoorError(400, "invalid", "This is not a form.") from error


async def _help(desk: Desk, sender: str) -> str:
    return f"{said(HELP, await desk.runtime.ask(language_of, sender))} {desk.settings.base_url}/help"


def _answer(text: str) -> Response:
    message = f"<Message>{escape(text)}</Message>" if text else ""
    return Response(f'<?xml version="1.0" encoding="UTF-8"?><Response>{message}</Response>', media_type="text/xml")
