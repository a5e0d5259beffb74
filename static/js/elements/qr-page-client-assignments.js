import { post } from "../lib/api.js";
import { draw, keep, Part } from "../lib/dom.js";
import { onSubmit } from "../lib/forms.js";
import { ask, notify } from "../lib/notices.js";
import { fillAvatar } from "../lib/people.js";
import { team, tryTo } from "../lib/practice.js";
import { press } from "../lib/press.js";
import { sheet } from "../lib/sheets.js";
import { words as common } from "../lib/words.js";
import { peopleWords as words } from "../lib/words-people.js";

/** @typedef {import("../lib/practice.js").ClientView} ClientView */
/** @typedef {{id: string, name: string}} Therapist */

/** Who looks after a client; administrators assign, remove and hand over. */
class ClientAssignments extends Part {
    /** @type {ClientView | null} */
    #client = null;

    drawn() {
        this.parts.assign.addEventListener("click", () => press(this.parts.assign, () => this.#assign()));
    }

    /** @param {ClientView} client */
    set client(client) {
        this.#client = client;
        const { rows, none, assign, readOnly } = this.parts;
        rows.hidden = client.therapists.length === 0;
        none.hidden = client.therapists.length > 0;
        assign.hidden = !client.can_assign;
        readOnly.hidden = client.can_assign;
        keep(
            rows,
            client.therapists,
            ({ id }) => id,
            (one) => this.#row(one),
        );
    }

    /** @param {Therapist} therapist */
    #row(therapist) {
        const { nodes, parts } = draw("assignment-row");
        const { avatar, name, handOver, remove } = parts;
        fillAvatar(avatar, therapist);
        name.textContent = therapist.name;
        handOver.hidden = remove.hidden = !this.#client?.can_assign;
        remove.setAttribute("aria-label", common.remove(therapist.name));
        handOver.setAttribute("aria-label", words.handOverTitle(therapist.name));
        remove.addEventListener("click", () => press(remove, () => this.#remove(therapist)));
        handOver.addEventListener("click", () => press(handOver, () => this.#handOver(therapist)));
        return /** @type {HTMLElement} */ (nodes.firstElementChild);
    }

    /** Active members of the team who do not look after this client. */
    async #others() {
        const mine = new Set(this.#client?.therapists.map(({ id }) => id));
        return (await team()).filter((member) => member.active && !mine.has(member.id));
    }

    async #assign() {
        const client = this.#client;
        const others = await this.#others();
        if (!client) return;
        if (others.length === 0) {
            notify({ text: words.nobodyToAssign });
            return;
        }
        const { nodes, parts } = draw("assign-form");
        const { close } = sheet(this, { title: words.assignSomebody, text: words.assignText, body: nodes });
        parts.therapist.options = choices(others);
        onSubmit(parts.form, async ({ therapist }) => {
            await post("assign", { client: client.id, therapist });
            close();
            notify({ text: words.assigned(nameOf(others, therapist)) });
            this.say("qr-client-changed");
        });
    }

    /** @param {Therapist} therapist */
    async #remove({ id, name }) {
        const client = this.#client;
        if (!client) return;
        const text = words.unassignText(name, client.name);
        if (!(await ask({ title: words.unassignTitle(name), text, confirm: words.removeWord }))) return;
        await tryTo(() => post("unassign", { client: client.id, therapist: id }), words.unassigned(name));
        this.say("qr-client-changed");
    }

    /** @param {Therapist} from */
    async #handOver(from) {
        const client = this.#client;
        const others = await this.#others();
        if (!client) return;
        if (others.length === 0) {
            notify({ text: words.nobodyElse });
            return;
        }
        const { nodes, parts } = draw("hand-over-form");
        const { close } = sheet(this, { title: words.handOverTitle(from.name), text: words.handOverText, body: nodes });
        parts.successor.options = choices(others);
        onSubmit(parts.form, async ({ successor, history }) => {
            await post("hand_over", { therapist: from.id, successor, history, clients: [client.id] });
            close();
            notify({ text: words.handedOver(nameOf(others, successor)) });
            this.say("qr-client-changed");
        });
    }
}

/** @param {import("../lib/practice.js").StaffMember[]} members */
const choices = (members) => [
    { value: "", text: words.choose },
    ...members.map(({ id, name, role }) => ({ value: id, text: `${name} (${common.roles[role]})` })),
];

/** @param {Therapist[]} members @param {string} id */
const nameOf = (members, id) => members.find((member) => member.id === id)?.name ?? "";

customElements.define("qr-page-client-assignments", ClientAssignments);
