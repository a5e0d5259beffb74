"""What goes with a message: files, Cc, the contact log; many clients at once; print."""

import io
import re
import uuid

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Locator, Route, expect

from tests.browser.conftest import Visit
from tests.browser.test_pages import keep_away
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
FRIDAY = "Friday’s appointment"
NOTEBOOK = "I’ll bring the notebook"


def photo(name: str) -> FilePayload:
    """A picture as a phone's camera makes them."""
    data = io.BytesIO()
    Image.new("RGB", (640, 480), (90, 150, 140)).save(data, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": data.getvalue()}


def attach(visitor: Visitor, *files: FilePayload) -> Locator:
    """Choose files in the composer that one sees; the answer is their list."""
    visitor.page.locator("qr-files input").first.set_input_files(list(files))
    return visitor.page.get_by_role("list", name="Attached files").filter(visible=True)


def identity(visitor: Visitor) -> str:
    """Somebody's id on the wire."""
    return str(visitor.context.request.get("/api/me").json()["id"])


def shows(files: Locator, pictures: int) -> None:
    """So many of the attached files are shown as pictures. Once it was sent a file is handed out as part of its message alone."""
    drawn = files.locator("img")
    expect(drawn).to_have_count(pictures)
    for number in range(pictures):
        expect(drawn.nth(number)).to_have_js_property("complete", value=True)


def test_a_client_answers_with_her_father_in_cc_and_a_photo_and_the_therapist_sees_both(visit: Visit) -> None:
    dana, ben, hal = visit("dana", phone=True), visit("ben"), visit("hal")
    expect(hal.rows).to_have_count(0)
    dana.open_row(FRIDAY)
    dana.button("Add a Cc").click()
    dana.page.get_by_role("menuitem", name="Hal Reed").click()
    expect(dana.page.get_by_text("Hal will see this and every later message here.")).to_be_visible()
    expect(attach(dana, photo("notebook.jpg"))).to_contain_text("notebook.jpg")
    expect(dana.page.locator("qr-composer .to")).to_have_text("To Ben and Hal")
    dana.write("Here are the notes.")
    expect(dana.page.locator(".upload")).to_have_count(0)
    expect(dana.button("Remove Hal Reed from later messages")).to_be_visible()

    ben.open_row(FRIDAY)
    got = ben.message("Here are the notes.")
    expect(got).to_contain_text("to you, Cc Hal")
    link = got.get_by_role("link", name="Download notebook.jpg")
    expect(link.locator("img")).to_have_js_property("complete", value=True)
    assert link.locator("img").evaluate("image => image.naturalWidth") > 0
    with ben.page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == "notebook.jpg"
    expect(ben.page.locator(".talk-head")).to_contain_text("Cc Hal Reed (father)")
    expect(ben.button("Add a Cc")).to_have_count(0)
    hal.open_row(FRIDAY)
    expect(hal.messages).to_have_count(1)
    assert dana.barriers() + ben.barriers() == []

    dana.button("Remove Hal Reed from later messages").click()
    dana.button("Remove").click()
    expect(dana.page.get_by_text("Hal sees no later message here")).to_be_visible()
    dana.write("Only for you.")
    expect(ben.message("Only for you.")).to_be_visible()
    expect(hal.messages).to_have_count(1)


def test_who_is_named_at_the_button_is_who_gets_it_or_the_text_is_kept(visit: Visit) -> None:
    dana, ben = visit("dana"), visit("ben")
    ben.open_row(FRIDAY)
    ben.composer.fill("Only for Dana’s eyes")
    ben.line_may_break = True
    ben.context.set_offline(True)
    ben.page.locator("qr-composer .send:visible").click()
    dana.open_row(FRIDAY)
    dana.button("Add a Cc").click()
    dana.page.get_by_role("menuitem", name="Hal Reed").click()
    dana.write("Dad reads along now.")
    expect(dana.button("Remove Hal Reed from later messages")).to_be_visible()
    ben.context.set_offline(False)
    refused = ben.message("Only for Dana’s eyes")
    expect(refused).to_contain_text("Not sent: This would now go to Dana Reed and Hal Reed.")
    expect(ben.page.locator("qr-composer .to")).to_have_text("To Dana and Hal")
    expect(dana.message("Only for Dana’s eyes")).to_have_count(0)
    ben.button("Try again").click()
    expect(dana.message("Only for Dana’s eyes")).to_have_count(1)


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_a_contact_answers_and_is_offered_nothing_that_begins_a_conversation(visit: Visit, phone: bool) -> None:
    hal, dana = visit("hal", phone=phone), visit("dana", phone=phone)
    expect(dana.page.get_by_role("link", name="Compose").filter(visible=True)).to_have_count(1)
    expect(hal.page.get_by_text("Nothing here yet")).to_be_visible()
    expect(hal.page.get_by_role("link", name="Compose")).to_have_count(0)
    hal.page.get_by_role("button", name=re.compile("^Secure Messages")).click()
    expect(hal.page.get_by_text("you read and answer it here")).to_be_visible()
    expect(hal.button("New Message")).to_have_count(0)


def test_in_a_direct_conversation_a_cc_begins_a_thread(visit: Visit) -> None:
    dana, ben = visit("dana"), visit("ben")
    dana.open_row(NOTEBOOK)
    dana.composer.fill("My father has a question.")
    dana.button("Add a Cc").click()
    dana.page.get_by_role("menuitem", name="Hal Reed").click()
    expect(dana.page.get_by_text("With a Cc this becomes a new conversation.")).to_be_visible()
    expect(dana.page.get_by_label("Message", exact=True)).to_have_value("My father has a question.")
    dana.button("Send").click()
    expect(dana.message("My father has a question.")).to_be_visible()
    expect(dana.messages).to_have_count(1)
    expect(ben.row("My father has a question.")).to_be_visible()


def test_a_refused_file_says_why_and_holds_the_message_back(visit: Visit) -> None:
    ben = visit("ben")
    ben.open_row(FRIDAY)
    files = attach(ben, {"name": "tool.exe", "mimeType": "application/x-msdownload", "buffer": b"MZ\x00\x01" * 40})
    expect(files).to_contain_text("Files of this kind cannot be sent.")
    assert [problem for problem in ben.problems if "415" in problem] == ben.problems
    ben.problems.clear()
    ben.composer.fill("With a file")
    expect(ben.page.locator("qr-composer .send")).to_be_disabled()
    ben.button("Remove tool.exe").click()
    attach(ben, {"name": "nothing.txt", "mimeType": "text/plain", "buffer": b""})
    expect(files).to_contain_text("This file is empty.")
    ben.button("Remove nothing.txt").click()
    expect(ben.page.locator("qr-composer .send")).to_be_enabled()


def hand_over(visitor: Visitor, how: str, *files: FilePayload) -> None:
    """Drop or paste files where one writes."""
    given = [{"name": one["name"], "type": one["mimeType"], "bytes": list(one["buffer"])} for one in files]
    script = """(zone, {how, given}) => {
        const data = new DataTransfer();
        for (const {name, type, bytes} of given) data.items.add(new File([new Uint8Array(bytes)], name, {type}));
        const drag = {bubbles: true, cancelable: true, dataTransfer: data};
        if (how === "drop") for (const kind of ["dragover", "drop"]) zone.dispatchEvent(new DragEvent(kind, drag));
        else zone.dispatchEvent(new ClipboardEvent("paste", {bubbles: true, cancelable: true, clipboardData: data}));
    }"""
    visitor.page.locator("qr-composer textarea:visible").evaluate(script, {"how": how, "given": given})


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_files_are_dropped_and_pictures_pasted(visit: Visit, phone: bool) -> None:
    ben, dana = visit("ben", phone=phone), visit("dana")
    ben.open_row(FRIDAY)
    files = ben.page.get_by_role("list", name="Attached files").filter(visible=True)
    hand_over(ben, "drop", photo("dropped.jpg"), {"name": "plan.txt", "mimeType": "text/plain", "buffer": b"Breathe in."})
    expect(files.get_by_role("listitem")).to_have_count(2)
    hand_over(ben, "paste", photo("pasted.jpg"))
    expect(files.get_by_role("listitem")).to_have_count(3)
    shows(files, 2)
    ben.write("All three.")
    dana.open_row(FRIDAY)
    got = dana.message("All three.")
    for name in ("dropped.jpg", "plan.txt", "pasted.jpg"):
        expect(got.get_by_role("link", name=f"Download {name}")).to_be_visible()


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_an_upload_is_cancelled_or_tried_again(visit: Visit, phone: bool) -> None:
    ben = visit("ben", phone=phone)
    ben.open_row(FRIDAY)
    ben.line_may_break = True
    ben.page.route("**/api/attachments", lambda _: None)
    files = attach(ben, photo("slow.jpg"))
    ben.composer.fill("With a photo")
    expect(ben.page.locator("qr-composer .send:visible")).to_be_disabled()
    ben.button("Cancel the upload of slow.jpg").click()
    expect(files).to_have_count(0)
    expect(ben.page.locator("qr-composer .send:visible")).to_be_enabled()
    ben.page.unroute("**/api/attachments")
    ben.page.route("**/api/attachments", lambda route: route.abort())
    attach(ben, photo("late.jpg"))
    again = ben.button("Try to upload late.jpg again")
    expect(again).to_be_visible()
    ben.page.unroute("**/api/attachments")
    again.click()
    shows(files, 1)
    ben.page.locator("qr-composer .send:visible").click()
    expect(ben.message("With a photo").get_by_role("link", name="Download late.jpg")).to_be_visible()
    assert [problem for problem in ben.problems if "ERR_FAILED" in problem] == ben.problems
    ben.problems.clear()


def test_attached_files_are_there_after_a_reload_and_removed_ones_are_not_sent(visit: Visit) -> None:
    ben, dana = visit("ben"), visit("dana")
    ben.open_row(FRIDAY)
    files = attach(ben, photo("one.jpg"), photo("two.jpg"))
    expect(files.get_by_role("listitem")).to_have_count(2)
    shows(files, 2)
    ben.page.reload()
    expect(files.get_by_role("listitem")).to_have_count(2)
    ben.button("Remove one.jpg").click()
    ben.page.locator("qr-composer .send:visible").click()
    dana.open_row(FRIDAY)
    expect(dana.messages.last.get_by_role("link")).to_have_count(1)
    expect(dana.page.get_by_role("link", name="Download two.jpg")).to_be_visible()


def test_several_conversations_are_printed_as_one_pdf_in_the_order_shown(visit: Visit) -> None:
    ben = visit("ben")
    for text in ("Opening hours", "Sleep diary", NOTEBOOK):
        ben.row(text).get_by_role("checkbox").check()
    expect(ben.row(NOTEBOOK)).to_have_class(re.compile("unread"))
    with ben.page.expect_request("**/api/print") as asked:
        ben.button("Print Selected").click()
    keys = [ben.row(text).get_attribute("data-key") for text in (NOTEBOOK, "Sleep diary", "Opening hours")]
    assert asked.value.post_data_json == {"conversations": keys}
    dialog = ben.page.get_by_role("dialog", name="The PDF is ready")
    expect(dialog).to_contain_text("It holds 3 conversations.", timeout=60_000)
    with ben.page.expect_download() as download:
        dialog.get_by_role("link", name="Download").click()
    assert re.fullmatch(r"messages-\d{4}-\d\d-\d\d\.pdf", download.value.suggested_filename)
    assert download.value.path().read_bytes().startswith(b"%PDF-")
    assert ben.barriers() == []
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0)
    expect(ben.row(NOTEBOOK)).not_to_have_class(re.compile("unread"))


