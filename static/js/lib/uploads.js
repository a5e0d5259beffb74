/**
 * Files on their way into a message. Each goes to the server as soon as it is chosen and belongs, like a draft, to the
 * place where one writes; sending the message takes them along. What has arrived outlives a reload of this tab.
 *
 * @typedef {import("./types.js").Attachment} Attachment
 *
 * @typedef {object} Upload
 * @property {string} key
 * @property {string} name
 * @property {number} size
 * @property {"waiting" | "sending" | "done" | "failed"} state
 * @property {number} part how much of it has gone, from 0 to 1
 * @property {string} [reason] why it failed, in a sentence
 * @property {boolean} [again] whether trying again may help
 * @property {Attachment} [attachment] once the server has it
 * @property {File} [file]
 * @property {XMLHttpRequest} [request]
 */
import { post, tellEnding } from "./api.js";
import { outbox } from "./outbox.js";
import { store } from "./store.js";
import { composeWords as words } from "./words-compose.js";

/** The browser has six lines to the server; messages need some of them. */
const AT_ONCE = 2;
const MEGA = 1024 * 1024;
const FINAL = new Set([400, 413, 415]);

class Uploads extends EventTarget {
    /** @type {Map<string, Upload[]>} */
    #places = new Map();
    #owner = "";

    constructor() {
        super();
        outbox.addEventListener("sent", (event) => {
            this.#settle(/** @type {CustomEvent} */ (event).detail.send.attachments ?? []);
        });
    }

