"""GET /ws: who may have a socket, and how it begins."""

from __future__ import annotations

from starlette.websockets import WebSocket

from chat.lib import clock
from chat.queries.changes import hello
from chat.queries.sessions import SignedIn
from chat.runtime import Listener
from chat.web.answers import DoorError, refusal
from chat.web.desk import Desk, desk_of, signed_in
from chat.web.socket import ENDED, TOO_MANY, Line

PROTOCOL = "quietroom.v1"


async def socket(websocket: WebSocket) -> None:
    """GET /ws"""
    desk = desk_of(websocket)
    try:
        session = await signed_in(websocket, locked_too=True)
    except DoorError:
        await websocket.close(ENDED)
        return
    if PROTOCOL not in websocket.scope.get("subprotocols", ()):
        await websocket.close(TOO_MANY)
        return
    try:
        with desk.paces.connection(session.who.session or 0):
            await _connected(websocket, desk, session)
    except DoorError as error:
        await _refuse(websocket, error)


async def _refuse(websocket: WebSocket, error: DoorError) -> None:
    if "websocket.http.response" in websocket.scope.get("extensions", {}):
        await websocket.send_denial_response(refusal(error))
    else:
        await websocket.close(TOO_MANY)


async def _connected(websocket: WebSocket, desk: Desk, session: SignedIn) -> None:
    epoch, change, unread = await desk.runtime.ask(hello, who=session.who)
    listener = Listener(session.who, change, locked=session.locks_at <= clock.now())
    await websocket.accept(PROTOCOL)
    line = Line(websocket, desk, listener, epoch)
    await line.send({"hello": f"{epoch}.{change}", "version": desk.version} | ({} if session.who.scope else {"unread": unread}))
    since = websocket.query_params.get("since")
    if since is not None:
        await line.resume(since, change)
    await line.serve()