def test_what_may_not_be_printed_is_left_out_and_told(visit: Visit) -> None:
    ben, ada = visit("ben"), visit("ada", path="/inbox")
    for text in ("Opening hours", FRIDAY):
        ben.row(text).get_by_role("checkbox").check()
    dana = ben.context.request.post("/api/find_people", data={"search": "Dana"}, headers={"Origin": ben.address}).json()
    client = dana["people"][0]["id"]

    def lose(route: Route) -> None:
        ada.command("unassign", client=client, therapist=identity(ben))
        route.continue_()

    ben.page.route("**/api/print", lose)
    ben.button("Print Selected").click()
    dialog = ben.page.get_by_role("dialog", name="The PDF is ready")
    expect(dialog).to_contain_text("It holds 1 conversation.", timeout=60_000)
    expect(dialog).to_contain_text("1 of those you selected was left out: it may not be printed.")
    assert ben.barriers() == []


def test_printing_that_is_pressed_twice_is_made_once_and_without_a_connection_says_so(visit: Visit) -> None:
    ben = visit("ben")
    ben.row(FRIDAY).get_by_role("checkbox").click()
    keep_away(ben, "lib/printing.js", 1)
    made: list[str] = []
    ben.page.on("request", lambda request: made.append(request.url) if request.url.endswith("/api/print") else None)
    ben.button("Print Selected").click()
    expect(ben.page.locator(".toast")).to_contain_text("There is no connection at the moment. Please try again.")
    ben.button("Print Selected").dblclick()
    expect(ben.page.get_by_role("heading", name="The PDF is ready")).to_be_visible()
    assert len(made) == 1
    ben.button("Close").click()
    expect(ben.page.get_by_role("dialog")).to_have_count(0)
    ben.button("Print Selected").click()
    expect(ben.page.get_by_role("heading", name="The PDF is ready")).to_be_visible()
    assert len(made) == 2


