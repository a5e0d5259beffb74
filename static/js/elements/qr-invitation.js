import { post, Refused } from "../lib/api.js";
import { Part } from "../lib/dom.js";
import { fields, onSubmit } from "../lib/forms.js";
import { SHORTEST } from "../lib/strength.js";
import { forgetToken, takeToken } from "../lib/tokens.js";
import { words as common } from "../lib/words.js";
import { peopleWords as words } from "../lib/words-people.js";

/** Behind a link that came by mail: choose a username and a password, or a new password, then one is in. */
class Invitation extends Part {
    #token = "";
    /** @type {{purpose: "invitation" | "password_reset", username: string | null, name: string} | null} */
    #link = null;

    drawn() {
        onSubmit(this.parts.form, (given) => this.#send(given));
    }

    joined() {
        document.title = common.title(0, words.welcome, common.product);
        this.#token = takeToken();
        this.#look();
    }

    async #look() {
        if (!this.#token) return this.#expired(words.noToken);
        try {
            this.#link = await post("look_at_link", { token: this.#token });
            this.#show();
        } catch (error) {
            this.#refused(error);
        }
    }

    #show() {
        const link = this.#link;
        if (!link) return;
        const { looking, form, title, text, username, password, submit } = this.parts;
        const chooses = link.purpose === "invitation" && !link.username;
        title.textContent = chooses ? words.welcomeName(link.name) : words.resetTitle(link.name);
        text.textContent = chooses ? words.invitationText : words.resetText;
        username.caption = chooses ? words.chooseUsername : words.usernameIs;
        // Shown also when it is not to be chosen: password managers save what belongs to a name.
        username.control.readOnly = !chooses;
        username.value = link.username ?? "";
        password.caption = chooses ? words.choosePassword : words.newPassword;
        submit.textContent = chooses ? words.begin : words.savePassword;
        looking.hidden = true;
        form.hidden = false;
        (chooses ? username : password).write();
    }

    /** @param {Record<string, any>} given */
    async #send({ username, password }) {
        const field = fields(this.parts.form).find((one) => one.name === "password");
        const left = SHORTEST - [...password].length;
        if (left > 0) {
            field?.complain(words.strengthLeft(left));
            return field?.write();
        }
        try {
            if (this.#link?.purpose === "invitation") await post("accept_invitation", { token: this.#token, username, password });
            else await post("reset_password", { token: this.#token, password });
        } catch (error) {
            if (error instanceof Refused && error.gate === "link") return this.#expired(words.expiredText);
            throw error;
        }
        forgetToken();
        await this.#enter(username, password);
    }

    /** @param {string} username @param {string} password */
    async #enter(username, password) {
        const answer = await post("sign_in", { username, password }).catch(() => null);
        // A new document: whoever was signed in here before leaves nothing in it.
        if (!answer) location.replace("/sign-in");
        else location.replace(answer.second_factor ? "/sign-in#code" : "/inbox");
    }

    /** @param {unknown} error */
    #refused(error) {
        if (!(error instanceof Refused)) throw error;
        if (error.gate === "link") return this.#expired(words.expiredText);
        this.parts.looking.textContent = `${words.linkUnread} ${error.message}`;
    }

    /** @param {string} reason */
    #expired(reason) {
        forgetToken();
        const door = document.createElement("qr-forgot");
        door.dataset.root = "";
        Object.assign(door, { expired: reason });
        this.replaceWith(door);
    }
}

customElements.define("qr-invitation", Invitation);
