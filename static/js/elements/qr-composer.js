import { Part } from "../lib/dom.js";
import { drafts } from "../lib/drafts.js";
import { count, fit } from "../lib/text.js";
import { isTouch } from "../lib/viewport.js";
import { list, words } from "../lib/words.js";

/**
 * @typedef {object} Target
 * @property {string} place where the draft belongs
 * @property {{conversation?: string, to?: string[]}} fields
 * @property {string[]} names who will read it
 * @property {boolean} many several readers are named at the button
 */

/** Where one writes; keeps the draft of its place, says "qr-send" with the text. */
class Composer extends Part {
    /** @type {Target | null} */
    #target = null;

    drawn() {
        const { form, text } = this.parts;
        form.addEventListener("submit", (/** @type {Event} */ event) => {
            event.preventDefault();
            this.#send();
        });
        text.addEventListener("input", () => this.#typed());
        text.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
            if (event.key !== "Enter" || event.shiftKey || event.isComposing || isTouch()) return;
            event.preventDefault();
            this.#send();
        });
        // A press on Send must not close the phone's keyboard.
        this.parts.send.addEventListener("pointerdown", (/** @type {Event} */ event) => event.preventDefault());
    }

    /** @param {AbortSignal} signal */
    joined(signal) {
        drafts.addEventListener("change", () => this.#showDraft(), { signal });
        this.#showDraft();
    }

    left() {
        drafts.save();
    }

    /** @param {Target} target */
    set target(target) {
        const same = this.#target?.place === target.place;
        this.#target = target;
        const { text, to, send } = this.parts;
        const names = list(target.names);
        const hint = target.names.length === 1 ? words.messageTo(names) : words.writeMessage;
        text.placeholder = hint;
        text.setAttribute("aria-label", hint);
        to.textContent = target.many ? words.recipients(names) : "";
        to.hidden = !target.many;
        send.setAttribute("aria-label", target.names.length > 0 ? words.sendTo(names) : words.send);
        if (same) return;
        text.value = "";
        this.#showDraft();
    }

    /** Puts the cursor here. */
    write() {
        this.parts.text.focus();
    }

    #showDraft() {
        if (!this.#target) return;
        const { text, saved } = this.parts;
        const draft = drafts.at(this.#target.place);
        saved.textContent = draft?.state === "saved" && draft.body ? words.draftSaved : "";
        // While somebody types here, what they type is the draft.
        if (draft && text.value !== draft.body && (text.value === "" || document.activeElement !== text)) text.value = draft.body;
        this.#measure();
    }

    #typed() {
        if (!this.#target) return;
        drafts.write(this.#target.place, { ...this.#target.fields, body: this.parts.text.value });
        this.#measure();
    }

    #measure() {
        const { text, limit, send } = this.parts;
        fit(text);
        const over = count(text.value, limit);
        const empty = text.value.trim() === "";
        send.disabled = over || empty;
    }

    #send() {
        const { text, send } = this.parts;
        if (!this.#target || send.disabled) return;
        const body = text.value.trim();
        text.value = "";
        this.say("qr-send", { body });
        // After the message: on one socket, commands are obeyed in order.
        drafts.clear(this.#target.place);
        this.#measure();
        text.focus();
    }
}

customElements.define("qr-composer", Composer);
