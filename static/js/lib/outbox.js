/**
 * Messages on their way: kept with their key, in this tab, until the server has them on disk. A reload does not lose
 * them and does not send them twice.
 */
import { connection } from "./socket.js";
import { store } from "./store.js";

/** @typedef {import("./types.js").Send} Send */
/** @typedef {Send & {seq?: number}} Kept `seq` once the server has it and the message itself is still to come */

/** So long "Sending…" is the truth; afterwards it is the connection that is missing. */
const PATIENCE = 3_000;

/** Where a message is being written: a conversation, or people one has none with yet. @param {{conversation?: string, to?: string[]}} send */
export const placeOf = ({ conversation, to }) => conversation ?? `to:${[...(to ?? [])].sort().join(",")}`;

class Outbox extends EventTarget {
    /** @type {Kept[]} */
    sends = [];

    /** Where they outlive a reload; of whoever is signed in, so that nobody else's tab shows them. */
    get #shelf() {
        return `quietroom.unsent.${store.me?.id}`;
    }

    /** Brings back what was on its way before a reload. */
    start() {
        this.sends = JSON.parse(sessionStorage.getItem(this.#shelf) ?? "[]");
        for (const send of this.sends) if (!send.refused) this.#dispatch(send);
        store.addEventListener("change", () => this.#prune());
    }

    /**
     * @param {Omit<Send, "key" | "written_at" | "newest">} fields
     * @returns {Send}
     */
    add(fields) {
        const newest = store.row(fields.conversation)?.newest ?? 0;
        const send = { ...fields, key: crypto.randomUUID(), written_at: Date.now(), newest };
        this.sends.push(send);
        this.#dispatch(send);
        setTimeout(() => store.tell(), PATIENCE);
        this.#changed();
        return send;
    }

    /** Again, as a new command: the refused one is settled. @param {string} key @param {string[]} [readers] who is there now */
    retry(key, readers) {
        const { refused: _, ...fields } = this.discard(key) ?? {};
        if (!("body" in fields)) return;
        const { expects, cc = [] } = fields;
        const now = readers ? [...new Set([...readers, ...cc])] : expects;
        this.add({ .../** @type {Send} */ (fields), ...(expects && { expects: now }) });
    }

    /** @param {string} key @returns {Kept | undefined} */
    discard(key) {
        const send = this.sends.find((one) => one.key === key);
        this.sends = this.sends.filter((one) => one !== send);
        this.#changed();
        return send;
    }

    /** What is to be shown below the messages of a place. @param {string} place @returns {Send[]} */
    at(place) {
        const mine = this.sends.filter((send) => placeOf(send) === place);
        if (mine.length === 0) return mine;
        const arrived = (store.known(place)?.messages ?? []).filter((message) => message.author === store.me?.id);
        return mine.filter((send) => {
            // The message may come before "done" does; it must not be seen twice in between.
            const here = arrived.findIndex((one) => one.seq === send.seq || (one.seq > send.newest && one.body === send.body));
            if (here >= 0) arrived.splice(here, 1);
            return here < 0;
        });
    }

    /** @param {Send} send */
    isWaiting = (send) => connection.state !== "open" && Date.now() - send.written_at >= PATIENCE;

    /** @param {Kept} send */
    async #dispatch(send) {
        const { key, written_at: _, newest: __, refused: ___, seq: ____, files: _____, ...fields } = send;
        try {
            const result = await connection.command("send_message", fields, key);
            const place = placeOf(send);
            send.conversation = result.conversation;
            send.seq = result.seq;
            this.dispatchEvent(new CustomEvent("sent", { detail: { send, place, conversation: result.conversation } }));
        } catch (error) {
            send.refused = /** @type {Error} */ (error).message;
            this.dispatchEvent(new CustomEvent("refused", { detail: { send, place: placeOf(send) } }));
        }
        this.#changed();
    }

    /** Lets go of what has arrived, or will with the first page of its conversation. */
    #prune() {
        const kept = this.sends.filter((send) => {
            if (!send.seq || !send.conversation) return true;
            const thread = store.known(send.conversation);
            return thread?.loaded && !thread.messages.some((message) => message.seq === send.seq);
        });
        if (kept.length === this.sends.length) return;
        this.sends = kept;
        this.#keep();
    }

    #changed() {
        this.#keep();
        store.tell();
    }

    #keep() {
        if (!store.me) return;
        const open = this.sends.filter((send) => !send.seq);
        if (open.length > 0) sessionStorage.setItem(this.#shelf, JSON.stringify(open));
        else sessionStorage.removeItem(this.#shelf);
    }
}

export const outbox = new Outbox();
