import { make, Part } from "../lib/dom.js";

const STAY = 8_000;

/** Short lines at the bottom of the screen, with one thing to do; they wait while somebody points at them. */
class Notices extends Part {
    /** @param {AbortSignal} signal */
    joined(signal) {
        const show = (/** @type {Event} */ event) => this.#show(/** @type {CustomEvent} */ (event).detail);
        document.addEventListener("qr-notice", show, { signal });
        document.addEventListener("qr-lock", () => this.parts.list.replaceChildren(), { signal });
    }

    /** @param {import("../lib/notices.js").Notice} notice */
    #show({ text, action, act, trouble }) {
        const toast = make("p", trouble ? "toast trouble" : "toast");
        toast.append(make("span", "", text));
        let timer = 0;
        const go = () => toast.remove();
        const stay = () => clearTimeout(timer);
        const leave = () => {
            clearTimeout(timer);
            timer = setTimeout(go, STAY);
        };
        if (action) {
            const button = /** @type {HTMLButtonElement} */ (make("button", "", action));
            button.type = "button";
            button.addEventListener("click", () => {
                go();
                act?.();
            });
            toast.append(button);
        }
        toast.addEventListener("pointerenter", stay);
        toast.addEventListener("pointerleave", leave);
        toast.addEventListener("focusin", stay);
        toast.addEventListener("focusout", leave);
        // One at a time: the newest is what the person just did.
        this.parts.list.replaceChildren(toast);
        leave();
    }
}

customElements.define("qr-notices", Notices);
