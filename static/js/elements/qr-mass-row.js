import { fillTime, shortly } from "../lib/dates.js";
import { name, Part } from "../lib/dom.js";
import { words as common } from "../lib/words.js";
import { composeWords as words } from "../lib/words-compose.js";

/** One message to several clients, as a row of Sent. */
class MassRow extends Part {
    #id = "";

    drawn() {
        this.className = "row";
        this.setAttribute("role", "listitem");
        this.parts.bin.addEventListener("click", () => this.say("qr-do", { verb: "trash-mass", ids: [this.#id] }));
        name(this.parts.bin, words.massTrash);
    }

    /** @param {import("../lib/mass.js").Mass} row @param {{current: boolean}} how */
    show(row, { current }) {
        const { name: heading, link, words: text, time } = this.parts;
        this.#id = row.id;
        this.classList.toggle("current", current);
        if (current) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
        heading.textContent = words.massTo(row.of, row.skipped);
        link.textContent = row.subject;
        link.href = `/sent/mass-${row.id}`;
        const state = row.finished_at === null ? words.massProgress(row.done, row.of) : common.mine(row.first_words);
        text.textContent = ` · ${state}`;
        fillTime(time, row.sent_at, shortly(row.sent_at));
    }
}

customElements.define("qr-mass-row", MassRow);
