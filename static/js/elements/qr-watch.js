/** Being told if a message stays unread. For staff alone. */
import { Part } from "../lib/dom.js";
import { alertWords as words } from "../lib/words-alerts.js";

/** What stands in a composer once one wants to be told if the message stays unread. Says "qr-days" with 0 when it is taken back. */
class Watch extends Part {
    #days = 0;

    drawn() {
        this.parts.remove.addEventListener("click", () => this.say("qr-days", 0));
    }

    /** After so many days; 0: not at all. */
    get days() {
        return this.#days;
    }

    set days(days) {
        this.#days = days;
        this.hidden = days === 0;
        this.parts.text.textContent = days ? words.toldAfter(days) : "";
    }
}

customElements.define("qr-watch", Watch);
