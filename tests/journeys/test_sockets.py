"""One socket: who may open it, what it takes, and when it is closed."""

import asyncio
import contextlib
import json
import os
import re
import socket as plain
import time
import uuid
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin, Subprotocol

from tests.journeys.device import Device, connected_to, device, opened, unread, visitor
from tests.journeys.servers import HOST, House, Practice, server

pytestmark = pytest.mark.journey


async def answer_to(socket: ClientConnection, frame: Any) -> dict[str, Any]:
    """What the server says to a frame; a dict goes as JSON."""
    await socket.send(json.dumps(frame) if isinstance(frame, dict) else frame)
    return dict(json.loads(await asyncio.wait_for(socket.recv(), 10)))


async def close_code(socket: ClientConnection) -> int:
    """The code that the server closes with; what it says before is read."""
    await said_before_the_end(socket)
    return socket.close_code or 1006


async def said_before_the_end(socket: ClientConnection) -> list[dict[str, Any]]:
    """Everything that the server says until it closes."""
    said: list[dict[str, Any]] = []
    with contextlib.suppress(ConnectionClosed):
        async with asyncio.timeout(20):
            while True:
                said.append(json.loads(await socket.recv()))
    return said


@pytest.mark.parametrize(
    "options",
    [
        {"origin": None},
        {"origin": Origin("https://evil.example")},
        {"origin": Origin("null")},
        {"subprotocols": None},
        {"subprotocols": [Subprotocol("graphql-ws")]},
        {"additional_headers": {}},
        {"additional_headers": {"Cookie": "session=guessed"}},
    ],
    ids=["no origin", "foreign origin", "null origin", "no subprotocol", "other subprotocol", "no session", "guessed session"],
)
async def test_a_socket_that_is_not_ours_is_refused_before_it_is_open(embedded: House, options: dict[str, Any]) -> None:
    async with visitor(embedded, "dana") as dana:
        with pytest.raises(InvalidStatus) as refused:
            await opened(dana, **options)
        assert refused.value.response.status_code == 403
        async with opened(dana) as socket:
            assert "hello" in json.loads(await socket.recv())


async def test_frames_in_pieces_are_put_together(embedded: House) -> None:
    async with visitor(embedded, "dana") as dana, opened(dana) as socket:
        await socket.recv()
        whole = json.dumps({"do": "active", "key": "piece by piece é 🙂"}, ensure_ascii=False)
        await socket.send(pieces(whole))
        assert json.loads(await socket.recv()) == {"done": "piece by piece é 🙂", "result": {}}


async def test_a_frame_of_any_size_arrives_whole(embedded: House) -> None:
    async with device(embedded, "dana") as dana, device(embedded, "ben") as ben:
        talk = ben.direct_with("Dana")
        dana.cut()
        letters = [f"{number} " + "🙂" * 2_000 for number in range(9)]
        for letter in letters:
            await ben.send(talk, letter)
        dana.online.set()
        await dana.has(talk, *letters)
        sizes = [len(json.dumps(frame, ensure_ascii=False, separators=(",", ":")).encode()) for frame in dana.frames]
        assert max(sizes) > 65_535, "so large that its length takes eight bytes"
        await dana.do("mark_read", conversation=talk, seq=max(dana.messages[talk]))
        async with visitor(embedded, "dana") as other, opened(other, "?since=gone.1") as socket:
            await socket.recv()
            assert await socket.recv() == '{"reset":true}'


def pieces(whole: str) -> list[str]:
    """The text, a few characters at a time."""
    return [whole[at : at + 5] for at in range(0, len(whole), 5)]


async def test_bytes_arrive_one_at_a_time(embedded: House) -> None:
    async with visitor(embedded, "dana") as dana:
        reader, writer = await asyncio.open_connection(HOST, dana.port)
        await byte_by_byte(writer, handshake(dana))
        await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
        await byte_by_byte(writer, command("active", "slowly"))
        assert b'{"done":"slowly","result":{}}' in await asyncio.wait_for(reader.readuntil(b'"result":{}}'), 10)
        writer.close()
        await writer.wait_closed()