    get #shelf() {
        return `quietroom.files.${this.#owner}`;
    }

    /** How many a message takes, and how many megabytes each. */
    get limits() {
        const { attachments = 10, attachment_megabytes: megabytes = 25 } = store.me?.limits ?? {};
        return { files: attachments, megabytes };
    }

    /** @param {string} place @returns {Upload[]} */
    at(place) {
        this.#wake();
        return this.#places.get(place) ?? [];
    }

    /** Whether something is still on its way. @param {string} place */
    isBusy = (place) => this.at(place).some(({ state }) => state === "sending" || state === "waiting");

    /** @param {string} place */
    hasFailed = (place) => this.at(place).some(({ state }) => state === "failed");

    /** Begins to send files. @param {string} place @param {Iterable<File>} files @returns {boolean} whether all found room */
    add(place, files) {
        const all = [...files];
        const room = Math.max(0, this.limits.files - this.at(place).length);
        const fresh = all.slice(0, room).map((file) => this.#admit(file));
        this.#places.set(place, [...this.at(place), ...fresh]);
        this.#next();
        return all.length <= room;
    }

    /** @param {File} file @returns {Upload} */
    #admit(file) {
        const { megabytes } = this.limits;
        const reason = file.size > megabytes * MEGA ? words.fileTooLarge(megabytes) : file.size === 0 ? words.fileEmpty : "";
        const one = { key: crypto.randomUUID(), name: file.name, size: file.size, part: 0, file };
        return reason ? { ...one, state: "failed", reason } : { ...one, state: "waiting" };
    }

    /** Takes one away: stops it, or has the server forget it. @param {string} place @param {string} key */
    remove(place, key) {
        const one = this.at(place).find((upload) => upload.key === key);
        this.#put(
            place,
            this.at(place).filter((upload) => upload !== one),
        );
        one?.request?.abort();
        if (one?.attachment) this.#discard(one.attachment);
        this.#next();
    }

    /** @param {string} place @param {string} key */
    retry(place, key) {
        const one = this.at(place).find((upload) => upload.key === key);
        if (one?.file) Object.assign(one, { state: "waiting", part: 0, reason: "" });
        this.#next();
    }

    /** Those that have arrived and can be sent. @param {string} place @returns {Attachment[]} */
    ready = (place) => this.at(place).flatMap(({ attachment }) => attachment ?? []);

    /** The same; they are the message's from now on. @param {string} place */
    take(place) {
        const files = this.ready(place);
        this.#put(place, []);
        return files;
    }

    /** What a message has taken along is no longer to be sent. @param {string[]} ids */
    #settle(ids) {
        for (const [place, all] of this.#places) {
            const left = all.filter(({ attachment }) => !attachment || !ids.includes(attachment.id));
            if (left.length < all.length) this.#put(place, left);
        }
    }

    /** One goes on writing elsewhere. @param {string} from @param {string} to */
    move(from, to) {
        const moving = this.at(from);
        this.#put(from, []);
        this.#put(to, [...this.at(to), ...moving]);
    }

    /** A message that is not to be sent after all leaves them behind. @param {Attachment[]} files */
    forget(files) {
        for (const file of files) this.#discard(file);
    }

    /** @param {Attachment} file */
    #discard({ id }) {
        // Best effort: what is left over, the server sweeps.
        post("discard_attachment", { attachment: id }).catch(() => {});
    }

    #next() {
        const all = [...this.#places.values()].flat();
        const free = AT_ONCE - all.filter(({ state }) => state === "sending").length;
        for (const one of all.filter(({ state }) => state === "waiting").slice(0, Math.max(0, free))) this.#send(one);
        this.#changed();
    }

    /** fetch tells nothing of how far an upload is. @param {Upload} one */
    #send(one) {
        const request = new XMLHttpRequest();
        one.state = "sending";
        one.request = request;
        request.open("PUT", "/api/attachments");
        request.setRequestHeader("X-Filename", encodeURIComponent(one.name.replace(/\p{Surrogate}/gu, "_")));
        request.setRequestHeader("Content-Type", one.file?.type || "application/octet-stream");
        request.responseType = "json";
        request.upload.onprogress = ({ loaded, total }) => {
            one.part = total > 0 ? loaded / total : 0;
            this.#tell();
        };
        request.onload = () => this.#answered(one, request.status, request.response);
        request.onerror = () => this.#answered(one, 0, { error: { message: words.uploadLost } });
        request.send(one.file);
    }

    /** @param {Upload} one @param {number} status @param {any} answer */
    #answered(one, status, answer) {
        one.request = undefined;
        if (status === 200 && answer) {
            one.state = "done";
            one.attachment = answer;
            one.name = answer.name;
            one.size = answer.size;
            one.file = undefined;
        } else {
            one.state = "failed";
            one.reason = answer?.error?.message ?? words.uploadTrouble;
            one.again = !FINAL.has(status);
            tellEnding(answer?.error?.code);
        }
        this.#next();
    }

    /** @param {string} place @param {Upload[]} list */
    #put(place, list) {
        if (list.length > 0) this.#places.set(place, list);
        else this.#places.delete(place);
        this.#changed();
    }

    #changed() {
        const kept = [...this.#places].map(([place, list]) => [place, list.flatMap(({ attachment }) => attachment ?? [])]);
        const some = kept.filter(([, files]) => /** @type {Attachment[]} */ (files).length > 0);
        if (!this.#owner) return this.#tell();
        if (some.length > 0) sessionStorage.setItem(this.#shelf, JSON.stringify(some));
        else sessionStorage.removeItem(this.#shelf);
        this.#tell();
    }

    #tell() {
        this.dispatchEvent(new Event("change"));
    }

    /** Whoever is signed in finds what this tab had before a reload, and nobody else's. */
    #wake() {
        const owner = store.me?.id ?? "";
        if (!owner || owner === this.#owner) return;
        this.#owner = owner;
        this.#places.clear();
        for (const [place, files] of JSON.parse(sessionStorage.getItem(this.#shelf) ?? "[]")) {
            this.#places.set(place, files.map(arrived));
        }
    }
}

/** The place of a new message: whom it is for may still change. */
export const COMPOSING = "new";

/** @param {Attachment} attachment @returns {Upload} */
const arrived = (attachment) => ({
    key: attachment.id,
    name: attachment.name,
    size: attachment.size,
    state: "done",
    part: 1,
    attachment,
});

export const uploads = new Uploads();

// A file dropped beside the composer would otherwise take the place of the page.
for (const event of ["dragover", "drop"]) {
    addEventListener(event, (dragged) => {
        if (/** @type {DragEvent} */ (dragged).dataTransfer?.types.includes("Files")) dragged.preventDefault();
    });
}
