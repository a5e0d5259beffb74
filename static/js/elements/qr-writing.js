import { Part } from "../lib/dom.js";
import { notify } from "../lib/notices.js";
import { enterSends, setEnterSends, setShortcuts, shortcutsOn } from "../lib/preferences.js";
import { words } from "../lib/words.js";
import { composeWords } from "../lib/words-compose.js";

/** How one likes to use the keyboard on this device: what the return key does (a phone's always makes a new line), and shortcuts. */
class Writing extends Part {
    drawn() {
        const { enter, keys } = this.parts;
        enter.value = enterSends();
        keys.value = shortcutsOn();
        enter.addEventListener("change", () => this.#said(setEnterSends(enter.value)));
        keys.addEventListener("change", () => this.#said(setShortcuts(keys.value)));
    }

    /** @param {boolean} kept */
    #said(kept) {
        notify(kept ? { text: composeWords.writingSaved } : { text: words.troubleOurs, trouble: true });
    }
}

customElements.define("qr-writing", Writing);
