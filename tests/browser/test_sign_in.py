"""The door."""

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import Visit
from tests.browser.visitor import PASSWORD

pytestmark = pytest.mark.browser


def test_one_signs_in_with_username_and_password_and_out_again(visit: Visit) -> None:
    ben = visit()
    ben.page.get_by_label("Username").fill("ben")
    ben.button("Sign in").click()
    expect(ben.page.get_by_text("Type your password.")).to_be_visible()
    ben.page.get_by_label("Password").fill("something else")
    ben.button("Sign in").click()
    expect(ben.page.get_by_role("alert")).to_contain_text("do not match")
    ben.page.get_by_label("Password").fill(PASSWORD)
    ben.page.keyboard.press("Enter")
    expect(ben.rows.first).to_be_visible()
    ben.button("Account of Ben Larsen").click()
    expect(ben.page.get_by_role("menu")).to_contain_text("Therapist")
    ben.page.get_by_role("menuitem", name="Sign out").click()
    expect(ben.page.get_by_label("Username")).to_be_visible()
    ben.page.wait_for_load_state("networkidle")  # signing out loads the page anew; in the midst of that there is no way back
    ben.page.go_back()
    expect(ben.page.get_by_label("Username")).to_be_visible()
    expect(ben.rows).to_have_count(0)


def test_a_session_that_ended_leads_to_the_door_and_back_to_the_same_page_with_the_text(visit: Visit) -> None:
    ben = visit("ben")
    ben.open_row("I’ll bring the notebook")
    here = ben.page.url
    ben.composer.fill("Half a thought")
    expect(ben.page.get_by_text("Draft saved")).to_be_visible()
    other = ben.context.new_page()
    other.goto("/account")
    other.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(other.get_by_label("Username")).to_be_visible()
    expect(ben.page.get_by_role("heading", name="Sign in to continue")).to_be_visible()
    expect(ben.messages).to_have_count(0)
    ben.page.get_by_label("Username").fill("ben")
    ben.page.get_by_label("Password").fill(PASSWORD)
    ben.button("Sign in").click()
    expect(ben.messages.first).to_be_visible()
    assert ben.page.url == here
    expect(ben.composer).to_have_value("Half a thought")


def test_a_session_that_ends_while_the_page_comes_leads_to_the_door_and_stays_there(visit: Visit) -> None:
    ben = visit("ben", path="about:blank")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    ben.page.route("**/groups/shell.js", hold)
    ben.page.goto("/inbox", wait_until="commit")
    ben.page.wait_for_selector("qr-notices", state="attached")
    ben.stand()
    ben.command("sign_out")
    expect(ben.page.get_by_label("Username")).to_be_visible()
    for route in held:
        route.continue_()
    ben.page.evaluate("customElements.whenDefined('qr-top')")
    expect(ben.page.get_by_label("Username")).to_be_visible()
    expect(ben.page.locator("qr-app")).to_have_count(0)


def test_an_outsider_sees_nothing_of_another_practice(visit: Visit) -> None:
    ben, kim = visit("ben"), visit("kim")
    ben.open_row("I’ll bring the notebook")
    kim.open(ben.page.url)
    expect(kim.page.get_by_text("This conversation is not here")).to_be_visible()
    kim.problems = [problem for problem in kim.problems if "404" not in problem]
    for path in ("/clients", "/practice"):
        kim.open(path)
        expect(kim.page.get_by_role("heading", name="There is nothing here")).to_be_visible()
    expect(kim.page.get_by_role("link", name="Clients")).to_have_count(0)
    kim.icon.click()
    kim.button("New Message", kim.panel).click()
    kim.seek("ben")
    expect(kim.panel.locator(".person")).to_have_count(0)
    expect(kim.page.get_by_text("Larsen")).to_have_count(0)


@pytest.mark.parametrize(
    ("asked", "led"),
    [("/account", "/account"), ("//example.org/inbox", "/inbox"), ("https://example.org", "/inbox"), ("", "/inbox")],
)
def test_signing_in_leads_to_a_page_of_ours_and_nowhere_else(visit: Visit, asked: str, led: str) -> None:
    ben = visit("ben", path=f"/sign-in?next={asked}")
    expect(ben.button("Account of Ben Larsen")).to_be_visible()
    expect(ben.page).to_have_url(f"{ben.address}{led}")


def test_who_has_no_password_yet_has_a_new_invitation_sent_from_the_door(visit: Visit) -> None:
    ada, lou = visit("ada"), visit()
    new = {"name": "Lou Park", "email": "lou@example.org"}
    assert ada.context.request.post("/api/save_client", data=new, headers={"Origin": ada.address}).ok
    lou.link("Send me a new invitation").click()
    expect(lou.page.get_by_role("heading", name="Send me a new invitation")).to_be_visible()
    assert lou.barriers() == []
    lou.page.get_by_label("Email address or username").fill("lou@example.org")
    lou.button("Send me a new invitation").click()
    expect(lou.page.get_by_role("heading", name="Look into your mailbox")).to_be_visible()
