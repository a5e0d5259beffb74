import { make, Part } from "../lib/dom.js";
import { words } from "../lib/words.js";

/** An address that leads nowhere, or nowhere for this person. */
class MissingPage extends Part {
    joined() {
        const link = /** @type {HTMLAnchorElement} */ (make("a", "button", words.toInbox));
        link.href = "/inbox";
        this.parts.empty.what = { icon: "search", title: words.missingTitle, text: words.missingText, action: link };
    }
}

customElements.define("qr-page-missing", MissingPage);
