/**
 * Messages to many clients, each in a conversation of its own: the sender's rows in Sent, kept fresh while one is under way.
 *
 * @typedef {{to: string[]} | {everyone: true}} Whom
 * @typedef {{id: string, name: string, reason: string}} Skipped
 * @typedef {{of: number, skipped: Skipped[], confirm: boolean}} Preview
 *
 * @typedef {object} Mass
 * @property {string} id
 * @property {string} subject
 * @property {string} first_words
 * @property {string} body
 * @property {number} sent_at
 * @property {number} done
 * @property {number} of
 * @property {number} skipped
 * @property {number | null} cancelled_at
 * @property {number | null} finished_at
 *
 * @typedef {{id: string, name: string, state: keyof typeof import("./words-compose.js").composeWords.massStates, reason: string, conversation: string | null}} Recipient
 */
import { post, read } from "./api.js";
import { connection } from "./socket.js";
import { store } from "./store.js";

const SECOND = 1_000;

class MassMessages extends EventTarget {
    /** @type {Mass[]} the latest first */
    rows = [];
    loaded = false;
    #timer = 0;

    constructor() {
        super();
        connection.addEventListener("progress", () => this.load());
        // Somebody else may sign in, in this very page.
        store.addEventListener("reset", () => {
            clearTimeout(this.#timer);
            this.rows = [];
            this.loaded = false;
        });
    }

    /** @param {string} id */
    one = (id) => this.rows.find((row) => row.id === id);

    /** Asks anew, and again each second while one is under way. */
    async load() {
        clearTimeout(this.#timer);
        if (!store.me) return;
        const page = await read("mass_messages").catch(() => null);
        if (page) this.rows = page.mass_messages;
        this.loaded ||= page !== null;
        this.dispatchEvent(new Event("change"));
        const under = this.rows.some((row) => row.finished_at === null);
        if (under || !page) this.#timer = setTimeout(() => this.load(), SECOND);
    }

    /** @param {string} id @param {string | null} after @returns {Promise<{recipients: Recipient[], next: string | null}>} */
    recipients = (id, after) => read(`mass_messages/${id}/recipients${after ? `?after=${after}` : ""}`);

    /** @param {string} id */
    async cancel(id) {
        await post("cancel_mass_message", { mass_message: id });
        await this.load();
    }

    /** @param {string} id */
    async trash(id) {
        await post("trash_mass_message", { mass_message: id });
        await this.load();
    }
}

export const mass = new MassMessages();
