import { keepSteady, make, Part } from "../lib/dom.js";
import { loadFolder } from "../lib/mailbox.js";
import { outbox } from "../lib/outbox.js";
import { isStaff, mayBegin } from "../lib/people.js";
import { store } from "../lib/store.js";
import { isPhone, onPhoneChange } from "../lib/viewport.js";
import { talkWords } from "../lib/words-talk.js";

/** @typedef {import("../lib/types.js").Person} Person */
/** @typedef {{view: "list" | "talk" | "new", conversation?: string, person?: Person, depth: number}} View */

/**
 * The chat panel, over every page. On a phone it is the whole screen, and each step into it is a step of the
 * browser's history, so that Back goes out of it the way one came in.
 */
class Panel extends Part {
    /** @type {View | null} */
    #view = null;
    /** @type {Element | null} who had the focus before */
    #before = null;

    drawn() {
        const { compose, close, back, panel } = this.parts;
        compose.addEventListener("click", () => this.#go({ view: "new" }));
        close.addEventListener("click", () => this.#close());
        back.addEventListener("click", () => this.#back());
        panel.addEventListener("qr-pick", (/** @type {CustomEvent} */ event) => this.#pick(event.detail));
        panel.addEventListener("qr-refresh", () => this.#refresh());
        panel.addEventListener("qr-elsewhere", () => this.#leave());
        panel.addEventListener("click", (/** @type {MouseEvent} */ event) => this.#click(event));
        panel.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
            if (event.key === "Escape") this.#close();
        });
    }

    /** @param {AbortSignal} signal */
    joined(signal) {
        store.addEventListener("change", () => this.#view && this.#list(), { signal });
        store.addEventListener("reset", () => this.#view && this.#load(), { signal });
        outbox.addEventListener("sent", (event) => this.#sent(/** @type {CustomEvent} */ (event).detail), { signal });
        addEventListener("popstate", (event) => isPhone() && this.#show(event.state?.panel ?? null), { signal });
        onPhoneChange(() => this.#view && this.#show(this.#view), signal);
        if (isPhone() && history.state?.panel) this.#show(history.state.panel);
    }

    toggle() {
        if (this.#view) this.#close();
        else this.#open();
    }

    async #open() {
        this.#before = document.activeElement;
        this.#go({ view: "list" });
        await this.#load();
        // On a desktop the latest one is open at once, beside the list.
        const [latest] = store.talks();
        if (this.#view?.view === "list" && !isPhone() && latest) this.#go({ view: "talk", conversation: latest.id });
    }

    async #load() {
        const wanted = /** @type {const} */ (["inbox", "sent"]).filter((folder) => !store.listings[folder].loaded);
        await Promise.allSettled(wanted.map((folder) => loadFolder(folder)));
        if (this.#view) this.#list();
    }

    /** @param {Omit<View, "depth">} view */
    #go(view) {
        const next = { ...view, depth: (this.#view?.depth ?? 0) + 1 };
        if (isPhone()) history.pushState({ ...history.state, panel: next }, "");
        this.#show(next);
    }

    #back() {
        if (isPhone()) history.back();
        else this.#close();
    }

    #close() {
        const depth = this.#view?.depth ?? 0;
        if (isPhone() && history.state?.panel) history.go(-depth);
        else this.#show(null);
    }

    /** @param {View | null} view */
    #show(view) {
        const was = this.#view;
        this.#view = view;
        this.hidden = !view;
        document.documentElement.classList.toggle("panel-open", Boolean(view) && isPhone());
        if (Boolean(was) !== Boolean(view)) this.say("qr-panel-open", Boolean(view));
        if (!view) {
            this.parts.pane.replaceChildren();
            if (was && this.#before instanceof HTMLElement) this.#before.focus();
            return;
        }
        const { two, back, title, compose } = this.parts;
        two.dataset.view = view.view;
        this.parts.panel.dataset.view = view.view;
        back.hidden = view.view !== "new";
        compose.hidden = view.view === "new" || !mayBegin();
        title.textContent = view.view === "new" ? talkWords.newMessage : talkWords.secureMessages;
        this.#list();
        this.#pane(view);
    }

    /** @param {View} view */
    #pane({ view, conversation, person }) {
        const { pane, title } = this.parts;
        if (view === "talk") {
            const talk = /** @type {any} */ (document.createElement("qr-conversation"));
            talk.inPanel = true;
            talk.target = conversation ? { conversation } : { to: person };
            talk.backTo = "#back";
            pane.replaceChildren(talk);
            // Reading on a phone should not open its keyboard.
            if (isPhone()) talk.querySelector("h2").focus();
            else talk.querySelector("textarea").focus({ preventScroll: true });
        } else if (view === "new") {
            const people = /** @type {any} */ (document.createElement("qr-new-message"));
            pane.replaceChildren(people);
            people.write();
        } else {
            pane.replaceChildren();
            title.focus({ preventScroll: true });
        }
    }

    #list() {
        const { talks, two, pane } = this.parts;
        const rows = store.talks();
        const { inbox, sent } = store.listings;
        const first = rows.length === 0 && inbox.loaded && sent.loaded;
        two.classList.toggle("first", first);
        keepSteady(
            talks,
            rows,
            (row) => row.id,
            () => document.createElement("qr-talk"),
            (element, row) => element.show(row, row.id === this.#view?.conversation),
        );
        if (first && this.#view?.view === "list" && !pane.firstElementChild) pane.replaceChildren(this.#welcome());
    }

    #welcome() {
        const empty = /** @type {any} */ (document.createElement("qr-empty"));
        const begin = /** @type {HTMLButtonElement} */ (make("button", "button primary", talkWords.newMessage));
        begin.type = "button";
        begin.addEventListener("click", () => this.#go({ view: "new" }));
        const text = isStaff()
            ? talkWords.panelWelcomeStaff
            : mayBegin()
              ? talkWords.panelWelcomeClient
              : talkWords.panelWelcomeContact;
        empty.what = {
            icon: "messages",
            title: talkWords.panelWelcome,
            text,
            ...(mayBegin() && { action: begin }),
        };
        return empty;
    }

    /** @param {{conversation?: string, person?: Person}} what */
    #pick({ conversation, person }) {
        const known = conversation ?? person?.direct ?? undefined;
        this.#go({ view: "talk", ...(known ? { conversation: known } : { person }) });
    }

    /** A message to somebody new has become a conversation. @param {{place: string, conversation: string}} what */
    #sent({ place, conversation }) {
        if (this.#view?.person && place === `to:${this.#view.person.id}`) this.#replace({ view: "talk", conversation });
    }

    /** The gate has been opened: the person can be written to now. */
    #refresh() {
        const { person } = this.#view ?? {};
        if (person) this.#replace({ view: "talk", person: { ...person, closed: null } });
    }

    /** @param {Omit<View, "depth">} view */
    #replace(view) {
        const next = { ...view, depth: this.#view?.depth ?? 1 };
        if (isPhone()) history.replaceState({ ...history.state, panel: next }, "");
        this.#show(next);
    }

    /** @param {MouseEvent} event */
    #click(event) {
        const link = /** @type {Element} */ (event.target).closest("a");
        if (link?.classList.contains("back")) {
            event.preventDefault();
            this.#back();
        } else if (link?.classList.contains("elsewhere")) this.#leave();
    }

    /** One goes on in the page below. */
    #leave() {
        this.#before = null;
        this.#show(null);
    }
}

customElements.define("qr-panel", Panel);
