import { Part } from "../lib/dom.js";
import { enableMessaging } from "../lib/mailbox.js";
import { isStaff } from "../lib/people.js";

/** Why one cannot write here, and the button for who may change that. Says "qr-enabled" when it is done. */
class Gate extends Part {
    /** @type {{closed: import("../lib/types.js").Closed, client: string | null, name: string} | null} */
    #gate = null;

    drawn() {
        this.parts.enable.addEventListener("click", () => this.#enable());
    }

    /** @param {{closed: import("../lib/types.js").Closed, client: string | null, name: string} | null} gate */
    set gate(gate) {
        this.#gate = gate;
        this.hidden = !gate;
        if (!gate) return;
        const { reason, enable } = this.parts;
        reason.textContent = gate.closed.message;
        enable.hidden = !(gate.closed.gate === "client" && gate.client && (gate.closed.can_open ?? isStaff()));
    }

    async #enable() {
        const { enable, reason } = this.parts;
        const { client, name } = this.#gate ?? {};
        if (!client || !name) return;
        enable.disabled = true;
        try {
            await enableMessaging(client, name);
            this.say("qr-enabled", client);
        } catch (error) {
            reason.textContent = /** @type {Error} */ (error).message;
        } finally {
            enable.disabled = false;
        }
    }
}

customElements.define("qr-gate", Gate);