def test_printing_can_be_cancelled_and_says_why_it_failed(visit: Visit) -> None:
    ben = visit("ben")
    ben.open_row(FRIDAY)
    ben.page.route("**/api/print", lambda _: None)
    ben.button("Print").click()
    busy = ben.page.get_by_role("dialog", name="Making the PDF…")
    busy.get_by_role("button", name="Cancel").click()
    expect(busy).to_have_count(0)
    expect(ben.messages.first).to_be_visible()
    ben.page.unroute("**/api/print")
    sentence = '{"error": {"code": "unavailable", "message": "The PDF takes too long. Select fewer conversations."}}'
    ben.page.route("**/api/print", lambda route: route.fulfill(status=503, body=sentence, content_type="application/json"))
    ben.button("Print").click()
    expect(ben.page.get_by_role("dialog", name="The PDF was not made")).to_contain_text("Select fewer conversations.")
    assert [problem for problem in ben.problems if "503" in problem] == ben.problems
    ben.problems.clear()


def test_a_copy_stands_in_the_contact_log_verbatim_and_the_client_cannot_learn_of_it(visit: Visit) -> None:
    ben, dana = visit("ben"), visit("dana")
    ben.open_row(FRIDAY)
    expect(attach(ben, photo("plan.jpg"))).to_contain_text("KB")
    text = "Agreed: <b>Friday</b>, 3 pm.\n  Father joins for the first half. 🙂"
    ben.composer.fill(text)
    ben.button("More ways to send").press("ArrowDown")
    ben.page.keyboard.press("ArrowDown")
    expect(ben.page.get_by_role("menuitem", name="Send & Copy to Contact Log")).to_be_focused()
    ben.page.keyboard.press("Enter")
    expect(ben.message("Agreed:")).to_contain_text("In contact log")

    address = f"/clients/{identity(dana)}#log"
    ben.open(address)
    entry = ben.page.locator(".log-entry")
    expect(entry.locator(".body")).to_have_text(text)
    expect(entry).to_contain_text("Ben Larsen")
    expect(entry).to_contain_text(FRIDAY)
    expect(entry).to_contain_text("plan.jpg")
    ben.button("Add entry").click()
    ben.page.get_by_role("dialog").get_by_label("Text").fill("Called back, left a message.")
    ben.button("Add entry", ben.page.get_by_role("dialog")).click()
    expect(entry).to_have_count(2)
    expect(entry.first).to_contain_text("By hand")
    with ben.page.expect_download() as download:
        ben.page.get_by_role("link", name="Download CSV").click()
    assert "Called back, left a message." in download.value.path().read_text("utf-8-sig")
    ben.button("Export as PDF").click()
    made = ben.page.get_by_role("dialog", name="The PDF is ready")
    expect(made).to_contain_text("It holds the whole contact log", timeout=60_000)
    with ben.page.expect_download() as download:
        made.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == "contact-log.pdf"
    assert download.value.path().read_bytes().startswith(b"%PDF-")
    made.get_by_role("button", name="Close").click()
    assert ben.barriers() == []

    dana.open_row(FRIDAY)
    expect(dana.message("Agreed:")).to_be_visible()
    assert "log" not in dana.page.locator("main").inner_text().lower()
    refused = dana.context.request.get(f"/api/clients/{identity(dana)}/contact_log")
    unknown = dana.context.request.get(f"/api/clients/{identity(ben)}/contact_log")
    assert (refused.status, refused.text()) == (unknown.status, unknown.text()) == (404, unknown.text())
    talk = dana.page.url.rpartition("/")[2]
    assert dana.context.request.get(f"/api/conversations/{talk}/messages").text().count('"in_contact_log":true') == 0


