import { make, Part } from "../lib/dom.js";
import { menu } from "../lib/menu.js";
import { press } from "../lib/press.js";
import { composeWords as words } from "../lib/words-compose.js";

/** After how many days one can be told that a message is unread. */
const DAYS = [1, 2, 3, 5, 7];

/**
 * The Send button of a form. Where there is more than one way (`ways`), a menu beside it offers them. The button itself
 * submits the form; the menu says "qr-way" with {copy}, and "qr-days" with the days after which one wants to be told that the
 * message is unread, 0 for not at all.
 */
class SendButton extends Part {
    drawn() {
        const { more, menu: list, plain, copy, send } = this.parts;
        this.parts.days.append(...DAYS.map((days) => this.#day(days)));
        menu(more, list);
        plain.addEventListener("click", () => this.say("qr-way", { copy: false }));
        copy.addEventListener("click", () => this.say("qr-way", { copy: true }));
        // A press on Send must not close the phone's keyboard.
        send.addEventListener("pointerdown", (/** @type {Event} */ event) => event.preventDefault());
    }

    /** @param {boolean} on whether the contact log is offered */
    set ways(on) {
        this.parts.moreOf.hidden = !on;
        this.classList.toggle("split", on);
    }

    /** @param {boolean} on whether being told is offered */
    set watches(on) {
        this.parts.watchOf.hidden = !on;
    }

    /** @param {number} chosen after so many days; 0: not at all */
    set days(chosen) {
        for (const item of this.parts.days.children) item.setAttribute("aria-checked", String(item.value === String(chosen)));
    }

    /** @param {number} days */
    #day(days) {
        const item = /** @type {HTMLButtonElement} */ (make("button", "", words.days(days)));
        item.type = "button";
        item.value = String(days);
        item.setAttribute("role", "menuitemradio");
        item.setAttribute("aria-checked", "false");
        item.addEventListener("click", () => {
            this.say("qr-days", item.ariaChecked === "true" ? 0 : days);
            this.parts.more.focus();
        });
        return item;
    }

    get disabled() {
        return this.parts.send.disabled;
    }

    set disabled(off) {
        const { send, more, menu: items } = this.parts;
        send.disabled = more.disabled = off;
        if (!off || items.hidden) return;
        items.hidden = true;
        more.setAttribute("aria-expanded", "false");
    }

    /** Runs what was pressed, once at a time; unlike a disabled button this one keeps the focus. @param {() => Promise<unknown>} run */
    once(run) {
        return press(this.parts.send, run);
    }

    /** @param {string} label what a screen reader calls it */
    set label(label) {
        this.parts.send.setAttribute("aria-label", label);
    }

    /** @param {string} text */
    set text(text) {
        this.parts.word.textContent = text;
    }
}

customElements.define("qr-send", SendButton);