async def test_commands_that_come_together_are_carried_out_one_after_the_other(embedded: House) -> None:
    """Whole frames, one in two parts, one cut by the network, a question, a fault: answered in the order of the frames."""
    async with device(embedded, "dana") as dana, visitor(embedded, "dana") as other:
        talk = dana.direct_with("Ben")
        keys = [str(uuid.uuid4()) for _ in range(9)]
        letters = [command("send_message", key, conversation=talk, body=f"Together {key}") for key in keys[:4]]
        question = command("find_people", keys[4], search="be")
        fault = command("active", keys[5], more="than it takes")
        parts = frame(b'{"do": "active", ', 0x01) + frame(f'"key": "{keys[6]}"}}'.encode(), 0x80)
        last = deceiving(json.dumps({"do": "active", "key": keys[8]}).encode(), 20)
        reader, writer = await asyncio.open_connection(HOST, other.port)
        writer.write(handshake(other))
        await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
        writer.write(b"".join([*letters, question, fault, parts, command("active", keys[7]), last[:20]]))
        await writer.drain()
        await dana.has(talk, *(f"Together {key}" for key in keys[:4]))
        writer.write(last[20:])
        answers = b""
        while keys[8].encode() not in answers:
            answers += await asyncio.wait_for(reader.read(65_536), 10)
        writer.close()
        await writer.wait_closed()
    told = re.findall(rb'"(done|refused)":"([^"]+)"', answers)
    assert [key.decode() for _, key in told] == keys
    assert [how for how, _ in told] == [b"done"] * 5 + [b"refused"] + [b"done"] * 3
    assert [body for body in dana.bodies(talk) if "Together" in body] == [f"Together {key}" for key in keys[:4]]


def handshake(who: Device) -> bytes:
    """The request that opens a socket."""
    cookie = "; ".join(f"{name}={value}" for name, value in who.http.cookies.items())
    head = f"GET /ws HTTP/1.1\r\nHost: {HOST}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nOrigin: {who.origin}\r\n"
    head += f"Cookie: {cookie}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
    return (head + "Sec-WebSocket-Protocol: quietroom.v1\r\n\r\n").encode()


def frame(payload: bytes, first: int = 0x81, mask: bytes = bytes(4)) -> bytes:
    """A masked frame; its mask changes nothing, unless another one is given."""
    size = bytes((0x80 | len(payload),)) if len(payload) < 126 else bytes((0xFE, *len(payload).to_bytes(2)))
    return bytes((first,)) + size + mask + bytes(byte ^ mask[at % 4] for at, byte in enumerate(payload))


def deceiving(payload: bytes, at: int) -> bytes:
    """A short frame whose bytes from `at` on look like an empty frame of its own."""
    place = at - 6
    mask = bytearray(4)
    mask[place % 4], mask[(place + 1) % 4] = payload[place] ^ 0x81, payload[place + 1] ^ 0x80
    return frame(payload, mask=bytes(mask))


def command(do: str, key: str, **fields: Any) -> bytes:
    """The frame of a command."""
    return frame(json.dumps({"do": do, "key": key, **fields}).encode())


async def byte_by_byte(writer: asyncio.StreamWriter, data: bytes) -> None:
    """Each byte in a packet of its own, as far as that can be asked for."""
    for byte in data:
        writer.write(bytes((byte,)))
        await writer.drain()


async def test_a_binary_frame_ends_the_connection(embedded: House) -> None:
    async with visitor(embedded, "dana") as dana, opened(dana) as socket:
        await socket.send(b"{}")
        assert await close_code(socket) == 1003


async def test_a_frame_over_64_kib_ends_the_connection_and_one_just_below_does_not(embedded: House) -> None:
    async with visitor(embedded, "dana") as dana, opened(dana) as socket:
        await socket.recv()
        frame = {"do": "active", "key": "k", "padding": ""}
        room = 65_536 - len(json.dumps(frame))
        assert (await answer_to(socket, frame | {"padding": "x" * room}))["refused"] == "k"
        await socket.send(json.dumps(frame | {"padding": "x" * (room + 1)}))
        assert await close_code(socket) == 1009


