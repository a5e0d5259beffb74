/**
 * Before a message goes to many clients: how many, who is skipped and why, and above 25 the number typed by hand.
 * For staff alone.
 */
import { bringAnnex } from "./annex.js";
import { post, Refused } from "./api.js";
import { draw, make } from "./dom.js";
import { notify } from "./notices.js";
import { press } from "./press.js";
import { sheet } from "./sheets.js";
import { words as common } from "./words.js";
import { composeWords as words } from "./words-compose.js";

/** @typedef {import("./mass.js").Whom} Whom @typedef {import("./mass.js").Preview} Preview */

/**
 * Asks, then sends. Answers the mass message's id, or null if the person thought better of it.
 * @param {HTMLElement} host
 * @param {Whom} whom
 * @param {{subject: string, body: string, attachments: string[], copy_to_contact_log: boolean}} message
 * @returns {Promise<string | null>}
 */
export async function sendToMany(host, whom, message) {
    await bringAnnex();
    /** @type {Preview} */
    const preview = await post("preview_mass_message", whom);
    const { nodes, parts } = draw("mass-check");
    fill(parts, preview, message.copy_to_contact_log);
    const title = preview.of > 0 ? words.massTitle(preview.of) : words.massNobody;
    const { close, dialog } = sheet(host, { title, text: preview.of > 0 ? words.massHint : "", body: nodes });
    // One key for one message: pressing again after trouble sends it once.
    const key = crypto.randomUUID();
    return new Promise((resolve) => {
        dialog.addEventListener("close", () => resolve(null));
        parts.form.addEventListener("submit", (/** @type {Event} */ event) => {
            event.preventDefault();
            const typed = Number(parts.confirm.value.trim() || Number.NaN);
            const asked = !parts.confirmOf.hidden;
            if (asked && !Number.isInteger(typed)) return complain(parts, words.massNotNumber(preview.of));
            return press(parts.send, async () => {
                try {
                    const sent = await post("send_mass_message", { key, ...whom, ...message, ...(asked && { confirm: typed }) });
                    notify({ text: words.massAccepted(sent.of) });
                    resolve(sent.mass_message);
                    close();
                } catch (error) {
                    if (error instanceof Refused && error.field === "confirm") parts.confirmOf.hidden = false;
                    complain(parts, error instanceof Refused ? error.message : common.troubleOurs);
                }
            });
        });
    });
}

/** @param {Record<string, any>} parts @param {Preview} preview @param {boolean} copy */
function fill(parts, { of, skipped, confirm }, copy) {
    const { skippedOf, skippedHead, skippedList, copied, confirmOf, confirmLabel, send } = parts;
    skippedOf.hidden = skipped.length === 0;
    skippedHead.textContent = words.massSkipped(skipped.length);
    skippedList.replaceChildren(...skipped.map(({ name, reason }) => make("li", "", words.massReason(name, reason))));
    copied.hidden = !copy || of === 0;
    confirmOf.hidden = !confirm;
    confirmLabel.textContent = words.massType(of);
    send.textContent = words.massSend(of);
    send.hidden = of === 0;
}

/** @param {Record<string, any>} parts @param {string} sentence */
function complain({ error, confirm, confirmOf }, sentence) {
    error.textContent = sentence;
    error.hidden = false;
    if (!confirmOf.hidden) confirm.focus();
}
