/** A message to several clients leaves its sender's Sent, after a question: no way leads back. */
import { mass } from "./mass.js";
import { ask } from "./notices.js";
import { tryTo } from "./practice.js";
import { composeWords as words } from "./words-compose.js";

/** @param {string} id @returns {Promise<boolean>} whether it is gone */
export async function trashMass(id) {
    const question = { title: words.massTrashTitle, text: words.massTrashText, confirm: words.massTrash, danger: true };
    return (await ask(question)) && tryTo(() => mass.trash(id), words.massTrashed);
}
