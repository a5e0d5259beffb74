import { Part } from "../lib/dom.js";
import { store } from "../lib/store.js";
import { words as common } from "../lib/words.js";
import { peopleWords as words } from "../lib/words-people.js";

/** Between sign-in and the pages, where the practice requires a second factor: set it up, or sign out. */
class RequiredFactor extends Part {
    drawn() {
        const { factor, leave } = this.parts;
        factor.addEventListener("qr-factor-done", () => location.reload());
        leave.addEventListener("click", () => this.say("qr-sign-out"));
    }

    joined() {
        document.title = common.title(0, words.requiredTitle, common.product);
        this.parts.practice.textContent = store.me?.organization.name ?? common.product;
        this.parts.factor.load();
    }
}

customElements.define("qr-required-factor", RequiredFactor);
