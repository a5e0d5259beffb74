import { post, Refused } from "../lib/api.js";
import { fillTime, shortly } from "../lib/dates.js";
import { draw, icon, keepSteady, make, Part } from "../lib/dom.js";
import { onSubmit } from "../lib/forms.js";
import { ask, notify } from "../lib/notices.js";
import { conversationsWith, tryTo } from "../lib/practice.js";
import { press } from "../lib/press.js";
import { sheet } from "../lib/sheets.js";
import { store } from "../lib/store.js";
import { words as common } from "../lib/words.js";
import { peopleWords as words } from "../lib/words-people.js";

/** @typedef {import("../lib/practice.js").ClientView} ClientView */

/** The Messaging tab: the client's gate, the invitation, and what was written. */
class ClientMessaging extends Part {
    /** @type {ClientView | null} */
    #client = null;

    drawn() {
        const { enable, disable, invite, gate } = this.parts;
        enable.addEventListener("click", () => press(enable, () => this.#enable()));
        disable.addEventListener("click", () => press(disable, () => this.#disable()));
        invite.addEventListener("click", () => press(invite, () => this.#invite()));
        gate.addEventListener("qr-enabled", () => this.say("qr-client-changed"));
    }

    /** @param {ClientView} client */
    set client(client) {
        const other = client.id !== this.#client?.id;
        this.#client = client;
        this.#showGates(client);
        this.#showInvitation(client);
        if (other) this.parts.talks.replaceChildren();
        this.#showTalks(client);
    }

    /** The client's own gate is this tab's; the two before it are named where they are shut. @param {ClientView} client */
    #showGates({ name, messaging_enabled: on, active }) {
        const { title, text, state, enable, disable, gate } = this.parts;
        title.textContent = on ? words.messagingIsOn : words.messagingIsOff;
        text.textContent = active ? (on ? words.messagingOnText(name) : words.messagingOffText(name)) : words.inactiveLine;
        state.replaceChildren(icon(on && active ? "check" : "lock"));
        state.classList.toggle("off", !on || !active);
        enable.hidden = on;
        disable.hidden = !on;
        const me = store.me;
        const closed = me && !me.organization.messaging ? "organization" : me && !me.in_portal ? "portal" : "";
        gate.gate = closed ? { closed: { gate: closed, message: words.gates[closed] }, client: null, name } : null;
    }

    /** @param {ClientView} client */
    #showInvitation({ messaging_enabled: on, invited, email }) {
        const { invitation, invite } = this.parts;
        invitation.textContent = invited ? (on ? words.invitedLine(email ?? "") : words.notInvitedLine) : words.acceptedLine;
        invite.hidden = !on || !invited;
    }

    /** @param {ClientView} client */
    async #showTalks(client) {
        const { talks, none, all } = this.parts;
        const rows = await conversationsWith(client).catch(() => []);
        if (client.id !== this.#client?.id) return;
        none.hidden = rows.length > 0;
        all.hidden = rows.length === 0;
        keepSteady(talks, rows.slice(0, 8), (row) => row.id, makeTalk, fillTalk);
    }

    async #enable() {
        const client = this.#client;
        if (!client) return;
        try {
            await post("enable_messaging", { client: client.id });
            this.#enabled(client);
        } catch (error) {
            if (error instanceof Refused && error.field === "email") this.#askEmail(client);
            else if (error instanceof Refused) notify({ text: error.message, trouble: true });
            else throw error;
        }
    }

    /** @param {ClientView} client */
    #askEmail(client) {
        const { nodes, parts } = draw("enable-email");
        const { close } = sheet(this, { title: words.enableTitle, text: words.enableText(client.name), body: nodes });
        onSubmit(parts.form, async ({ email }) => {
            await post("enable_messaging", { client: client.id, email });
            close();
            this.#enabled(client);
        });
    }

    /** @param {ClientView} client */
    #enabled(client) {
        notify({ text: common.enabled(client.name) });
        this.say("qr-client-changed");
    }

    async #disable() {
        const client = this.#client;
        if (!client) return;
        const question = { title: words.disableTitle(client.name), text: words.disableText, confirm: words.disable };
        if (!(await ask(question))) return;
        await tryTo(() => post("disable_messaging", { client: client.id }), words.disabled(client.name));
        this.say("qr-client-changed");
    }

    async #invite() {
        const client = this.#client;
        if (client) await tryTo(() => post("invite_client", { client: client.id }), words.invitationSent(client.name));
    }
}

function makeTalk() {
    const item = make("li");
    const link = make("a", "talk-link");
    link.append(make("span", "subject"), make("span", "words"), make("time"));
    item.append(link);
    return item;
}

/** @param {HTMLElement} item @param {import("../lib/types.js").Row} row */
function fillTalk(item, row) {
    const link = /** @type {HTMLAnchorElement} */ (item.firstElementChild);
    const [subject, first, time] = /** @type {HTMLElement[]} */ ([...link.children]);
    link.href = `/${row.folders.includes("inbox") ? "inbox" : "sent"}/${row.id}`;
    if (subject) subject.textContent = row.subject ?? common.noSubject;
    if (first) first.textContent = row.first_words;
    fillTime(/** @type {HTMLTimeElement} */ (time), row.newest_at, shortly(row.newest_at));
}

customElements.define("qr-page-client-messaging", ClientMessaging);
