"""Which Chromium the browser tests drive, and how it is started."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from tests.services.daemon import Missing

NAMES = ("chromium", "chromium-browser", "google-chrome")
LIGHT = "chromium-headless-shell"  # the same engine without the parts of a desktop browser: a quarter less work a test

# A second list of features replaces Playwright's own, which is therefore repeated here.
PLAYWRIGHTS = (
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,"
    "LensOverlay,MediaRouter,PaintHolding,ThirdPartyStoragePartitioning,AvoidCorsURLLoaderRestartOnRedirect,"
    "TcpPortRandomizationWin,OptimizationHints,NetworkTimeServiceQuerying,AimEnabled,PreconnectToSearch,"
    "msForceBrowserSignIn,msEdgeUpdateLaunchServicesPreferredVersion"
)
# Nobody types into the address bar of a test. Its suggestions are two pages more in each profile, and cost more than ours.
UNSEEN = "WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup"

# A test browser talks to the server under test and to nobody else.
QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={PLAYWRIGHTS},{UNSEEN}",
)


class LaunchOptions(TypedDict):
    """What Playwright's `launch` takes."""

    executable_path: str
    args: list[str]
    headless: bool


@dataclass(frozen=True)
class Chromium:
    """The program and its arguments."""

    path: Path
    arguments: tuple[str, ...]

    def launch_options(self) -> LaunchOptions:
        """For `playwright.chromium.launch(**options)`."""
        return {"executable_path": str(self.path), "args": list(self.arguments), "headless": True}


def chromium() -> Chromium:
    """QUIETROOM_TEST_CHROMIUM, or the first of the usual names on the path."""
    return _first(NAMES)


def light_chromium() -> Chromium:
    """The same, or its light form where there is one. That one knows no push messages."""
    return _first((LIGHT, *NAMES))


def _first(names: tuple[str, ...]) -> Chromium:
    named = os.environ.get("QUIETROOM_TEST_CHROMIUM")
    found = next(filter(None, map(shutil.which, [named] if named else names)), None)
    if found is None:
        raise Missing("The tests need Chromium; `make test` gets it, or name one with QUIETROOM_TEST_CHROMIUM.")
    # Chromium's sandbox does not work for root.
    return Chromium(Path(found), (*QUIET, "--no-sandbox") if os.geteuid() == 0 else QUIET)
