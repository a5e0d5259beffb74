"""Draws the pages' PNG icons from their SVG ones: `python tools/icons.py`. Needs the Chromium of the browser tests."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

STATIC = Path(__file__).resolve().parent.parent / "static"
#: File → drawing and side in pixels; iOS puts its own corners on, and Android its own mask.
ICONS = {
    "app-192.png": ("favicon.svg", 192),
    "app-512.png": ("favicon.svg", 512),
    "mask-512.png": ("icon-app.svg", 512),
    "touch-180.png": ("icon-app.svg", 180),
    "badge-96.png": ("icon-badge.svg", 96),
}


def draw(page: Page, drawing: str, side: int) -> bytes:
    """One drawing as a square PNG with a clear ground."""
    picture = (STATIC / drawing).read_text().replace("<svg ", f'<svg width="{side}" height="{side}" ', 1)
    page.set_viewport_size({"width": side, "height": side})
    page.set_content(f'<body style="margin:0;line-height:0">{picture}')
    return page.screenshot(omit_background=True)


def main() -> None:
    """Write them all."""
    path = shutil.which("chromium") or sys.exit("Chromium is needed.")
    folder = STATIC / "icons"
    folder.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_page()
        for name, (drawing, side) in ICONS.items():
            (folder / name).write_bytes(draw(page, drawing, side))
        browser.close()


if __name__ == "__main__":
    main()