def test_a_message_to_all_clients_reaches_each_alone_and_shows_who_was_skipped(visit: Visit) -> None:
    ben, dana, eli, fay = visit("ben", path="/sent#compose"), visit("dana", phone=True), visit("eli"), visit("fay")
    ben.button("Select all my clients").click()
    ben.page.get_by_label("Message", exact=True).fill("The office is closed on the 12th.")
    ben.button("Review and send").click()
    expect(ben.page.get_by_text("A message to several clients needs a subject.")).to_be_visible()
    ben.page.get_by_label("Subject").fill("Closed on the 12th")
    ben.button("Review and send").click()
    question = ben.page.get_by_role("dialog", name="Send to 2 clients?")
    expect(question).to_contain_text("Gus Okafor: Secure messaging is off.")
    assert ben.barriers() == []
    ben.button("Send to 2 clients", question).click()

    expect(ben.page.get_by_role("heading", name="Closed on the 12th")).to_be_visible()
    state = ben.page.locator(".mass-recipient")
    expect(state).to_have_count(3)
    expect(state.filter(has_text="Gus Okafor")).to_contain_text("Skipped")
    expect(state.filter(has_text="Eli Navarro").locator(".tag")).to_have_text(re.compile("Sent|Alerted"))
    expect(ben.page.locator("qr-mass-row")).to_contain_text("To 2 clients · 1 skipped")
    expect(ben.row("Closed on the 12th")).to_have_count(0)
    assert ben.barriers() == []

    expect(eli.row("Closed on the 12th")).to_be_visible()
    expect(fay.row("Closed on the 12th")).to_have_count(0)
    dana.open_row("Closed on the 12th")
    assert all(name not in dana.page.locator("main").inner_text() for name in ("Eli", "Gus", "2 clients"))
    dana.write("Thank you for telling me.")
    expect(state.filter(has_text="Dana Reed")).to_contain_text("Answered")
    ben.page.get_by_role("link", name="Open the conversation").click()
    expect(ben.message("Thank you for telling me.")).to_be_visible()

    ben.link("Inbox").click()
    expect(ben.row("Closed on the 12th")).to_be_visible()


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_the_rest_of_a_running_message_is_cancelled(visit: Visit, phone: bool) -> None:
    ben = visit("ben", phone=phone, path="/sent")
    row = {"id": "x" * 22, "key": "k", "subject": "Closed", "first_words": "Closed.", "body": "Closed.", "attachments": []}
    state: dict[str, int | None] = {"done": 100, "cancelled_at": None, "finished_at": None}
    more = {"sent_at": 1_772_625_600_000, "of": 400, "skipped": 0, "trashed_at": None, "deleted_at": None}
    listed = re.compile(r"/api/mass_messages\?folder=sent")
    ben.page.route(listed, lambda route: route.fulfill(json={"mass_messages": [{**row, **more, **state}], "next": None}))
    ben.page.route("**/recipients*", lambda route: route.fulfill(json={"recipients": [], "next": None}))

    def cancel(route: Route) -> None:
        state["cancelled_at"] = 1_772_625_600_500
        route.fulfill(json={})

    ben.page.route("**/api/cancel_mass_message", cancel)
    ben.open(f"/sent/mass-{row['id']}")
    expect(ben.page.get_by_role("progressbar", name="100 of 400 sent")).to_be_visible()
    assert ben.barriers() == []
    ben.button("Cancel the rest").click()
    ben.button("Cancel the rest", ben.page.get_by_role("dialog")).click()
    expect(ben.page.get_by_role("status").filter(has_text="The rest was cancelled")).to_be_visible()
    expect(ben.button("Cancel the rest")).to_have_count(0)


