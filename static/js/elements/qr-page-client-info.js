import { post } from "../lib/api.js";
import { exactly } from "../lib/dates.js";
import { Part } from "../lib/dom.js";
import { field, fill, merge, onSubmit } from "../lib/forms.js";
import { ask, notify } from "../lib/notices.js";
import { clientView, tryTo } from "../lib/practice.js";
import { press } from "../lib/press.js";
import { peopleWords as words } from "../lib/words-people.js";

/** @typedef {import("../lib/practice.js").ClientView} ClientView */

/** The Client Info tab. Two people who edit the same client are told, and lose nothing. */
class ClientInfo extends Part {
    /** @type {ClientView | null} what stood here when one began to type */
    #base = null;
    /** @type {ClientView | null} */
    #client = null;

    drawn() {
        onSubmit(this.parts.form, (given) => this.#save(given), { reload: () => this.#reload() });
        this.parts.form.addEventListener("input", () => this.#showConsent());
        this.parts.standing.addEventListener("click", () => press(this.parts.standing, () => this.#stand()));
    }

    /** @param {ClientView} client */
    set client(client) {
        this.#client = client;
        this.#showStanding(client);
        const base = this.#base;
        if (base?.id === client.id && base.version === client.version) return;
        // What is being typed is not overwritten by what another tab of the page changed.
        if (base?.id === client.id) merge(this.parts.form, base, client);
        else fill(this.parts.form, client);
        this.#base = client;
        this.#showConsent();
    }

    /** @param {ClientView} client */
    #showStanding({ active }) {
        const { standing, standingTitle, standingText } = this.parts;
        standingTitle.textContent = active ? words.activeTitle : words.inactiveTitle;
        standingText.textContent = active ? words.activeText : words.inactiveLine;
        standing.textContent = active ? words.makeInactive : words.makeActive;
    }

    async #stand() {
        const client = this.#client;
        if (!client) return;
        const question = {
            title: words.makeInactiveTitle(client.name),
            text: words.makeInactiveText,
            confirm: words.makeInactive,
        };
        if (client.active && !(await ask(question))) return;
        const done = client.active ? words.madeInactive(client.name) : words.madeActive(client.name);
        await tryTo(() => post(client.active ? "deactivate" : "activate", { person: client.id }), done);
        this.say("qr-client-changed");
    }

    async #reload() {
        const base = this.#base;
        if (!base) return;
        const fresh = await clientView(base.id);
        merge(this.parts.form, base, fresh);
        this.#base = fresh;
        this.#showConsent();
    }

    /** Who recorded the consent, and when; it holds for the number that stands there. */
    #showConsent() {
        const base = this.#base;
        const tick = field(this.parts.form, "text_ok");
        const phone = field(this.parts.form, "phone");
        if (!base || !tick || !phone) return;
        const holds = base.text_ok && tick.value && phone.value === (base.phone ?? "") && base.text_ok_at && base.text_ok_by;
        tick.remark(holds ? words.textOkBy(base.text_ok_by ?? "", exactly(base.text_ok_at ?? 0)) : "");
    }

    /** @param {Record<string, any>} given */
    async #save(given) {
        const base = this.#base;
        if (!base) return;
        await post("save_client", { ...given, client: base.id, version: base.version });
        this.#base = null;
        notify({ text: words.clientSaved });
        this.say("qr-client-changed");
    }
}

customElements.define("qr-page-client-info", ClientInfo);
