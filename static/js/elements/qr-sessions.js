import { post, read } from "../lib/api.js";
import { exactly, fillTime, shortly } from "../lib/dates.js";
import { device } from "../lib/devices.js";
import { draw, keep, Part } from "../lib/dom.js";
import { tryTo } from "../lib/practice.js";
import { press } from "../lib/press.js";
import { peopleWords as words } from "../lib/words-people.js";

/** @typedef {{id: string, created_at: number, active_at: number, ends_at: number, address: string, agent: string, scoped: boolean, current: boolean}} Session */

/** Where one is signed in, each to be ended from here. */
class Sessions extends Part {
    /** @type {Session[]} */
    #sessions = [];

    drawn() {
        const { others } = this.parts;
        others.addEventListener("click", () => press(others, () => this.#end(this.#sessions.filter((one) => !one.current))));
    }

    async load() {
        const { rows, others, trouble } = this.parts;
        try {
            this.#sessions = (await read("sessions")).sessions;
            trouble.hidden = true;
        } catch {
            trouble.hidden = false;
            return;
        }
        // One's own first, whatever was used last.
        const sorted = [...this.#sessions].sort((a, b) => Number(b.current) - Number(a.current) || b.active_at - a.active_at);
        keep(
            rows,
            sorted,
            ({ id }) => id,
            (session) => this.#row(session),
        );
        others.hidden = this.#sessions.filter((one) => !one.current).length < 2;
    }

    /** @param {Session} session */
    #row(session) {
        const { nodes, parts } = draw("session-row");
        const name = device(session.agent);
        parts.name.textContent = name;
        parts.current.hidden = !session.current;
        parts.scoped.hidden = !session.scoped;
        parts.address.textContent = session.address;
        fillTime(parts.active, session.active_at, words.lastActive(shortly(session.active_at)));
        parts.active.title = exactly(session.active_at);
        parts.end.hidden = session.current;
        parts.end.setAttribute("aria-label", words.endThis(name));
        parts.end.addEventListener("click", () => press(parts.end, () => this.#end([session])));
        return /** @type {HTMLElement} */ (nodes.firstElementChild);
    }

    /** @param {Session[]} sessions */
    async #end(sessions) {
        await tryTo(() => Promise.all(sessions.map(({ id }) => post("end_session", { session: id }))), words.sessionEnded);
        await this.load();
    }
}

customElements.define("qr-sessions", Sessions);
