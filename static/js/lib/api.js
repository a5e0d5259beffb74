/** Questions and commands over HTTP. @typedef {import("./types.js").Refusal} Refusal */
import { words } from "./words.js";

/** What the server refused, with the sentence it gave. `code` is "unreachable" if it gave none. */
export class Refused extends Error {
    /** @param {Refusal} refusal @param {number} [status] @param {number} [retryAfter] seconds */
    constructor(refusal, status = 0, retryAfter = 0) {
        super(refusal.message);
        this.code = refusal.code;
        this.field = refusal.field;
        this.gate = refusal.gate;
        this.people = refusal.people;
        this.status = status;
        this.retryAfter = retryAfter;
    }
}

/** What says that the session does not go on as it was. */
const ENDINGS = new Set(["signed_out", "locked", "second_factor"]);

/** Whoever composes the page listens here for "signed_out", "locked" and "second_factor". */
export const session = new EventTarget();

/** @param {string | undefined} code of a refusal; most say nothing of the session */
export function tellEnding(code) {
    if (code && ENDINGS.has(code)) session.dispatchEvent(new Event(code));
}

/**
 * @param {Response} response
 * @returns {Promise<any>}
 */
async function answer(response) {
    const body = await response.json().catch(() => ({}));
    if (response.ok) return body;
    const refused = new Refused(
        body.error ?? { code: "unavailable", message: words.troubleOurs },
        response.status,
        Number(response.headers.get("Retry-After")),
    );
    // At the door itself "no" is an answer, not the end of a session.
    const atDoor = /\/(?:sign_in|confirm_sign_in|unlock)$/u.test(response.url);
    if (!atDoor) tellEnding(refused.code);
    throw refused;
}

/**
 * @param {string} path
 * @param {RequestInit} init
 */
async function ask(path, init) {
    let response;
    try {
        response = await fetch(path, { credentials: "same-origin", cache: "no-store", ...init });
    } catch {
        throw new Refused({ code: "unreachable", message: words.troubleConnection });
    }
    return await answer(response);
}

/**
 * GET /api/<path>.
 * @param {string} path
 */
export const read = (path) => ask(`/api/${path}`, {});

/**
 * A request where the answer is a file: GET /api/<path>, or with `fields` POST.
 * @param {string} path
 * @param {AbortSignal} signal
 * @param {object} [fields]
 * @returns {Promise<{file: Blob, headers: Headers}>}
 */
export async function askForFile(path, signal, fields) {
    const said = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(fields) };
    let response;
    try {
        response = await fetch(`/api/${path}`, { ...(fields && said), cache: "no-store", signal });
        if (response.ok) return { file: await response.blob(), headers: response.headers };
    } catch {
        throw new Refused({ code: "unreachable", message: words.troubleConnection });
    }
    return await answer(response);
}

/**
 * POST /api/<name>. With `last` the request outlives the page (a draft saved while the tab closes).
 * @param {string} name
 * @param {object} [fields]
 * @param {{last?: boolean}} [how]
 */
export const post = (name, fields = {}, { last = false } = {}) =>
    ask(`/api/${name}`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(fields),
        keepalive: last,
    });
