"""The contact sheet: all pictures on one page, and each scene as one picture of its looks side by side."""

from collections import defaultdict
from html import escape
from pathlib import Path

from PIL import Image

from tests.pictures.camera import Shot

HEIGHT, GAP = 560, 12
STYLE = """
:root { color-scheme: light dark } body { margin: 24px; font: 15px/1.5 system-ui }
h2 { margin: 32px 0 8px; font-size: 17px } section div { display: flex; flex-wrap: wrap; gap: 12px; align-items: start }
figure { margin: 0 } img { height: 360px; border: 1px solid #8886; border-radius: 6px }
figcaption { font-size: 12px; opacity: .7 }
"""


def lay_out(shots: list[Shot], folder: Path) -> Path:
    """Answer where the sheet is."""
    scenes: dict[str, list[Shot]] = defaultdict(list)
    for shot in shots:
        scenes[f"{shot.practice} {shot.scene}"].append(shot)
    for name, looks in scenes.items():
        strip(sorted(looks, key=order)).save(folder / f"sheet-{name.replace(' ', '-')}.png")
    parts = "".join(section(name, sorted(looks, key=order)) for name, looks in scenes.items())
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Pictures</title><style>{STYLE}</style>'
    sheet = folder / "index.html"
    sheet.write_text(f"{head}<h1>Pictures</h1>{parts}")
    return sheet


def order(shot: Shot) -> tuple[str, int]:
    """Light before dark, small before large."""
    size, _, scheme = shot.look.rpartition("-")
    return ("" if scheme == "light" else scheme, int(size.partition("-")[0]))


def section(name: str, shots: list[Shot]) -> str:
    """One scene of the page."""
    figures = "".join(
        f'<figure><a href="{shot.file.name}"><img src="{shot.file.name}" loading="lazy" alt="{escape(name)}, {shot.look}"></a>'
        f"<figcaption>{shot.look}</figcaption></figure>"
        for shot in shots
    )
    return f"<section><h2>{escape(name)}</h2><div>{figures}</div></section>"


def strip(shots: list[Shot]) -> Image.Image:
    """The looks of a scene in rows: light, dark, and the system's own colours."""
    rows: dict[str, list[Image.Image]] = defaultdict(list)
    for shot in shots:
        rows[shot.look.rpartition("-")[2]].append(scaled(shot.file))
    width = max(sum(image.width + GAP for image in row) for row in rows.values())
    whole = Image.new("RGB", (width, len(rows) * (HEIGHT + GAP)), "#777")
    for number, row in enumerate(rows.values()):
        left = 0
        for image in row:
            whole.paste(image, (left, number * (HEIGHT + GAP)))
            left += image.width + GAP
    return whole


def scaled(file: Path) -> Image.Image:
    """The picture at the height of the strip."""
    with Image.open(file) as image:
        return image.convert("RGB").resize((round(image.width * HEIGHT / image.height), HEIGHT), Image.Resampling.LANCZOS)
