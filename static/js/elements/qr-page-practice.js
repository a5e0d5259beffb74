import { Part } from "../lib/dom.js";
import { words } from "../lib/words.js";

/** The practice page; to be filled. */
class PracticePage extends Part {
    joined() {
        this.parts.empty.what = { icon: "practice", title: words.practice, text: words.practiceSoon };
    }
}

customElements.define("qr-page-practice", PracticePage);
