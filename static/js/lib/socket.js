/**
 * The live connection: commands out, changes in. A command bears a key and is kept until the server says done or
 * refused; after any trouble the connection is made anew from the last cursor, and what is unconfirmed is repeated
 * with the same key. Repeating is always safe.
 */
import { Refused } from "./api.js";

/** A frame that nobody answers for this long means that the line is dead, whatever the browser believes. */
const SILENCE = 8_000;
const LONGEST_WAIT = 15_000;
/** A timer that comes this late means that the machine slept: the old line is not to be trusted. */
const SLEPT = 20_000;
const BUSY = new Set(["unavailable", "too_many"]);

/** @typedef {"idle" | "connecting" | "open"} State */
/** @typedef {{frame: string, sent: boolean, done: (result: any) => void, fail: (why: Refused) => void}} Waiting */

export class Connection extends EventTarget {
    /** @type {State} */
    state = "idle";
    /** Since when there is no connection, or 0. */
    lostAt = 0;
    /** @type {string | null} */
    cursor = null;
    /** While the session is locked the line only counts; commands wait for the password. */
    locked = false;
    /** @type {Map<string, Waiting>} in the order they were given */
    #waiting = new Map();
    /** @type {WebSocket | null} */
    #socket = null;
    #attempt = 0;
    #timer = 0;
    #silence = 0;
    #beat = 0;

