/**
 * What became of the emails and texts about a conversation's messages. Only staff are told; asked for while it is open.
 * For staff alone.
 */
import { read } from "./api.js";
import { timeOrDay } from "./dates.js";
import { list } from "./language.js";
import { firstName, isStaff } from "./people.js";
import { alertWords as words } from "./words-alerts.js";

/**
 * @typedef {object} Alert
 * @property {string} person
 * @property {string} name
 * @property {number} seq
 * @property {"email" | "sms" | "push"} channel
 * @property {"waiting" | "sent" | "delivered" | "dropped" | "failed"} state
 * @property {string | null} reason
 * @property {string | null} words
 * @property {number} due_at
 * @property {number | null} settled_at
 *
 * @typedef {{text: string, failed: boolean}} AlertLine
 */

/** What changes together is asked for once. */
const MOMENT = 400;
/** After the instant at which an alert is due, until the mail server has it. */
const HANDING = 2_000;
/** While one is being handed over it says when it would be tried again if that came to nothing: minutes from now. */
const SHORTLY = 5_000;
const LONGEST = 60_000;

export class AlertWatch {
    /** @type {Map<number, Alert[]>} by the message's seq */
    #alerts = new Map();
    #asked = "";
    #timer = 0;
    #tell;

    /** @param {() => void} tell something is known anew */
    constructor(tell) {
        this.#tell = tell;
    }

    /** Asks when the conversation looks different from what was asked for. @param {import("./types.js").Row | null} row */
    look(row) {
        if (!isStaff() || !row?.client) return;
        const now = `${row.id} ${row.change}`;
        if (now === this.#asked) return;
        if (!this.#asked.startsWith(row.id)) this.#alerts = new Map();
        this.#asked = now;
        this.#later(row.id, MOMENT);
    }

    stop() {
        clearTimeout(this.#timer);
        this.#asked = "";
    }

    /** @param {string} id @param {number} pause */
    #later(id, pause) {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#ask(id), pause);
    }

    /** @param {string} id */
    async #ask(id) {
        const asked = this.#asked;
        const found = await read(`alerts?conversation=${id}`).catch(() => null);
        if (asked !== this.#asked || !found) return;
        this.#alerts = new Map();
        for (const alert of /** @type {Alert[]} */ (found.alerts))
            this.#alerts.set(alert.seq, [...(this.#alerts.get(alert.seq) ?? []), alert]);
        this.#tell();
        const soon = found.alerts.filter((/** @type {Alert} */ one) => one.state === "waiting" && one.reason !== "folded");
        if (soon.length === 0) return;
        const waits = soon.map((/** @type {Alert} */ one) => Math.min(one.due_at - found.now, one.words ? LONGEST : SHORTLY));
        this.#later(id, Math.max(0, Math.min(...waits)) + HANDING);
    }

    /**
     * What stands below a message.
     * @param {import("./types.js").Message} message
     * @param {import("./types.js").Row | null} row
     * @param {Iterable<import("./types.js").ReadMark>} reads
     * @returns {AlertLine[]}
     */
    lines(message, row, reads) {
        const theirs = (this.#alerts.get(message.seq) ?? []).filter(
            ({ person, channel }) => channel !== "push" && !isStaff(row?.people.find((one) => one.id === person)?.role),
        );
        const readers = new Set([...reads].filter(({ through }) => through >= message.seq).map(({ person }) => person));
        const several = new Set(theirs.map(({ person }) => person)).size > 1;
        /** @type {Map<string, {names: string[], failed: boolean}>} people of whom the same is to be said */
        const said = new Map();
        for (const alert of theirs) {
            const text = line(alert, message.sent_at, readers.has(alert.person));
            if (!text) continue;
            const before = said.get(text)?.names ?? [];
            said.set(text, { names: [...before, firstName(alert.name)], failed: alert.state === "failed" });
        }
        return [...said].map(([text, { names, failed }]) => ({ text: several ? `${list(names)}: ${text}` : text, failed }));
    }
}

/** @param {Alert} alert @param {number} sent @param {boolean} wasRead whoever has read needs no telling */
function line({ channel, state, reason, words: why, settled_at: at }, sent, wasRead) {
    const what = channel === "sms" ? words.textWord : words.emailWord;
    if (state === "failed") return words.alertFailed(what, why ?? "");
    if (wasRead || reason === "read") return "";
    if (reason === "folded") return channel === "email" ? words.alertFolded : "";
    if (state === "waiting") return why ? words.alertAgain(what, why) : words.alertSoon(what);
    if (state === "dropped") return channel === "email" ? words.alertNone(why ?? "") : "";
    const when = at ? timeOrDay(at, sent) : "";
    return state === "delivered" ? words.alertDelivered(what, when) : words.alertSent(what, when);
}
