"""Secrets that travel."""

from chat.lib.signing import derived, fingerprint, token, token_hash


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