TO_TRASH = "Move message to several clients to Trash: Closed on the 12th"
TO_SENT = "Move message to several clients to Sent: Closed on the 12th"


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_the_row_of_a_message_to_all_goes_to_the_trash_and_back_and_is_printed_and_gone(visit: Visit, phone: bool) -> None:
    ben = visit("ben", phone=phone, path="/sent")
    rows = ben.page.locator("qr-mass-row")
    answer = ben.context.request.post(
        "/api/send_mass_message",
        data={"key": str(uuid.uuid4()), "everyone": True, "subject": "Closed on the 12th", "body": "The office is closed."},
        headers={"Origin": ben.address},
    )
    assert answer.ok
    expect(rows).to_contain_text("The office is closed.")  # it came by itself, and the last step, too
    ben.button(TO_TRASH).click()
    expect(rows).to_have_count(0)
    ben.button("Undo").click()
    expect(rows).to_have_count(1)

    if phone:
        ben.button("Select").click()
    rows.get_by_role("checkbox").check()
    ben.row("Sleep diary").get_by_role("checkbox").check()
    ben.button("Print Selected").click()
    dialog = ben.page.get_by_role("dialog", name="The PDF is ready")
    expect(dialog).to_contain_text("It holds 3 conversations.", timeout=60_000)
    dialog.get_by_role("button", name="Close").click()
    ben.button("Move to Trash").click()
    expect(ben.page.get_by_text("2 messages moved to the trash")).to_be_visible()
    expect(rows).to_have_count(0)

    other = visit("ben", path="/trash")
    there = other.page.locator("qr-mass-row")
    expect(there).to_contain_text("deleted in 15 days")
    assert other.barriers() == []
    there.get_by_role("link").click()
    expect(other.page.locator(".mass-recipient")).to_have_count(3)
    other.button("Move to Sent").click()
    expect(there).to_have_count(0)
    expect(rows).to_have_count(1)
    rows.get_by_role("link").click()
    ben.button("Move to Trash").click()
    expect(there).to_have_count(1)
    there.get_by_role("checkbox").check()
    other.button("Permanently Delete").click()
    other.button("Permanently Delete", other.page.get_by_role("dialog")).click()
    expect(there).to_have_count(0)
    ben.open("/trash")
    expect(ben.row("Sleep diary")).to_be_visible()
    expect(rows).to_have_count(0)


