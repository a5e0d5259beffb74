import { language } from "../lib/language.js";
import { FOR_CLIENTS, LANGUAGES } from "../lib/tongues.js";

/** At the doors: the other languages, each by its own name. What was asked of the address stays with it. */
class Languages extends HTMLElement {
    connectedCallback() {
        this.className = "languages";
        this.replaceChildren(
            ...Object.entries(LANGUAGES)
                .filter(([tag]) => tag !== language && !("staff" in this.dataset && FOR_CLIENTS.includes(tag)))
                .map(([tag, name]) => link(tag, name)),
        );
    }
}

/** @param {string} tag @param {string} name */
function link(tag, name) {
    const address = new URL(location.href);
    address.searchParams.set("language", tag);
    const way = document.createElement("a");
    way.className = "text-link";
    way.href = address.href;
    way.target = "_self";
    way.lang = way.hreflang = tag;
    way.textContent = name;
    return way;
}

customElements.define("qr-languages", Languages);
