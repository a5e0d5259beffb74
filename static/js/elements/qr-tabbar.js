import { Part } from "../lib/dom.js";
import { fillNavigation } from "../lib/navigation.js";
import { router } from "../lib/router.js";
import { store } from "../lib/store.js";

/** The bottom bar of phones. */
class Tabbar extends Part {
    /** @param {AbortSignal} signal */
    joined(signal) {
        const fill = () => fillNavigation(this.parts.nav, true);
        store.addEventListener("change", fill, { signal });
        router.addEventListener("arrive", fill, { signal });
        fill();
    }
}

customElements.define("qr-tabbar", Tabbar);
