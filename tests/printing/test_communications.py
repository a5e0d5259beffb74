"""What other programs get is FHIR R4B, and tells no more than it should."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle as Fhir
from fhir.resources.R4B.communication import Communication

from chat.printing.communications import TOGETHER, collection, told
from chat.queries.prints import Exchange, Party, PrintedFile, PrintedStep
from tests.people import NOON
from tests.printing.paper import conversation, message

BEN, DANA, HAL = Party(2, "Ben Larsen", "therapist"), Party(4, "Dana Reed", "client"), Party(8, "Hal Reed", "contact")
TALK: Any = conversation("Friday") | {"id": 7, "newest": 9}


def outer(kind: str, number: int) -> str:
    return f"{kind}-{number}"


def step(*messages: tuple[str, Party | None, list[Party], dict[str, Any]], files: tuple[PrintedFile, ...] = ()) -> PrintedStep:
    """Messages (text, who, to whom, more) of a conversation that concerns Dana."""
    views = [
        message(text, seq) | {"attachments": [], "sent_at": NOON + seq} | more
        for seq, (text, _, _, more) in enumerate(messages, 1)
    ]
    exchanges = [Exchange(who, to, DANA, more.get("read")) for _, who, to, more in messages]
    for view in views:
        view.pop("read", None)
    return PrintedStep(views, None, list(files), exchanges)  # type: ignore[arg-type]


def resources(*steps: PrintedStep, places: dict[int, str] | None = None) -> list[Any]:
    """The resources, proven to be what they say."""
    found: list[Any] = []
    for one in steps:
        found += told(TALK, one, found)
    text = b"".join(collection(found, places or {}, outer, NOON)).decode()
    bundle = Fhir.model_validate_json(text)
    assert bundle.type == "collection"
    plain = json.loads(text)
    assert len(bundle.entry or []) == len({entry["fullUrl"] for entry in plain["entry"]}) == len(found)
    for entry in plain["entry"]:
        Communication.model_validate_json(json.dumps(entry["resource"]))
    return [entry["resource"] | {"fullUrl": entry["fullUrl"]} for entry in plain["entry"]]


def test_a_message_says_who_what_when_to_whom_and_about_whom() -> None:
    (one,) = resources(step(("Hello", BEN, [DANA, HAL], {"read": NOON + 60_000})))
    assert (one["status"], one["payload"], one["topic"]["text"]) == ("completed", [{"contentString": "Hello"}], TALK["subject"])
    assert (one["sent"], one["received"]) == ("2026-03-04T12:00:00.001+00:00", "2026-03-04T12:01:00.000+00:00")
    assert (one["sender"]["type"], one["sender"]["display"]) == ("Practitioner", "Ben Larsen")
    assert [(who["type"], who["display"]) for who in one["recipient"]] == [
        ("Patient", "Dana Reed"),
        ("RelatedPerson", "Hal Reed"),
    ]
    assert one["subject"] == one["recipient"][0]
    assert not {"inResponseTo", "note"} & set(one)


def test_the_same_person_has_the_same_identifier_everywhere_and_it_is_no_number_of_ours() -> None:
    first, second = resources(step(("Hello", BEN, [DANA], {}), ("Hi", DANA, [BEN], {})))
    assert first["sender"]["identifier"] == second["recipient"][0]["identifier"]
    assert first["sender"]["identifier"]["value"].startswith("urn:uuid:")
    assert first["partOf"] == second["partOf"]
    assert first["identifier"] != second["identifier"]


def test_a_message_answers_the_newest_one_of_somebody_else_also_of_a_step_before() -> None:
    first = step(("One", BEN, [DANA], {}), ("Two", BEN, [DANA], {}))
    later = step(("Three", DANA, [BEN], {"seq": 3}), ("A line", None, [], {"seq": 4}), ("Five", BEN, [DANA], {"seq": 5}))
    found = resources(first, later)
    answers = [one.get("inResponseTo", [{}])[0].get("reference") for one in found]
    urls = [one["fullUrl"] for one in found]
    assert answers == [None, None, urls[1], urls[2], urls[2]]
    assert "sender" not in found[3], "nobody wrote it"


def test_files_are_named_with_where_they_lie_and_only_by_name_where_they_do_not() -> None:
    files = (PrintedFile(1, "plan.pdf", NOON), PrintedFile(2, "lost.pdf", NOON), PrintedFile(3, "a b.txt", NOON))
    two = step(
        ("", BEN, [DANA], {"attachments": ["plan.pdf", "lost.pdf"]}),
        ("See", DANA, [BEN], {"attachments": ["a b.txt"]}),
        files=files,
    )
    first, second = resources(two, places={1: "files/2026-03-04 plan.pdf", 3: "files/2026-03-04 a b.txt"})
    assert first["payload"] == [
        {"contentAttachment": {"title": "plan.pdf", "url": "files/2026-03-04%20plan.pdf"}},
        {"contentAttachment": {"title": "lost.pdf"}},
    ]
    assert [list(one) for one in second["payload"]] == [["contentString"], ["contentAttachment"]]


@pytest.mark.parametrize("text", ["a\x00b", "\x1b[31mred", "שלום 👩‍👩‍👧", "tab\tand\r\nline", "a\u2028b", "x" * 10_000])
def test_whatever_was_written_is_there_but_for_what_fhir_forbids(text: str) -> None:
    (one,) = resources(step((text, BEN, [DANA], {})))
    said = one["payload"][0]["contentString"]
    assert len(said) == len(text)
    assert all(mine == theirs or theirs == "\N{REPLACEMENT CHARACTER}" for mine, theirs in zip(text, said, strict=True))


def test_what_the_house_says_of_a_message_is_a_note() -> None:
    (one,) = resources(step(("Away", BEN, [DANA], {"automatic": True, "note": "No longer in the mailbox of Dana Reed"})))
    assert [note["text"] for note in one["note"]] == ["Sent automatically", "No longer in the mailbox of Dana Reed"]


def test_many_messages_come_in_pieces() -> None:
    many = step(*[(f"Message {at}", BEN, [DANA], {}) for at in range(2 * TOGETHER + 1)])
    assert [one["payload"][0]["contentString"] for one in resources(many)] == [f"Message {at}" for at in range(2 * TOGETHER + 1)]


def test_a_step_of_which_nothing_more_is_told_tells_nothing() -> None:
    assert told(TALK, PrintedStep([message("Hello", 1)], None)) == []  # type: ignore[list-item]
