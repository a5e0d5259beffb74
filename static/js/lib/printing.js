/** Print: conversations, or a contact log, become one PDF; while it is being made one can change one's mind. */

import { bringTalk } from "./annex.js";
import { askForFile, Refused } from "./api.js";
import { draw } from "./dom.js";
import { words as common } from "./words.js";
import { composeWords as words } from "./words-compose.js";

/** So long a tab that was opened may still want its file. */
const KEPT = 60_000;

/**
 * @typedef {object} Order
 * @property {string} text what is being made
 * @property {(stop: AbortSignal) => Promise<{file: Blob, headers: Headers}>} make
 * @property {(printed: number) => string} made what came of it
 * @property {string} name of the file
 * @property {{making: string, ready: string, failed: string}} [words] where it is no PDF, which can only be kept and not looked at
 */

/**
 * Prints, and shows in a dialog how it goes and what came of it. The dialog stands inside `host`, so that it leaves the
 * page together with it. What was unread becomes read: that comes like any other change.
 * @param {HTMLElement} host
 * @param {string[]} conversations in the order in which they are to be printed
 */
export const printConversations = (host, conversations) =>
    show(host, {
        text: words.printingText(conversations.length),
        make: (stop) => askForFile("print", stop, { conversations }),
        made: words.printed,
        name: words.pdfName(new Date().toISOString().slice(0, 10)),
    });

/** The whole contact log of a client. @param {HTMLElement} host @param {string} client */
export const exportLog = (host, client) =>
    show(host, {
        text: words.exportingText,
        make: (stop) => askForFile(`clients/${client}/contact_log.pdf`, stop),
        made: () => words.exported,
        name: words.logName,
    });

/** All that one sees, or one's conversations with a client, as a ZIP. @param {HTMLElement} host @param {string} [client] */
export const exportMessages = (host, client) =>
    show(host, {
        text: words.takingAlongText,
        make: (stop) => askForFile(client ? `clients/${client}/export` : "export", stop),
        made: () => words.takenAlongText,
        name: words.zipName(new Date().toISOString().slice(0, 10)),
        words: { making: words.takingAlong, ready: words.takenAlong, failed: words.takingFailed },
    });

/** The dialog is on its way. */
let coming = false;

/** @param {HTMLElement} host @param {Order} order */
async function show(host, order) {
    // What was pressed twice is made once, and stands in the History once.
    if (coming || document.querySelector("dialog.printing")) return;
    coming = true;
    await bringTalk();
    coming = false;
    const { nodes, parts } = draw("printing");
    const { dialog, title, text, cancel } = parts;
    const stop = new AbortController();
    title.textContent = order.words?.making ?? words.printing;
    text.textContent = order.text;
    cancel.textContent = common.cancel;
    cancel.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => {
        stop.abort();
        dialog.remove();
    });
    host.append(nodes);
    dialog.showModal();
    return run(parts, order, stop.signal);
}

/** @param {Record<string, any>} parts @param {Order} order @param {AbortSignal} stop */
async function run(parts, order, stop) {
    try {
        const { file, headers } = await order.make(stop);
        offer(parts, file, order, headers);
    } catch (error) {
        if (stop.aborted) return;
        fail(parts, order, error instanceof Refused ? error.message : common.troubleOurs);
    }
}

/** @param {Record<string, any>} parts @param {Blob} file @param {Order} order @param {Headers} headers */
function offer({ dialog, title, text, progress, left, leftText, open, download, cancel }, file, order, headers) {
    const leftOut = Number(headers.get("X-Left-Out"));
    const address = URL.createObjectURL(file);
    dialog.addEventListener("close", () => setTimeout(() => URL.revokeObjectURL(address), KEPT));
    progress.hidden = true;
    title.textContent = order.words?.ready ?? words.printReady;
    text.textContent = order.made(Number(headers.get("X-Printed")));
    left.hidden = leftOut === 0;
    leftText.textContent = leftOut > 0 ? words.leftOut(leftOut) : "";
    open.href = download.href = address;
    download.download = order.name;
    open.hidden = Boolean(order.words);
    download.hidden = false;
    download.classList.toggle("primary", open.hidden);
    cancel.textContent = common.close;
    (open.hidden ? download : open).focus();
}

/** @param {Record<string, any>} parts @param {Order} order @param {string} reason */
function fail({ title, text, progress, cancel }, order, reason) {
    progress.hidden = true;
    title.textContent = order.words?.failed ?? words.printFailed;
    text.textContent = reason;
    text.classList.add("trouble");
    cancel.textContent = common.close;
    cancel.focus();
}
