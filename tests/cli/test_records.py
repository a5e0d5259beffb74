"""`quietroom records`: the whole record of a client, by the operator, on record."""

from __future__ import annotations

import io
import json
import stat
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

import pytest
from fhir.resources.R4B.bundle import Bundle as Fhir
from sqlalchemy import select, update

from chat import house
from chat.actions.attachments import StoredFile, add_attachment
from chat.actions.contact_logs import NewEntry, add_contact_log_entry
from chat.actions.deletions import delete_permanently
from chat.actions.mailboxes import Selection, move_to_trash
from chat.actions.messages import SendMessage, send_messages
from chat.cli.tools import Hands
from chat.lib.blobs import Blobs, Unreachable
from chat.models import AuditEntry, Message, Person
from chat.models.columns import table
from chat.printing import Printer, PrintFailed
from chat.settings import Settings
from chat.transaction import Asked, Who
from tests.cli.desk import Desk, desk
from tests.printing.paper import pages

__all__ = ["desk"]
PEOPLE, AUDIT = table(Person), table(AuditEntry)
BODY = "What nobody has in a mailbox any more"


def people(desk: Desk) -> dict[str, Who]:
    """The cast by username."""
    columns = (PEOPLE.c.username, PEOPLE.c.id, PEOPLE.c.organization_id, PEOPLE.c.role)
    return {str(row[0]): Who(row[1], row[2], row[3]) for row in desk.rows(select(*columns))}  # type: ignore[arg-type]


def said(desk: Desk, *, deleted: bool = True) -> None:
    """Ben wrote to Dana, with a file; both deleted it for good. He wrote to Eli, too, and into Dana's contact log."""
    cast = people(desk)
    blobs = house.blobs(Settings())
    with Hands() as hands:

        def send(to: str, body: str, *files: int) -> int:
            what = SendMessage(str(uuid4()), body, to=(cast[to].person,), attachments=files)
            (result,) = hands.do(lambda tx, _: send_messages(tx, [Asked(cast["ben"], what)]), None)
            return int(result["conversation"])

        data = b"Dear Dana"
        stored = StoredFile("letter.txt", "text/plain", len(data), b"", *blobs.put(data))
        file = hands.do(add_attachment, cast["ben"], stored)["id"]
        talk = send("dana", BODY, file)
        send("eli", "For Eli alone")
        hands.do(add_contact_log_entry, cast["ben"], NewEntry(str(uuid4()), cast["dana"].person, "A call about sleep."))
        for who in ("ben", "dana") if deleted else ():
            for action in (move_to_trash, delete_permanently):
                hands.do(action, cast[who], Selection((talk,)))


def opened(path: Path) -> zipfile.ZipFile:
    found = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
    assert found.testzip() is None
    return found


