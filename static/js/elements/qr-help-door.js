import { Part } from "../lib/dom.js";
import { router } from "../lib/router.js";
import { words } from "../lib/words.js";

/** Help for whoever is not signed in: the address stands in texts, and it is needed most by those who cannot get in. */
class HelpDoor extends Part {
    /** @param {AbortSignal} signal */
    joined(signal) {
        document.title = words.title(0, words.help, words.product);
        const page = /** @type {any} */ (document.createElement("qr-page-help"));
        this.parts.main.replaceChildren(page);
        const show = () => {
            // The address has become another: that needs somebody who is signed in.
            if (router.place.page?.tag !== "qr-page-help") return location.reload();
            page.place = router.place;
            this.parts.main.scrollTop = 0;
        };
        router.addEventListener("arrive", show, { signal });
        show();
    }
}

customElements.define("qr-help-door", HelpDoor);
