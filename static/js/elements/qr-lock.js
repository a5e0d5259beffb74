import { post } from "../lib/api.js";
import { Part } from "../lib/dom.js";
import { words } from "../lib/words.js";

/** In front of a session that nobody touched for a while: the password alone opens it again. */
class Lock extends Part {
    drawn() {
        const { form, leave } = this.parts;
        form.addEventListener("submit", (/** @type {Event} */ event) => {
            event.preventDefault();
            this.#try();
        });
        leave.addEventListener("click", () => this.say("qr-sign-out"));
    }

    joined() {
        document.title = words.title(0, words.locked, words.product);
        this.parts.password.focus();
    }

    /** @param {{name: string, username: string, practice: string}} person */
    set person({ name, username, practice }) {
        this.parts.text.textContent = words.lockedText(name);
        this.parts.username.value = username;
        this.parts.practice.textContent = practice;
    }

    async #try() {
        const { password, error } = this.parts;
        try {
            await post("unlock", { password: password.value });
            this.say("qr-signed-in");
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
