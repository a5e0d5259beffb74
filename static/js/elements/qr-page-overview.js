import { Part } from "../lib/dom.js";
import { readPage } from "../lib/fragments.js";
import { peopleWords as words } from "../lib/words-people.js";

/** How soon to look again where nothing is counted yet: after a first start it takes seconds. */
const AGAIN = 10_000;

/** The last weeks in numbers, as the server draws them. What it draws anew takes the place of what stood there. */
class Overview extends Part {
    #timer = 0;

    left() {
        clearTimeout(this.#timer);
    }

    async load() {
        const { skeleton, empty, place } = this.parts;
        skeleton.hidden = place.hasChildNodes();
        empty.hidden = true;
        await this.#look();
        skeleton.hidden = true;
    }

    async #look() {
        clearTimeout(this.#timer);
        const { empty, place } = this.parts;
        try {
            const drawn = await readPage("overview");
            if (!this.isConnected) return;
            place.replaceChildren(...[...drawn.body.children].map((one) => document.adoptNode(one)));
            empty.hidden = place.hasChildNodes();
            if (empty.hidden) return;
            empty.what = { icon: "practice", title: words.overviewNothing, text: words.overviewNothingText };
            this.#timer = setTimeout(() => this.closest("[hidden]") ?? this.#look(), AGAIN);
        } catch {
            place.replaceChildren();
            empty.hidden = false;
            empty.what = { icon: "alert", title: words.troubleLoading, text: words.troubleLoadingText };
        }
    }
}

customElements.define("qr-page-overview", Overview);
