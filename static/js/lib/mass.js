/**
 * Messages to many clients, each in a conversation of its own: the sender's rows in Sent and in the trash. For staff alone.
 *
 * @typedef {{to: string[]} | {everyone: true}} Whom
 * @typedef {{id: string, name: string, reason: string}} Skipped
 * @typedef {{of: number, skipped: Skipped[], confirm: boolean}} Preview
 * @typedef {{progress: string, done: number, of: number, mass_message: string, state: "running" | "cancelled" | "finished" | "trash" | "gone"}} Progress
 * @typedef {"sent" | "trash"} Folder
 * @typedef {{rows: Mass[], next: string | null, loaded: boolean}} Listing
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
 * @property {number | null} trashed_at
 * @property {number | null} deleted_at
 * @property {import("./keeping.js").Kept | null} kept
 * @property {string[]} attachments names of the files that went with it
 *
 * @typedef {{id: string, name: string, state: keyof typeof import("./words-compose.js").composeWords.massStates, reason: string, conversation: string | null}} Recipient
 */
import { post, read } from "./api.js";
import { later } from "./dom.js";
import { connection } from "./socket.js";
import { store } from "./store.js";

/** After trouble; and so that steps that follow each other closely are one question. */
const AGAIN = 5_000;
const SOON = 50;

class MassMessages extends EventTarget {
    /** @type {Record<Folder, Listing>} */
    folders = { sent: fresh(), trash: fresh() };
    /** What a search by a client's name found. @type {(Listing & {folder: Folder, text: string}) | null} */
    found = null;
    #soon = later(() => this.#loadAgain(), SOON);
    #afterTrouble = later(() => this.#loadAgain(), AGAIN);

    constructor() {
        super();
        connection.addEventListener("progress", (event) => this.#take(/** @type {CustomEvent<Progress>} */ (event).detail));
        // What happened meanwhile is not known, or somebody else signed in, in this very page.
        store.addEventListener("reset", () => {
            const known = this.#known;
            this.folders = { sent: fresh(), trash: fresh() };
            this.found = null;
            if (store.me) for (const folder of known) this.load(folder);
        });
    }

    get loaded() {
        return this.folders.sent.loaded || this.folders.trash.loaded;
    }

    get #known() {
        return /** @type {Folder[]} */ (["sent", "trash"]).filter((folder) => this.folders[folder].loaded);
    }

    get #listings() {
        return [this.folders.sent, this.folders.trash, ...(this.found ? [this.found] : [])];
    }

    /** @param {string} id */
    one = (id) => this.#all(id)[0];

    /** The same row stands in a folder and in what was found there. @param {string} id */
    #all = (id) => this.#listings.flatMap(({ rows }) => rows.filter((row) => row.id === id));

    /** The time before which a folder is not loaded yet. @param {Folder} folder */
    edge(folder) {
        const { rows, next } = this.folders[folder];
        return next ? (rows.at(-1)?.sent_at ?? 0) : 0;
    }

    /** The newest of a folder; with `more` those before what is loaded. @param {Folder} folder @param {boolean} [more] */
    async load(folder, more = false) {
        if (!store.me) return;
        const before = more && this.folders[folder].next ? `&before=${this.folders[folder].next}` : "";
        const page = await read(`mass_messages?folder=${folder}${before}`).catch(() => null);
        if (!page) return void this.#afterTrouble();
        const state = this.folders[folder];
        // A first page read again leaves those that were loaded behind it where they are.
        const last = page.mass_messages.at(-1)?.sent_at ?? 0;
        const behind = !more && page.next ? state.rows.filter((row) => row.sent_at < last) : [];
        const there = more ? state.rows : [];
        this.folders[folder] = {
            rows: [...there, ...page.mass_messages, ...behind],
            next: behind.length > 0 ? state.next : page.next,
            loaded: true,
        };
        this.dispatchEvent(new Event("change"));
        // The trash is ordered by another time, and seldom long.
        if (folder === "trash" && this.folders.trash.next) await this.load("trash", true);
    }

    /** @param {Progress} frame */
    #take({ mass_message: id, done, of, state }) {
        const row = this.one(id);
        const running = row && row.finished_at === null && row.cancelled_at === null && row.trashed_at === null;
        if (running && state === "running") {
            for (const one of this.#all(id)) Object.assign(one, { done, of });
            this.dispatchEvent(new Event("change"));
            return;
        }
        if (state !== "finished") this.#drop([id]);
        this.#soon();
    }

    /**
     * All those of a folder that went to a client of this name, also what comes while one looks at them; without words none.
     * @param {Folder} folder @param {string} text
     */
    async find(folder, text) {
        if (!text) this.found = null;
        else if (this.found?.text !== text || this.found.folder !== folder) this.found = { ...fresh(), folder, text };
        const asked = this.found;
        /** @type {Mass[]} */
        const rows = [];
        /** @type {string | null} */
        let before = null;
        for (let more = text !== ""; more; more = before !== null) {
            /** @type {{mass_messages: Mass[], next: string | null} | null} */
            const page = await post("find_mass_messages", { folder, search: text, before }).catch(() => null);
            if (this.found !== asked) return;
            if (!page) return void this.#afterTrouble();
            rows.push(...page.mass_messages);
            before = page.next;
        }
        if (asked) Object.assign(asked, { rows, loaded: true });
        this.dispatchEvent(new Event("change"));
    }

    async #loadAgain() {
        const again = this.#known.map((folder) => this.load(folder));
        if (this.found) again.push(this.find(this.found.folder, this.found.text));
        await Promise.all(again);
    }

    /** @param {string[]} ids */
    #drop(ids) {
        for (const listing of this.#listings) listing.rows = listing.rows.filter((row) => !ids.includes(row.id));
    }

    /** @param {string} id @param {string | null} after @returns {Promise<{recipients: Recipient[], next: string | null}>} */
    recipients = (id, after) => read(`mass_messages/${id}/recipients${after ? `?after=${after}` : ""}`);

    /** @param {string} id */
    async cancel(id) {
        await post("cancel_mass_message", { mass_message: id });
        await this.#loadAgain();
    }

    /** To the trash, back, or gone for good. @param {"trash" | "restore" | "delete"} verb @param {string[]} ids */
    async move(verb, ids) {
        for (const id of ids) await post(`${verb}_mass_message`, { mass_message: id });
        this.#drop(ids);
        await this.#loadAgain();
    }
}

/** @returns {Listing} */
function fresh() {
    return { rows: [], next: null, loaded: false };
}

export const mass = new MassMessages();