def test_the_whole_record_is_written_also_what_nobody_sees_and_is_on_record(desk: Desk, tmp_path: Path) -> None:
    said(desk)
    folder = tmp_path / "out"
    output = desk.done("records", "export", "dana", "Eli Navarro", "--to", str(folder))
    (dana,), (eli,) = folder.glob("record-Dana Reed-*.zip"), folder.glob("record-Eli Navarro-*.zip")
    assert str(dana) in output
    assert BODY not in output
    assert stat.S_IMODE(dana.stat().st_mode) == 0o600
    found = opened(dana)
    assert [name for name in found.namelist() if not name.startswith("files/")] == [
        "messages-1.pdf",
        "messages-1.fhir.json",
        "contact-log.pdf",
    ]
    (file,) = (name for name in found.namelist() if name.startswith("files/"))
    assert found.read(file) == b"Dear Dana"
    text = "".join(pages(found.read("messages-1.pdf")))
    assert BODY in text
    assert "No longer in the mailbox of Ben Larsen and Dana Reed" in text
    assert "Printed by the operator" in text
    assert "For Eli alone" not in text
    assert "A call about sleep." in "".join(pages(found.read("contact-log.pdf")))
    assert opened(eli).namelist() == ["messages-1.pdf", "messages-1.fhir.json"]
    (entry,) = Fhir.model_validate_json(found.read("messages-1.fhir.json")).entry or []
    assert entry.resource
    told = json.loads(entry.resource.model_dump_json())
    assert [list(one) for one in told["payload"]] == [["contentString"], ["contentAttachment"]]
    assert unquote(told["payload"][1]["contentAttachment"]["url"]) == file
    assert told["note"][0]["text"].startswith("No longer in the mailbox of")
    assert "A call about sleep." not in found.read("messages-1.fhir.json").decode()
    cast = people(desk)
    columns = (AUDIT.c.organization_id, AUDIT.c.actor_id, AUDIT.c.client_id, AUDIT.c.address)
    rows = desk.rows(select(*columns).where(AUDIT.c.action == "export_record").order_by(AUDIT.c.id))
    assert rows == [(cast["dana"].organization, 0, cast[name].person, "command line") for name in ("dana", "eli")]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("nobody",), "No client has the username, email address or name nobody."),
        (("ben",), "No client has the username, email address or name ben."),
        (("dana", "--organization", "Juniper Clinic"), "No client has"),
        (("dana", "--born", "1999-01-01"), "No client has"),
        (("dana", "nobody"), "No client has"),
    ],
)
def test_who_is_not_found_is_a_sentence_and_nothing_is_written(
    desk: Desk, tmp_path: Path, words: tuple[str, ...], sentence: str
) -> None:
    folder = tmp_path / "out"
    assert sentence in desk.refused("records", "export", *words, "--to", str(folder))
    assert not folder.exists()
    assert desk.rows(select(AUDIT.c.id).where(AUDIT.c.action == "export_record")) == []


def test_of_namesakes_it_is_asked_who_is_meant(desk: Desk, tmp_path: Path) -> None:
    with Hands() as hands:
        hands.do(_rename, None, people(desk)["eli"].person)
    folder = str(tmp_path / "out")
    sentence = desk.refused("records", "export", "Dana Reed", "--to", folder)
    assert "born 1994-03-04 at Harbor Counseling; born 1988-07-19 at Harbor Counseling" in sentence
    assert "Dana Reed" in desk.done("records", "export", "Dana Reed", "--born", "1988-07-19", "--to", folder)


def _rename(tx: Any, person: int) -> None:
    tx.connection.execute(PEOPLE.update().where(PEOPLE.c.id == person).values(name="Dana Reed", search_name="dana reed"))


def test_a_file_that_is_there_is_not_written_over(desk: Desk, tmp_path: Path) -> None:
    said(desk, deleted=False)
    folder = tmp_path / "out"
    desk.done("records", "export", "eli", "--to", str(folder))
    (path,) = folder.iterdir()
    path.write_bytes(b"mine")
    assert "is there already" in desk.refused("records", "export", "eli", "--to", str(folder))
    assert path.read_bytes() == b"mine"


def test_what_cannot_be_finished_leaves_no_half_file(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(*_: Any) -> bytes:
        raise PrintFailed("The PDF could not be made.")

    said(desk, deleted=False)
    monkeypatch.setattr(Printer, "contact_log", fails)
    folder = tmp_path / "out"
    assert "The PDF could not be made." in desk.refused("records", "export", "dana", "--to", str(folder))
    assert list(folder.iterdir()) == []


def test_what_is_damaged_or_cannot_be_reached_is_said_and_leaves_no_half_record(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(blobs: Blobs, name: str) -> Any:
        raise Unreachable("the bucket does not do what it is asked")

    said(desk, deleted=False)
    folder = tmp_path / "out"
    with monkeypatch.context() as patched:
        patched.setattr(Blobs, "read", away)
        assert "Files: the bucket does not do what it is asked." in desk.refused("records", "export", "dana", "--to", str(folder))
    with Hands() as hands:
        hands.do(lambda tx, _: tx.connection.execute(update(table(Message)).values(body=b"edited by hand")) and None, None)
    refused = desk.refused("records", "export", "dana", "--to", str(folder))
    assert "Nothing was exported." in refused
    assert "edited by hand" not in refused
    assert list(folder.iterdir()) == []


def test_a_client_without_a_word_has_an_empty_record(desk: Desk, tmp_path: Path) -> None:
    desk.done("records", "export", "fay", "--to", str(tmp_path / "out"))
    (path,) = (tmp_path / "out").iterdir()
    assert opened(path).namelist() == []
