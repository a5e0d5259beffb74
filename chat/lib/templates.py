"""Jinja's environments of pages and mails. Each rendering is told its `language`; what stands in {% trans %} is said in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from chat.lib.languages import said, said_for


def environment(folder: Path, **options: Any) -> Environment:
    """The templates of a folder; all that is put into them is text."""
    made = Environment(  # noqa: S701 - whether what is put in is escaped is among the options
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        **options,
    )
    made.install_gettext_callables(_one, _several, newstyle=True)  # type: ignore[attr-defined]
    return made


@pass_context
def _one(context: Context, text: str) -> str:
    return said(text, context["language"])


@pass_context
def _several(context: Context, one: str, several: str, count: int) -> str:
    return said_for(one, several, count, context["language"])
