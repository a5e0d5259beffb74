/** What clients are answered while one is away. For staff alone. */
import { post, read } from "../lib/api.js";
import { Part } from "../lib/dom.js";
import { field, onSubmit } from "../lib/forms.js";
import { notify } from "../lib/notices.js";
import { isStaff } from "../lib/people.js";
import { tryTo } from "../lib/practice.js";
import { press } from "../lib/press.js";
import { store } from "../lib/store.js";
import { composeWords as words } from "../lib/words-compose.js";

/** @typedef {{text: string, first_day: string, last_day: string, time_zone: string, state: "coming" | "on" | "over"}} Away */

const NOTHING = { text: "", first_day: "", last_day: "" };

/** What clients are answered, once each, while one is away. */
class AwayMessage extends Part {
    drawn() {
        const { form, off } = this.parts;
        onSubmit(form, (given) => this.#save(given));
        off.addEventListener("click", () => press(off, () => tryTo(() => this.#save(NOTHING))));
    }

    joined() {
        this.hidden = !isStaff();
        if (!this.hidden) this.#load();
    }

    async #load() {
        const { away } = await read("away").catch(() => ({ away: null }));
        this.#show(away);
    }

    /** @param {Away | null} away */
    #show(away) {
        const { form, state, off } = this.parts;
        const { text, first_day: first, last_day: last } = away ?? NOTHING;
        for (const [name, value] of Object.entries({ text, first_day: first, last_day: last })) {
            const part = field(form, name);
            if (part && !(/** @type {any} */ (part).typed)) part.value = value;
        }
        off.hidden = !away;
        const zone = away?.time_zone ?? store.me?.organization.time_zone ?? "";
        state.textContent = words.awayStates[away?.state ?? "none"](zone);
    }

    /** @param {Record<string, any>} given */
    async #save(given) {
        await post("set_away", { text: given.text, first_day: given.first_day, last_day: given.last_day });
        notify({ text: given.text ? words.awaySaved : words.awayOff });
        if (!given.text)
            for (const name of ["text", "first_day", "last_day"])
                Object.assign(field(this.parts.form, name) ?? {}, { value: "" });
        await this.#load();
    }
}

customElements.define("qr-away", AwayMessage);
