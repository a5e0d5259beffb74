import { make, Part } from "../lib/dom.js";
import { isStaff } from "../lib/people.js";
import { chapters } from "../lib/words-help.js";

/** Help: one page, a chapter for each thing one can do; clients see the chapters that are about them. */
class HelpPage extends Part {
    joined() {
        const { contents, chapters: place } = this.parts;
        const staff = isStaff();
        const mine = chapters.filter((chapter) => (staff ? chapter.staff : chapter.clients));
        contents.replaceChildren(
            ...mine.map(({ id, title }) => {
                const link = /** @type {HTMLAnchorElement} */ (make("a", "", title));
                link.href = `#${id}`;
                return link;
            }),
        );
        place.replaceChildren(...mine.map((chapter) => this.#chapter(chapter)));
        document.getElementById(location.hash.slice(1))?.scrollIntoView();
    }

    /** @param {import("../lib/words-help.js").Chapter} chapter */
    #chapter({ id, title, text, steps = [], note }) {
        const section = make("section");
        section.id = id;
        section.append(make("h2", "", title), ...text.map((line) => make("p", "", line)));
        if (steps.length > 0) {
            const list = make("ol");
            list.append(...steps.map((step) => make("li", "", step)));
            section.append(list);
        }
        if (note) section.append(make("p", "note", note));
        return section;
    }
}

customElements.define("qr-page-help", HelpPage);
