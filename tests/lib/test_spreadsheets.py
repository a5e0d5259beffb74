"""CSV whose fields stay text, whatever somebody called themselves."""

import csv
import io

import pytest

from chat.lib.spreadsheets import harmless, lines


@pytest.mark.parametrize("field", ["=1+1", "+1", "-1", "@SUM(A1)", "  =cmd|' /C calc'!A0", "\t=1", "\r=1", "\uff1d1"])
def test_what_a_spreadsheet_would_run_becomes_text(field: str) -> None:
    assert harmless(field) == f"'{field}"


@pytest.mark.parametrize("field", ["", "Dana Reed", "a=b", "1 - 2", "'quoted"])
def test_plain_text_stays_as_it_is(field: str) -> None:
    assert harmless(field) == field


def test_commas_quotes_and_line_ends_come_back_as_they_were() -> None:
    row = ["a, b", 'says "no"', "two\nlines", "=1"]
    assert next(csv.reader(io.StringIO(lines([row]), newline=""))) == [*row[:3], "'=1"]