    start() {
        if (this.state !== "idle") return;
        addEventListener("online", this.#hurry);
        addEventListener("offline", this.#drop);
        document.addEventListener("visibilitychange", this.#hurry);
        let last = Date.now();
        this.#beat = setInterval(() => {
            if (Date.now() - last > SLEPT) this.#again(0);
            last = Date.now();
        }, 5_000);
        this.lostAt = Date.now();
        this.#open();
    }

    stop() {
        removeEventListener("online", this.#hurry);
        removeEventListener("offline", this.#drop);
        document.removeEventListener("visibilitychange", this.#hurry);
        clearInterval(this.#beat);
        clearTimeout(this.#timer);
        clearTimeout(this.#silence);
        this.#close();
        this.#waiting.clear();
        this.#become("idle");
    }

    /**
     * Gives a command; the promise settles when the server has answered, however long that takes.
     * @param {string} name
     * @param {object} fields
     * @param {string} [key]
     * @returns {Promise<any>}
     */
    command(name, fields, key = crypto.randomUUID()) {
        return new Promise((done, fail) => {
            const waiting = { frame: JSON.stringify({ do: name, key, ...fields }), sent: false, done, fail };
            this.#waiting.set(key, waiting);
            if (this.state === "open" && !this.locked) this.#send(waiting);
        });
    }

    /** From now on the line only counts: the session is locked. */
    rest() {
        this.locked = true;
        clearTimeout(this.#silence);
        this.start();
    }

    /** The password was given: begins anew, and what waited goes out. */
    wake() {
        this.locked = false;
        this.restart();
    }

    /** Begins anew without a cursor: what is known may have holes. */
    restart() {
        this.cursor = null;
        this.#again(0);
    }

    #hurry = () => {
        if (this.state === "connecting" && document.visibilityState === "visible") this.#again(0);
    };

    #drop = () => this.#again(this.#pause());

    #open() {
        clearTimeout(this.#timer);
        this.#become("connecting");
        const since = this.cursor ? `?since=${encodeURIComponent(this.cursor)}` : "";
        const socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/ws${since}`, ["quietroom.v1"]);
        this.#socket = socket;
        // A handshake that hangs is as good as refused.
        this.#listen(SILENCE);
        socket.onmessage = (event) => socket === this.#socket && this.#take(JSON.parse(event.data));
        socket.onclose = (event) => {
            if (socket !== this.#socket) return;
            const refused = this.state === "connecting";
            this.#again(this.#pause(event.code === 1012));
            if (refused || event.code === 4401) this.dispatchEvent(new Event("doubt"));
        };
    }

    /** @param {any} frame */
    #take(frame) {
        this.#listen();
        if ("hello" in frame) this.#welcome(frame);
        // Before "done": how far it is, is told by that word, too.
        else if ("progress" in frame) this.#progress(frame);
        else if ("done" in frame) this.#settle(frame.done, (waiting) => waiting.done(frame.result ?? {}));
        else if ("refused" in frame) this.#refuse(frame);
        else if ("reset" in frame) this.restart();
        else if ("locked" in frame) this.#lock();
        else if ("change" in frame) {
            if (frame.cursor) this.cursor = frame.cursor;
            this.#tell("change", frame);
        } else if ("clients" in frame) {
            this.cursor = frame.cursor;
            this.#tell("clients", null);
        } else if ("ended" in frame) this.#tell("ended", frame.ended);
        else if ("unread" in frame) this.#tell("unread", frame.unread);
    }

    /** @param {{hello: string}} frame */
    #welcome(frame) {
        const fresh = !this.cursor;
        this.cursor ??= frame.hello;
        this.#attempt = 0;
        this.lostAt = 0;
        this.#become("open");
        this.#tell("hello", { ...frame, fresh });
        if (this.locked) return;
        for (const waiting of this.#waiting.values()) this.#send(waiting);
    }

    /** @param {{cursor: string}} frame */
    #progress(frame) {
        this.cursor = frame.cursor;
        this.#tell("progress", frame);
    }

    #lock() {
        this.rest();
        this.dispatchEvent(new Event("locked"));
    }

    /** @param {{refused: string | null, error: import("./types.js").Refusal}} frame */
    #refuse(frame) {
        const key = frame.refused;
        const waiting = key ? this.#waiting.get(key) : undefined;
        if (!key || !waiting) return;
        // "Busy" is no answer: the same command with the same key, a little later.
        if (frame.error.code === "locked") this.#lock();
        else if (BUSY.has(frame.error.code))
            setTimeout(
                () => this.#waiting.has(key) && this.state === "open" && !this.locked && this.#send(waiting),
                1_000 * (frame.error.seconds ?? 2),
            );
        else this.#settle(key, () => waiting.fail(new Refused(frame.error)));
    }

    /** @param {string} key @param {(waiting: Waiting) => void} how */
    #settle(key, how) {
        const waiting = this.#waiting.get(key);
        if (!waiting) return;
        this.#waiting.delete(key);
        how(waiting);
        this.#listen();
    }

    /** @param {Waiting} waiting */
    #send(waiting) {
        this.#socket?.send(waiting.frame);
        this.#listen();
    }

    /** Only while something is owed is silence suspicious. */
    #listen(patience = this.#waiting.size > 0 && !this.locked ? SILENCE : 0) {
        clearTimeout(this.#silence);
        if (patience) this.#silence = setTimeout(() => this.#again(this.#pause()), patience);
    }

    #pause(restarting = false) {
        const most = restarting ? 1_000 : Math.min(LONGEST_WAIT, 400 * 2 ** this.#attempt++);
        // Jitter, so that a thousand tabs do not knock at the same moment.
        return most * (0.5 + Math.random() / 2);
    }

    /** @param {number} pause */
    #again(pause) {
        if (this.state === "idle") return;
        this.#close();
        clearTimeout(this.#silence);
        clearTimeout(this.#timer);
        this.lostAt ||= Date.now();
        this.#become("connecting");
        this.#timer = setTimeout(() => this.#open(), pause);
    }

    #close() {
        const socket = this.#socket;
        this.#socket = null;
        socket?.close();
    }

    /** @param {State} state */
    #become(state) {
        if (state === this.state) return;
        this.state = state;
        this.dispatchEvent(new Event("state"));
    }

    /** @param {string} name @param {unknown} detail */
    #tell(name, detail) {
        this.dispatchEvent(new CustomEvent(name, { detail }));
    }
}

export const connection = new Connection();
