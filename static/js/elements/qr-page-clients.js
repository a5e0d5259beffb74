import { birthday } from "../lib/dates.js";
import { draw, keep, later, make, Part, reword } from "../lib/dom.js";
import { list } from "../lib/language.js";
import { fillAvatar } from "../lib/people.js";
import { phone } from "../lib/phones.js";
import { findClients } from "../lib/practice.js";
import { router } from "../lib/router.js";
import { connection } from "../lib/socket.js";
import { openTab } from "../lib/tabs.js";
import { alertWords } from "../lib/words-alerts.js";
import { peopleWords as words } from "../lib/words-people.js";

/** @typedef {import("../lib/practice.js").Client} Client */

const TABS = ["active", "inactive", "alerts"];

/** The clients one looks after: active or inactive, found by name, more of them as one scrolls. */
class ClientsPage extends Part {
    #active = true;
    #asked = 0;
    /** @type {Client[]} */
    #clients = [];
    /** @type {string | null} */
    #next = null;
    #loading = false;
    #searchSoon = later(() => this.#load(), 200);
    #end = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && this.#more());

    drawn() {
        const { search, form, clear, add } = this.parts;
        form.addEventListener("submit", (/** @type {Event} */ event) => event.preventDefault());
        search.addEventListener("input", () => {
            clear.hidden = !search.value;
            this.#searchSoon();
        });
        clear.addEventListener("click", () => {
            search.value = "";
            clear.hidden = true;
            search.focus();
            this.#load();
        });
        add.addEventListener("click", () => this.#add());
        this.parts.importer.addEventListener("qr-imported", () => router.go("/clients"));
    }

    /** @param {AbortSignal} signal */
    joined(signal) {
        this.#end.observe(this.parts.end);
        connection.addEventListener("clients", () => this.#again(), { signal });
    }

    left() {
        this.#searchSoon.cancel();
        this.#end.disconnect();
    }

    /** @param {import("../lib/router.js").Place} place */
    set place({ hash }) {
        const { listing, importer, tools, alerts, people, form, count } = this.parts;
        const importing = hash === "import";
        const troubles = hash === "alerts";
        alerts.hidden = !troubles;
        for (const part of [people, form, count]) part.hidden = troubles;
        listing.hidden = importing;
        tools.hidden = importing;
        importer.hidden = !importing;
        this.#active = hash !== "inactive";
        openTab(this.parts, TABS, TABS.includes(hash) ? hash : "active");
        if (importing) importer.begin();
        else if (troubles) alerts.path = "alerts";
        else this.#load();
    }

    get #search() {
        return this.parts.search.value.trim();
    }

    async #load() {
        const asked = ++this.#asked;
        const { skeleton, rows } = this.parts;
        skeleton.hidden = rows.childElementCount > 0;
        this.#loading = true;
        try {
            const page = await findClients({ search: this.#search, active: this.#active });
            if (asked !== this.#asked) return;
            this.#clients = page.clients;
            this.#next = page.next;
            this.#show();
        } catch {
            if (asked === this.#asked) this.#fail();
        } finally {
            if (asked === this.#asked) this.#loading = false;
            skeleton.hidden = true;
        }
    }

    async #more() {
        if (!this.#next || this.#loading) return;
        const asked = this.#asked;
        this.#loading = true;
        this.parts.more.hidden = false;
        const page = await findClients({ search: this.#search, active: this.#active, before: this.#next }).catch(() => null);
        this.#loading = false;
        if (asked !== this.#asked) return;
        this.parts.more.hidden = true;
        if (!page) return;
        this.#clients.push(...page.clients);
        this.#next = page.next;
        this.#show();
        // Looks again: what came may not have filled the screen.
        this.#end.unobserve(this.parts.end);
        this.#end.observe(this.parts.end);
    }

    /** All that is shown, as it is now: a STOP stands here at once. */
    async #again() {
        const asked = ++this.#asked;
        this.#loading = true;
        /** @type {Client[]} */
        const clients = [];
        /** @type {string | null} */
        let before = null;
        do {
            /** @type {{clients: Client[], next: string | null} | null} */
            const page = await findClients({ search: this.#search, active: this.#active, before }).catch(() => null);
            if (asked !== this.#asked) return;
            if (!page) break;
            clients.push(...page.clients);
            before = page.next;
        } while (before && clients.length < this.#clients.length);
        this.#loading = false;
        this.#clients = clients;
        this.#next = before;
        this.#show();
    }

    #show() {
        const { rows, frame, empty, count } = this.parts;
        const shown = this.#clients;
        keep(rows, shown, (client) => client.id, makeRow, fillRow);
        frame.hidden = shown.length === 0;
        empty.hidden = shown.length > 0;
        count.textContent = this.#next
            ? words.clientsShownMore(shown.length)
            : shown.length > 0
              ? words.clientsShown(shown.length)
              : "";
        if (shown.length === 0) empty.what = this.#nobody();
    }

    #nobody() {
        const search = this.#search;
        const text = this.#active ? words.noClientFoundActive : words.noClientFoundInactive;
        if (search) return { icon: "search", title: words.noClientFound(search), text };
        if (!this.#active) return { icon: "clients", title: words.noInactive, text: words.noInactiveText };
        return { icon: "clients", title: words.noClients, text: words.noClientsText };
    }

    #fail() {
        const { frame, empty, count } = this.parts;
        frame.hidden = true;
        empty.hidden = false;
        count.textContent = "";
        empty.what = { icon: "alert", title: words.troubleLoading, text: words.troubleLoadingText };
    }

    #add() {
        const form = document.createElement("qr-page-client-new");
        this.append(form);
    }
}

function makeRow() {
    return /** @type {HTMLElement} */ (draw("client-row").nodes.firstElementChild);
}

/** @param {HTMLElement} row @param {Client} client */
function fillRow(row, client) {
    /** @param {string} part @returns {HTMLElement} */
    const part = (part) => /** @type {HTMLElement} */ (row.querySelector(`[data-part=${part}]`));
    fillAvatar(part("avatar"), client);
    const link = /** @type {HTMLAnchorElement} */ (part("link"));
    reword(link, client.name);
    link.href = `/clients/${client.id}`;
    part("born").textContent = client.born ? birthday(client.born) : "";
    part("therapists").textContent = list(client.therapists.map(({ name }) => name)) || words.noTherapist;
    part("therapists").classList.toggle("faint", client.therapists.length === 0);
    part("email").textContent = client.email ?? "";
    part("phone").textContent = phone(client.phone);
    part("messaging").replaceChildren(...tags(client));
}

/** @param {Client} client */
function tags({ messaging_enabled: on, invited, texts_off_at: texts, mail_failed_at: mails }) {
    const found = [make("span", on ? "tag" : "tag off", on ? words.messagingOn : words.messagingOffTag)];
    if (on && invited) found.push(make("span", "tag waiting", words.invitedTag));
    if (texts) found.push(make("span", "tag alarm", alertWords.textsOffTag));
    if (mails) found.push(make("span", "tag alarm", alertWords.mailFailsTag));
    return found;
}

customElements.define("qr-page-clients", ClientsPage);
