"""A mass message works as BCC: nothing that reaches one client tells of another, by no door."""

import asyncio
import email
import email.policy
import io
import json
import uuid
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pypdf
import pytest

from tests.journeys.device import Device, device
from tests.journeys.servers import House, Practice, server

pytestmark = pytest.mark.journey
SUBJECT, TEXT = "Closed between the years", "The office is closed from the 24th."


@pytest.fixture
def prompt(practice: Practice) -> Iterator[House]:
    """A practice whose alert emails leave at once."""
    with server(practice, alert_delay="0", environment="development") as house:
        yield house


def mails(folder: Path) -> dict[str, str]:
    """The mails that left, with all their headers, by whom they are for."""
    found = {}
    for path in sorted(folder.glob("*.eml")):
        mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        parts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
        found[str(mail["To"])] = "\n".join([path.read_text(), *parts])
    return found


async def received(one: Device, talk: str) -> str:
    """Everything that a client can get at: frames, answers with their headers, the file, the PDF."""
    said = [json.dumps(one.frames)]
    paths = ("me", "conversations?folder=inbox", "people", "drafts", "mass_messages", f"conversations/{talk}/messages")
    for path in paths:
        answer = await one.http.get(f"/api/{path}")
        said += [str(answer.headers), answer.text]
    page = (await one.http.get(f"/api/conversations/{talk}/messages")).json()
    for file in page["messages"][0]["attachments"]:
        answer = await one.http.get(f"/api/attachments/{file['id']}")
        said += [str(answer.headers), answer.text]
    found = await one.http.post("/api/find_people", json={"search": ""})
    printed = await one.http.post("/api/print", json={"conversations": [talk]}, timeout=60)
    reader = pypdf.PdfReader(io.BytesIO(printed.content))
    return "\n".join(
        [*said, found.text, str(printed.headers), str(reader.metadata), *(sheet.extract_text() for sheet in reader.pages)]
    )


async def test_nothing_that_one_client_gets_tells_of_another(prompt: House) -> None:
    async with AsyncExitStack() as stack:
        ben, dana, eli = [await stack.enter_async_context(device(prompt, name, 0)) for name in ("ben", "dana", "eli")]
        upload = await ben.http.put("/api/attachments", content=b"Holidays.", headers={"X-Filename": "holidays.txt"})
        key = str(uuid.uuid4())
        given = {"everyone": True, "subject": SUBJECT, "body": TEXT, "attachments": [upload.json()["id"]]}
        sent = await ben.do("send_mass_message", key=key, copy_to_contact_log=True, **given)
        talks = {}
        for one in (dana, eli):
            await one.until(lambda one: any(row.get("subject") == SUBJECT for row in one.rows.values()))
            talks[one.username] = next(number for number, row in one.rows.items() if row.get("subject") == SUBJECT)
        await eli.send(talks["eli"], "Enjoy your holidays, says Eli.")
        recipients = (await ben.http.get(f"/api/mass_messages/{sent['mass_message']}/recipients")).json()["recipients"]
        people = {row["name"].split()[0].lower(): row["id"] for row in recipients}
        outbox = prompt.folder / "data" / "outbox"
        async with asyncio.timeout(30):
            while not all(any(name in to for to in mails(outbox)) for name in talks):  # noqa: ASYNC110  a folder tells nobody
                await asyncio.sleep(0.1)
        for one, other, name in ((dana, eli, "Eli"), (eli, dana, "Dana")):
            everything = await received(one, talks[one.username])
            everything += next(text for to, text in mails(outbox).items() if one.username in to)
            assert TEXT in everything, "or nothing was looked at"
            assert "holidays.txt" in everything
            secrets = (name, talks[other.username], people[name.lower()], people["gus"], "Gus", sent["mass_message"], key)
            for secret in (*secrets, f"{other.username}@", "clients", "contact_log"):
                assert secret not in everything, secret
        assert TEXT not in prompt.log()
