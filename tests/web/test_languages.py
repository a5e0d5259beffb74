"""In which language somebody is answered, by every door."""

from __future__ import annotations

import re
from http.cookies import SimpleCookie

import pytest

from chat.lib.languages import LANGUAGES, MIRRORED, TRANSLATED
from chat.settings import Settings
from chat.web.languages import Languages
from chat.web.static_files import STATIC, address
from tests.web.doors import Doors

SPANISH = "El nombre de usuario o la contraseña no son correctos."
WRONG = {"username": "nobody", "password": "nothing"}


def language_of(page: str) -> str:
    found = re.search(r'<html lang="([^"]+)"', page)
    assert found is not None
    return found[1]


async def refused(doors: Doors, path: str = "sign_in", **headers: str) -> str:
    answer = await doors.post(None, path, WRONG, **headers)
    message: str = answer.json()["error"]["message"]
    return message


async def test_a_refusal_is_in_the_language_of_who_is_refused(doors: Doors) -> None:
    assert await refused(doors) == "The username or the password is not right."
    assert await refused(doors, Accept_Language="es-MX,en;q=0.5") == SPANISH
    assert await refused(doors, Accept_Language="fr") == "The username or the password is not right."


async def test_what_was_chosen_goes_before_what_the_browser_says(doors: Doors) -> None:
    assert await refused(doors, Accept_Language="en", Cookie="language=es") == SPANISH
    assert await refused(doors, Accept_Language="es", Cookie="language=en") != SPANISH
    assert await refused(doors, Accept_Language="es", Cookie="language=xx") == SPANISH


async def test_an_address_chooses_and_the_choice_is_kept(doors: Doors) -> None:
    answer = await doors.get(None, "/sign-in?language=es")
    kept = SimpleCookie(answer.headers["set-cookie"])["language"]
    assert (kept.value, kept["path"], kept["samesite"], bool(kept["httponly"])) == ("es", "/", "lax", True)
    assert language_of(answer.text) == "es"
    again = await doors.get(None, "/sign-in?language=es", Cookie="language=es")
    assert "set-cookie" not in again.headers
    for nothing in ("fr", "", "es%0d%0aX-Evil:1", "<script>"):
        assert "set-cookie" not in (await doors.get(None, f"/sign-in?language={nothing}")).headers


async def test_an_address_with_more_fields_than_any_page_asks_for_is_answered_all_the_same(doors: Doors) -> None:
    answer = await doors.get(None, "/sign-in?language=es" + "&more=1" * 30)
    assert (answer.status_code, language_of(answer.text)) == (200, "en")
    assert "set-cookie" not in answer.headers


async def test_the_page_says_what_it_speaks_and_brings_the_words(doors: Doors) -> None:
    page = await doors.get(None, "/inbox", Accept_Language="es")
    assert '<html lang="es" dir="ltr" data-locale="es-US">' in page.text
    assert '<link rel="preload" href="/words/es.json" as="fetch" crossorigin>' in page.text
    assert f'<script type="module" src="{address()}js/speak.js"></script>' in page.text
    assert "Quietroom necesita JavaScript" in page.text
    assert {"Accept-Language", "Cookie"} <= set(page.headers["vary"].split(", "))
    english = await doors.get(None, "/inbox")
    assert '<html lang="en">' in english.text
    assert f'<script type="module" src="{address()}js/app.js"></script>' in english.text
    assert "/words/" not in english.text
    assert english.headers["etag"] != page.headers["etag"]


