import { keepSteady, later, Part } from "../lib/dom.js";
import { findConversations, loadFolder } from "../lib/mailbox.js";
import { need } from "../lib/need.js";
import { isStaff, mayBegin } from "../lib/people.js";
import { store } from "../lib/store.js";
import { words } from "../lib/words.js";

/** @typedef {import("../lib/types.js").Folder} Folder */
/** @typedef {import("../lib/types.js").Row} Row */
/** @typedef {Row | import("../lib/mass.js").Mass} Item */
/** @typedef {{text: string, ids: Set<string>, next: string | null, loaded: boolean}} Search */

const SKELETON = 300;
const EMPTY = {
    inbox: { icon: "inbox", title: words.emptyInbox, text: words.emptyInboxText },
    sent: { icon: "send", title: words.emptySent, text: words.emptySentText },
    trash: { icon: "trash", title: words.emptyTrash, text: words.emptyTrashText },
};

/** The conversations of one folder: search, selection, and pages that come while one scrolls. */
class List extends Part {
    /** @type {Folder | null} */
    #folder = null;
    #current = "";
    /** @type {Set<string>} */
    #selected = new Set();
    /** @type {Search | null} */
    #search = null;
    #skeleton = 0;
    /** Messages to several clients, once somebody who may send them looks at Sent. @type {typeof import("../lib/mass.js").mass | null} */
    #mass = null;
    #searchSoon = later(() => this.#find(), 200);

