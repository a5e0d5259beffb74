import { post, read } from "../lib/api.js";
import { exactly, fillTime, shortly } from "../lib/dates.js";
import { make, Part } from "../lib/dom.js";
import { parted } from "../lib/parted.js";
import { tryTo } from "../lib/practice.js";
import { alertWords as words } from "../lib/words-alerts.js";

/** @typedef {import("../lib/practice.js").ClientView} ClientView */
/** @typedef {{at: number, event: keyof typeof words.consent, phone: string, by: string | null}} Step */

/** The Alerts tab: whether the client gets alert emails, what became of the newest, and each step of the consent to texts. */
class ClientAlerts extends Part {
    #id = "";

    drawn() {
        this.parts.mails.addEventListener("change", () => this.#choose());
    }

    /** @param {ClientView} client */
    set client(client) {
        const { mails, mailsText, list } = this.parts;
        const on = client.alerts !== "none";
        this.#id = client.id;
        mails.value = on;
        const by = client.alerts_by ? ` ${words.clientMailsBy(client.alerts_by, exactly(client.alerts_at ?? 0))}` : "";
        mailsText.textContent = (on ? words.clientMailsOn : words.clientMailsOff) + by;
        list.path = `clients/${client.id}/alerts`;
        this.#showSteps(client.id);
    }

    async #choose() {
        const email = this.parts.mails.value ? "usual" : "none";
        await tryTo(() => post("save_alerts", { client: this.#id, email }), words.alertsSaved);
        this.say("qr-client-changed");
    }

    /** @param {string} id */
    async #showSteps(id) {
        const { history, steps } = this.parts;
        const found = await read(`clients/${id}/texts`).catch(() => null);
        if (id !== this.#id || !found) return;
        history.hidden = found.events.length === 0;
        steps.replaceChildren(...found.events.map(makeStep));
    }
}

/** @param {Step} step */
function makeStep({ at, event, phone, by }) {
    const item = make("li", "line");
    const what = make("div", "what");
    const who = by ?? (event === "blocked" ? words.byCarrier : words.byClient);
    const when = /** @type {HTMLTimeElement} */ (make("time", "soft"));
    fillTime(when, at, shortly(at));
    const about = make("span", "soft dotted");
    about.append(...parted(phone, who));
    what.append(make("b", "", words.consent[event]), about);
    item.append(what, when);
    return item;
}

customElements.define("qr-client-alerts", ClientAlerts);
