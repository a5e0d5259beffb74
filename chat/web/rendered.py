"""Small pages that need no script: the doors that mails lead to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def rendered(template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """The page made of a template; all that is put into it is text."""
    return HTMLResponse(_TEMPLATES.get_template(template).render(values), status)
