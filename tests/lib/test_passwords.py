"""Passwords by argon2id."""

from __future__ import annotations

import runpy

import pytest
from argon2.exceptions import VerifyMismatchError

from chat.lib import passwords


def test_a_password_matches_its_own_hash_only() -> None:
    stored = passwords.hashed("correct horse")
    assert stored.startswith("$argon2id$")
    assert "correct" not in stored
    assert passwords.matches(stored, "correct horse")
    assert not passwords.matches(stored, "correct hors")
    assert not passwords.matches(stored, "")


def test_two_hashes_of_one_password_are_not_alike() -> None:
    assert passwords.hashed("x") != passwords.hashed("x")


def test_what_nobody_has_is_compared_as_a_hash_of_the_same_costs() -> None:
    stored = passwords.hashed("x")
    assert len(passwords._NOBODY) == len(stored)
    assert passwords._NOBODY.split("$")[:4] == stored.split("$")[:4]
    with pytest.raises(VerifyMismatchError):  # and not a hash that cannot be read, which would take no time
        passwords._HASHER.verify(passwords._NOBODY, "x")


def test_nobody_has_no_password_and_checking_it_takes_the_same_way(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not passwords.matches(None, "a password that nobody has")
    tried: list[str] = []

    class Hasher:
        def verify(self, stored: str, password: str) -> bool:
            tried.append(stored)
            return True

    monkeypatch.setattr(passwords, "_HASHER", Hasher())
    assert not passwords.matches(None, "anything")
    assert tried == [passwords._NOBODY]


@pytest.mark.parametrize("stored", ["garbage", "$argon2id$v=19$m=64,t=1,p=1$", ""])
def test_a_hash_that_is_none_matches_nothing(stored: str) -> None:
    assert not passwords.matches(stored, "anything")


def test_the_costs_of_tests_are_not_those_of_earnest(monkeypatch: pytest.MonkeyPatch) -> None:
    cheap = passwords.hashed("x")
    assert not passwords.outdated(cheap)
    monkeypatch.delenv("QUIETROOM_TEST_HASHING")
    earnest = runpy.run_path(passwords.__file__)
    assert earnest["outdated"](cheap)
    assert "m=65536,t=3,p=4" in earnest["hashed"]("x")


def test_the_common_ones_are_long_enough_to_be_worth_listing() -> None:
    # Shorter ones are refused by their length; a common one is compared in lower case.
    assert len(passwords.COMMON) > 100
    assert {word for word in passwords.COMMON if len(word) < 10 or word != word.casefold()} == set()
    assert "password123" in passwords.COMMON
