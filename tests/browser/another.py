"""Another version of the product, as far as a browser can tell: the same program with other pages."""

from __future__ import annotations

import os
from pathlib import Path

from starlette.routing import Mount

from chat import cli
from chat.web import routes, static_files

PAGES = "QUIETROOM_TEST_PAGES"  # their folder
PROGRAM = f"{__name__}:main"


def main() -> None:
    """The product's command line."""
    static_files.STATIC = Path(os.environ.pop(PAGES))
    (place,) = (at for at, route in enumerate(routes.ROUTES) if isinstance(route, Mount) and route.path == "/static")
    routes.ROUTES[place] = Mount("/static", static_files.Files(directory=static_files.STATIC), name="static")
    cli.main()
