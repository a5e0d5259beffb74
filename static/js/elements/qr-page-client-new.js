import { post } from "../lib/api.js";
import { Part } from "../lib/dom.js";
import { field, onSubmit } from "../lib/forms.js";
import { notify } from "../lib/notices.js";
import { isAdministrator, team, tryTo } from "../lib/practice.js";
import { router } from "../lib/router.js";
import { sheet } from "../lib/sheets.js";
import { words as common } from "../lib/words.js";
import { peopleWords as words } from "../lib/words-people.js";

/** Adds a client: a dialog that leads to the new client's page. */
class NewClient extends Part {
    drawn() {
        onSubmit(this.parts.form, (given) => this.#send(given));
    }

    joined() {
        const { form } = this.parts;
        if (form.closest("dialog")) return;
        const { dialog } = sheet(this, { title: words.newClient, text: words.newClientText, body: form, wide: true });
        dialog.addEventListener("close", () => this.remove());
        this.#offerTherapists();
    }

    async #offerTherapists() {
        const { therapist } = this.parts;
        therapist.hidden = !isAdministrator();
        if (therapist.hidden) return;
        const staff = await team().catch(() => []);
        const active = staff.filter((member) => member.active);
        therapist.options = [
            { value: "", text: words.nobodyYet },
            ...active.map(({ id, name, role }) => ({ value: id, text: `${name} (${common.roles[role]})` })),
        ];
    }

    /** @param {Record<string, any>} given */
    async #send({ therapist, enable, ...info }) {
        if (enable && !info.email) return field(this.parts.form, "email")?.complain(words.emailForEnabling);
        const { client } = await post("save_client", info);
        // The client exists now: what goes wrong from here on is told on the client's page.
        const went = await tryTo(async () => {
            if (therapist) await post("assign", { client, therapist });
            if (enable) await post("enable_messaging", { client });
        });
        if (went) notify({ text: words.clientAdded(info.name) });
        router.go(`/clients/${client}`);
        this.remove();
    }
}

customElements.define("qr-page-client-new", NewClient);
