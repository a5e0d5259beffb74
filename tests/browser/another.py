"""Another version of the product, as far as a browser can tell: the same program with other pages."""

from __future__ import annotations

import os
from pathlib import Path

from starlette.routing import Mount

from chat import cli
from chat.web import routes, site

PAGES = "QUIETROOM_TEST_PAGES"  # their folder
PROGRAM = f"{__name__}:main"


def main() -> None:
    """The product's command line."""
    site.STATIC = Path(os.environ.pop(PAGES))
    (place,) = (at for at, route in enumerate(routes.ROUTES) if isinstance(route, Mount) and route.path == "/static")
    routes.ROUTES[place] = Mount("/static", site.Files(directory=site.STATIC), name="static")
    cli.main()
