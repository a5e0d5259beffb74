"""Two people talk."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Server, Visit
from tests.browser.visitor import imported

pytestmark = pytest.mark.browser
NOTEBOOK = "I’ll bring the notebook"


def test_what_one_writes_the_other_sees_at_once_with_a_dot_on_both_sides(visit: Visit) -> None:
    ben, dana, kim = visit("ben"), visit("dana", phone=True), visit("kim")
    expect(kim.rows).to_have_count(1)
    title = kim.page.title()
    for unread in ("Can you cover the group", NOTEBOOK):
        ben.open_row(unread)
        expect(ben.row(unread).locator(".new")).to_be_hidden()
    expect(ben.dot).to_be_hidden()
    ben.open("/help")
    dana.open_row(NOTEBOOK)
    expect(dana.dot).to_be_hidden()
    dana.write("Is the side door open?")
    expect(dana.message("Is the side door open?")).to_contain_text(re.compile(r"\d:\d\d"))
    expect(ben.dot).to_be_visible()
    ben.page.get_by_role("navigation", name="Main").get_by_role("link", name="Inbox").filter(visible=True).click()
    expect(ben.rows.first).to_contain_text("Is the side door open?")
    ben.open_row("Is the side door open?")
    expect(ben.message("Is the side door open?")).to_be_visible()
    dana.page.goto("/account")
    ben.write("Yes, from eight.")
    expect(dana.dot).to_be_visible()
    expect(dana.page).to_have_title(re.compile(r"^\(1\) "))
    # An outsider's page got nothing of it.
    expect(kim.page.get_by_text("side door")).to_have_count(0)
    assert kim.page.title() == title


def test_a_reload_keeps_everything(visit: Visit) -> None:
    ben = visit("ben")
    ben.open_row(NOTEBOOK)
    ben.write("Until Friday, then.")
    expect(ben.message("Until Friday, then.")).to_contain_text(re.compile(r"\d:\d\d"))
    ben.page.reload()
    expect(ben.message("Until Friday, then.")).to_have_count(1)
    expect(ben.message(NOTEBOOK)).to_be_visible()


def test_staff_see_when_a_message_was_read_and_clients_do_not(visit: Visit) -> None:
    ben, dana = visit("ben"), visit("dana")
    ben.open_row(NOTEBOOK)
    ben.write("Can you see this?")
    own = ben.message("Can you see this?")
    expect(own).to_contain_text(re.compile(r"\d:\d\d"))
    expect(own).not_to_contain_text("Read")
    dana.open_row("Can you see this?")
    expect(own).to_contain_text(re.compile(r"Read \d+:\d\d"))
    dana.write("I can.")
    expect(ben.message("I can.")).to_be_visible()
    expect(dana.message("I can.")).to_contain_text(re.compile(r"\d:\d\d"))
    expect(dana.page.locator("qr-message .meta", has_text="Read")).to_have_count(0)


def test_a_message_written_while_the_server_is_dead_is_sent_once_when_it_is_back(visit: Visit, server: Server) -> None:
    ben, dana = visit("ben"), visit("dana")
    for one in (ben, dana):
        one.line_may_break = True
        one.open_row(NOTEBOOK)
    server.kill()
    ben.write("Written in the dark")
    expect(ben.message("Written in the dark")).to_contain_text("Waiting for connection")
    expect(ben.page.get_by_text("Connecting again…").or_(ben.page.get_by_text("Messages wait here"))).to_be_visible()
    server.start()
    expect(dana.message("Written in the dark")).to_have_count(1)
    expect(ben.message("Written in the dark")).to_contain_text(re.compile(r"\d:\d\d"))
    dana.page.reload()
    expect(dana.message("Written in the dark")).to_have_count(1)


def test_offline_a_message_waits_and_is_sent_when_the_network_is_back(visit: Visit) -> None:
    ben, dana = visit("ben"), visit("dana")
    ben.line_may_break = True
    ben.open_row(NOTEBOOK)
    dana.open_row(NOTEBOOK)
    ben.context.set_offline(True)
    ben.write("From the tunnel")
    expect(ben.message("From the tunnel")).to_contain_text("Waiting for connection")
    expect(ben.page.get_by_text("No connection. Messages wait here and are sent when it is back.")).to_be_visible()
    expect(dana.message("From the tunnel")).to_have_count(0)
    ben.context.set_offline(False)
    expect(dana.message("From the tunnel")).to_have_count(1)
    expect(ben.message("From the tunnel")).to_contain_text(re.compile(r"\d:\d\d"))


def test_a_refused_message_keeps_its_text_and_can_be_tried_again(visit: Visit) -> None:
    ben, dana = visit("ben"), visit("dana")
    dana.line_may_break = True
    dana.open_row(NOTEBOOK)
    ben.open_row(NOTEBOOK)
    people = ben.context.request.get("/api/people").json()["people"]
    client = next(person["id"] for person in people if person["name"] == "Dana Reed")
    # The gate shuts while the message waits for the network.
    dana.context.set_offline(True)
    dana.write("Please let me through")
    ben.command("disable_messaging", client=client)
    expect(ben.page.locator("qr-gate:visible")).to_contain_text("Enable Secure Messaging")
    dana.context.set_offline(False)
    refused = dana.message("Please let me through")
    expect(refused).to_contain_text("Not sent:")
    expect(dana.composer).to_have_count(0)
    ben.button("Enable Secure Messaging").click()
    expect(ben.composer).to_be_visible()
    expect(dana.composer).to_be_visible()
    expect(refused).to_contain_text("Please let me through")
    dana.button("Try again").click()
    expect(ben.message("Please let me through")).to_have_count(1)
    expect(refused).not_to_contain_text("Not sent")


def test_whoever_reads_above_is_not_scrolled_away(visit: Visit) -> None:
    ben, dana = visit("ben"), visit("dana", phone=True)
    ben.open_row(NOTEBOOK)
    dana.open_row(NOTEBOOK)
    stream = ben.page.locator(".stream")
    ben.composer.fill("line\n" * 60)
    ben.page.locator("qr-composer .send").click()
    expect(dana.message("line")).to_have_count(1)
    # In the moment in which one scrolls, before the browser tells of it, something changes.
    known = imported("lib/store.js")
    stream.evaluate(f"async (element) => {{ const {{ store }} = await {known}; element.scrollTop = 0; store.tell(); }}")
    expect(ben.message("from now on you can reach me here")).to_be_in_viewport()
    dana.write("Something new below")
    pill = ben.button("New messages")
    expect(pill).to_be_visible()
    assert stream.evaluate("element => element.scrollTop") == 0
    expect(ben.message("Something new below")).not_to_be_in_viewport()
    pill.click()
    expect(ben.message("Something new below")).to_be_in_viewport()
    expect(pill).to_be_hidden()


def test_links_in_a_message_are_clickable_and_markup_is_only_text(visit: Visit) -> None:
    ben = visit("ben")
    ben.open_row(NOTEBOOK)
    ben.write("See https://example.org/a?b=1). <img src=x onerror=alert(1)> javascript:alert(2) mail@example.org")
    message = ben.message("See https")
    expect(message).to_contain_text("<img src=x onerror=alert(1)> javascript:alert(2)")
    links = message.get_by_role("link")
    expect(links).to_have_count(2)
    expect(links.first).to_have_attribute("href", "https://example.org/a?b=1")
    expect(links.first).to_have_attribute("rel", "noopener noreferrer")
    expect(links.last).to_have_attribute("href", "mailto:mail@example.org")
