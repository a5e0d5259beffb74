import { Part } from "../lib/dom.js";
import { readPage } from "../lib/fragments.js";
import { peopleWords as words } from "../lib/words-people.js";

/** The last weeks in numbers, as the server draws them. What it draws anew takes the place of what stood there. */
class Overview extends Part {
    async load() {
        const { skeleton, empty, place } = this.parts;
        skeleton.hidden = place.hasChildNodes();
        empty.hidden = true;
        try {
            const drawn = await readPage("overview");
            place.replaceChildren(...[...drawn.body.children].map((one) => document.adoptNode(one)));
            empty.hidden = place.hasChildNodes();
            if (!empty.hidden) empty.what = { icon: "practice", title: words.overviewNothing, text: words.overviewNothingText };
        } catch {
            place.replaceChildren();
            empty.hidden = false;
            empty.what = { icon: "alert", title: words.troubleLoading, text: words.troubleLoadingText };
        }
        skeleton.hidden = true;
    }
}

customElements.define("qr-page-overview", Overview);
