import { post, Refused } from "../lib/api.js";
import { Part } from "../lib/dom.js";
import { enableMessaging } from "../lib/mailbox.js";
import { notify } from "../lib/notices.js";
import { isStaff } from "../lib/people.js";
import { store } from "../lib/store.js";
import { talkWords } from "../lib/words-talk.js";

let count = 0;

/** Which gate is shut, why, and the button for who may open it. Says "qr-enabled" when it is open. */
class Gate extends Part {
    /** @type {{closed: import("../lib/types.js").Closed, client: string | null, name: string} | null} */
    #gate = null;
    #busy = false;

    drawn() {
        const { enable, join, email, label, error } = this.parts;
        email.id = `gate-email-${++count}`;
        label.htmlFor = email.id;
        error.id = `${email.id}-error`;
        email.setAttribute("aria-describedby", error.id);
        enable.addEventListener("click", () => this.#once(() => this.#enable()));
        // Not a form: a gate may stand inside one.
        email.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            this.#once(() => this.#enable());
        });
        join.addEventListener("click", () => this.#once(() => this.#join()));
    }

    /** @param {{closed: import("../lib/types.js").Closed, client: string | null, name: string} | null} gate */
    set gate(gate) {
        const same = gate && this.#gate && gate.client === this.#gate.client && gate.closed.gate === this.#gate.closed.gate;
        this.#gate = gate;
        this.hidden = !gate;
        if (!gate) return;
        const { reason, enable, form, join, practice, ask } = this.parts;
        const runs = store.me?.role === "administrator";
        const shut = gate.closed.gate;
        // Drawn anew at each change elsewhere: what is being typed here stays.
        if (!same) ask.hidden = true;
        if (!same || ask.hidden) reason.textContent = gate.closed.message;
        enable.hidden = form.hidden = !(shut === "client" && gate.client && (gate.closed.can_open ?? isStaff()));
        join.hidden = !(shut === "portal" && runs);
        practice.hidden = !(shut === "organization" && runs);
    }

    /** @param {() => Promise<unknown>} run */
    async #once(run) {
        if (this.#busy) return;
        this.#busy = true;
        try {
            await run();
        } catch (error) {
            if (!(error instanceof Refused)) throw error;
            if (error.field === "email") this.#askEmail(error.message);
            else this.parts.reason.textContent = error.message;
        } finally {
            this.#busy = false;
        }
    }

    async #enable() {
        const { email, ask } = this.parts;
        const { client, name } = this.#gate ?? {};
        if (!client || !name) return;
        await enableMessaging(client, name, ask.hidden ? undefined : email.value.trim());
        ask.hidden = true;
        email.value = "";
        this.say("qr-enabled", client);
    }

    async #join() {
        const { me } = store;
        if (!me) return;
        await post("add_to_portal", { person: me.id });
        store.me = { ...me, in_portal: true };
        store.tell();
        notify({ text: talkWords.joinedPortal });
        this.say("qr-enabled", null);
    }

    /** The invitation needs somewhere to go. @param {string} sentence */
    #askEmail(sentence) {
        const { ask, email, error, reason } = this.parts;
        const asked = !ask.hidden;
        ask.hidden = false;
        if (!asked) reason.textContent = sentence;
        error.hidden = !asked;
        error.textContent = asked ? sentence : "";
        email.setAttribute("aria-invalid", String(asked));
        email.focus();
    }
}

customElements.define("qr-gate", Gate);
