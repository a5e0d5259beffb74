import { post, Refused } from "../lib/api.js";
import { birthday } from "../lib/dates.js";
import { icon, make, Part } from "../lib/dom.js";
import { notify } from "../lib/notices.js";
import { press } from "../lib/press.js";
import { peopleWords as words } from "../lib/words-people.js";

/** @typedef {{line: number, name: string, born: string | null, email: string | null, phone: string | null, therapist: string | null, problem: string | null, doubt: string | null}} Line */

/** The text of a file, as spreadsheets write it: UTF-8, UTF-16 with its mark, else in the letters of Windows. @param {ArrayBuffer} bytes */
function decoded(bytes) {
    const [first, second] = new Uint8Array(bytes.slice(0, 2));
    if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
    if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
    try {
        return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    } catch {
        return new TextDecoder("windows-1252").decode(bytes);
    }
}

/** Clients from a list: choose a file, see row by row what would be added, then add all of it or nothing. */
class ClientImport extends Part {
    #csv = "";
    /** One key for one list: pressing twice, or again after trouble, adds it once. */
    #key = "";

    drawn() {
        const { file, add, example } = this.parts;
        file.addEventListener("change", () => this.#choose(file.files?.[0]));
        add.addEventListener("click", () => press(add, () => this.#import()));
        example.href = URL.createObjectURL(new Blob([words.example], { type: "text/csv" }));
        example.download = words.exampleFile;
        // The same file may be chosen again after it was corrected.
        file.addEventListener("click", () => {
            file.value = "";
        });
    }

    begin() {
        this.#csv = "";
        this.#say("");
        this.parts.result.hidden = true;
        this.parts.chosen.textContent = "";
        this.parts.chooseWord.textContent = words.chooseFile;
    }

    /** @param {File | undefined} file */
    async #choose(file) {
        if (!file) return;
        const { chosen, chooseWord, result } = this.parts;
        chosen.textContent = words.chosenFile(file.name);
        chooseWord.textContent = words.chooseAnother;
        result.hidden = true;
        this.#say(words.importReading);
        this.#csv = decoded(await file.arrayBuffer());
        this.#key = crypto.randomUUID();
        try {
            const preview = await post("preview_clients", { csv: this.#csv });
            this.#say("");
            this.#show(preview);
        } catch (error) {
            this.#refused(error);
        }
    }

    /** @param {{rows: Line[], fine: number, problems: number, doubts: number}} preview */
    #show({ rows, fine, problems, doubts }) {
        const { result, lines, summary, add } = this.parts;
        result.hidden = false;
        lines.replaceChildren(...rows.map(lineOf));
        summary.textContent =
            rows.length === 0 ? words.importNothing : problems > 0 ? words.importProblems(problems) : ready(fine, doubts);
        summary.classList.toggle("bad", problems > 0);
        add.hidden = problems > 0 || fine === 0;
        add.textContent = words.importNow(fine);
        (add.hidden ? summary : add).focus();
    }

    async #import() {
        try {
            const { added } = await post("import_clients", { key: this.#key, csv: this.#csv });
            notify({ text: words.imported(added) });
            this.say("qr-imported");
        } catch (error) {
            this.#refused(error);
        }
    }

    /** @param {unknown} error */
    #refused(error) {
        if (!(error instanceof Refused)) throw error;
        const unknown = error.status === 404 || (error.status === 400 && !error.field && /command/u.test(error.message));
        this.#say(unknown ? words.importSoon : error.message, true);
    }

    /** @param {string} sentence */
    #say(sentence, bad = false) {
        const { state } = this.parts;
        state.textContent = sentence;
        state.classList.toggle("trouble", bad);
    }
}

/** @param {number} fine @param {number} doubts */
const ready = (fine, doubts) => words.importReady(fine) + (doubts > 0 ? ` ${words.importDoubts(doubts)}` : "");

/** @param {Line} line */
function lineOf({ line, name, born, email, phone, therapist, problem, doubt }) {
    const row = make("tr", problem ? "faulty" : "");
    const state = make("span", problem ? "state bad" : doubt ? "state doubt" : "state");
    state.append(icon(problem || doubt ? "alert" : "check"), make("span", "", problem ?? doubt ?? words.fine));
    const who = make("td", "import-name");
    who.append(make("bdi", "", name || words.notSet));
    const said = make("td", "import-state");
    said.append(state);
    const known = born && /^\d{4}-\d{2}-\d{2}$/u.test(born) ? birthday(born) : born;
    const texts = [known, email, phone, therapist].map((text) => make("td", "", text ?? ""));
    row.append(make("td", "import-line", String(line)), who, said, ...texts);
    for (const cell of row.children) cell.setAttribute("role", "cell");
    row.setAttribute("role", "row");
    return row;
}

customElements.define("qr-page-client-import", ClientImport);
