/** Deleting for good, which asks once; and what is done to rows among which are messages to several clients. */
import { fullDay } from "./dates.js";
import { erase, MASS, markUnread } from "./mailbox.js";
import { inTrash, massEraseText, massVerbs } from "./mass-trash.js";
import { ask } from "./notices.js";
import { store } from "./store.js";
import { words } from "./words.js";

/** @typedef {import("./keeping.js").Kept} Kept */

/** The whole reason, with the day on which it ends if that is known. @param {Kept} kept */
const whyKept = ({ message, until }) => (until === null ? message : `${message} ${words.untilDay(fullDay(until))}`);

/**
 * Which of these can be deleted for good, and why the others cannot; those that are not known are asked of the server.
 * @param {string[]} ids @param {(id: string) => {kept: Kept | null} | null | undefined} find
 */
function deletable(ids, find) {
    const kept = ids.map((id) => find(id)?.kept).filter((one) => one !== null && one !== undefined);
    return { free: ids.filter((id) => !find(id)?.kept), kept: kept.length, why: kept[0] ? whyKept(kept[0]) : "" };
}

/**
 * Asks once, naming how many; what is kept is left out and named with its reason. The answer: what is to be deleted.
 * @param {string[]} ids @param {Parameters<typeof deletable>[1]} find @param {(count: number) => string} say
 */
async function sureToErase(ids, find, say) {
    const { free, kept, why } = deletable(ids, find);
    if (free.length === 0) {
        await ask({ title: words.keptTitle(kept), text: why, confirm: words.close, only: true });
        return null;
    }
    const text = [say(free.length), ...(kept > 0 ? [words.keptBeside(kept, why)] : [])].join(" ");
    return (await ask({ title: words.eraseTitle(free.length), text, confirm: words.deleteForever, danger: true })) ? free : null;
}

/** Conversations, if one is sure. @param {string[]} ids */
export async function eraseSure(ids) {
    const free = await sureToErase(ids, (id) => store.row(id), words.eraseText);
    if (free) await erase(free);
    return free !== null;
}

/** With messages to several clients among them. @param {string} verb @param {string[]} ids */
export async function runWithMass(verb, ids) {
    const talks = ids.filter((id) => !id.startsWith(MASS));
    // What nobody answered was never unread.
    if (verb === "unread") return talks.length > 0 && markUnread(talks);
    const find = (/** @type {string} */ id) => (id.startsWith(MASS) ? inTrash(id.slice(MASS.length)) : store.row(id));
    const chosen = verb === "erase" ? await sureToErase(ids, find, massEraseText) : ids;
    if (!chosen) return false;
    const many = chosen.filter((id) => id.startsWith(MASS)).map((id) => id.slice(MASS.length));
    return massVerbs[verb]?.(many, chosen === ids ? talks : chosen.filter((id) => !id.startsWith(MASS))) ?? false;
}
