import { Part } from "../lib/dom.js";
import { need, persist } from "../lib/need.js";
import { showOutside } from "../lib/outside.js";
import { isStaff } from "../lib/people.js";
import { router } from "../lib/router.js";
import { store } from "../lib/store.js";
import { isPhone } from "../lib/viewport.js";
import { words } from "../lib/words.js";
import { missing } from "../pages.js";

/** The shell around every page: bars, the open page, the panel; and the numbers outside the page (title, badge). */
class App extends Part {
    /** @type {HTMLElement | null} */
    #page = null;

    drawn() {
        this.classList.add("shell");
        this.addEventListener("qr-reading", (event) =>
            this.classList.toggle("reading", /** @type {CustomEvent} */ (event).detail),
        );
        this.addEventListener("qr-toggle-panel", () => need("qr-panel").then(() => this.parts.panel.toggle()));
        this.addEventListener("qr-panel-open", (event) => {
            const open = /** @type {CustomEvent} */ (event).detail;
            this.parts.top.panelOpen = open;
            // On a phone the panel is the whole screen: nothing behind it can be reached.
            for (const part of [this.parts.top, this.parts.main, this.parts.tabbar]) part.inert = open && isPhone();
        });
    }

    /** @param {AbortSignal} signal */
    joined(signal) {
        router.addEventListener("arrive", () => this.#arrive(), { signal });
        store.addEventListener("change", () => this.#count(), { signal });
        if (location.pathname === "/sign-in") router.go(router.next, { replace: true });
        else this.#arrive();
        // A reload of a phone with the panel open opens it again.
        if (history.state?.panel) need("qr-panel");
    }

    left() {
        document.title = words.product;
    }

    async #arrive() {
        const { place } = router;
        const page = place.page && (!place.page.staff || isStaff()) ? place.page : missing;
        if (page.load) await persist(page.load);
        if (place !== router.place || !this.isConnected) return;
        if (this.#page?.localName !== page.tag) {
            const first = this.#page === null;
            this.#page = document.createElement(page.tag);
            this.classList.remove("reading");
            this.parts.main.replaceChildren(this.#page);
            this.parts.main.scrollTop = 0;
            // A new page is a new place for the keyboard, too.
            if (!first) this.parts.main.focus({ preventScroll: true });
        }
        Object.assign(/** @type {HTMLElement} */ (this.#page), { place });
        this.#count();
    }

    #count() {
        const { me } = store;
        if (!me) return;
        const page = router.place.page ?? missing;
        const folder =
            page.tag === "qr-messages" ? /** @type {import("../lib/types.js").Folder} */ (router.place.params[0]) : page.word;
        showOutside(words[folder], me.organization.name);
    }
}

customElements.define("qr-app", App);
