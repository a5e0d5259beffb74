"""Who is in the practice that the doors are tried on, and what they have said."""

from __future__ import annotations

import io
import uuid
from pathlib import Path
from urllib.parse import quote

from PIL import Image

from chat.actions import assignments, drafts, messages, people, staff, standing
from chat.actions.assignments import Assigned
from chat.actions.mass_messages import SendMass, advance, send_mass_message
from chat.cli.database import bring_up
from chat.lib.crypto import KeyRing
from chat.lib.database import writing_engine
from chat.transaction import Keys, Transaction, Who
from tests.people import fill, new_person
from tests.web.doors import Doors, Practice, open_doors

CANARY = "The canary sings at noon."
#: Staff who looked after Dana once: Moe's assignment has ended, Dee was deactivated. Ned's assignment has gone from its table
#: without more (as after a faulty restore): what he took part in must be shut by the relationship itself.
FORMER = {"moe": "Moe Anders", "dee": "Dee Holt", "ned": "Ned Moss"}


async def make_practice(folder: Path) -> Practice:
    """Fill a database in `folder`."""
    filled = _cast(folder / "filled")
    async with open_doors(filled, folder / "practice") as doors:
        await _life(doors)
        return doors.practice


def _cast(folder: Path) -> Practice:
    folder.mkdir()
    engine = writing_engine(f"sqlite:///{folder / 'quietroom.db'}")
    bring_up(engine)
    with engine.begin() as connection:
        tx = Transaction(connection, Keys(KeyRing({"test": bytes(range(32))})))
        cast = fill(tx)
        for username, name in FORMER.items():
            new = new_person(cast["ben"].organization, "therapist", name, username=username, email=f"{username}@example.org")
            cast[username] = Who(people.add_person(tx, new), new.organization, new.role)
            people.assign_all(tx, [(cast["dana"].person, cast[username].person)])
        tx.finish()
    engine.dispose()
    return Practice(folder, cast)


def picture() -> bytes:
    """A small PNG."""
    out = io.BytesIO()
    Image.new("RGB", (400, 300), "teal").save(out, "PNG")
    return out.getvalue()


async def upload(doors: Doors, cookie: str, data: bytes | None = None, name: str = "sunset.png") -> int:
    """A file that was uploaded and not sent yet; its number."""
    answer = await doors.ask(cookie, "PUT", "/api/attachments", data or picture(), X_Filename=quote(name))
    number = doors.desk.wire.ids.inner("attachment", answer.json()["id"])
    assert number is not None
    return number


async def _life(doors: Doors) -> None:
    """Everybody signs in; Dana writes to all who look after her; then Moe and Dee leave her."""
    cast, perform, known = doors.practice.people, doors.desk.runtime.perform, doors.practice
    for name in cast:
        known.cookies[name] = await doors.sign_in(name)
    for name in ("dana", "ben", "ada"):
        for end in ("expired", "ended"):
            known.cookies[f"{name} {end}"] = await doors.sign_in(name)
            with doors.database() as connection:
                column = "ends_at" if end == "expired" else "ended_at"
                connection.execute(f"UPDATE session SET {column} = 1 WHERE id = (SELECT max(id) FROM session)")  # noqa: S608
    team = tuple(cast[name].person for name in ("ben", *FORMER))
    files = [await upload(doors, known.cookies["dana"]) for _ in range(2)]
    known.ids["file"], known.ids["upload"] = files
    friday = messages.SendMessage(str(uuid.uuid4()), CANARY, to=team, subject="Friday", attachments=(files[0],))
    known.ids["talk"] = (await perform(messages.send_messages, cast["dana"], friday))["conversation"]
    with_hal = messages.SendMessage(
        str(uuid.uuid4()), "Hello, both.", to=(cast["ben"].person,), subject="With Hal", cc=(cast["hal"].person,)
    )
    known.ids["with hal"] = (await perform(messages.send_messages, cast["dana"], with_hal))["conversation"]
    for text in ("Closed on Friday", "Closed on Monday"):  # one is sent, one waits for its job
        while await perform(advance, None):
            pass
        to_eli = SendMass(str(uuid.uuid4()), text, f"{text}.", (cast["eli"].person,))
        known.ids["mass_message"] = (await perform(send_mass_message, cast["ben"], to_eli))["mass_message"]
    for author, other in (("ben", "dana"), ("jon", "kim"), ("cleo", "fay")):
        hello = messages.SendMessage(str(uuid.uuid4()), f"{CANARY} ({author})", to=(cast[other].person,))
        known.ids[f"{author} {other}"] = (await perform(messages.send_messages, cast[author], hello))["conversation"]
    await perform(drafts.save_draft, cast["dana"], drafts.SaveDraft(f"{CANARY} Later.", known.ids["talk"]))
    await perform(assignments.unassign, cast["ada"], Assigned(cast["dana"].person, cast["moe"].person))
    await perform(standing.deactivate, cast["ada"], staff.Deactivate(cast["dee"].person, cast["ben"].person))
    with doors.database() as connection:
        connection.execute("DELETE FROM assignment WHERE therapist_id = ?", (cast["ned"].person,))
        known.ids["enclosure"] = connection.execute("SELECT outer_id FROM enclosure").fetchone()[0]
        own = "SELECT max(id) FROM session WHERE person_id = ? AND ended_at IS NULL AND ends_at > 1"
        known.ids["session"] = connection.execute(own, (cast["dana"].person,)).fetchone()[0]
