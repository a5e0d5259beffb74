/** A button that opens a menu, with the keyboard of the ARIA menu-button pattern. */

/**
 * @param {HTMLElement} button
 * @param {HTMLElement} list holds elements with role="menuitem" or "menuitemradio"
 */
export function menu(button, list) {
    const items = () =>
        /** @type {HTMLElement[]} */ ([...list.querySelectorAll("[role^=menuitem]")]).filter((item) => !item.closest("[hidden]"));
    const outside = (/** @type {Event} */ event) => {
        if (!list.contains(/** @type {Node} */ (event.target)) && !button.contains(/** @type {Node} */ (event.target)))
            toggle(false);
    };
    /** @param {boolean} open */
    function toggle(open) {
        list.hidden = !open;
        button.setAttribute("aria-expanded", String(open));
        if (open) document.addEventListener("pointerdown", outside);
        else document.removeEventListener("pointerdown", outside);
    }
    /** @param {number} place */
    const focus = (place) =>
        items()
            .at(place % items().length)
            ?.focus();

    for (const item of list.querySelectorAll("[role^=menuitem]")) item.setAttribute("tabindex", "-1");
    button.addEventListener("click", () => {
        toggle(Boolean(list.hidden));
        if (!list.hidden) focus(0);
    });
    button.addEventListener("keydown", (event) => {
        if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
        event.preventDefault();
        toggle(true);
        focus(event.key === "ArrowDown" ? 0 : -1);
    });
    list.addEventListener("click", () => toggle(false));
    list.addEventListener("focusout", (event) => {
        if (event.relatedTarget && !list.contains(/** @type {Node} */ (event.relatedTarget)) && event.relatedTarget !== button)
            toggle(false);
    });
    list.addEventListener("keydown", (event) => {
        const at = items().indexOf(/** @type {HTMLElement} */ (document.activeElement));
        /** @type {Record<string, () => void>} */
        const keys = {
            ArrowDown: () => focus(at + 1),
            ArrowUp: () => focus(at - 1),
            Home: () => focus(0),
            End: () => focus(-1),
            Escape: () => {
                toggle(false);
                button.focus();
            },
        };
        const act = keys[event.key];
        if (!act) return;
        event.preventDefault();
        event.stopPropagation();
        act();
    });
}
