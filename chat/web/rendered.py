"""Small pages that need no script: the doors that mails lead to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from starlette.responses import HTMLResponse

from chat.lib.languages import KNOWN
from chat.lib.templates import environment
from chat.web.languages import language
from chat.web.static_files import address

_TEMPLATES = environment(Path(__file__).parent / "templates", autoescape=True)


def rendered(template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """The page made of a template, in the language of whoever looks at it; all that is put into it is text."""
    own = {"language": language(), "direction": KNOWN[language()].direction, "files": address()}
    return HTMLResponse(_TEMPLATES.get_template(template).render(own | values), status)
