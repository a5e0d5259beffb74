/**
 * Text not yet sent. It is saved on the server a second after the last key, so that it is there after a reload, a
 * lock or a sign-out, and on another device; until then it lives here and in this tab's sessionStorage.
 */
import { post } from "./api.js";
import { later } from "./dom.js";
import { connection } from "./socket.js";
import { store } from "./store.js";

const PAUSE = 1_000;

/**
 * @typedef {object} Draft
 * @property {string} [conversation]
 * @property {string[]} [to]
 * @property {boolean} [everyone]
 * @property {string} [subject]
 * @property {string} body
 * @property {"unsaved" | "saving" | "saved"} state
 * @property {boolean} known whether the server has one to forget
 */

class Drafts extends EventTarget {
    /** @type {Map<string, Draft>} by place: a conversation, or the people it is for */
    #drafts = new Map();
    #soon = later(() => this.save(), PAUSE);

    get #shelf() {
        return `quietroom.drafts.${store.me?.id}`;
    }

    start() {
        for (const [place, draft] of JSON.parse(sessionStorage.getItem(this.#shelf) ?? "[]")) {
            if (!this.#drafts.has(place)) this.#drafts.set(place, { ...draft, state: "unsaved" });
        }
        if (this.#drafts.size > 0) this.#soon();
        addEventListener("pagehide", () => this.save(true));
        document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.save(true));
    }

    /** @param {string} place @returns {Draft | undefined} */
    at(place) {
        return this.#drafts.get(place);
    }

    /** What the server had kept; what was typed here since is newer. @param {string} place @param {{body: string, subject?: string | null}} saved */
    adopt(place, saved) {
        if (this.#drafts.has(place)) return;
        const whom = place === "to:*" ? { to: [], everyone: true } : { to: place.slice(3).split(",") };
        const fields = place.startsWith("to:") ? whom : { conversation: place };
        this.#drafts.set(place, { ...fields, subject: saved.subject ?? "", body: saved.body, state: "saved", known: true });
        this.#changed();
    }

    /** @param {string} place @param {{conversation?: string, to?: string[], everyone?: boolean, subject?: string, body: string}} fields */
    write(place, fields) {
        const before = this.#drafts.get(place);
        if (before?.body === fields.body && (before.subject ?? "") === (fields.subject ?? "")) return;
        this.#drafts.set(place, { ...fields, state: "unsaved", known: before?.known ?? false });
        this.#soon();
        this.#changed();
    }

    /** The text has become a message, or is wanted no more. @param {string} place */
    clear(place) {
        const draft = this.#drafts.get(place);
        if (!draft) return;
        this.#drafts.set(place, { ...draft, body: "", subject: "", state: "unsaved" });
        this.save();
    }

    /** Saves what is unsaved, at once; `last` if the page is going away. @param {boolean} [last] */
    save(last = false) {
        this.#soon.cancel();
        for (const [place, draft] of this.#drafts) {
            if (draft.state !== "unsaved") continue;
            const { state: _, known, ...fields } = draft;
            const empty = !draft.body && !draft.subject;
            if (empty && !known) this.#drafts.delete(place);
            else if (last) post("save_draft", { key: crypto.randomUUID(), ...fields }, { last }).catch(() => {});
            else this.#send(place, draft, fields, empty);
        }
        this.#changed();
    }

    /** Before signing out: resolves when nothing is unsaved. @param {object[]} others more texts to keep as drafts */
    async settle(others) {
        this.#soon.cancel();
        const mine = [...this.#drafts.values()].filter((draft) => draft.state !== "saved" && (draft.body || draft.known));
        const texts = [...mine.map(({ state: _, known: __, ...fields }) => fields), ...others];
        await Promise.allSettled(texts.map((fields) => post("save_draft", { key: crypto.randomUUID(), ...fields })));
    }

    /** @param {string} place @param {Draft} draft @param {object} fields @param {boolean} empty */
    async #send(place, draft, fields, empty) {
        draft.state = "saving";
        draft.known = true;
        try {
            await connection.command("save_draft", fields);
            if (draft.state === "saving") draft.state = "saved";
            if (empty && this.#drafts.get(place) === draft) this.#drafts.delete(place);
        } catch {
            // A refused draft (messaging was switched off, say) stays in the tab; the composer says why one cannot write.
            draft.state = "saved";
        }
        this.#changed();
    }

    #changed() {
        if (!store.me) return;
        const unsaved = [...this.#drafts].filter(([, draft]) => draft.state !== "saved" && draft.body);
        if (unsaved.length > 0) sessionStorage.setItem(this.#shelf, JSON.stringify(unsaved));
        else sessionStorage.removeItem(this.#shelf);
        this.dispatchEvent(new Event("change"));
    }
}

export const drafts = new Drafts();
