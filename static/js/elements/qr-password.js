import { post, Refused } from "../lib/api.js";
import { Part } from "../lib/dom.js";
import { field, fill, onSubmit } from "../lib/forms.js";
import { notify } from "../lib/notices.js";
import { store } from "../lib/store.js";
import { SHORTEST } from "../lib/strength.js";
import { peopleWords as words } from "../lib/words-people.js";

/** Changes one's password. Says "qr-password-changed": other sessions have ended by then. */
class Password extends Part {
    drawn() {
        onSubmit(this.parts.form, (given) => this.#send(given));
    }

    joined() {
        // For password managers: they save what belongs to a name.
        this.parts.username.value = store.me?.username ?? "";
    }

    /** @param {Record<string, any>} given */
    async #send(given) {
        const { form } = this.parts;
        const next = field(form, "new");
        const left = SHORTEST - [...given.new].length;
        if (left > 0) {
            next?.complain(words.strengthLeft(left));
            return next?.write();
        }
        try {
            await post("change_password", given);
        } catch (error) {
            // The server speaks of "the password"; here there are two.
            if (error instanceof Refused && error.field === "password") error.field = "new";
            else if (error instanceof Refused && error.code === "refused") error.field = "old";
            throw error;
        }
        fill(form, { old: "", new: "" });
        notify({ text: words.passwordChanged });
        this.say("qr-password-changed");
    }
}

customElements.define("qr-password", Password);