@pytest.mark.parametrize("path", ["/inbox", "/words/es.json"])
async def test_what_is_made_of_a_catalogue_is_sent_once_and_compressed(doors: Doors, path: str) -> None:
    plain = await doors.get(None, path, Accept_Language="es", Accept_Encoding="identity")
    packed = await doors.get(None, path, Accept_Language="es", Accept_Encoding="br, gzip")
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content
    assert plain.headers["cache-control"] == packed.headers["cache-control"] == "no-cache"
    assert int(packed.headers["content-length"]) < len(plain.content) / 2
    again = await doors.get(None, path, Accept_Language="es", If_None_Match=plain.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")


async def test_the_words_are_those_of_the_language(doors: Doors) -> None:
    for language in (*TRANSLATED, MIRRORED):
        answer = await doors.get(None, f"/words/{language}.json")
        assert answer.headers["content-type"] == "application/json"
        assert answer.json()["Cancel"] != "Cancel"
    for nothing in ("en", "fr", "..%2fes"):
        assert (await doors.get(None, f"/words/{nothing}.json")).status_code == 404


async def test_in_production_nobody_gets_the_mirrored_language(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Settings, "production", True)
    assert (await doors.get(None, f"/words/{MIRRORED}.json")).status_code == 404
    for mirrored in (True, False):
        tongues = Languages(doors.app, secure=True, mirrored=mirrored)
        assert (tongues._asked(f"language={MIRRORED}".encode()) == MIRRORED) is mirrored


async def test_a_page_behind_a_link_is_in_the_language_of_its_reader(doors: Doors) -> None:
    page = await doors.get(None, "/q/nothing", Accept_Language="es")
    assert language_of(page.text) == "es"
    assert "Este enlace ya no funciona" in page.text
    assert "no longer" not in page.text
    turned = await doors.get(None, f"/unsubscribe?language={MIRRORED}")
    assert '<html lang="ar-XB" dir="rtl">' in turned.text


async def test_views_say_their_sentences_in_the_language_of_who_asks(doors: Doors) -> None:
    ada = doors.practice.cookies["ada"]
    for language, words in (("en", "Signing in"), ("es", "Inicio de sesión")):
        cookie = f"{doors.desk.cookie}={ada}; language={language}"
        assert (await doors.get(None, "/api/audit", Cookie=cookie)).json()["kinds"]["signed"] == words
        export = await doors.get(None, "/api/audit.csv", Cookie=cookie)
        assert ("Resultado" in export.text) is (language == "es")


async def test_a_socket_refuses_in_the_language_of_its_page(doors: Doors) -> None:
    dana = doors.practice.cookies["dana"]
    for query, words in (("", "There is no command “dance”."), ("language=es", "No existe la orden “dance”.")):
        async with doors.socket(dana, query) as socket:
            assert (await socket.do("dance", "k" * 32, {}))["error"]["message"] == words


async def test_what_the_feed_brings_is_in_the_language_of_its_page(doors: Doors) -> None:
    async with doors.socket(doors.practice.cookies["dana"], "language=es") as socket:
        await doors.post(doors.practice.cookies["ben"], "disable_messaging", {"client": doors.person("dana")})
        while not (closed := (await socket.hear()).get("conversation", {}).get("closed")):
            pass
    assert closed["message"] == "La mensajería segura está desactivada para usted. Por favor, llame al consultorio."


async def test_somebody_chooses_and_is_asked_no_more(doors: Doors) -> None:
    dana = doors.practice.cookies["dana"]
    assert (await doors.get(dana, "/api/me")).json()["language"] is None
    assert (await doors.post(dana, "save_language", {"language": "es"})).status_code == 200
    assert (await doors.get(dana, "/api/me")).json()["language"] == "es"
    other = await doors.post(dana, "save_language", {"language": "fr"}, Accept_Language="es")
    assert (other.status_code, other.json()["error"]["field"]) == (400, "language")
    assert other.json()["error"]["message"] == "Elija un idioma de la lista."


async def test_staff_on_a_page_that_is_for_clients_are_led_to_one_that_has_their_words(doors: Doors) -> None:
    ben, dana = (doors.practice.cookies[name] for name in ("ben", "dana"))
    assert (await doors.get(ben, "/api/me", Accept_Language="ar")).json()["language"] == "en"
    assert (await doors.get(ben, "/api/me", Accept_Language="es")).json()["language"] is None
    assert (await doors.get(dana, "/api/me", Accept_Language="ar")).json()["language"] is None
    assert (await doors.post(ben, "save_language", {"language": "es"})).status_code == 200
    assert (await doors.get(ben, "/api/me", Accept_Language="ar")).json()["language"] == "es"
    assert (await doors.post(ben, "save_language", {"language": "ar"})).status_code == 400
    assert (await doors.post(dana, "save_language", {"language": "ar"})).status_code == 200


async def test_the_first_administrators_page_does_not_begin_in_a_language_for_clients(doors: Doors) -> None:
    page = await doors.get(None, "/setup?token=abc&language=ar")
    assert (page.status_code, page.headers["location"]) == (307, "/setup?token=abc&language=en")
    for place, own in (("/setup?language=es", "es"), ("/sign-in?language=ar", "ar")):
        assert language_of((await doors.get(None, place)).text) == own


async def test_a_page_from_right_to_left_says_so(doors: Doors) -> None:
    page = await doors.get(None, "/inbox", Accept_Language="ar-EG")
    assert '<html lang="ar" dir="rtl" data-locale="ar">' in page.text
    door = await doors.get(None, "/unsubscribe?language=ar")
    assert '<html lang="ar" dir="rtl">' in door.text
    assert "هذا الرابط لم يعد يعمل" in door.text


def test_the_pages_offer_the_languages_that_there_are() -> None:
    tongues = (STATIC / "js/lib/tongues.js").read_text()
    offered, for_clients = (re.search(rf"{name} = [{{[]([^}}\]]*)", tongues) for name in ("LANGUAGES", "FOR_CLIENTS"))
    assert offered is not None
    assert for_clients is not None
    assert re.findall(r'"(\w+)"', for_clients[1]) == [tag for tag, one in LANGUAGES.items() if not one.for_staff]
    assert dict(re.findall(r'(\w+): "([^"]+)"', offered[1])) == {tag: one.name for tag, one in LANGUAGES.items()}