@pytest.mark.parametrize(
    ("frame", "sentence"),
    [
        ("{", "This is not valid JSON."),
        ("", "This is not valid JSON."),
        ("[]", "Send a JSON object."),
        ('{"key":"a","key":"b"}', "The JSON names a key twice."),
        ('{"do":"active","key":"k","n":NaN}', "NaN is not JSON."),
        ('{"do":"active","key":"k","n":' + "9" * 30 + "}", "The JSON holds a number that is too large."),
        ('{"do":"active","key":"k","n":' + "[" * 40 + "]" * 40 + "}", "The JSON is nested too deeply."),
        ('{"do":"send_message","key":"k","body":"\\ud800"}', "The text holds half a character (a lone surrogate)."),
        ("{}", "A command has a name (“do”) and a key, both strings."),
        ('{"do":7,"key":"k"}', "A command has a name (“do”) and a key, both strings."),
        ('{"do":"active","key":7}', "A command has a name (“do”) and a key, both strings."),
        ('{"do":"drop_tables","key":"k"}', "There is no command “drop_tables”."),
        ('{"do":"active","key":"k","nonsense":1}', "There is no field “nonsense” here."),
        ('{"do":"mark_read","key":"k"}', "The field “conversation” is missing."),
        ('{"do":"mark_read","key":"k","conversation":1,"seq":1}', "The field “conversation” cannot be used: an id is a string."),
        ('{"do":"move_to_trash","key":"k","conversations":"all"}', "The field “conversations” cannot be used"),
        ('{"do":"send_message","key":"k","body":"x"}', "The field “key” cannot be used"),
    ],
)
async def test_what_cannot_be_understood_is_refused_in_a_sentence_and_the_connection_lives(
    embedded: House, frame: str, sentence: str
) -> None:
    async with visitor(embedded, "dana") as dana, opened(dana) as socket:
        await socket.recv()
        refused = await answer_to(socket, frame)
        assert refused["error"]["code"] == "invalid"
        assert refused["error"]["message"].startswith(sentence)
        assert await answer_to(socket, {"do": "active", "key": "alive"}) == {"done": "alive", "result": {}}


async def test_who_sends_nothing_but_nonsense_is_closed(embedded: House) -> None:
    async with visitor(embedded, "dana") as dana, opened(dana) as socket:
        for _ in range(21):
            await socket.send("nonsense")
        assert await close_code(socket) == 1008


async def test_ids_of_others_look_like_ids_that_never_were(embedded: House) -> None:
    async with device(embedded, "jon") as jon, visitor(embedded, "dana") as dana, opened(dana) as socket:
        await socket.recv()
        theirs = jon.direct_with("Kim")
        for name, fields in (
            ("send_message", {"body": "Hello"}),
            ("mark_read", {"seq": 1}),
            ("save_draft", {"body": "Hello"}),
        ):
            said = [
                await answer_to(socket, {"do": name, "key": str(uuid.uuid4()), "conversation": id, **fields})
                for id in (theirs, "A" * 22, theirs[::-1], jon.id)
            ]
            assert {json.dumps(one["error"]) for one in said} == {json.dumps(said[0]["error"])}
            assert said[0]["error"]["code"] == "not_found"


async def test_a_cursor_of_another_time_begins_anew(embedded: House) -> None:
    async with visitor(embedded, "dana") as dana:
        async with opened(dana) as socket:
            epoch = json.loads(await socket.recv())["hello"].split(".")[0]
        for since in ("nonsense", "", "other.1", f"{epoch}.999999999", f"{epoch}.-1", f"{epoch}.٣"):
            async with opened(dana, f"?since={since}") as socket:
                assert "hello" in json.loads(await socket.recv())
                assert json.loads(await asyncio.wait_for(socket.recv(), 10)) == {"reset": True}


async def test_signing_out_closes_every_socket_of_that_session_also_at_another_process(house: House) -> None:
    async with visitor(house, "dana", 0) as dana, device(house, "dana", 1) as other_session:
        elsewhere = Device("dana", house.ports[-1])
        async with elsewhere.http:
            elsewhere.http.cookies.update(dana.http.cookies)
            async with opened(dana) as here, opened(elsewhere) as there:
                assert (await dana.http.post("/api/sign_out", json={})).status_code == 200
                for socket in (here, there):
                    assert await ending(socket) == ("signed_out", 4401)
                assert (await elsewhere.http.get("/api/me")).status_code == 401
        assert not other_session.ended


