import { bringComposeStyle } from "../lib/annex.js";
import { post, read } from "../lib/api.js";
import { exactly, fillTime } from "../lib/dates.js";
import { draw, keep, Part } from "../lib/dom.js";
import { onSubmit } from "../lib/forms.js";
import { list } from "../lib/language.js";
import { atOnce } from "../lib/need.js";
import { notify } from "../lib/notices.js";
import { tryTo } from "../lib/practice.js";
import { press } from "../lib/press.js";
import { sheet } from "../lib/sheets.js";
import { composeWords as words } from "../lib/words-compose.js";
import { peopleWords } from "../lib/words-people.js";

/** @typedef {{id: string, at: number, author: string, by_hand: boolean, subject: string | null, body: string, recipients: string[], files: string[]}} Entry */

/** A client's contact log: what was copied into it or written by hand, the newest first; added to, never changed. */
class ClientLog extends Part {
    #client = "";
    /** @type {Entry[]} */
    #entries = [];
    /** @type {string | null} */
    #next = null;

    drawn() {
        const { add, older, pdf } = this.parts;
        pdf.addEventListener("click", () => press(pdf, () => this.#export()));
        add.addEventListener("click", () => this.#add());
        older.addEventListener("click", () => press(older, () => tryTo(() => this.#load(this.#next))));
        bringComposeStyle();
    }

    /** @param {import("../lib/practice.js").ClientView} client */
    set client({ id }) {
        if (id !== this.#client) this.#entries = [];
        this.#client = id;
        this.parts.csv.href = `/api/clients/${id}/contact_log.csv`;
        this.#begin();
    }

    async #begin() {
        const { skeleton, empty } = this.parts;
        skeleton.hidden = this.#entries.length > 0;
        try {
            await this.#load(null);
        } catch {
            empty.hidden = false;
            empty.what = { icon: "alert", title: peopleWords.troubleLoading, text: peopleWords.troubleLoadingText };
        }
        skeleton.hidden = true;
    }

    /** A page of it: the newest, or what comes before an entry. @param {string | null} before */
    async #load(before) {
        const client = this.#client;
        const page = await read(`clients/${client}/contact_log${before ? `?before=${before}` : ""}`);
        if (client !== this.#client) return;
        this.#entries = before ? [...this.#entries, ...page.contact_log] : page.contact_log;
        this.#next = page.next;
        this.#show();
    }

    #show() {
        const { entries, older, empty, csv, pdf } = this.parts;
        const none = this.#entries.length === 0;
        entries.hidden = none;
        csv.hidden = pdf.hidden = none;
        empty.hidden = !none;
        older.hidden = !this.#next;
        if (none) empty.what = { icon: "file", title: words.noEntries, text: words.noEntriesText };
        keep(entries, this.#entries, ({ id }) => id, entryOf);
    }

    async #export() {
        const printing = await atOnce(() => import("../lib/printing.js"));
        // What came of it stands in a dialog of its own; the button does not wait for that.
        printing?.exportLog(this, this.#client);
    }

    #add() {
        const { nodes, parts } = draw("log-form");
        const { close } = sheet(this, { title: words.addEntry, text: words.addEntryText, body: nodes });
        // One key for one entry: pressing again after trouble adds it once.
        const key = crypto.randomUUID();
        onSubmit(parts.form, async ({ subject, body }) => {
            await post("add_contact_log_entry", { key, client: this.#client, body, ...(subject && { subject }) });
            close();
            notify({ text: words.entryAdded });
            await this.#begin();
        });
    }
}

/** @param {Entry} entry */
function entryOf({ at, author, by_hand: byHand, subject, body, recipients, files }) {
    const { nodes, parts } = draw("log-entry");
    parts.author.textContent = author;
    fillTime(parts.at, at, exactly(at));
    parts.kind.textContent = byHand ? words.byHand : words.copied;
    parts.subject.hidden = !subject;
    parts.subject.textContent = subject ?? "";
    parts.body.textContent = body;
    parts.body.hidden = body === "";
    parts.to.hidden = recipients.length === 0;
    parts.to.textContent = recipients.length > 0 ? words.entryTo(list(recipients)) : "";
    parts.files.hidden = files.length === 0;
    parts.files.textContent = files.length > 0 ? words.entryFiles(list(files)) : "";
    return /** @type {HTMLElement} */ (nodes.firstElementChild);
}

customElements.define("qr-page-client-log", ClientLog);
