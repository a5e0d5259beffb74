import { exactly, fillTime } from "../lib/dates.js";
import { draw, keep, later, Part } from "../lib/dom.js";
import { list } from "../lib/language.js";
import { linked } from "../lib/links.js";
import { mass } from "../lib/mass.js";
import { ask } from "../lib/notices.js";
import { fillAvatar } from "../lib/people.js";
import { tryTo } from "../lib/practice.js";
import { press } from "../lib/press.js";
import { store } from "../lib/store.js";
import { composeWords as words } from "../lib/words-compose.js";
import { talkWords } from "../lib/words-talk.js";

/** @typedef {import("../lib/mass.js").Recipient} Recipient */

/** Answers and readings come one by one; the list need not run after each. */
const PAUSE = 800;
const QUIET = new Set(["waiting", "skipped", "cancelled"]);

/** One message to several clients: its text, how far it is, and what became of it with each client. */
class MassMessage extends Part {
    #id = "";
    /** @type {Map<string, Recipient>} */
    #recipients = new Map();
    /** @type {string | null} */
    #next = null;
    #soon = later(() => this.#refresh(), PAUSE);

    drawn() {
        const { cancel, tools, more } = this.parts;
        cancel.addEventListener("click", () => press(cancel, () => this.#cancel()));
        tools.addEventListener("click", (/** @type {Event} */ event) => {
            const button = /** @type {HTMLElement} */ (event.target).closest("button");
            if (button) this.say("qr-do", { verb: button.dataset.do, ids: [`mass-${this.#id}`], inside: true });
        });
        more.addEventListener("click", () => press(more, () => this.#load(this.#next)));
    }

    /** @param {AbortSignal} signal */
    joined(signal) {
        mass.addEventListener("change", () => this.#changed(), { signal });
        store.addEventListener("change", this.#soon, { signal });
        for (const folder of /** @type {const} */ (["sent", "trash"])) if (!mass.folders[folder].loaded) mass.load(folder);
    }

    left() {
        this.#soon.cancel();
    }

    /** @param {string} id */
    set mass(id) {
        this.#id = id;
        this.#show();
        this.#refresh();
    }

    /** @param {string} address */
    set backTo(address) {
        this.parts.back.href = address;
    }

    #changed() {
        this.#show();
        this.#soon();
    }

    #refresh() {
        return this.#load(null);
    }

    /** @param {string | null} after */
    async #load(after) {
        const id = this.#id;
        const page = await mass.recipients(id, after).catch(() => null);
        if (!page || id !== this.#id) return;
        // A page read again leaves those that were loaded behind it where they are.
        const beyond = !after && this.#recipients.size > page.recipients.length;
        for (const one of page.recipients) this.#recipients.set(one.id, one);
        if (!beyond) this.#next = page.next;
        this.#showRecipients();
    }

    #show() {
        const row = mass.one(this.#id);
        const { body, subject, to, text, time, progressOf, progress, progressText, cancel, files, tools } = this.parts;
        body.hidden = !row;
        tools.hidden = !row;
        subject.textContent = row?.subject ?? (mass.loaded ? talkWords.missingConversation : words.massMessage);
        if (!row) return;
        to.textContent = words.massTo(row.of, row.skipped);
        if (text.textContent !== row.body) text.replaceChildren(...linked(row.body));
        fillTime(time, row.sent_at, exactly(row.sent_at));
        files.hidden = row.attachments.length === 0;
        files.textContent = row.attachments.length > 0 ? words.entryFiles(list(row.attachments)) : "";
        this.#showTools(row.trashed_at !== null);
        const running = row.finished_at === null;
        progressOf.hidden = !running && row.cancelled_at === null;
        progress.max = row.of;
        progress.value = row.done;
        progress.hidden = !running;
        progress.setAttribute("aria-label", words.massProgress(row.done, row.of));
        const line = row.cancelled_at === null ? words.massProgress(row.done, row.of) : words.massCancelled;
        if (progressText.textContent !== line) progressText.textContent = line;
        cancel.hidden = !running || row.cancelled_at !== null;
    }

    /** @param {boolean} inTrash */
    #showTools(inTrash) {
        /** @type {Record<string, boolean>} */
        const hidden = { print: !store.offers("print"), trash: inTrash, restore: !inTrash, erase: !inTrash };
        for (const button of this.parts.tools.children) button.hidden = hidden[button.dataset.do];
    }

    #showRecipients() {
        const { recipients, more } = this.parts;
        more.hidden = !this.#next;
        keep(
            recipients,
            [...this.#recipients.values()],
            ({ id }) => id,
            () => /** @type {HTMLElement} */ (draw("mass-recipient").nodes.firstElementChild),
            fill,
        );
    }

    async #cancel() {
        const question = { title: words.massCancelTitle, text: words.massCancelText, confirm: words.massCancel };
        if (await ask(question)) await tryTo(() => mass.cancel(this.#id));
    }
}

/** @param {HTMLElement} item @param {Recipient} recipient */
function fill(item, recipient) {
    /** @type {(name: string) => any} */
    const part = (name) => item.querySelector(`[data-part=${name}]`);
    fillAvatar(part("avatar"), recipient);
    part("name").textContent = recipient.name;
    part("reason").hidden = !recipient.reason;
    part("reason").textContent = recipient.reason;
    part("state").textContent = words.massStates[recipient.state];
    part("state").classList.toggle("off", QUIET.has(recipient.state));
    part("open").hidden = !recipient.conversation;
    if (recipient.conversation) part("open").href = `/inbox/${recipient.conversation}`;
}

customElements.define("qr-mass", MassMessage);