    drawn() {
        const { form, search, clear, select, all, bulk, rows, more } = this.parts;
        form.addEventListener("submit", (/** @type {Event} */ event) => {
            event.preventDefault();
            this.#find();
        });
        search.addEventListener("input", this.#searchSoon);
        clear.addEventListener("click", () => {
            search.value = "";
            search.focus();
            this.#find();
        });
        select.addEventListener("click", () => this.#selecting(!this.classList.contains("selecting")));
        all.addEventListener("change", () => this.#select(this.#items(), all.checked));
        bulk.addEventListener("click", (/** @type {Event} */ event) => this.#bulk(/** @type {HTMLElement} */ (event.target)));
        rows.addEventListener("qr-select", (/** @type {CustomEvent} */ event) =>
            this.#select([event.detail.row], event.detail.on),
        );
        rows.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.#arrow(event));
        new IntersectionObserver(([entry]) => entry?.isIntersecting && this.#more(), {
            root: this.parts.scroll,
            rootMargin: "400px",
        }).observe(more);
    }

    /** @param {AbortSignal} signal */
    joined(signal) {
        store.addEventListener("change", () => this.#show(), { signal });
        store.addEventListener("reset", () => this.#load(), { signal });
    }

    left() {
        clearTimeout(this.#skeleton);
    }

    /** @param {Folder} folder */
    set folder(folder) {
        if (folder === this.#folder) return;
        this.#folder = folder;
        this.#selecting(false);
        const { tabs, heading, compose, fab, scroll } = this.parts;
        heading.textContent = words[folder];
        for (const tab of tabs.children) {
            if (tab.pathname === `/${folder}`) tab.setAttribute("aria-current", "page");
            else tab.removeAttribute("aria-current");
        }
        for (const link of [compose, fab]) {
            link.href = `/${folder}#compose`;
            link.hidden = !mayBegin();
        }
        scroll.scrollTop = 0;
        if (this.#search) this.#find();
        this.#load();
        if (folder !== "inbox" && isStaff()) this.#bringMass(folder);
    }

    /** The open conversation. @param {string} id */
    set current(id) {
        this.#current = id;
        this.#show();
    }

    /** @param {string} id */
    focusRow(id) {
        this.parts.rows.querySelector(`[data-key="${CSS.escape(id)}"] a`)?.focus({ preventScroll: true });
    }

    /** @param {string[]} ids */
    unselect(ids) {
        for (const id of ids) this.#selected.delete(id);
        this.#show();
    }

    async #load() {
        const folder = this.#folder;
        if (!folder) return;
        this.#show();
        clearTimeout(this.#skeleton);
        this.#skeleton = setTimeout(() => {
            this.parts.skeleton.hidden = store.listings[folder].loaded;
        }, SKELETON);
        // Before the connection stands, a change could fall between the page and the first live frame.
        if (store.listings[folder].loaded || !store.connected) return;
        await loadFolder(folder).catch(() => {});
        this.#show();
    }

    /** @param {"sent" | "trash"} folder */
    async #bringMass(folder) {
        await need("qr-mass");
        const { mass } = await import("../lib/mass.js");
        if (!this.#mass) mass.addEventListener("change", () => this.isConnected && this.#show());
        this.#mass = mass;
        if (this.#search) await this.#findMass(folder, this.#search.text);
        if (!mass.folders[folder].loaded) await mass.load(folder);
    }

    /** @param {Folder} folder @param {string} text */
    async #findMass(folder, text) {
        if (folder !== "inbox") await this.#mass?.find(folder, text);
    }

    /** All rows shown: those for several clients stand between the others, by time; as far as both are loaded. @returns {Item[]} */
    #items() {
        const rows = this.#shown();
        const folder = this.#folder;
        if (folder === "inbox" || !folder || !this.#mass) return rows;
        if (this.#search) {
            const found = this.#mass.found;
            const here = found?.folder === folder && found.text === this.#search.text ? found.rows : [];
            return byTime([...rows, ...here], folder === "trash" ? "trashed_at" : "sent_at");
        }
        if (folder === "trash") return byTime([...rows, ...this.#mass.folders.trash.rows], "trashed_at");
        const edge = Math.max(this.#mass.edge("sent"), store.listings.sent.next ? store.listings.sent.edge : 0);
        return byTime([...rows, ...this.#mass.folders.sent.rows], "sent_at").filter((row) => (row.sent_at ?? 0) >= edge);
    }

    async #more() {
        const folder = this.#folder;
        if (!folder || this.parts.more.hidden) return;
        const { next, edge } = store.listings[folder];
        const behind = folder === "sent" && !this.#search && this.#mass ? this.#mass.edge("sent") : 0;
        if (this.#search) await this.#find(this.#search.next);
        else if (behind > (next ? edge : 0)) await this.#mass?.load("sent", true);
        else await loadFolder(folder, true).catch(() => {});
    }

    /** @param {string | null} [before] */
    async #find(before = null) {
        const folder = /** @type {Folder} */ (this.#folder);
        const text = this.parts.search.value.trim();
        this.parts.clear.hidden = !text;
        if (!text) this.#search = null;
        else if (this.#search?.text !== text || !before) this.#search = { text, ids: new Set(), next: null, loaded: false };
        const search = this.#search;
        this.#show();
        const many = before ? null : this.#findMass(folder, text);
        if (!search) return;
        const [page] = await Promise.all([findConversations(folder, text, before).catch(() => null), many]);
        if (search !== this.#search || folder !== this.#folder) return;
        for (const row of page?.conversations ?? []) search.ids.add(row.id);
        search.next = page?.next ?? null;
        search.loaded = true;
        this.#show();
    }

    /** @returns {Row[]} */
    #shown() {
        if (!this.#folder) return [];
        const search = this.#search;
        if (!search) return store.folder(this.#folder);
        // What arrives while one looks at a result belongs to it, too.
        const wanted = folded(search.text).split(/\s+/u);
        const is = (/** @type {string} */ name) => wanted.every((word) => name.includes(word));
        const named = (/** @type {Row} */ row) => row.people.some(({ name }) => is(folded(name)));
        return store.folder(this.#folder, (row) => search.ids.has(row.id) || named(row));
    }

    #show() {
        const folder = this.#folder;
        if (!folder) return;
        const { rows, more, empty, skeleton } = this.parts;
        const all = this.#items();
        const here = new Set(all.map(keyOf));
        for (const id of this.#selected) if (!here.has(id)) this.#selected.delete(id);
        keepSteady(
            rows,
            all,
            keyOf,
            (row) => document.createElement("of" in row ? "qr-mass-row" : "qr-row"),
            (element, row) => {
                element.show(row, { folder, current: keyOf(row) === this.#current, selected: this.#selected.has(keyOf(row)) });
            },
        );
        const listing = this.#search ?? store.listings[folder];
        if (listing.loaded || all.length > 0) skeleton.hidden = true;
        more.hidden = !listing.next && !(folder === "sent" && !this.#search && this.#mass?.folders.sent.next);
        empty.hidden = all.length > 0 || !listing.loaded;
        if (!empty.hidden) empty.what = this.#search ? this.#nobody(this.#search.text) : EMPTY[folder];
        this.#showBulk(all.length);
    }

    /** @param {string} text */
    #nobody(text) {
        return { icon: "search", title: words.emptySearch(text), text: words.emptySearchText };
    }

    /** @param {number} shown */
    #showBulk(shown) {
        const { bulk, form, all, count, select } = this.parts;
        const number = this.#selected.size;
        const selecting = number > 0 || this.classList.contains("selecting");
        bulk.hidden = !selecting;
        form.hidden = selecting;
        this.classList.toggle("has-selection", number > 0);
        select.textContent = selecting ? words.done : words.select;
        select.hidden = shown === 0;
        count.textContent = words.selected(number);
        all.checked = number > 0 && number === shown;
        all.indeterminate = number > 0 && number < shown;
        const inTrash = this.#folder === "trash";
        /** @type {Record<string, boolean>} */
        const hidden = { trash: inTrash, unread: inTrash, restore: !inTrash, erase: !inTrash, print: !store.offers("print") };
        for (const button of bulk.querySelectorAll("button[data-do]")) {
            button.hidden = hidden[button.dataset.do];
            button.disabled = number === 0;
        }
    }

    /** @param {boolean} on */
    #selecting(on) {
        this.classList.toggle("selecting", on);
        if (!on) this.#selected.clear();
        this.#show();
    }

    /** @param {Item[]} rows @param {boolean} on */
    #select(rows, on) {
        for (const key of rows.map(keyOf)) {
            if (on) this.#selected.add(key);
            else this.#selected.delete(key);
        }
        this.#show();
    }

    /** @param {HTMLElement} target */
    #bulk(target) {
        const verb = target.closest("button")?.dataset.do;
        const ids = this.#items().map(keyOf);
        // In the order shown, however they were selected.
        if (verb) this.say("qr-do", { verb, ids: ids.filter((id) => this.#selected.has(id)) });
    }

    /** Up and down go from row to row. @param {KeyboardEvent} event */
    #arrow(event) {
        const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
        const row = /** @type {Element} */ (event.target).closest(".row");
        const next = step && row?.[/** @type {"nextElementSibling"} */ (step)];
        if (!next) return;
        event.preventDefault();
        next.querySelector("a")?.focus();
    }
}

/** @param {Item[]} rows @param {"sent_at" | "trashed_at"} time */
const byTime = (rows, time) => rows.sort((a, b) => (b[time] ?? 0) - (a[time] ?? 0));

/** @param {Item} row */
const keyOf = (row) => ("of" in row ? `mass-${row.id}` : row.id);

/** Without accents and case, as the server searches. @param {string} text */
const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();

customElements.define("qr-list", List);
