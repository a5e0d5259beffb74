import { name, Part } from "../lib/dom.js";
import { drafts } from "../lib/drafts.js";
import { fold } from "../lib/fold.js";
import { intent } from "../lib/intent.js";
import { openThread } from "../lib/mailbox.js";
import { menu } from "../lib/menu.js";
import { outbox, placeOf } from "../lib/outbox.js";
import { fillAvatar, firstName, isStaff, others, subtitle, title } from "../lib/people.js";
import { router } from "../lib/router.js";
import { store } from "../lib/store.js";
import { unreachedWords } from "../lib/unreached.js";
import { COMPOSING, uploads } from "../lib/uploads.js";
import { words } from "../lib/words.js";
import { talkWords } from "../lib/words-talk.js";

/**
 * Where one talks: a conversation there is, or one person with whom there is none yet.
 * @typedef {{conversation: string} | {to: import("../lib/types.js").Person}} Target
 */

/** One conversation, on the messages page and in the panel: who, the messages, the composer or why there is none. */
class Conversation extends Part {
    /** @type {Target | null} */
    #target = null;
    /** In the panel there is a way to the Inbox instead of the tools. */
    inPanel = false;
    /** What stood here before the conversation went missing. @type {Node[] | null} */
    #before = null;

    drawn() {
        const { tools, composer, more, menu: list, gate } = this.parts;
        menu(more, list);
        fold(this.parts.emergencyText, this.parts.emergencyMore);
        tools.addEventListener("click", (/** @type {Event} */ event) => this.#tool(/** @type {Element} */ (event.target)));
        composer.addEventListener("qr-send", (/** @type {CustomEvent} */ event) => this.#send(event.detail));
        gate.addEventListener("qr-enabled", () => this.say("qr-refresh"));
        composer.addEventListener("qr-cc-thread", (/** @type {CustomEvent} */ event) => this.#begin(event.detail));
        this.addEventListener("qr-retry", (event) => outbox.retry(/** @type {CustomEvent} */ (event).detail, this.#expects()));
        this.addEventListener("qr-discard", (event) => {
            uploads.forget(outbox.discard(/** @type {CustomEvent} */ (event).detail)?.files ?? []);
        });
    }

    /** @param {AbortSignal} signal */
    joined(signal) {
        store.addEventListener("change", () => this.#show(), { signal });
        store.addEventListener("reset", () => this.#load(), { signal });
        this.#show();
    }

    /** @param {Target} target */
    set target(target) {
        this.#target = target;
        this.parts.stream.place = this.#place;
        this.#load();
        this.#show();
    }

    /** Where the back arrow leads: an address; in the panel it only says "qr-back". @param {string} address */
    set backTo(address) {
        this.parts.back.href = address;
    }

    get #id() {
        return this.#target && "conversation" in this.#target ? this.#target.conversation : "";
    }

    get #person() {
        return this.#target && "to" in this.#target ? this.#target.to : null;
    }

    get #place() {
        return this.#id || placeOf({ to: [this.#person?.id ?? ""] });
    }

    async #load() {
        if (!this.#id || !store.connected || store.known(this.#id)?.loaded) return;
        try {
            await openThread(this.#id);
        } catch (error) {
            const { status } = /** @type {import("../lib/api.js").Refused} */ (error);
            if (status === 404 || status === 400) this.#missing();
        }
    }

    #missing() {
        const empty = /** @type {any} */ (document.createElement("qr-empty"));
        this.#before ??= [...this.childNodes];
        this.replaceChildren(empty);
        const link = document.createElement("a");
        link.className = "button";
        link.href = "/inbox";
        link.textContent = words.toInbox;
        empty.what = {
            icon: "messages",
            title: talkWords.missingConversation,
            text: talkWords.missingConversationText,
            action: link,
        };
    }

    /** A message has brought it back. @param {Node[]} before */
    #back(before) {
        this.#before = null;
        this.replaceChildren(...before);
        this.#load();
    }

    #show() {
        const { stream, back, dot, elsewhere } = this.parts;
        if (this.#before && store.row(this.#id)) this.#back(this.#before);
        if (!stream.isConnected) return;
        if (this.#id && store.isGone(this.#id)) return this.#missing();
        const row = store.row(this.#id);
        const person = this.#person;
        this.classList.toggle("in-panel", this.inPanel);
        // The conversation in front of one's eyes is not what the dot is about.
        const elsewhereUnread = store.unread - (row && row.unread > 0 ? 1 : 0);
        dot.hidden = elsewhereUnread <= 0;
        name(back, elsewhereUnread > 0 ? talkWords.backUnread(elsewhereUnread) : words.back);
        elsewhere.hidden = !this.inPanel || !this.#id;
        elsewhere.href = `/inbox/${this.#id}`;
        if (row) this.#showRow(row);
        else if (person) this.#showPerson(person);
    }

    /** @param {import("../lib/types.js").Row} row */
    #showRow(row) {
        const people = others(row);
        const named = row.people.toSorted((a, b) => Number(a.cc) - Number(b.cc));
        const names = named.map((person) => firstName(person.name));
        const client = row.people.find((person) => person.id === row.client);
        this.#head(row.subject || title(row), subtitle(row), people[0]);
        this.#tools(row.folders.includes("trash"));
        this.#emergency(row.client !== null);
        this.#unreached(row);
        this.parts.gate.gate = row.closed && { closed: row.closed, client: row.client, name: client?.name ?? "" };
        this.parts.composer.hidden = row.closed !== null;
        this.parts.composer.target = {
            place: row.id,
            fields: { conversation: row.id },
            names,
            many: row.people.length > 1,
            log: isStaff() && row.client !== null,
            thread: { conversation: row.id, direct: row.direct, people: row.people },
        };
        this.parts.stream.row = row;
    }

    /** @param {import("../lib/types.js").Person} person */
    #showPerson(person) {
        const { gate, composer, tools, stream } = this.parts;
        this.#head(person.name, words.roles[person.role], person);
        tools.hidden = true;
        this.parts.unreached.hidden = true;
        this.#emergency(person.role === "client" || !isStaff());
        gate.gate = person.closed ? { closed: person.closed, client: person.id, name: person.name } : null;
        composer.hidden = Boolean(person.closed);
        composer.target = {
            place: this.#place,
            fields: { to: [person.id] },
            names: [firstName(person.name)],
            many: false,
            log: isStaff() && person.role === "client",
        };
        stream.stranger = person;
    }

    /** @param {string} heading @param {string} about @param {{id: string, name: string} | undefined} person */
    #head(heading, about, person) {
        const { title: text, people, avatar } = this.parts;
        text.textContent = heading;
        people.textContent = about;
        fillAvatar(avatar, person);
    }

    /** @param {boolean} inTrash */
    #tools(inTrash) {
        const { tools } = this.parts;
        tools.hidden = this.inPanel;
        const closed = Boolean(store.row(this.#id)?.closed);
        /** @type {Record<string, boolean>} */
        const hidden = {
            reply: closed,
            trash: inTrash,
            unread: inTrash,
            restore: !inTrash,
            erase: !inTrash,
            print: !store.offers("print"),
        };
        for (const button of tools.querySelectorAll("[data-do]")) button.hidden = hidden[button.dataset.do];
    }

    /** @param {boolean} withClient */
    #emergency(withClient) {
        const text = withClient ? store.me?.organization.emergency_text : "";
        this.parts.emergency.hidden = !text;
        this.parts.emergencyText.textContent = text ?? "";
    }

    /** Beside the client's name: that texts or emails do not reach them. @param {import("../lib/types.js").Row} row */
    #unreached({ client, unreached }) {
        const { unreached: notice, unreachedText: text, unreachedLink: link } = this.parts;
        const sentence = unreachedWords(unreached);
        notice.hidden = !sentence;
        if (text.textContent !== sentence) text.textContent = sentence;
        link.href = `/clients/${client}`;
    }

    /** @param {Element} target */
    #tool(target) {
        const verb = /** @type {HTMLElement | null} */ (target.closest("[data-do]"))?.dataset.do;
        if (verb === "reply") {
            this.parts.stream.toEnd();
            this.parts.composer.write();
        } else if (verb) this.say("qr-do", { verb, ids: [this.#id], inside: true });
    }

    /** In a thread, which others can join, a message goes only to those whom the writer saw named. @returns {string[] | undefined} */
    #expects() {
        const row = store.row(this.#id);
        return row && !row.direct ? row.people.map((person) => person.id) : undefined;
    }

    /** @param {{body: string, files: import("../lib/types.js").Attachment[], copy: boolean, cc: string[], days: number}} what */
    #send({ body, files, copy, cc, days }) {
        const expects = this.#expects();
        const to = this.#id ? { conversation: this.#id } : { to: [this.#person?.id ?? ""] };
        outbox.add({
            ...to,
            body,
            ...(expects && { expects: [...expects, ...cc] }),
            ...(cc.length > 0 && { cc }),
            ...(files.length > 0 && { attachments: files.map(({ id }) => id), files }),
            ...(copy && { copy_to_contact_log: true }),
            ...(days > 0 && { unread_after: days }),
        });
        this.parts.stream.toEnd();
    }

    /** No Cc joins a direct conversation: one goes on writing in a new one. @param {{id: string, name: string}} contact */
    #begin(contact) {
        const row = store.row(this.#id);
        if (!row) return;
        intent.leave({
            to: others(row).map(({ id, name: full, role }) => ({ id, name: full, role })),
            cc: [contact],
            body: drafts.at(row.id)?.body ?? "",
        });
        drafts.clear(row.id);
        uploads.move(row.id, COMPOSING);
        this.say("qr-elsewhere");
        router.go("/inbox#compose");
    }
}

customElements.define("qr-conversation", Conversation);
