import { post } from "../lib/api.js";
import { exactly, fillTime, since } from "../lib/dates.js";
import { draw, icon, keep, Part } from "../lib/dom.js";
import { onSubmit } from "../lib/forms.js";
import { atOnce } from "../lib/need.js";
import { notify } from "../lib/notices.js";
import { press } from "../lib/press.js";
import { sheet } from "../lib/sheets.js";
import { store } from "../lib/store.js";
import { peopleWords as words } from "../lib/words-people.js";

/** @typedef {import("../lib/practice.js").ClientView} ClientView */
/** @typedef {import("../lib/practice.js").Hold} Hold */

/** The Record tab: whether all of it is kept by a hold, and one's own conversations to take along. */
class ClientRecord extends Part {
    /** @type {ClientView | null} */
    #client = null;

    drawn() {
        const { act, export: take } = this.parts;
        act.addEventListener("click", () => this.#ask());
        take.addEventListener("click", () => press(take, () => this.#export()));
    }

    /** @param {ClientView} client */
    set client(client) {
        this.#client = client;
        const { past, holds, exportText } = this.parts;
        this.#showHold();
        exportText.textContent = words.exportText(client.name);
        past.hidden = store.me?.role !== "administrator" || client.holds.length === 0;
        keep(holds, past.hidden ? [] : client.holds, (hold) => `${hold.set_at} ${hold.lifted_at}`, entryOf);
    }

    get #lasting() {
        return this.#client?.holds.find((hold) => hold.lifted_at === null);
    }

    #showHold() {
        const { state, title, text, act } = this.parts;
        const lasting = this.#lasting;
        const may = store.me?.role === "administrator";
        state.replaceChildren(icon("lock"));
        state.classList.toggle("off", !lasting);
        title.textContent = lasting ? words.onHoldSince(since(lasting.set_at)) : words.notOnHold;
        text.textContent = lasting
            ? words.holdBy(lasting.set_by, exactly(lasting.set_at))
            : may
              ? words.notOnHoldText
              : words.notOnHoldRead;
        act.hidden = !may;
        act.textContent = lasting ? words.liftHold : words.setHold;
    }

    #ask() {
        const client = this.#client;
        if (!client) return;
        const lasting = this.#lasting;
        const { nodes, parts } = draw("hold-form");
        parts.confirm.textContent = lasting ? words.liftHold : words.setHold;
        const title = lasting ? words.liftHoldTitle(client.name) : words.setHoldTitle(client.name);
        const { close } = sheet(this, { title, text: lasting ? words.liftHoldText : words.setHoldText, body: nodes });
        onSubmit(parts.form, async ({ reason }) => {
            await post(lasting ? "lift_hold" : "set_hold", { client: client.id, reason });
            close();
            notify({ text: lasting ? words.holdLifted : words.holdSet });
            this.say("qr-client-changed");
        });
    }

    async #export() {
        const printing = await atOnce(() => import("../lib/printing.js"));
        // What came of it stands in a dialog of its own; the button does not wait for that.
        printing?.exportMessages(this, this.#client?.id);
    }
}

/** @param {Hold} hold */
function entryOf(hold) {
    const { nodes, parts } = draw("hold-entry");
    parts.by.textContent = words.holdSetBy(hold.set_by);
    fillTime(parts.at, hold.set_at, exactly(hold.set_at));
    parts.reason.textContent = hold.reason;
    const { lifted_at: at, lifted_by: by, lift_reason: why } = hold;
    parts.lifted.hidden = at === null;
    parts.lifted.textContent = at === null ? "" : words.holdLiftedBy(by ?? "", exactly(at), why);
    return /** @type {HTMLElement} */ (nodes.firstElementChild);
}

customElements.define("qr-page-client-record", ClientRecord);
