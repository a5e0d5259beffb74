import { fillTime, shortly } from "../lib/dates.js";
import { icon, name, Part, reword } from "../lib/dom.js";
import { fillTrashLine } from "../lib/keeping.js";
import { words as common } from "../lib/words.js";
import { composeWords as words } from "../lib/words-compose.js";

/** One message to several clients, as a row of Sent or of the trash. */
class MassRow extends Part {
    /** @type {import("../lib/mass.js").Mass | null} */
    #row = null;

    drawn() {
        this.className = "row";
        this.setAttribute("role", "listitem");
        const { check, bin } = this.parts;
        check.addEventListener("change", () => this.say("qr-select", { row: this.#row, on: check.checked }));
        bin.addEventListener("click", () => this.say("qr-do", { verb: bin.dataset.do, ids: [`mass-${this.#row?.id}`] }));
    }

    /** @param {import("../lib/mass.js").Mass} row @param {{folder: string, current: boolean, selected: boolean}} how */
    show(row, { folder, current, selected }) {
        const { check, name: heading, link, words: text, time, until } = this.parts;
        this.#row = row;
        check.checked = selected;
        this.classList.toggle("selected", selected);
        this.classList.toggle("current", current);
        if (current) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
        heading.textContent = words.massTo(row.of, row.skipped);
        reword(link, row.subject);
        link.href = `/${folder}/mass-${row.id}`;
        name(check, words.massSelect(row.subject));
        fillTrashLine(until, row.trashed_at === null ? null : row);
        const state = row.finished_at === null ? words.massProgress(row.done, row.of) : common.mine(row.first_words);
        text.textContent = ` · ${state}`;
        const at = row.trashed_at ?? row.sent_at;
        fillTime(time, at, shortly(at));
        this.#bin(row.trashed_at === null ? "trash" : "restore", row.subject);
    }

    /** @param {"trash" | "restore"} verb @param {string} subject */
    #bin(verb, subject) {
        const { bin } = this.parts;
        if (bin.dataset.do !== verb) bin.replaceChildren(icon(verb));
        bin.dataset.do = verb;
        name(bin, verb === "trash" ? words.massTrash(subject) : words.massRestore(subject));
    }
}

customElements.define("qr-mass-row", MassRow);