def send_to_all(visitor: Visitor, subject: str) -> None:
    """A message to all one's clients, without a page."""
    data = {"key": str(uuid.uuid4()), "everyone": True, "subject": subject, "body": "The office is closed."}
    assert visitor.context.request.post("/api/send_mass_message", data=data, headers={"Origin": visitor.address}).ok


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_the_row_of_a_message_to_all_is_found_by_each_client_it_went_to_also_while_it_arrives(visit: Visit, phone: bool) -> None:
    ben = visit("ben", phone=phone, path="/sent")
    rows, search = ben.page.locator("qr-mass-row"), ben.page.get_by_role("searchbox", name="Search by name")
    send_to_all(ben, "Closed on the 12th")
    expect(rows).to_contain_text("The office is closed.")
    search.fill("navarro")
    expect(ben.row(FRIDAY)).to_have_count(0)
    expect(rows).to_contain_text("Closed on the 12th")
    send_to_all(ben, "Closed on the 13th")
    expect(rows).to_have_count(2)
    search.fill("lindqvist")
    expect(rows).to_have_count(0)
    expect(ben.page.get_by_text("Nobody called “lindqvist”", exact=False)).to_be_visible()
    send_to_all(ben, "Closed on the 14th")
    search.fill("eli")
    expect(rows).to_have_count(3)
    ben.button("Move message to several clients to Trash: Closed on the 13th").click()
    expect(rows).to_have_count(2)
    ben.page.get_by_role("link", name="Trash", exact=True).filter(visible=True).first.click()
    expect(rows).to_contain_text("Closed on the 13th")


