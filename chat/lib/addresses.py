"""Addresses that people type: email and phone, made one form or refused with what to correct."""

from __future__ import annotations

import re
from datetime import date

import phonenumbers

from chat.lib.sentences import Sentence

_EMAIL = re.compile(
    r"[^\s@<>()\[\]\\,;:\"\x00-\x1f\x7f]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{1,62}"
)


def email(text: str) -> str:
    """The address, trimmed, with its domain in lower case. ValueError, with a sentence, if no mail could reach it."""
    word = text.strip()
    if len(word) > 254 or not _EMAIL.fullmatch(word) or ".." in word:
        raise ValueError(Sentence("This is not an email address. It looks like name@example.org."))
    local, _, domain = word.rpartition("@")
    return f"{local}@{domain.lower()}"


def phone(text: str, region: str = "US") -> str:
    """The number as +15551234567. ValueError, with a sentence, if it cannot be one; `region` is assumed without a leading +."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException as error:
        raise ValueError(Sentence("This is not a phone number. Begin with + and the country, or with the area code.")) from error
    if not phonenumbers.is_possible_number(number):
        raise ValueError(Sentence("This phone number has too few or too many digits."))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def born(text: str, today: date) -> str:
    """A date of birth as ISO text. ValueError, with a sentence, if it is none, or lies in the future."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError as error:
        raise ValueError(Sentence("Write the date of birth as year-month-day, like 1994-03-04.")) from error
    if not date(1880, 1, 1) <= day <= today:
        raise ValueError(Sentence("This date of birth is not possible."))
    return day.isoformat()
