"""Web push, against the examples of its standards."""

from __future__ import annotations

import json

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from chat.lib.clock import DAY, SECOND
from chat.lib.webpush import Vapid, allowed, check_keys, decoded, encoded, encrypted
from tests.people import NOON

# RFC 8291, section 5 and appendix A.
BROWSER = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH, SALT = "BTBZMqHH6r4Tts7J_aSIgg", "DGv6ra1nlYgDCS1FRnbzlw"
SERVER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
    "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)
SERVICES = ("fcm.googleapis.com", ".push.apple.com")


def test_the_example_of_the_standard_comes_out_byte_for_byte() -> None:
    private = ec.derive_private_key(int.from_bytes(decoded(SERVER)), ec.SECP256R1())
    text = b"When I grow up, I want to be a watermelon"
    assert encoded(encrypted(BROWSER, AUTH, text, salt=decoded(SALT), private=private)) == BODY


def test_no_two_messages_look_alike() -> None:
    assert encrypted(BROWSER, AUTH, b"1") != encrypted(BROWSER, AUTH, b"1")
    assert b"canary" not in encrypted(BROWSER, AUTH, b"canary")


def test_a_proof_is_for_one_service_and_for_a_while() -> None:
    vapid = Vapid(bytes(32), "mailto:no-reply@example.org")
    scheme, _, rest = vapid.header("https://fcm.googleapis.com:443/send/abc", NOON).partition(" t=")
    token, _, public = rest.partition(",k=")
    head, claims, signature = token.split(".")
    assert (scheme, json.loads(decoded(head))) == ("vapid", {"typ": "JWT", "alg": "ES256"})
    found = json.loads(decoded(claims))
    assert (found["aud"], found["sub"]) == ("https://fcm.googleapis.com:443", "mailto:no-reply@example.org")
    assert NOON // SECOND < found["exp"] <= (NOON + DAY) // SECOND
    raw = decoded(signature)
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(public))
    pair = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    key.verify(pair, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    assert public == vapid.public == Vapid(bytes(32), "other").public != Vapid(bytes(range(32)), "other").public


@pytest.mark.parametrize(
    ("endpoint", "good"),
    [
        ("https://fcm.googleapis.com/fcm/send/abc", True),
        ("https://web.push.apple.com/abc", True),
        ("https://push.apple.com.evil.example/abc", False),
        ("https://evilfcm.googleapis.com/abc", False),
        ("http://fcm.googleapis.com/abc", False),
        ("https://user@fcm.googleapis.com/abc", False),
        ("https://10.0.0.1/abc", False),
        ("nonsense", False),
    ],
)
def test_only_known_services_are_posted_to(endpoint: str, good: bool) -> None:
    assert allowed(endpoint, SERVICES) == good


def test_keys_that_no_browser_made_are_refused() -> None:
    check_keys(BROWSER, AUTH)
    for p256dh, auth in ((BROWSER[:-4], AUTH), (encoded(b"\x04" + bytes(64)), AUTH), (BROWSER, "AAAA"), ("é", AUTH), ("", "")):
        with pytest.raises(ValueError):  # noqa: PT011  whatever the words, it is one sentence at the door
            check_keys(p256dh, auth)
