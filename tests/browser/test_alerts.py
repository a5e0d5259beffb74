"""What staff see of alerts: beside a message, at a client, in a list; and what a client chooses."""

import re
import sqlite3
import urllib.request
from collections.abc import Callable, Iterator
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from chat.lib.signing import webhook_signature
from tests.browser.conftest import Server, Visit
from tests.browser.visitor import Visitor
from tests.services.sms import ACCOUNT, TOKEN, SmsGateway, sms_gateway
from tests.services.smtp import SmtpSink, smtp

pytestmark = pytest.mark.browser

Picture = Callable[[Visitor, str], None]
PHONE, TALK = "+12125550123", "Friday’s appointment"


@pytest.fixture
def mails(monkeypatch: pytest.MonkeyPatch) -> Iterator[SmtpSink]:
    """The mail server; no ten seconds for reading before an alert leaves. Stands before the server starts."""
    monkeypatch.setenv("QUIETROOM_ALERT_DELAY", "0")
    with smtp() as sink:
        monkeypatch.setenv("QUIETROOM_MAIL_URL", f"smtp://127.0.0.1:{sink.port}?tls=none")
        yield sink


@pytest.fixture
def gateway(mails: SmtpSink, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmsGateway]:
    """The gateway for texts."""
    with sms_gateway() as found:
        for name, value in (("URL", found.url), ("ACCOUNT", ACCOUNT), ("TOKEN", TOKEN), ("FROM", "+15550009999")):
            monkeypatch.setenv(f"QUIETROOM_SMS_{name}", value)
        yield found


def texted(server: Server, body: str) -> None:
    """Dana's phone sends a text; the gateway tells of it."""
    fields = {"MessageSid": f"SM{body}", "From": PHONE, "To": "+15550009999", "Body": body}
    headers = {"X-Twilio-Signature": webhook_signature(TOKEN, f"{server.address}/hooks/sms", fields.items())}
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    request = urllib.request.Request(f"{server.address}/hooks/sms", urlencode(fields).encode(), headers)  # noqa: S310  loopback
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        assert answer.status == 200


def dana_of(visitor: Visitor) -> str:
    """Her page's address."""
    answer = visitor.context.request.post("/api/find_clients", data={"search": "dana"}, headers={"Origin": visitor.address})
    return f"/clients/{answer.json()['clients'][0]['id']}"


def with_phone(visitor: Visitor, number: str | None = PHONE, *, ticked: bool = True) -> None:
    """Staff save Dana's number and *Text message OK*."""
    client = visitor.context.request.get(f"/api{dana_of(visitor)}").json()
    given = {name: client[name] for name in ("name", "born", "email", "version")}
    given |= {"client": client["id"], "phone": number, "text_ok": ticked}
    answer = visitor.context.request.post("/api/save_client", data=given, headers={"Origin": visitor.address})
    assert answer.ok, answer.text()


def test_the_email_stands_beside_the_message_as_soon_as_it_left(mails: SmtpSink, visit: Visit, picture: Picture) -> None:
    ben = visit("ben")
    ben.open_row(TALK)
    ben.write("Is three o'clock still good?")
    expect(ben.message("Is three o'clock")).to_contain_text(re.compile(r"Email sent \d"))
    picture(ben, "alert-sent")
    assert ben.barriers() == []
    dana = visit("dana", phone=True)
    dana.open_row(TALK)
    expect(dana.message("Is three o'clock")).to_be_visible()
    expect(ben.message("Is three o'clock")).to_contain_text(re.compile(r"Read \d"))
    expect(ben.message("Is three o'clock")).not_to_contain_text("Email")
    expect(dana.message("Is three o'clock")).not_to_contain_text("Email")


