/** A text that must be seen and must not fill a small screen: two lines, and a button for the rest where there is more. */
import { words } from "./words.js";

/** @param {HTMLElement} text @param {HTMLButtonElement} button */
export function fold(text, button) {
    let open = false;
    const show = () => {
        text.classList.toggle("folded", !open);
        button.hidden = !open && text.scrollHeight <= text.clientHeight + 1;
        button.setAttribute("aria-expanded", String(open));
        button.textContent = open ? words.showLess : words.showAll;
    };
    button.addEventListener("click", () => {
        open = !open;
        show();
    });
    new ResizeObserver(show).observe(text);
    show();
}
