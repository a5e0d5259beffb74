import { fillTime, shortly } from "../lib/dates.js";
import { icon, name, Part, reword } from "../lib/dom.js";
import { fillTrashLine } from "../lib/keeping.js";
import { fillAvatar, firstWords, others, title, wayOf } from "../lib/people.js";
import { words } from "../lib/words.js";

/** @typedef {import("../lib/types.js").Row} Row */

/** One conversation in a list: checkbox, subject link and trash can are three separate targets. */
class ConversationRow extends Part {
    /** @type {Row | null} */
    #row = null;
    #seen = "";

    drawn() {
        this.className = "row";
        this.setAttribute("role", "listitem");
        const { check, bin } = this.parts;
        check.addEventListener("change", () => this.say("qr-select", { row: this.#row, on: check.checked }));
        bin.addEventListener("click", () => this.say("qr-do", { verb: bin.dataset.do, ids: [this.#row?.id] }));
    }

    /** @param {Row} row @param {{folder: string, current: boolean, selected: boolean}} how */
    show(row, { folder, current, selected }) {
        this.#row = row;
        const { check, link, time } = this.parts;
        check.checked = selected;
        this.classList.toggle("selected", selected);
        this.classList.toggle("current", current);
        if (current) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
        const at = { inbox: row.received_at, sent: row.sent_at, trash: row.trashed_at }[folder] ?? row.newest_at;
        fillTime(time, at, shortly(at));
        const seen = `${folder} ${row.change}`;
        if (seen !== this.#seen) this.#fill(row, folder);
        this.#seen = seen;
    }

    /** @param {Row} row @param {string} folder */
    #fill(row, folder) {
        const { check, avatar, new: dot, name: heading, count, line, link, words: text, until, bin } = this.parts;
        const people = title(row);
        const first = firstWords(row);
        const subject = row.subject || first || words.noSubject;
        this.classList.toggle("unread", row.unread > 0);
        dot.hidden = row.unread === 0;
        fillAvatar(avatar, others(row)[0]);
        heading.textContent = people;
        count.textContent = String(row.visible);
        count.title = words.messages(row.visible);
        line.dir = wayOf(row);
        reword(link, subject);
        link.setAttribute("aria-label", words.rowOf(row.unread, row.visible, people, subject));
        link.href = `/${folder}/${row.id}`;
        text.textContent = row.subject && first ? ` · ${first}` : "";
        name(check, words.selectRow(people, subject));
        fillTrashLine(until, folder === "trash" ? row : null);
        const verb = folder === "trash" ? "restore" : "trash";
        if (bin.dataset.do !== verb) bin.replaceChildren(icon(verb));
        bin.dataset.do = verb;
        name(bin, folder === "trash" ? words.restoreRow(people) : words.trashRow(people));
    }
}

customElements.define("qr-row", ConversationRow);