async def ending(socket: ClientConnection) -> tuple[str, int]:
    """What the server says last, and the code it closes with."""
    said = await said_before_the_end(socket)
    return said[-1]["ended"], socket.close_code or 1006


async def test_an_ended_session_closes_its_sockets_without_being_rung(own_house: House) -> None:
    ends = {
        "ben": ("UPDATE session SET ended_at = 1, end_reason = 'revoked' WHERE person_id = :id", "revoked"),
        "cleo": ("UPDATE session SET ends_at = 1 WHERE person_id = :id", "expired"),
        "ada": ("UPDATE person SET active = false WHERE id = :id", "revoked"),
    }
    async with AsyncExitStack() as stack:
        people = {name: await stack.enter_async_context(visitor(own_house, name)) for name in (*ends, "ivy")}
        sockets = {name: await stack.enter_async_context(opened(one)) for name, one in people.items()}
        for socket in sockets.values():
            await socket.recv()
        for name, (change, _) in ends.items():
            write(own_house, change, name)
        for name, (_, reason) in ends.items():
            assert await ending(sockets[name]) == (reason, 4401)
            assert (await people[name].http.get("/api/me")).status_code == 401
        assert (await answer_to(sockets["ivy"], {"do": "active", "key": "k"})) == {"done": "k", "result": {}}


def write(house: House, statement: str, username: str) -> None:
    """Change rows of somebody behind the server's back, as another process does."""
    engine = create_engine(house.database)
    with engine.begin() as connection:
        number = connection.execute(text("SELECT id FROM person WHERE username = :name"), {"name": username}).scalar_one()
        connection.execute(text(statement), {"id": number})
    engine.dispose()


async def test_a_reader_who_never_reads_is_closed_and_the_others_are_served(own_house: House) -> None:
    body = "🙂" * 9_000
    async with device(own_house, "ben") as ben, device(own_house, "dana") as dana, visitor(own_house, "dana") as slow:
        talk = ben.direct_with("Dana")
        async with unread(slow) as port:
            for number in range(200):
                await ben.send(talk, f"{number} {body}")
            await dana.until(lambda one: len(one.bodies(talk)) >= 212)
            assert port in connected_to(slow.port), "the reader is there, or the test shows nothing"
            await asyncio.to_thread(wait_until, lambda: port not in connected_to(slow.port))
            await ben.send(talk, "Still here?")
            await dana.has(talk, "Still here?")


async def test_a_restart_says_goodbye_also_to_somebody_who_goes_on_talking(own_house: House) -> None:
    goodbye = b"\x88\x02" + (1012).to_bytes(2)
    async with visitor(own_house, "dana") as dana, opened(dana) as socket:
        await socket.recv()
        socket.transport.pause_reading()
        with plain.socket(fileno=os.dup(socket.transport.get_extra_info("socket").fileno())) as same:
            stopping = asyncio.create_task(asyncio.to_thread(own_house.webs[0].stop))
            await asyncio.to_thread(wait_until, lambda: waits_in(same).endswith(goodbye))
        for number in range(3):
            # A reset in answer to the first of these would end the connection before the goodbye was read.
            await socket.send(json.dumps({"do": "find_people", "key": str(number), "search": "Ben"}))
            await asyncio.sleep(0.01)
        socket.transport.resume_reading()
        assert await close_code(socket) == 1012
        await stopping


def waits_in(socket: plain.socket) -> bytes:
    """What has arrived and was not read yet."""
    with contextlib.suppress(BlockingIOError):
        return socket.recv(65_536, plain.MSG_PEEK)
    return b""


def wait_until(true: Callable[[], bool]) -> None:
    """Look every now and then; the server gives up by itself after ten seconds."""
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)


async def test_the_log_tells_neither_where_a_socket_connects_nor_what_it_says(practice: Practice) -> None:
    with server(practice, log_level="debug") as house:
        async with visitor(house, "dana") as dana, opened(dana, "?since=nowhere.1") as socket:
            assert "hello" in json.loads(await socket.recv())
            assert json.loads(await socket.recv()) == {"reset": True}
            assert "done" in await answer_to(socket, {"do": "find_people", "key": "1", "search": "A secret word"})
        assert "Quietroom serves" in house.log(), "a log without anything shows nothing"
        for word in ("nowhere", "secret", "/ws"):
            assert word not in house.log()
