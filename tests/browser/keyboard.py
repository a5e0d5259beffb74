"""Somebody without a mouse: what they press, and where they are."""

import re
import time

from tests.browser.visitor import PATIENCE, Visitor

STOPS = 90  # more than any page has


def press(visitor: Visitor, *keys: str) -> None:
    """One after the other."""
    for key in keys:
        visitor.page.keyboard.press(key)


def focused(visitor: Visitor) -> str:
    """What has the focus, by its name; and one must see that it has."""
    return str(
        visitor.page.evaluate(
            """() => {
                const element = document.activeElement;
                if (element === document.body) return "";
                const looks = (one) => [getComputedStyle(one), getComputedStyle(one, "::after")];
                const seen = looks(element).some((one) => one.outlineStyle !== "none" && parseFloat(one.outlineWidth) > 0);
                const around = element.closest(".search, .people-field");
                const outlined = around && getComputedStyle(around).outlineStyle !== "none";
                const name = element.getAttribute("aria-label") ?? element.labels?.[0]?.textContent ?? element.textContent;
                return (seen || outlined ? "" : "unseen: ") + name.trim().replace(/\\s+/g, " ");
            }"""
        )
    )


def tab_to(visitor: Visitor, name: str) -> None:
    """Press Tab until something of that name has the focus; all on the way can be seen to have it.

    What a press before it asked the server for may come later than all that was there already.
    """
    begun, stops = time.monotonic(), 0
    while stops < STOPS or time.monotonic() - begun < PATIENCE / 1000:
        stops += 1
        press(visitor, "Tab")
        here = focused(visitor)
        assert not here.startswith("unseen"), here
        if re.search(name, here):
            return
    raise AssertionError(f"Tab does not reach {name}")
