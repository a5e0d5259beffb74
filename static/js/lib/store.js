/**
 * What this tab knows. Everything is state-based: a row says how a conversation looks now, the row with the higher
 * `change` wins, so it does not matter in which order pages and live changes arrive, or how often.
 * Elements read here, listen for "change" (once per turn of the loop, however much changed), and write nothing.
 *
 * @typedef {import("./types.js").Row} Row
 * @typedef {import("./types.js").Gone} Gone
 * @typedef {import("./types.js").Folder} Folder
 * @typedef {import("./types.js").Message} Message
 * @typedef {import("./types.js").ReadMark} ReadMark
 */

/** The time by which a folder is ordered. @type {Record<Folder, (row: Row) => number>} */
const times = {
    inbox: (row) => row.received_at ?? row.newest_at,
    sent: (row) => row.sent_at ?? row.newest_at,
    trash: (row) => row.trashed_at ?? row.newest_at,
};

/** @typedef {{loaded: boolean, next: string | null, edge: number}} Listing `edge`: the oldest time loaded so far */

/**
 * @typedef {object} Thread
 * @property {Message[]} messages ascending, without a hole
 * @property {number | null} next older ones exist before this seq
 * @property {boolean} loaded
 * @property {Message[]} early what came live while the first page was on its way
 * @property {Map<string, ReadMark>} reads
 */

const unloaded = () => ({ loaded: false, next: null, edge: 0 });

class Store extends EventTarget {
    /** @type {import("./types.js").Me | null} */
    me = null;
    unread = 0;
    /** Pages load once live changes flow, so that nothing falls in between. */
    connected = false;
    /** @type {Map<string, Row | Gone>} */
    #rows = new Map();
    /** @type {Map<string, Thread>} */
    #threads = new Map();
    /** @type {Record<Folder, Listing>} */
    listings = { inbox: unloaded(), sent: unloaded(), trash: unloaded() };
    #told = false;

    /** Says "something changed" once all that happens in this turn has happened. */
    tell() {
        if (this.#told) return;
        this.#told = true;
        queueMicrotask(() => {
            this.#told = false;
            this.dispatchEvent(new Event("change"));
        });
    }

    /** Whether this server has it ("print", …): what is not offered is not shown. @param {string} feature */
    offers(feature) {
        return this.me?.features?.includes(feature) ?? false;
    }

    /** Forgets all but who is signed in; the pages load anew. */
    reset() {
        this.#rows.clear();
        this.#threads.clear();
        this.listings = { inbox: unloaded(), sent: unloaded(), trash: unloaded() };
        this.dispatchEvent(new Event("reset"));
        this.tell();
    }

    /** @param {number | undefined} unread */
    count(unread) {
        if (unread === undefined || unread === this.unread) return;
        this.unread = unread;
        this.tell();
    }

    /**
     * @param {string | null | undefined} id
     * @returns {Row | null}
     */
    row(id) {
        const row = id ? this.#rows.get(id) : undefined;
        return row && !row.gone ? row : null;
    }

    /** Whether the server said that this conversation is no longer ours. @param {string} id */
    isGone(id) {
        return this.#rows.get(id)?.gone === true;
    }

    /** @param {Row | Gone} row */
    takeRow(row) {
        const known = this.#rows.get(row.id);
        if (known && known.change >= row.change) return;
        this.#rows.set(row.id, row);
        if (row.gone) this.#threads.delete(row.id);
        else this.#takeReads(row);
        this.tell();
    }

    /**
     * Rows of a folder, newest first: down to the edge of what was loaded, or those that are `wanted`.
     * @param {Folder} folder
     * @param {(row: Row) => boolean} [wanted]
     */
    folder(folder, wanted) {
        const { next, edge } = this.listings[folder];
        const time = times[folder];
        const near = wanted ?? ((row) => !next || time(row) >= edge);
        return this.rows((row) => row.folders.includes(folder) && near(row)).sort(
            (a, b) => time(b) - time(a) || (a.id < b.id ? 1 : -1),
        );
    }

    /** @param {(row: Row) => boolean} wanted */
    rows(wanted) {
        /** @type {Row[]} */
        const rows = [];
        for (const row of this.#rows.values()) if (!row.gone && wanted(row)) rows.push(row);
        return rows;
    }

    /** All that is not in the trash, by the newest message: the panel's list. */
    talks() {
        const { inbox, sent } = this.listings;
        const edge = Math.max(inbox.next ? inbox.edge : 0, sent.next ? sent.edge : 0);
        return this.rows((row) => !row.folders.includes("trash") && row.newest_at >= edge).sort(
            (a, b) => b.newest_at - a.newest_at,
        );
    }

    /**
     * @param {Folder} folder
     * @param {{conversations: Row[], next: string | null}} page
     */
    takePage(folder, page) {
        for (const row of page.conversations) this.takeRow(row);
        const oldest = page.conversations.at(-1);
        const edge = oldest ? times[folder](oldest) : this.listings[folder].edge;
        this.listings[folder] = { loaded: true, next: page.next, edge };
        this.tell();
    }

    /** The messages of a conversation, if this tab has asked for them. @param {string} id */
    known(id) {
        return this.#threads.get(id);
    }

    /** @param {string} id @returns {Thread} */
    thread(id) {
        let thread = this.#threads.get(id);
        if (!thread) {
            thread = { messages: [], next: null, loaded: false, early: [], reads: new Map() };
            this.#threads.set(id, thread);
        }
        return thread;
    }

    /**
     * A page of messages, the newest one or an older one.
     * @param {string} id
     * @param {{conversation: Row, messages: Message[], reads?: ReadMark[], next: number | null}} page
     */
    takeMessages(id, page) {
        this.takeRow(page.conversation);
        const thread = this.thread(id);
        this.#takeReads({ ...page.conversation, reads: [...(page.conversation.reads ?? []), ...(page.reads ?? [])] });
        const wasLoaded = thread.loaded;
        thread.messages = join(page.messages, thread.messages);
        thread.loaded = true;
        const first = thread.messages[0];
        if (!wasLoaded || (page.messages[0] && page.messages[0] === first)) thread.next = page.next;
        const early = thread.early.splice(0);
        this.tell();
        return this.takeLive(id, early);
    }

    /**
     * Messages that came with a change. Answers the seq after which something is missing, or null.
     * @param {string} id
     * @param {Message[]} messages
     * @returns {number | null}
     */
    takeLive(id, messages) {
        const thread = this.#threads.get(id);
        if (!thread || messages.length === 0) return null;
        if (!thread.loaded) {
            thread.early.push(...messages);
            return null;
        }
        const newest = thread.messages.at(-1)?.seq ?? 0;
        const news = messages.filter((message) => message.seq > newest).sort((a, b) => a.seq - b.seq);
        const [first] = news;
        if (first && first.after > newest) return newest;
        thread.messages = join(thread.messages, messages);
        this.tell();
        return null;
    }

    /** @param {Row} row */
    #takeReads(row) {
        const thread = row.reads && this.#threads.get(row.id);
        if (thread) for (const mark of row.reads ?? []) thread.reads.set(`${mark.person} ${mark.through}`, mark);
    }
}

/**
 * Both, ascending, each seq once.
 * @param {Message[]} one
 * @param {Message[]} other
 */
function join(one, other) {
    const all = new Map([...one, ...other].map((message) => [message.seq, message]));
    return [...all.values()].sort((a, b) => a.seq - b.seq);
}

export const store = new Store();
