import { fillTime, shortly } from "../lib/dates.js";
import { Part } from "../lib/dom.js";
import { fillAvatar, firstWords, others, title, wayOf } from "../lib/people.js";
import { words } from "../lib/words.js";

/** One past conversation in the panel's list. */
class Talk extends Part {
    #id = "";

    drawn() {
        this.className = "row";
        this.setAttribute("role", "listitem");
        // A link, so that it can be opened in a tab of its own; a plain click stays in the panel.
        this.parts.open.addEventListener("click", (/** @type {MouseEvent} */ event) => {
            if (event.metaKey || event.ctrlKey || event.shiftKey) return;
            event.preventDefault();
            this.say("qr-pick", { conversation: this.#id });
        });
    }

    /** @param {import("../lib/types.js").Row} row @param {boolean} current */
    show(row, current) {
        const { avatar, new: dot, name, line, open, words: text, time } = this.parts;
        this.#id = row.id;
        const first = firstWords(row);
        this.classList.toggle("unread", row.unread > 0);
        this.classList.toggle("current", current);
        if (current) open.setAttribute("aria-current", "true");
        else open.removeAttribute("aria-current");
        dot.hidden = row.unread === 0;
        fillAvatar(avatar, others(row)[0]);
        name.textContent = title(row);
        open.href = `/inbox/${row.id}`;
        open.setAttribute(
            "aria-label",
            words.rowOf(row.unread, row.visible, title(row), row.subject || first || words.noSubject),
        );
        line.dir = wayOf(row);
        open.textContent = row.subject || first || words.noSubject;
        text.textContent = row.subject && first ? ` · ${first}` : "";
        fillTime(time, row.newest_at, shortly(row.newest_at));
    }
}

customElements.define("qr-talk", Talk);
