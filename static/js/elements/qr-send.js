import { Part } from "../lib/dom.js";
import { menu } from "../lib/menu.js";
import "../lib/words-compose.js";

/**
 * The Send button of a form. Where there is more than one way (`ways`), a menu beside it offers them. The button itself
 * submits the form; the menu says "qr-way" with {copy}.
 */
class SendButton extends Part {
    drawn() {
        const { more, menu: list, plain, copy, send } = this.parts;
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
