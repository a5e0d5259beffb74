import { post } from "../lib/api.js";
import { Part } from "../lib/dom.js";
import { showOutside } from "../lib/outside.js";
import { store } from "../lib/store.js";
import { words } from "../lib/words.js";

/** In front of a session that nobody touched for a while: it only counts, and the password alone opens it again. */
class Lock extends Part {
    drawn() {
        const { form, leave } = this.parts;
        form.addEventListener("submit", (/** @type {Event} */ event) => {
            event.preventDefault();
            this.#try();
        });
        leave.addEventListener("click", () => this.say("qr-sign-out"));
    }

    /** @param {AbortSignal} signal */
    joined(signal) {
        const { me } = store;
        const { text, username, practice, password } = this.parts;
        // After a reload nobody has told yet who this is.
        text.textContent = words.lockedText(me?.name ?? "");
        username.value = me?.username ?? "";
        practice.textContent = me?.organization.name ?? words.product;
        store.addEventListener("change", () => this.#count(), { signal });
        this.#count();
        password.focus();
    }

    #count() {
        const { dot, unread } = this.parts;
        dot.hidden = store.unread === 0;
        unread.textContent = words.lockedUnread(store.unread);
        showOutside(words.locked, store.me?.organization.name ?? words.product);
    }

    async #try() {
        const { password, error } = this.parts;
        try {
            await post("unlock", { password: password.value });
            this.say("qr-unlocked");
        } catch (refused) {
            const { status, retryAfter, message } = /** @type {import("../lib/api.js").Refused} */ (refused);
            error.textContent = status === 429 ? words.throttled(retryAfter) : status === 401 ? words.unlockRefused : message;
            error.hidden = false;
            password.setAttribute("aria-invalid", "true");
            password.select();
        }
    }
}

customElements.define("qr-lock", Lock);
