import { Part } from "../lib/dom.js";
import { notify } from "../lib/notices.js";
import { enterSends, setEnterSends } from "../lib/preferences.js";
import { words } from "../lib/words.js";
import { composeWords } from "../lib/words-compose.js";

/** How one likes to write on this device: what the return key does. A phone's always makes a new line. */
class Writing extends Part {
    drawn() {
        const { enter } = this.parts;
        enter.value = enterSends();
        enter.addEventListener("change", () => {
            const kept = setEnterSends(enter.value);
            notify(kept ? { text: composeWords.writingSaved } : { text: words.troubleOurs, trouble: true });
        });
    }
}

customElements.define("qr-writing", Writing);