def test_select_all_is_kept_with_the_draft_and_moves_with_the_text(visit: Visit) -> None:
    ben = visit("ben", path="/inbox#compose")
    to = ben.page.get_by_role("combobox", name="To")
    to.press_sequentially("dan")
    ben.page.get_by_role("option", name="Dana Reed").click()
    ben.page.get_by_label("Subject").fill("Closed on the 12th")
    ben.page.get_by_label("Message", exact=True).fill("The office is closed.")
    expect(ben.page.get_by_text("Draft saved")).to_be_visible()
    ben.button("Remove Dana Reed").click()
    expect(ben.page.get_by_role("option", name="Eli Navarro")).to_be_visible()  # the open list leaves the button free
    ben.button("Select all my clients").click()
    expect(ben.page.get_by_text("Draft saved")).to_be_visible()
    ben.page.reload()
    expect(ben.page.get_by_text("to all your active clients", exact=False).filter(visible=True).first).to_be_visible()
    ben.button("Continue").click()
    expect(ben.button("Review and send")).to_be_visible()
    expect(ben.page.get_by_label("Message", exact=True)).to_have_value("The office is closed.")
    drafts = ben.context.request.get("/api/drafts").json()["drafts"]
    assert [(draft["everyone"], draft["to"]) for draft in drafts if draft["conversation"] is None] == [(True, [])]


def test_several_picked_clients_are_a_message_to_each_and_team_members_stay_apart(visit: Visit) -> None:
    ben = visit("ben", path="/inbox#compose")
    to = ben.page.get_by_role("combobox", name="To")
    for name in ("Dana Reed", "Eli Navarro"):
        to.focus()
        to.press_sequentially(name[:3].lower())
        ben.page.get_by_role("option", name=name).click()
    expect(ben.page.get_by_text("Each client gets a message of their own")).to_be_visible()
    to.press_sequentially("cleo")
    expect(ben.page.get_by_role("option", name="Cleo Marsh")).to_be_disabled()
    to.press("Escape")
    ben.button("Remove Eli Navarro").click()
    expect(ben.button("Send")).to_be_visible()
    expect(ben.page.get_by_text("Each client gets a message of their own")).to_be_hidden()


def test_who_presses_review_and_send_twice_is_asked_once_and_can_change_their_mind(visit: Visit) -> None:
    ben = visit("ben", path="/inbox#compose")
    asked: list[str] = []
    ben.page.on("request", lambda request: asked.append(request.url) if "preview_mass_message" in request.url else None)
    ben.button("Select all my clients").click()
    ben.page.get_by_label("Subject").fill("Closed on the 12th")
    ben.page.get_by_label("Message", exact=True).fill("The office is closed.")
    for times in (1, 2):
        ben.button("Review and send").dblclick()
        expect(ben.button("Send to 2 clients")).to_have_count(1)
        assert len(asked) == times
        ben.button("Cancel", ben.page.get_by_role("dialog")).click()
        expect(ben.page.get_by_role("dialog")).to_have_count(0)
        expect(ben.page.get_by_label("Message", exact=True)).to_be_focused()


def test_more_than_twenty_five_clients_are_confirmed_by_typing_the_number(visit: Visit) -> None:
    ben = visit("ben", path="/inbox#compose")
    ben.page.route("**/api/preview_mass_message", lambda route: route.fulfill(json={"of": 30, "skipped": [], "confirm": True}))
    sent: list[object] = []

    def accept(route: Route) -> None:
        sent.append(route.request.post_data_json)
        route.fulfill(json={"mass_message": "x" * 22, "of": 30, "skipped": 0})

    ben.page.route("**/api/send_mass_message", accept)
    ben.button("Select all my clients").click()
    ben.page.get_by_label("Subject").fill("Closed on the 12th")
    ben.page.get_by_label("Message", exact=True).fill("The office is closed.")
    ben.button("Review and send").click()
    ben.button("Send to 30 clients").click()
    expect(ben.page.get_by_role("alert").filter(has_text="Please type 30.")).to_be_visible()
    assert sent == []
    ben.page.get_by_label("Type the number 30 to confirm").fill("30")
    ben.button("Send to 30 clients").click()
    expect(ben.page.get_by_text("On its way to 30 clients")).to_be_visible()
    assert isinstance(sent[0], dict)
    assert (sent[0]["confirm"], sent[0]["everyone"]) == (30, True)
    ben.problems.clear()  # nothing was sent, so there is nothing to show
