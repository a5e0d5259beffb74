import { icon, make, Part } from "../lib/dom.js";
import { isStaff } from "../lib/people.js";
import { store } from "../lib/store.js";
import { words } from "../lib/words.js";
import { chapters, helpPages, helpWords } from "../lib/words-help.js";

/** @typedef {import("../lib/words-help.js").Chapter} Chapter */
/** @typedef {import("../lib/words-help.js").HelpPage} Page */

/** @param {string} href @param {string} text */
function link(href, text, look = "") {
    const made = /** @type {HTMLAnchorElement} */ (make("a", look, text));
    made.href = href;
    return made;
}

/** Help: a page for each screen, a chapter for each thing one can do there; clients see what is about them. */
class HelpPage extends Part {
    joined() {
        this.#ask();
    }

    /** @param {import("../lib/router.js").Place} place */
    set place({ params, hash }) {
        const page = helpPages.find(({ id }) => id === params[0]);
        const old = chapters.find(({ id }) => !params[0] && id === hash);
        const shown = page ?? helpPages.find((one) => old && one.chapters.includes(old.id));
        if (shown && this.#chapters(shown).length > 0) this.#show(shown);
        else this.#list(Boolean(params[0]));
        document.getElementById(hash)?.scrollIntoView();
    }

    /** What this reader may do there. @param {Page} page @returns {Chapter[]} */
    #chapters(page) {
        const staff = isStaff();
        return page.chapters.flatMap((id) => chapters.filter((one) => one.id === id && (staff ? one.staff : one.clients)));
    }

    /** @param {boolean} lost an address that names no page */
    #list(lost) {
        const { back, title, intro, contents, chapters: place } = this.parts;
        back.hidden = true;
        title.textContent = words.help;
        intro.textContent = lost ? helpWords.helpMissing : helpWords.helpIntro;
        intro.hidden = false;
        contents.hidden = true;
        const pages = make("ul", "help-pages");
        for (const page of helpPages) if (this.#chapters(page).length > 0) pages.append(this.#card(page));
        place.replaceChildren(pages);
    }

    /** @param {Page} page */
    #card(page) {
        const item = make("li", "card help-card");
        const sign = make("span", "avatar many");
        sign.setAttribute("aria-hidden", "true");
        sign.append(icon(page.icon));
        const head = make("h2");
        head.append(link(`/help/${page.id}`, page.title));
        const what = make("div", "what");
        const list = make("ul", "help-links");
        for (const { id, title } of this.#chapters(page)) {
            const line = make("li");
            line.append(link(`/help/${page.id}#${id}`, title));
            list.append(line);
        }
        what.append(head, make("p", "soft", page.about), list);
        item.append(sign, what);
        return item;
    }

    /** @param {Page} page */
    #show(page) {
        const { back, title, intro, contents, chapters: place } = this.parts;
        const mine = this.#chapters(page);
        back.hidden = false;
        title.textContent = page.title;
        intro.hidden = true;
        contents.hidden = mine.length < 2;
        contents.replaceChildren(
            make("h2", "", helpWords.helpOnPage),
            ...mine.map((one) => link(`/help/${page.id}#${one.id}`, one.title)),
        );
        place.replaceChildren(...mine.map((chapter) => this.#chapter(chapter)));
    }

    /** @param {Chapter} chapter */
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

    /** Where one asks when none of this helped: what the operator has set, or else the practice itself. */
    #ask() {
        const { ask, askText } = this.parts;
        const { me } = store;
        const support = me?.support ?? "";
        const admin = me?.role === "administrator";
        const staff = isStaff() ? (admin ? helpWords.helpAskAdministrator : helpWords.helpAskStaff) : helpWords.helpAskClient;
        askText.textContent = support ? helpWords.helpSubmitText : me ? staff : helpWords.helpAskVisitor;
        ask.hidden = !support && (!me || admin || me.role === "contact");
        ask.textContent = support ? helpWords.helpSubmit : helpWords.helpWrite;
        ask.href = support || "/inbox#compose";
        // A form of somebody else's opens beside the page; it learns nothing of where one was.
        if (support.startsWith("https:")) Object.assign(ask, { target: "_blank", rel: "noopener noreferrer" });
    }
}

customElements.define("qr-page-help", HelpPage);