def test_a_client_whose_emails_come_back_is_marked_everywhere_with_what_to_do(
    mails: SmtpSink, visit: Visit, picture: Picture
) -> None:
    mails.answer = "550 No such user"
    ben = visit("ben")
    ben.open_row(TALK)
    ben.write("Does this reach you?")
    expect(ben.message("Does this reach you?")).to_contain_text(
        "Email not delivered. The recipient's mail server refuses it (550)."
    )
    expect(ben.page.get_by_text("Emails to this client have come back since")).to_be_visible()
    picture(ben, "alert-failed")
    assert ben.barriers() == []
    phone = visit("ben", phone=True, scheme="dark")
    phone.open_row(TALK)
    picture(phone, "alert-failed")
    ben.link("What to do").click()
    expect(ben.page.get_by_text("Ask the client for the right address")).to_be_visible()
    picture(ben, "client-emails-come-back")
    assert ben.barriers() == []
    ben.link("Alerts").click()
    expect(ben.page.get_by_text("Not delivered").first).to_be_visible()
    picture(ben, "client-alerts")
    assert ben.barriers() == []
    ben.open("/clients")
    expect(ben.page.get_by_role("row", name=re.compile("Dana"))).to_contain_text("Emails come back")
    picture(ben, "clients-marked")
    ben.link("Alerts").click()
    line = ben.page.locator("qr-alert-list").get_by_role("listitem").filter(has_text="Dana")
    expect(line).to_contain_text("Not delivered")
    expect(line).to_contain_text("refuses it (550)")
    picture(ben, "alerts")
    assert ben.barriers() == []
    phone.open("/clients#alerts")
    expect(phone.page.locator("qr-alert-list").get_by_role("listitem").first).to_be_visible()
    picture(phone, "alerts")


def test_a_stop_stands_beside_the_name_on_every_open_page(
    gateway: SmsGateway, visit: Visit, server: Server, picture: Picture
) -> None:
    ben = visit("ben")
    with_phone(ben)
    ben.open_row(TALK)
    ben.write("We meet at three.")
    expect(ben.message("We meet at three.")).to_contain_text("Text sent")
    page = visit("ben", path=dana_of(ben))
    expect(page.page.get_by_role("heading", name="Dana Reed")).to_be_visible()
    ada, her_list = visit("ada", path=dana_of(ben)), visit("ada", path="/clients")  # she never wrote with Dana
    expect(ada.page.get_by_role("heading", name="Dana Reed")).to_be_visible()
    expect(her_list.page.get_by_text("Dana Reed")).to_be_visible()
    texted(server, "Stop.")
    since = re.compile(r"Texts off since .+, by the client’s STOP")
    expect(ada.page.locator(".person-head").get_by_text(since)).to_be_visible()
    expect(her_list.page.get_by_text("Texts off")).to_be_visible()
    expect(ben.page.get_by_role("status").filter(has_text=since)).to_be_visible()
    expect(page.page.locator(".person-head").get_by_text(since)).to_be_visible()
    expect(page.page.get_by_text("only the client’s carrier can lift that")).to_be_visible()
    picture(ben, "texts-off")
    picture(page, "client-texts-off")
    assert ben.barriers() == []
    assert page.barriers() == []
    # The reference's way where the client has lost the thread: delete the number, save, add it again, tick the box.
    with_phone(ben, None, ticked=False)
    with_phone(ben)
    expect(ben.page.get_by_text(since)).to_have_count(0)
    expect(page.page.get_by_text(since)).to_have_count(0)
    expect(ada.page.get_by_text(since)).to_have_count(0)
    page.link("Alerts").click()
    page.page.get_by_text("History of consent to texts").click()
    expect(page.page.get_by_text("STOP", exact=True)).to_be_visible()
    picture(page, "client-consent")


def test_a_carrier_that_blocks_the_number_is_shown_with_the_advice(gateway: SmsGateway, visit: Visit) -> None:
    gateway.answer = (400, {"code": 21610, "message": "unsubscribed recipient"})
    ben = visit("ben")
    with_phone(ben)
    ben.open_row(TALK)
    ben.write("We meet at three.")
    expect(ben.message("We meet at three.")).to_contain_text("Text not delivered. The carrier blocks texts to this number")
    ben.open(dana_of(ben))
    expect(ben.page.get_by_text("The carrier blocks texts to this number.")).to_be_visible()
    expect(ben.page.get_by_text("delete the phone number on Client Info, save, add it again")).to_be_visible()


