/** Print: conversations become one PDF; while it is being made one can change one's mind. */

import { bringComposeStyle } from "./annex.js";
import { postForFile, Refused } from "./api.js";
import { draw } from "./dom.js";
import { words as common } from "./words.js";
import { composeWords as words } from "./words-compose.js";

/** So long a tab that was opened may still want its file. */
const KEPT = 60_000;

/**
 * Prints, and shows in a dialog how it goes and what came of it. The dialog stands inside `host`, so that it leaves the
 * page together with it. What was unread becomes read: that comes like any other change.
 * @param {HTMLElement} host
 * @param {string[]} conversations in the order in which they are to be printed
 */
export function printConversations(host, conversations) {
    bringComposeStyle();
    const { nodes, parts } = draw("printing");
    const { dialog, title, text, cancel } = parts;
    const stop = new AbortController();
    title.textContent = words.printing;
    text.textContent = words.printingText(conversations.length);
    cancel.textContent = common.cancel;
    cancel.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => {
        stop.abort();
        dialog.remove();
    });
    host.append(nodes);
    dialog.showModal();
    return run(parts, conversations, stop.signal);
}

/** @param {Record<string, any>} parts @param {string[]} conversations @param {AbortSignal} stop */
async function run(parts, conversations, stop) {
    try {
        const { file, headers } = await postForFile("print", { conversations }, stop);
        const leftOut = Number(headers.get("X-Left-Out"));
        offer(parts, file, conversations.length - leftOut, leftOut);
    } catch (error) {
        if (stop.aborted) return;
        fail(parts, error instanceof Refused ? error.message : common.troubleOurs);
    }
}

/** @param {Record<string, any>} parts @param {Blob} file @param {number} printed @param {number} leftOut */
function offer({ dialog, title, text, progress, left, leftText, open, download, cancel }, file, printed, leftOut) {
    const address = URL.createObjectURL(file);
    dialog.addEventListener("close", () => setTimeout(() => URL.revokeObjectURL(address), KEPT));
    progress.hidden = true;
    title.textContent = words.printReady;
    text.textContent = words.printed(printed);
    left.hidden = leftOut === 0;
    leftText.textContent = leftOut > 0 ? words.leftOut(leftOut) : "";
    open.href = download.href = address;
    download.download = words.pdfName(new Date().toISOString().slice(0, 10));
    open.hidden = download.hidden = false;
    cancel.textContent = common.close;
    open.focus();
}

/** @param {Record<string, any>} parts @param {string} reason */
function fail({ title, text, progress, cancel }, reason) {
    progress.hidden = true;
    title.textContent = words.printFailed;
    text.textContent = reason;
    text.classList.add("trouble");
    cancel.textContent = common.close;
    cancel.focus();
}
