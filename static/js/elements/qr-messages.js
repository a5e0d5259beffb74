import { make, Part } from "../lib/dom.js";
import { MASS, markUnread, moveToInbox, moveToTrash } from "../lib/mailbox.js";
import { atOnce, need } from "../lib/need.js";
import { mayBegin } from "../lib/people.js";
import { router } from "../lib/router.js";
import { store } from "../lib/store.js";
import { words } from "../lib/words.js";

/** @typedef {import("../lib/types.js").Folder} Folder */

/** What can be done to conversations, from a row, from the bulk bar or from inside. @type {Record<string, (ids: string[]) => Promise<unknown>>} */
const verbs = {
    trash: moveToTrash,
    restore: moveToInbox,
    unread: markUnread,
    erase: async (ids) => (await seldom())?.eraseSure(ids) ?? false,
};

const seldom = () => atOnce(() => import("../lib/erasing.js"));

/** The messages page: the list at the left; at the right the open conversation, a new message, or nothing yet. */
class Messages extends Part {
    /** @type {Folder} */
    #folder = "inbox";
    /** @type {string} what the right side shows: a conversation's id, "compose" or "" */
    #open = "";

    drawn() {
        this.addEventListener("qr-do", (event) => this.#do(/** @type {CustomEvent} */ (event).detail));
        this.addEventListener("qr-opened", (event) => router.go(`/${this.#folder}/${/** @type {CustomEvent} */ (event).detail}`));
        this.#show("");
    }

    /** @param {AbortSignal} signal */
    joined(signal) {
        store.addEventListener("change", () => this.#nothing(), { signal });
    }

    /** @param {import("../lib/router.js").Place} place */
    set place({ params, hash }) {
        this.#folder = /** @type {Folder} */ (params[0]);
        const { list, mail } = this.parts;
        // By address, too, nothing is begun by who only answers.
        const open = hash === "compose" && mayBegin() ? "compose" : (params[1] ?? "");
        if (open !== this.#open) this.#show(open);
        list.folder = this.#folder;
        list.current = params[1] ?? "";
        mail.classList.toggle("reading", open !== "");
        this.say("qr-reading", open !== "");
        const part = this.parts.pane.firstElementChild;
        if (part && "backTo" in part) part.backTo = `/${this.#folder}`;
    }

    /** @param {string} open */
    async #show(open) {
        const { pane } = this.parts;
        const before = this.#open;
        this.#open = open;
        const many = open.startsWith(MASS);
        const tag = open === "compose" ? "qr-compose" : many ? "qr-mass" : open ? "qr-conversation" : "qr-empty";
        if (!customElements.get(tag)) {
            pane.replaceChildren();
            await need(tag);
            if (this.#open !== open) return;
        }
        const part = document.createElement(tag);
        if (many) Object.assign(part, { mass: open.slice(MASS.length) });
        else if (open && open !== "compose") Object.assign(part, { target: { conversation: open } });
        if (open) Object.assign(part, { backTo: `/${this.#folder}` });
        pane.replaceChildren(part);
        this.#nothing();
        // The keyboard goes along: into what was opened, or back to where it came from.
        if (open) part.querySelector("h2")?.focus({ preventScroll: true });
        else if (before) this.parts.list.focusRow(before);
    }

    /** What stands where a conversation would: how to open one, or how to begin. */
    #nothing() {
        if (this.#open) return;
        const first = store.listings.inbox.loaded && store.talks().length === 0;
        const begin = first && mayBegin() ? /** @type {HTMLAnchorElement} */ (make("a", "button", words.compose)) : undefined;
        if (begin) begin.href = `/${this.#folder}#compose`;
        const chosen = mayBegin() ? words.noneChosenText : words.noneChosenContact;
        const text = begin ? words.noneYetText : first ? words.noneYetContact : chosen;
        const what = { icon: "messages", title: first ? words.noneYet : words.noneChosen, text, action: begin };
        Object.assign(this.parts.pane.firstElementChild ?? {}, { what });
    }

    /** @param {string[]} ids */
    async #print(ids) {
        const printing = await atOnce(() => import("../lib/printing.js"));
        await printing?.printConversations(
            this,
            ids.map((id) => (id.startsWith(MASS) ? id.slice(MASS.length) : id)),
        );
    }

    /** @param {{verb: string, ids: string[], inside?: boolean}} what */
    async #do({ verb, ids, inside = false }) {
        if (verb === "print") return this.#print(ids);
        const run = ids.some((id) => id.startsWith(MASS))
            ? async (/** @type {string[]} */ all) => (await seldom())?.runWithMass(verb, all) ?? false
            : verbs[verb];
        if (!run) return;
        // Out of the conversation first: what is on screen would be marked as read again at once.
        const leave = ids.includes(this.#open) && (verb === "unread" || inside);
        if (leave && verb !== "erase") router.go(`/${this.#folder}`);
        const done = await run(ids);
        if (done === false) return;
        this.parts.list.unselect(ids);
        if (verb === "erase" && ids.includes(this.#open)) router.go(`/${this.#folder}`);
    }
}

customElements.define("qr-messages", Messages);
