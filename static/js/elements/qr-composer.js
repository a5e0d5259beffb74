import { name, Part } from "../lib/dom.js";
import { drafts } from "../lib/drafts.js";
import { list } from "../lib/language.js";
import { firstName } from "../lib/people.js";
import { enterSends } from "../lib/preferences.js";
import { count, fit } from "../lib/text.js";
import { uploads } from "../lib/uploads.js";
import { isTouch } from "../lib/viewport.js";
import { words } from "../lib/words.js";
import { composeWords } from "../lib/words-compose.js";
import { talkWords } from "../lib/words-talk.js";

/**
 * @typedef {object} Target
 * @property {string} place where the draft belongs
 * @property {{conversation?: string, to?: string[]}} fields
 * @property {string[]} names who will read it
 * @property {boolean} many several readers are named at the button
 * @property {boolean} [log] a copy to the contact log is offered
 * @property {{conversation: string, direct: boolean, people: import("../lib/types.js").Participant[]} | null} [thread] to which a Cc can be added
 */

/** Where one writes; keeps the draft and the files of its place, says "qr-send" with the text and all that goes with it. */
class Composer extends Part {
    /** @type {Target | null} */
    #target = null;

    drawn() {
        const { form, text, send, clip, files, cc } = this.parts;
        form.addEventListener("submit", (/** @type {Event} */ event) => {
            event.preventDefault();
            this.#send();
        });
        text.addEventListener("input", () => this.#typed());
        text.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
            if (event.key !== "Enter" || event.shiftKey || event.isComposing || isTouch()) return;
            if (!enterSends() && !event.ctrlKey && !event.metaKey) return;
            event.preventDefault();
            this.#send();
        });
        send.addEventListener("qr-way", (/** @type {CustomEvent} */ event) => this.#send(event.detail.copy));
        clip.addEventListener("click", () => files.choose());
        files.addEventListener("qr-removed", () => text.focus());
        cc.addEventListener("qr-cc", () => this.#address());
        form.addEventListener("qr-days", (/** @type {CustomEvent} */ event) => {
            this.#tell(event.detail);
            if (event.target !== send) text.focus();
        });
    }

    /** @param {AbortSignal} signal */
    joined(signal) {
        drafts.addEventListener("change", () => this.#showDraft(), { signal });
        uploads.addEventListener("change", () => this.#showDraft(), { signal });
        this.#showDraft();
    }

    left() {
        drafts.save();
    }

    /** @param {Target} target */
    set target(target) {
        const same = this.#target?.place === target.place;
        this.#target = target;
        const { text, send, files, cc, clip } = this.parts;
        const hint = target.names.length === 1 ? talkWords.messageTo(list(target.names)) : words.writeMessage;
        text.placeholder = hint;
        text.setAttribute("aria-label", hint);
        send.ways = target.log === true;
        name(clip, composeWords.attachHint(uploads.limits.files, uploads.limits.megabytes));
        if (target.thread) cc.thread = target.thread;
        files.place = target.place;
        this.#address();
        if (same) return;
        this.#tell(0);
        text.value = "";
        this.#showDraft();
    }

    /** Whether one wants to be told that it is unread after some days. @param {number} days 0: not */
    #tell(days) {
        this.parts.watch.days = this.parts.send.days = days;
    }

    /** Says at the button who will read this. */
    #address() {
        if (!this.#target) return;
        const { to, send, cc } = this.parts;
        const added = this.#target.thread ? cc.added.map((/** @type {{name: string}} */ one) => firstName(one.name)) : [];
        const names = list([...this.#target.names, ...added]);
        const many = this.#target.many || added.length > 0;
        to.textContent = many ? talkWords.recipients(names) : "";
        to.hidden = !many;
        send.label = names ? talkWords.sendTo(names) : words.send;
    }

    /** Puts the cursor here. */
    write() {
        this.parts.text.focus();
    }

    #showDraft() {
        if (!this.#target) return;
        const { text, saved } = this.parts;
        const draft = drafts.at(this.#target.place);
        const { place } = this.#target;
        const files = uploads.isBusy(place)
            ? composeWords.filesUnderWay
            : uploads.hasFailed(place)
              ? composeWords.filesFailed
              : "";
        saved.textContent = files || (draft?.state === "saved" && draft.body ? talkWords.draftSaved : "");
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
        const place = this.#target?.place ?? "";
        fit(text);
        const over = count(text.value, limit);
        const empty = text.value.trim() === "" && uploads.ready(place).length === 0;
        send.disabled = over || empty || uploads.isBusy(place) || uploads.hasFailed(place);
    }

    #send(copy = false) {
        const { text, send, cc, watch } = this.parts;
        if (!this.#target || send.disabled) return;
        const body = text.value.trim();
        // The files first: taking them shows the draft anew, which would bring the text back.
        const files = uploads.take(this.#target.place);
        text.value = "";
        const added = this.#target.thread ? cc.added : [];
        cc.added = [];
        this.say("qr-send", { body, files, copy, cc: added.map((/** @type {{id: string}} */ one) => one.id), days: watch.days });
        this.#tell(0);
        this.#address();
        // After the message: on one socket, commands are obeyed in order.
        drafts.clear(this.#target.place);
        this.#measure();
        text.focus();
    }
}

customElements.define("qr-composer", Composer);
