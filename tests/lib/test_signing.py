"""Secrets that travel."""

import pytest

from chat.lib import clock
from chat.lib.signing import Signer, derived, fingerprint, token, token_hash, vouched, vouched_for, webhook_signature
from tests.people import NOON


def test_tokens_are_long_random_and_safe_in_an_address() -> None:
    made = {token() for _ in range(100)}
    assert len(made) == 100
    assert all(len(word) == 43 and word.replace("-", "").replace("_", "").isalnum() for word in made)


def test_only_the_hash_of_a_token_can_be_stored() -> None:
    word = token()
    assert token_hash(word) == token_hash(word) != token_hash(token())
    assert len(token_hash(word)) == 32
    assert word.encode() not in token_hash(word)


def test_each_purpose_has_a_key_of_its_own() -> None:
    key = bytes(32)
    assert derived(key, "links") == derived(key, "links")
    assert len({derived(key, "links"), derived(key, "cookies"), derived(bytes([1]) * 32, "links"), key}) == 4


def test_what_is_vouched_for_is_known_again_and_anything_else_is_not() -> None:
    text = vouched(bytes(32), "backup", {"b": [1, "é"], "a": None})
    assert vouched_for(bytes(32), "backup", text) == {"a": None, "b": [1, "é"]}
    assert vouched_for(b"o" * 32, "backup", text) is None
    assert vouched_for(bytes(32), "backup", text.replace("1", "2")) is None
    for nothing in (
        text[:-2],
        text.replace("backup", "ledger"),
        "[]",
        '{"backup": 1, "seal": ""}',
        '{"backup": {"a": 1}, "seal": 2}',
    ):
        with pytest.raises(ValueError, match="holds no sealed `backup`"):
            vouched_for(bytes(32), "backup", nothing)


def test_a_fingerprint_tells_commands_apart() -> None:
    commands = [
        (1, None, "a"),
        (1, "a", None),
        (1, "None", "a"),
        ("1", None, "a"),
        (1, None, "a\ud800"),
        (1, (2,), "a"),
        (1, 2, "a"),
    ]
    assert len({fingerprint(*parts) for parts in commands}) == len(commands)
    assert fingerprint(1, None, "a") == fingerprint(1, None, "a")


def test_a_signed_word_is_good_for_its_purpose_and_its_time() -> None:
    signer = Signer(bytes(32))
    with clock.frozen(NOON):
        text = signer.sign("quick-link", "word")
        assert signer.read("quick-link", text, 900) == ("word", True)
    with clock.frozen(NOON + 900 * clock.SECOND):
        assert signer.read("quick-link", text, 900) == ("word", True)
    with clock.frozen(NOON + 901 * clock.SECOND):
        assert signer.read("quick-link", text, 900) == ("word", False)
    with clock.frozen(NOON - clock.MINUTE):  # a clock that was turned back makes nothing young again
        assert signer.read("quick-link", text, 900) == ("word", False)


def test_a_signed_word_is_worth_nothing_elsewhere_or_altered() -> None:
    signer = Signer(bytes(32))
    text = signer.sign("quick-link", "word")
    assert signer.read("unsubscribe", text, 900) is None
    assert Signer(bytes(range(32))).read("quick-link", text, 900) is None
    # The last character stands for four bits of the signature and two of nothing: A to E is another one.
    for altered in (text[:-1] + ("A" if text[-1] != "A" else "E"), "w" + text, text[:8], "", ".", "é.é.é", "a.b.c"):
        assert signer.read("quick-link", altered, 900) is None


def test_the_gateways_signature_is_the_one_of_its_manual() -> None:
    fields = {
        "Digits": "1234", "To": "+18005551212", "From": "+14158675309", "Caller": "+14158675309", "CallSid": "CA1234567890ABCDE",
    }  # fmt: skip
    address = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert webhook_signature("12345", address, fields.items()) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="
    assert webhook_signature("12346", address, fields.items()) != "RSOYDt4T1cUTdK1PDd93/VVr8B8="
