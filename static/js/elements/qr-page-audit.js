import { bringComposeStyle } from "../lib/annex.js";
import { read } from "../lib/api.js";
import { birthday, exactly, fillTime } from "../lib/dates.js";
import { draw, keep, Part } from "../lib/dom.js";
import { onSubmit } from "../lib/forms.js";
import { parted } from "../lib/parted.js";
import { findClients, team, tryTo } from "../lib/practice.js";
import { press } from "../lib/press.js";
import { peopleWords as words } from "../lib/words-people.js";

/** @typedef {{id: string, name: string}} Someone */
/** @typedef {{id: string, at: number, actor: Someone | null, kind: string, what: string, person: Someone | null, client: Someone | null, address: string, outcome: string, details: string}} Entry */

/** Who did what, to whose record, when and from where: the newest first, filtered, and to take along. */
class Audit extends Part {
    /** @type {Entry[]} */
    #entries = [];
    /** @type {string | null} */
    #next = null;
    #filters = "";
    #ready = false;

    drawn() {
        const { form, older } = this.parts;
        onSubmit(form, (given) => this.#look(given));
        older.addEventListener("click", () => press(older, () => tryTo(() => this.#page(this.#next))));
        bringComposeStyle();
    }

    async load() {
        const { skeleton, empty, form } = this.parts;
        skeleton.hidden = this.#entries.length > 0;
        try {
            if (!this.#ready) await this.#offer();
            form.hidden = false;
            await this.#page(null);
        } catch {
            empty.hidden = false;
            empty.what = { icon: "alert", title: words.troubleLoading, text: words.troubleLoadingText };
        }
        skeleton.hidden = true;
    }

    /** What one can choose from: the team, the clients, and the kinds of entries. */
    async #offer() {
        const [staff, clients] = await Promise.all([team(), allClients()]);
        const { actor, client } = this.parts;
        actor.options = [{ value: "", text: words.auditEverybody }, ...staff.map(optionOf), ...clients.map(optionOf)];
        client.options = [{ value: "", text: words.auditAllClients }, ...clients.map(optionOf)];
        this.#ready = true;
    }

    /** @param {Record<string, any>} given */
    async #look(given) {
        const chosen = Object.entries(given).filter(([, value]) => value);
        this.#filters = new URLSearchParams(Object.fromEntries(chosen)).toString();
        await this.#page(null);
    }

    /** The newest that the filters find, or what comes after a page. @param {string | null} before */
    async #page(before) {
        const filters = this.#filters;
        const query = new URLSearchParams(filters);
        if (before) query.set("before", before);
        const page = await read(`audit?${query}`);
        if (filters !== this.#filters) return;
        this.#entries = before ? [...this.#entries, ...page.audit] : page.audit;
        this.#next = page.next;
        this.#show(page);
    }

    /** @param {{waiting: number, kinds: Record<string, string>}} page */
    #show({ waiting, kinds }) {
        const { entries, older, empty, csv, kind, waits } = this.parts;
        const named = Object.entries(kinds).map(([value, text]) => ({ value, text }));
        kind.options = [{ value: "", text: words.auditEverything }, ...named];
        const none = this.#entries.length === 0;
        entries.hidden = none;
        empty.hidden = !none;
        if (none) empty.what = { icon: "file", title: words.auditNothing, text: words.auditNothingText };
        older.hidden = !this.#next;
        waits.hidden = waiting === 0;
        waits.textContent = words.auditWaiting(waiting);
        csv.href = `/api/audit.csv?${this.#filters}`;
        keep(entries, this.#entries, ({ id }) => id, entryOf);
    }
}

/** @param {{id: string, name: string, born?: string | null}} person */
const optionOf = ({ id, name, born }) => ({ value: id, text: born ? words.auditNamesake(name, birthday(born)) : name });

/** Every client, active or not. @returns {Promise<Someone[]>} */
async function allClients() {
    /** @type {Someone[]} */
    const found = [];
    for (const active of [true, false]) {
        /** @type {string | null} */
        let before = null;
        do {
            /** @type {{clients: Someone[], next: string | null}} */
            const page = await findClients({ search: "", active, before });
            found.push(...page.clients);
            before = page.next;
        } while (before);
    }
    return found;
}

/** @param {Entry} entry */
function entryOf({ at, actor, what, person, client, address, outcome, details }) {
    const { nodes, parts } = draw("audit-entry");
    parts.actor.textContent = actor?.name ?? words.auditHouse;
    fillTime(parts.at, at, exactly(at));
    parts.outcome.hidden = outcome === "done";
    parts.outcome.textContent = outcome === "refused" ? words.auditRefused : outcome;
    parts.what.textContent = details ? words.auditDetails(what, details) : what;
    const whom = person && person.id !== actor?.id && person.id !== client?.id ? person.name : "";
    const about = [client && words.auditClient(client.name), whom && words.auditWhom(whom), address && words.auditFrom(address)];
    parts.about.replaceChildren(...parted(...about));
    parts.about.hidden = parts.about.textContent === "";
    return /** @type {HTMLElement} */ (nodes.firstElementChild);
}

customElements.define("qr-page-audit", Audit);
