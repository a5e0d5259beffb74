"""`python -m tests.pictures`: pictures of every page and mail, laid on one contact sheet under build/pictures."""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser import conftest
from tests.browser.conftest import ROOT, Server
from tests.pictures.camera import FORCED, NARROW, SCHEMES, SIZES, Order, Shot, photograph, photograph_mails
from tests.pictures.scenes import ALL, SCENES, Scene
from tests.pictures.sheet import lay_out
from tests.services.chromium import chromium

FOLDER = ROOT / "build" / "pictures"
PATIENCE = 120.0  # nobody waits for a verdict here, and the machine is busy with pictures
PRACTICES = ("typical", "empty", "extreme")


def main() -> None:
    """Read the options, take the pictures, say where they are."""
    options = parsed()
    conftest.PATIENCE = PATIENCE
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    FOLDER.parent.joinpath(".gitignore").write_text("*\n")
    order = Order(FOLDER, frozenset(options.sizes), tuple(options.schemes))
    shots: list[Shot] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium().launch_options())
        for practice in options.practices:
            shots += of_practice(browser, practice, wanted(practice, options.only), order)
            lay_out(shots, FOLDER)
        if not options.only:
            shots += photograph_mails(browser, order)
        browser.close()
    print(f"{len(shots)} pictures: {lay_out(shots, FOLDER)}")


def parsed() -> argparse.Namespace:
    """The options."""
    parser = argparse.ArgumentParser(prog="python -m tests.pictures", description=__doc__)
    parser.add_argument("--only", nargs="+", metavar="SCENE", help="scenes whose name begins like one of these")
    parser.add_argument("--practices", nargs="+", choices=sorted(ALL), default=PRACTICES)
    parser.add_argument("--sizes", nargs="+", choices=[*SIZES, *NARROW], default=[])
    parser.add_argument("--schemes", nargs="+", choices=[*SCHEMES, FORCED], default=SCHEMES)
    return parser.parse_args()


def wanted(practice: str, only: list[str] | None) -> list[Scene]:
    """The scenes of a practice, or those that were named."""
    return [scene for scene in SCENES if practice in scene.practices and (not only or scene.name.startswith(tuple(only)))]


def of_practice(browser: Browser, practice: str, scenes: list[Scene], order: Order) -> list[Shot]:
    """All pictures of one practice, taken from a server of its own."""
    if not scenes:
        return []
    with served(practice) as server:
        return list(photograph(browser, server.address, practice, scenes, order))


@contextmanager
def served(practice: str) -> Iterator[Server]:
    """A server with the demo, or with a practice that is made here."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        if practice != "typical":
            own = {"QUIETROOM_ENVIRONMENT": "development", "QUIETROOM_DATA": folder}
            subprocess.run(
                [sys.executable, "-m", "tests.pictures.practices", practice], cwd=ROOT, env=os.environ | own, check=True
            )
        server.start()
        try:
            yield server
        finally:
            server.stop()


if __name__ == "__main__":
    main()
