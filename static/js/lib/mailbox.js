/** What a person does with conversations, and how they come in. The only code that fills the store. */
import { post, Refused, read } from "./api.js";
import { drafts } from "./drafts.js";
import { notify } from "./notices.js";
import { connection } from "./socket.js";
import { store } from "./store.js";
import { words } from "./words.js";

/** How the address of a message to several clients begins, where others have a conversation's id. */
export const MASS = "mass-";

/** @typedef {import("./types.js").Folder} Folder */
/** @typedef {import("./types.js").Change} Change */

/** Requests under way, so that two elements asking for the same thing share one. @type {Map<string, Promise<any>>} */
const underway = new Map();

/**
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} run
 * @returns {Promise<T>}
 */
function once(name, run) {
    const running = underway.get(name) ?? run().finally(() => underway.delete(name));
    underway.set(name, running);
    return running;
}

/** The first page of a folder, or with `more` the next one. @param {Folder} folder @param {boolean} [more] */
export function loadFolder(folder, more = false) {
    return once(`folder ${folder}`, async () => {
        const { next } = store.listings[folder];
        const before = more && next ? `&before=${encodeURIComponent(next)}` : "";
        store.takePage(folder, await read(`conversations?folder=${folder}${before}`));
    });
}

/** Names go in the body of a request, never in an address. @param {Folder} folder @param {string} search @param {string | null} before */
export async function findConversations(folder, search, before) {
    const page = await post("find_conversations", { folder, search, ...(before && { before }) });
    for (const row of page.conversations) store.takeRow(row);
    return page;
}

/** The newest messages of a conversation and the draft in it. @param {string} id */
export function openThread(id) {
    return once(`thread ${id}`, async () => {
        store.thread(id);
        const page = await read(`conversations/${id}/messages`);
        if (page.draft) drafts.adopt(id, page.draft);
        fillGap(id, store.takeMessages(id, page));
    });
}

/** @param {string} id */
export function showEarlier(id) {
    return once(`earlier ${id}`, async () => {
        const { next } = store.thread(id);
        if (next) store.takeMessages(id, await read(`conversations/${id}/messages?before=${next}`));
    });
}

/** @param {string} id @param {number | null} after */
function fillGap(id, after) {
    if (after === null) return;
    once(`gap ${id}`, async () => {
        /** @type {number | null} */
        let from = after;
        while (from !== null) {
            const page = await read(`conversations/${id}/messages?after=${from}`);
            store.takeRow(page.conversation);
            store.takeLive(id, page.messages);
            from = page.next;
        }
    }).catch(() => {});
}

/** @param {Change} change */
function take(change) {
    const { conversation } = change;
    store.count(change.unread ?? 0);
    const missing = !conversation.gone && readsMissing(conversation);
    store.takeRow(conversation);
    fillGap(conversation.id, store.takeLive(conversation.id, change.messages ?? []));
    if (missing) openThread(conversation.id).catch(() => {});
}

/** Whether a read mark builds on one that this tab has never seen. @param {import("./types.js").Row} row */
function readsMissing(row) {
    const thread = store.known(row.id);
    if (!thread?.loaded) return false;
    const known = [...thread.reads.values()];
    return (row.reads ?? []).some((mark) => {
        const through = Math.max(0, ...known.filter(({ person }) => person === mark.person).map((one) => one.through));
        return through > 0 && mark.after > through;
    });
}

/** Wires the connection to the store, once. */
export function listen() {
    connection.addEventListener("unread", (event) => store.count(/** @type {CustomEvent<number>} */ (event).detail));
    connection.addEventListener("change", (event) => take(/** @type {CustomEvent<Change>} */ (event).detail));
    connection.addEventListener("hello", (event) => {
        const { fresh, unread } = /** @type {CustomEvent<{fresh: boolean, unread: number}>} */ (event).detail;
        store.count(unread ?? 0);
        if (connection.locked) return;
        store.connected = true;
        // Without a cursor nobody knows what happened meanwhile.
        if (fresh) store.reset();
    });
}

/**
 * Gives a command about conversations and shows what came of it.
 * @param {string} command
 * @param {string[]} conversations
 * @param {import("./notices.js").Notice} done
 */
async function act(command, conversations, done) {
    if (connection.state !== "open") notify({ text: words.waitsForConnection });
    try {
        await connection.command(command, { conversations });
        notify(done);
    } catch (error) {
        notify({ text: error instanceof Refused ? error.message : words.troubleOurs, trouble: true });
    }
}

/** @param {string[]} ids */
export const moveToTrash = (ids) =>
    act("move_to_trash", ids, { text: words.trashed(ids.length), action: words.undo, act: () => undoTrash(ids) });

/** Back to where each stood, which need not be the Inbox. @param {string[]} ids */
export const undoTrash = (ids) => act("undo_trash", ids, { text: words.undone(ids.length) });

/** @param {string[]} ids */
export const moveToInbox = (ids) => act("move_to_inbox", ids, { text: words.restored(ids.length) });

/** @param {string[]} ids */
export const markUnread = (ids) => act("mark_unread", ids, { text: words.markedUnread(ids.length) });

/** @param {string[]} ids */
export const erase = (ids) => act("delete_permanently", ids, { text: words.erased(ids.length) });

/** @param {string} conversation @param {number} seq */
export const markRead = (conversation, seq) => connection.command("mark_read", { conversation, seq }).catch(() => {});

/** People one wrote with lately. @returns {Promise<import("./types.js").Person[]>} */
export const recentPeople = async () => (await read("people")).people;

/** @param {string} search @returns {Promise<import("./types.js").Person[]>} */
export const findPeople = async (search) => (await post("find_people", { search })).people;

/** Opens the client's gate. @param {string} client @param {string} name @param {string} [email] where there is none yet */
export async function enableMessaging(client, name, email) {
    await connection.command("enable_messaging", { client, ...(email && { email }) });
    notify({ text: words.enabled(name) });
}
