/**
 * Which page is open. Addresses hold opaque ids only, never a name or a search. A page is an entry of js/pages.js;
 * links are plain <a href>, caught here.
 */

import { language } from "./language.js";

/** @typedef {{path: string, hash: string, page: import("../pages.js").Page | null, params: string[]}} Place */

class Router extends EventTarget {
    /** @type {import("../pages.js").Page[]} */
    #pages = [];
    /** @type {Place} */
    place = { path: "/", hash: "", page: null, params: [] };
    /** The server has another build of the pages: a link is left to the browser, which brings all of it from there. */
    outdated = false;

    /** @param {import("../pages.js").Page[]} pages */
    start(pages) {
        this.#pages = pages;
        addEventListener("popstate", () => this.#arrive());
        addEventListener("hashchange", () => this.#arrive());
        document.addEventListener("click", (event) => this.#click(event));
        if (location.pathname === "/") history.replaceState(null, "", "/inbox");
        this.#forgetLanguage();
        this.#arrive();
    }

    /** What the page speaks is known by now, and need not stand in the address. */
    #forgetLanguage() {
        const address = new URL(location.href);
        if (address.searchParams.get("language") !== language) return;
        address.searchParams.delete("language");
        history.replaceState(history.state, "", address);
    }

    /** @param {string} path @param {{replace?: boolean, state?: unknown}} [how] */
    go(path, { replace = false, state = null } = {}) {
        if (replace || path === location.pathname + location.hash) history.replaceState(state, "", path);
        else history.pushState(state, "", path);
        this.#arrive();
    }

    /** Where /sign-in?next= leads: to a page of ours, and to the Inbox if it says anything else. */
    get next() {
        const next = new URLSearchParams(location.search).get("next") ?? "";
        return this.#pages.some(({ path }) => path.test(next)) ? next : "/inbox";
    }

    #arrive() {
        const path = location.pathname;
        this.place = { path, hash: location.hash.slice(1), page: null, params: [] };
        for (const page of this.#pages) {
            const match = page.path.exec(path);
            if (match) this.place = { ...this.place, page, params: match.slice(1).map((part) => part ?? "") };
            if (match) break;
        }
        this.dispatchEvent(new Event("arrive"));
    }

    /** @param {MouseEvent} event */
    #click(event) {
        const link = event.target instanceof Element ? event.target.closest("a") : null;
        const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
        if (this.outdated || !link || !plain || event.defaultPrevented || link.target || link.origin !== location.origin) return;
        if (link.hasAttribute("download") || /^\/(?:static|api|dev|q)\//u.test(link.pathname)) return;
        if (link.pathname === location.pathname && /^#[a-z-]+$/u.test(link.hash) && document.getElementById(link.hash.slice(1)))
            return;
        event.preventDefault();
        this.go(link.pathname + link.hash);
    }
}

export const router = new Router();
