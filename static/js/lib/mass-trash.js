/**
 * What is done to messages to several clients from a row, from the bulk bar or from inside; conversations may go along.
 * For staff alone.
 */
import { Refused } from "./api.js";
import { mass } from "./mass.js";
import { notify } from "./notices.js";
import { connection } from "./socket.js";
import { words } from "./words.js";
import { composeWords } from "./words-compose.js";

/** @typedef {import("./notices.js").Notice} Notice */

/**
 * @param {"trash" | "restore" | "delete"} verb
 * @param {string} command the same for conversations
 * @param {string[]} ids @param {string[]} conversations
 * @param {Notice} done
 */
async function act(verb, command, ids, conversations, done) {
    try {
        await mass.move(verb, ids);
        if (conversations.length > 0) await connection.command(command, { conversations });
        notify(done);
        return true;
    } catch (error) {
        notify({ text: error instanceof Refused ? error.message : words.troubleOurs, trouble: true });
        return false;
    }
}

/** @param {string[]} ids @param {string[]} conversations */
const restore = (ids, conversations) =>
    act("restore", "move_to_inbox", ids, conversations, { text: composeWords.massRestored(ids.length + conversations.length) });

/** One that is in the trash. @param {string} id */
export const inTrash = (id) => mass.folders.trash.rows.find((row) => row.id === id);

/** What is asked before they are deleted for good. */
export const massEraseText = () => composeWords.massEraseText;

/** By the verbs of conversations. @type {Record<string, (ids: string[], conversations: string[]) => Promise<boolean>>} */
export const massVerbs = {
    restore,
    trash: (ids, conversations) =>
        act("trash", "move_to_trash", ids, conversations, {
            text: composeWords.massTrashed(ids.length + conversations.length),
            action: words.undo,
            act: () =>
                act("restore", "undo_trash", ids, conversations, { text: words.undone(ids.length + conversations.length) }),
        }),
    erase: (ids, conversations) =>
        act("delete", "delete_permanently", ids, conversations, {
            text: composeWords.massErased(ids.length + conversations.length),
        }),
};
