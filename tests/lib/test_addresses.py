"""Addresses that people type."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.lib.addresses import born, email, phone

TODAY = date(2026, 3, 4)


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("dana@example.org", "dana@example.org"),
        ("  Dana.Reed+x@EXAMPLE.Org ", "Dana.Reed+x@example.org"),
        ("o'neil_7@mail.sub-domain.example", "o'neil_7@mail.sub-domain.example"),
        ("ü@xn--bcher-kva.example", "ü@xn--bcher-kva.example"),
        ("x" * 64 + "@example.org", "x" * 64 + "@example.org"),
    ],
)
def test_an_address_has_one_form(given: str, address: str) -> None:
    assert email(given) == address


@pytest.mark.parametrize(
    "given",
    [
        "",
        "dana",
        "dana@",
        "@example.org",
        "dana@example",
        "dana@@example.org",
        "a b@example.org",
        "dana@exa mple.org",
        "dana@-example.org",
        "dana@example-.org",
        "dana@.org",
        "da..na@example.org",
        "dana@example..org",
        "Dana <dana@example.org>",
        "dana@example.org, eli@example.org",
        "dana@example.org\nBcc: eli@example.org",
        "dana@example.org\x00",
        "dana@192.0.2.1",
        "x" * 65 + "@example.org",
        "dana@" + ".".join(["x" * 60] * 5) + ".org",
    ],
)
def test_what_no_mail_could_reach_is_refused_with_an_example(given: str) -> None:
    with pytest.raises(ValueError, match="name@example"):
        email(given)


@given(st.text(max_size=60))
def test_an_address_that_passes_is_one_line_and_passes_again(text: str) -> None:
    try:
        address = email(text)
    except ValueError:
        return
    assert len(address.splitlines()) == 1
    assert email(address) == address


@pytest.mark.parametrize(
    ("given", "number"),
    [
        ("(555) 010-4477", "+15550104477"),
        ("555.010.4477", "+15550104477"),
        ("1 555 010 4477", "+15550104477"),
        ("+49 30 901820", "+4930901820"),
        (" +44 20 7946 0958 ", "+442079460958"),
    ],
)
def test_a_number_has_one_form(given: str, number: str) -> None:
    assert phone(given) == number
    assert phone(number) == number


def test_a_number_without_a_country_is_of_the_region() -> None:
    assert phone("030 901820", "DE") == "+4930901820"


@pytest.mark.parametrize("given", ["", "call me", "+", "+999 1234567", "\x00"])
def test_what_is_no_number_is_refused_with_how_to_write_one(given: str) -> None:
    with pytest.raises(ValueError, match="Begin with"):
        phone(given)


@pytest.mark.parametrize("given", ["12", "555 010 4477 123 456", "0"])
def test_a_number_of_the_wrong_length_is_refused(given: str) -> None:
    with pytest.raises(ValueError, match=r"digits|Begin with"):
        phone(given)


@pytest.mark.parametrize("given", ["1994-03-04", " 1994-03-04 ", "19940304"])
def test_a_birthday_has_one_form(given: str) -> None:
    assert born(given, TODAY) == "1994-03-04"


@pytest.mark.parametrize("given", ["", "4 March 1994", "03/04/1994", "1994-02-30", "1994", "x"])
def test_another_way_of_writing_it_is_refused_with_an_example(given: str) -> None:
    with pytest.raises(ValueError, match="1994-03-04"):
        born(given, TODAY)


@pytest.mark.parametrize(
    ("given", "possible"), [("1880-01-01", True), ("1879-12-31", False), ("2026-03-04", True), ("2026-03-05", False)]
)
def test_nobody_is_born_tomorrow_or_before_1880(given: str, possible: bool) -> None:
    if possible:
        assert born(given, TODAY) == given
        return
    with pytest.raises(ValueError, match="not possible"):
        born(given, TODAY)
