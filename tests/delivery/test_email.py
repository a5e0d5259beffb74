"""Mails as they leave, byte for byte."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from chat.actions.letters import Letter
from chat.delivery.email import Composer, Sender, _shown
from chat.lib import clock
from chat.lib.clock import MINUTE
from chat.lib.ids import Ids
from chat.lib.signing import Signer
from tests.people import NOON

GOLDEN = Path(__file__).parent / "golden"
SECRET = bytes(range(32))
BASE = "https://messages.example.org"
COMPOSER = Composer(Sender(BASE, "messages.example.org", "no-reply@example.org"), SECRET, Ids(SECRET))
LETTER = Letter(
    7, 1, "message", 4, "dana@example.org", 1, "Harbor & Söhne", "In an emergency call 911.",
    NOON, "w" * 43, 1, NOON + 15 * MINUTE,
)  # fmt: skip
LETTERS = {
    "message": LETTER,
    "message-plain": replace(LETTER, mail_name="", emergency_text=""),
    "unread": replace(LETTER, template="unread", address="ben@example.org", word=None, link=None, emergency_text=""),
    "not_read": replace(LETTER, template="not_read", address="ben@example.org", word=None, link=None, emergency_text=""),
    "invitation": replace(LETTER, template="invitation", link=None, emergency_text=""),
    "email_changed": replace(LETTER, template="email_changed", word=None, link=None, emergency_text=""),
    "password_reset": replace(LETTER, template="password_reset", link=None, emergency_text=""),
}


def composed(letter: Letter) -> bytes:
    with clock.frozen(NOON):
        return COMPOSER.compose(letter).content


def parsed(letter: Letter) -> EmailMessage:
    return message_from_bytes(composed(letter), policy=policy.default)


def body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    text: str = part.get_content()
    return text


@pytest.mark.parametrize("name", LETTERS)
def test_a_mail_is_byte_for_byte_what_was_looked_at(name: str) -> None:
    file = GOLDEN / f"{name}.eml"
    assert composed(LETTERS[name]).decode("ascii").splitlines() == file.read_text("ascii").splitlines()


@pytest.mark.parametrize("name", LETTERS)
def test_lines_end_as_mail_servers_want_them_and_are_not_too_long(name: str) -> None:
    lines = composed(LETTERS[name]).split(b"\r\n")
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    head, *rest = composed(LETTERS[name]).split(b"\r\n\r\n")
    assert all(len(line) <= 76 for part in rest for line in part.split(b"\r\n"))
    assert max(map(len, head.split(b"\r\n"))) < 998


@pytest.mark.parametrize("name", LETTERS)
def test_a_mail_is_text_and_html_for_one_person_and_loads_nothing(name: str) -> None:
    mail = parsed(LETTERS[name])
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert (mail["To"], mail["Cc"], mail["Bcc"]) == (LETTERS[name].address, None, None)
    assert mail["Auto-Submitted"] == "auto-generated"
    html = body(mail, "html")
    assert not re.search(r"<(img|script|link|iframe|object)\b|url\(|@import|src=", html)
    assert set(re.findall(r'href="([^"]*)"', html)) <= set(re.findall(r"https://\S+", body(mail, "plain"))) | {BASE}


def test_the_link_opens_for_its_own_purpose_and_no_other() -> None:
    token = re.search(rf"{BASE}/q/(\S+)", body(parsed(LETTER), "plain"))
    assert token is not None
    signer = Signer(SECRET)
    with clock.frozen(NOON):
        assert signer.read("quick-link", token[1], 60) == ("w" * 43, True)
        assert signer.read("unsubscribe", token[1], 60) is None
        assert Signer(bytes(32)).read("quick-link", token[1], 60) is None


def test_every_attempt_of_an_alert_has_the_same_message_id_and_a_link_of_its_own() -> None:
    first, second = parsed(LETTER), parsed(replace(LETTER, attempt=2, word="v" * 43))
    assert first["Message-ID"] == second["Message-ID"] != parsed(replace(LETTER, alert=8))["Message-ID"]
    assert body(first, "plain") != body(second, "plain")


def test_one_can_stop_alerts_by_one_click_and_nothing_else() -> None:
    mail = parsed(LETTER)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = re.fullmatch(rf"<{BASE}/unsubscribe\?t=([\w.-]+)>", mail["List-Unsubscribe"])
    assert link is not None
    assert link[1] in body(mail, "plain")
    for name in ("invitation", "password_reset", "email_changed"):
        assert parsed(LETTERS[name])["List-Unsubscribe"] is None
        assert "unsubscribe" not in body(parsed(LETTERS[name]), "html")


def test_the_minutes_are_those_that_are_left() -> None:
    late = replace(LETTER, prepared_at=NOON + 9 * MINUTE)
    assert "within 6 minutes" in body(parsed(late), "plain")


def test_what_a_practice_writes_is_text_and_never_markup() -> None:
    mail = parsed(replace(LETTER, mail_name="<b>Bold</b>", emergency_text="Call <i>911</i> & wait"))
    assert "&lt;b&gt;Bold&lt;/b&gt;" in body(mail, "html")
    assert "Call <i>911</i> & wait" in body(mail, "plain")


def test_the_text_for_emergencies_keeps_its_lines() -> None:
    mail = parsed(replace(LETTER, emergency_text="Call 911.\nOr <988>."))
    assert "Call 911.<br>Or &lt;988&gt;.</p>" in body(mail, "html")
    assert "Call 911.\nOr <988>." in body(mail, "plain").replace("\r\n", "\n")


def test_an_address_in_another_script_keeps_its_letters() -> None:
    mail = COMPOSER.compose(replace(LETTER, address="jörg@example.org"))
    assert "To: jörg@example.org".encode() in mail.content


@pytest.mark.parametrize("name", LETTERS)
def test_a_mail_is_in_the_language_of_who_gets_it_and_so_is_what_it_leads_to(name: str) -> None:
    mail = parsed(replace(LETTERS[name], language="es"))
    text, html = body(mail, "plain"), body(mail, "html")
    assert '<html lang="es">' in html
    assert "Mensajes seguros" in str(mail["From"])
    for english in ("Press", "Choose", "Sign in", "Please", "secure message", "password"):
        assert english not in re.sub(r"\S*https://\S*", "", text) + re.sub(r"https://[^\"<]*|<[^>]*>", "", html) + mail["Subject"]
    (link,) = [word for word in text.split() if word.startswith(BASE + "/") and "unsubscribe" not in word]
    assert "?language=es" in link.partition("#")[0]
    place = "alerts" if name == "not_read" else LETTERS[name].word
    assert link.partition("?language=es")[2] in {"", f"#{place}"}


@pytest.mark.parametrize("name", ["message", "invitation", "email_changed", "password_reset"])
def test_what_clients_get_in_arabic_runs_from_right_to_left_and_has_no_english(name: str) -> None:
    mail = parsed(replace(LETTERS[name], language="ar"))
    html, plain = body(mail, "html"), body(mail, "plain")
    assert '<html lang="ar" dir="rtl">' in html
    # What the practice wrote runs its own way, an address from left to right.
    assert re.search(r'<p class="ink" dir="auto"[^>]*>Harbor &amp; Söhne</p>', html)
    assert html.count(f'dir="ltr" href="{BASE}"') == html.count(f">{BASE}</a>")
    shown = re.sub(r"<style>.*?</style>|<[^>]+>|https?:[^\s<]+", " ", html + plain, flags=re.DOTALL)
    for own in ("Harbor &amp; Söhne", "Harbor & Söhne", "In an emergency call 911."):
        shown = shown.replace(own, "")
    assert re.findall(r"[A-Za-z]+", shown) == []
    assert re.search("[\u0600-\u06ff]", str(mail["Subject"]))


@pytest.mark.parametrize(("minutes", "words"), [(1, "دقيقة واحدة"), (2, "دقيقتين"), (6, "6 دقائق"), (15, "15 دقيقة")])
def test_a_mail_in_arabic_counts_in_four_ways(minutes: int, words: str) -> None:
    mail = parsed(replace(LETTER, language="ar", ends_at=NOON + minutes * MINUTE))
    assert f"خلال {words} من" in body(mail, "plain")
    assert f"خلال {words} من" in body(mail, "html")


def test_a_text_in_arabic_fits_into_two() -> None:
    text = COMPOSER.compose(replace(LETTER, template="text", language="ar", mail_name="")).content.decode()
    assert text.startswith(f"لديكم رسالة آمنة. اقرؤوها عبر {BASE}\n")
    assert {"STOP", "HELP"} <= set(re.findall("[A-Z]+", text))
    # With letters that the alphabet of texts has not, each of several has room for 67.
    assert len(text) <= 2 * 67


@pytest.mark.parametrize(("minutes", "words"), [(1, "1 minuto desde"), (15, "los 15 minutos siguientes")])
def test_a_mail_counts_as_its_language_does(minutes: int, words: str) -> None:
    mail = parsed(replace(LETTER, language="es", ends_at=NOON + minutes * MINUTE))
    assert words in body(mail, "plain")
    assert words in body(mail, "html")


def test_a_text_in_spanish_keeps_the_letters_that_every_phone_gets_for_one() -> None:
    letter = replace(LETTER, template="text", language="es", mail_name="")
    text = COMPOSER.compose(letter).content.decode()
    assert text.startswith(f"Tiene un mensaje seguro. Véalo en {BASE}\n")
    assert "STOP" in text
    # The alphabet of texts has é, but not á, í, ó, ú: with one of them a text has room for 70 letters instead of 160.
    assert set(text) - set("é") <= set(map(chr, range(128)))
    assert len(text) <= 160


def test_a_push_in_spanish_brings_its_words() -> None:
    told = _shown(replace(LETTER, template="push", language="es", unread=2))
    assert json.loads(told) == {
        "unread": 2,
        "language": "es",
        "title": "Tiene un mensaje seguro",
        "text": "Ábralo para leerlo.",
    }
    assert json.loads(_shown(replace(LETTER, template="push", unread=2))) == {"unread": 2}