def test_emails_are_chosen_under_account_and_for_a_client_by_a_tick_that_is_recorded(
    mails: SmtpSink, visit: Visit, picture: Picture
) -> None:
    dana = visit("dana", phone=True, path="/account#alerts")
    dana.page.get_by_label("Emails").select_option("None")
    dana.button("Save changes").click()
    expect(dana.page.get_by_text("Saved. This holds from the next message on.")).to_be_visible()
    picture(dana, "account-alerts")
    assert dana.barriers() == []
    ben = visit("ben")
    ben.open_row(TALK)
    ben.write("Nothing leaves for this one.")
    expect(ben.message("Nothing leaves")).to_contain_text("No email. Alert emails are stopped.")
    ben.open(f"{dana_of(ben)}#alerts")
    tick = ben.page.get_by_role("switch", name="Alert emails to this client")
    expect(tick).not_to_be_checked()
    expect(ben.page.get_by_text("Last changed by Dana Reed on")).to_be_visible()
    tick.click()
    expect(ben.page.get_by_text("Last changed by Ben Larsen on")).to_be_visible()
    dana.page.reload()
    expect(dana.page.get_by_label("Emails")).to_have_value("usual")
    assert mails.mails == []


def test_staff_are_told_of_a_message_that_stays_unread(mails: SmtpSink, server: Server, visit: Visit, picture: Picture) -> None:
    ben, phone = visit("ben"), visit("ben", phone=True)
    ben.open_row(TALK)
    ben.composer.fill("Please bring the form.")
    ben.button("More ways to send").click()
    ben.page.get_by_role("menuitemradio", name="5 days").click()
    ben.button("Do not tell me").click()
    ben.button("More ways to send").click()
    ben.page.get_by_role("menuitemradio", name="2 days").click()
    expect(ben.page.locator("qr-watch")).to_have_text("Tell me if unread after 2 days")
    assert ben.barriers() == []
    ben.page.locator("qr-composer .send:visible").click()
    expect(ben.page.locator("qr-watch")).to_be_hidden()
    mine = ben.message("Please bring the form.")
    expect(mine).to_contain_text("Tell me if unread after 2 days")
    phone.open_row(TALK)
    phone.composer.fill("And the key.")
    phone.button("More ways to send").click()
    phone.page.get_by_role("menuitemradio", name="1 day").click()
    picture(phone, "tell-if-unread")
    phone.page.locator("qr-composer .send:visible").click()
    phone.button("Cancel", phone.message("And the key.")).click()
    expect(phone.message("And the key.")).not_to_contain_text("Tell me")
    with sqlite3.connect(server.data / "quietroom.db", timeout=10) as database:
        database.execute("UPDATE watch SET due_at = 1")
    expect(mine).to_contain_text("Not read after 2 days", timeout=20_000)
    (mail,) = (mail for mail in mails.wait_for(2) if mail.recipients == ["ben@example.org"])
    assert "has not been read" in str(mail.content)
    assert not any(word in str(mail.content) for word in ("Dana", "Reed", "form"))
    ben.open("/clients#alerts")
    line = ben.page.locator(".alert-line")
    expect(line).to_contain_text("Not read after 2 days")
    line.get_by_role("link", name="Dana Reed").click()
    dana = visit("dana")
    dana.open_row(TALK)
    expect(mine).to_contain_text("Read ")
    expect(mine).not_to_contain_text("Not read")
    expect(dana.message("Please bring the form.")).not_to_contain_text("unread")


def test_staff_choose_an_email_for_each_message(mails: SmtpSink, visit: Visit) -> None:
    ben = visit("ben", path="/account#alerts")
    ben.page.get_by_label("Emails").select_option("For each message")
    ben.button("Save changes").click()
    expect(ben.page.get_by_text("Saved. This holds from the next message on.")).to_be_visible()
    dana = visit("dana")
    dana.open_row(TALK)
    dana.write("See you then.")
    (mail,) = mails.wait_for(1)
    assert mail.recipients == ["ben@example.org"]
    assert "See you" not in str(mail.content)
