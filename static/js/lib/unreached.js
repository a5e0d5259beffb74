/** How a client is not reached: their STOP to texts, and emails that come back. */
import { since } from "./dates.js";
import { alertWords as words } from "./words-alerts.js";

/** @param {{texts_off_at: number | null, mail_failed_at: number | null} | null | undefined} unreached */
export function unreachedWords(unreached) {
    const said = [];
    if (unreached?.texts_off_at) said.push(words.textsOffSince(since(unreached.texts_off_at)));
    if (unreached?.mail_failed_at) said.push(words.mailFailsSince(since(unreached.mail_failed_at)));
    return said.map((sentence) => `${sentence}.`).join(" ");
}
