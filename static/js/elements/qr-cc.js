import { read } from "../lib/api.js";
import { icon, keep, make, name, Part } from "../lib/dom.js";
import { list } from "../lib/language.js";
import { menu } from "../lib/menu.js";
import { ask } from "../lib/notices.js";
import { firstName } from "../lib/people.js";
import { tryTo } from "../lib/practice.js";
import { connection } from "../lib/socket.js";
import { store } from "../lib/store.js";
import { composeWords as words } from "../lib/words-compose.js";

/** @typedef {{id: string, name: string}} Contact */

/**
 * Whom a client lets see a message and all later ones: contacts of their own. Nobody else sees this element. Says "qr-cc"
 * when they change; in a direct conversation, where no Cc joins, it says "qr-cc-thread" with the contact.
 */
class Cc extends Part {
    /** @type {Contact[]} */
    #contacts = [];
    /** @type {Contact[]} */
    #added = [];
    /** @type {{conversation: string, direct: boolean, people: import("../lib/types.js").Participant[]} | null} */
    #thread = null;

    drawn() {
        menu(this.parts.add, this.parts.menu);
    }

    /** @param {AbortSignal} signal */
    joined(signal) {
        if (!mayCc()) return;
        // What is managed on another page may have changed when one comes back.
        addEventListener("focus", () => this.#load(), { signal });
        this.#load();
    }

    /**
     * The conversation in which one writes; null: a new message.
     * @param {{conversation: string, direct: boolean, people: import("../lib/types.js").Participant[]} | null} thread
     */
    set thread(thread) {
        if (thread?.conversation !== this.#thread?.conversation) this.#added = [];
        this.#thread = thread;
        this.#show();
    }

    /** Those who are added by the next message. */
    get added() {
        return this.#added;
    }

    set added(contacts) {
        this.#added = contacts;
        this.#show();
    }

    async #load() {
        /** @type {Contact[]} */
        const contacts = await read("contacts").then(
            (found) => found.contacts,
            () => this.#contacts,
        );
        this.#contacts = contacts;
        this.#show();
    }

    #show() {
        const { chips, told, menu: items } = this.parts;
        const there = this.#thread?.people.filter((person) => person.cc) ?? [];
        this.hidden = !mayCc() || (this.#thread !== null && there.length + this.#contacts.length === 0);
        if (this.hidden) return;
        keep(
            chips,
            [...there.map((person) => ({ ...person, now: true })), ...this.#added.map((one) => ({ ...one, now: false }))],
            ({ id, now }) => `${id} ${now}`,
            (person) => this.#chip(person),
        );
        const taken = new Set([...there, ...this.#added].map(({ id }) => id));
        const free = this.#contacts.filter(({ id }) => !taken.has(id));
        keep(
            items,
            [...free, { id: "", name: words.ownContacts }],
            ({ id }) => id,
            (contact) => this.#item(contact),
        );
        const names = list(this.#added.map((contact) => firstName(contact.name)));
        told.hidden = this.#added.length === 0;
        told.textContent = [words.ccConsequence(names), this.#thread ? "" : words.ccNewThread].join(" ").trim();
    }

    /** @param {Contact} contact without an id: the way to all of them */
    #item(contact) {
        const item = make(contact.id ? "button" : "a", "", contact.name);
        item.setAttribute("role", "menuitem");
        item.tabIndex = -1;
        if (item instanceof HTMLAnchorElement) item.href = "/account#contacts";
        if (item instanceof HTMLButtonElement) item.type = "button";
        if (contact.id) item.addEventListener("click", () => this.#add(contact));
        return item;
    }

    /** @param {Contact} contact */
    #add(contact) {
        if (this.#thread?.direct) return this.say("qr-cc-thread", contact);
        this.added = [...this.#added, contact];
        this.parts.add.focus();
        return this.say("qr-cc");
    }

    /** @param {Contact & {now: boolean}} person */
    #chip(person) {
        const chip = make("li", "chip");
        const remove = /** @type {HTMLButtonElement} */ (make("button", "icon-button"));
        remove.type = "button";
        remove.append(icon("close"));
        name(remove, person.now ? words.dropCc(person.name) : words.ccNotYet(person.name));
        remove.addEventListener("click", () => (person.now ? this.#drop(person) : this.#leaveOut(person)));
        chip.append(make("bdi", "", person.name), remove);
        return chip;
    }

    /** @param {Contact} contact */
    #leaveOut({ id }) {
        this.added = this.#added.filter((contact) => contact.id !== id);
        this.parts.add.focus();
        this.say("qr-cc");
    }

    /** @param {Contact} contact */
    async #drop({ id, name: full }) {
        const conversation = this.#thread?.conversation;
        const first = firstName(full);
        const question = { title: words.dropCcTitle(first), text: words.dropCcText(first), confirm: words.dropCcConfirm };
        if (!(await ask(question))) return;
        await tryTo(() => connection.command("drop_cc", { conversation, contact: id }), words.ccDropped(first));
        this.parts.add.focus();
    }
}

/** Only clients, and only where they signed in: a quick link answers, and adds nobody. */
const mayCc = () => store.me?.role === "client" && !store.me.session.scoped;

customElements.define("qr-cc", Cc);
