import { post, read } from "../lib/api.js";
import { Part } from "../lib/dom.js";
import { field, onSubmit } from "../lib/forms.js";
import { ownZone } from "../lib/places.js";
import { SHORTEST } from "../lib/strength.js";
import { forgetToken, takeToken } from "../lib/tokens.js";
import { words as common } from "../lib/words.js";
import { peopleWords as words } from "../lib/words-people.js";

/** The first administrator sets the practice up; the last question is whether to turn secure messaging on. */
class Setup extends Part {
    #token = "";

    drawn() {
        onSubmit(this.parts.form, (given) => this.#send(given));
    }

    joined() {
        document.title = common.title(0, words.setupTitle, common.product);
        this.#token = takeToken();
        this.parts.zone.value = ownZone();
        this.#look();
    }

    async #look() {
        const { form, closed, closedTitle, closedText, toSignIn } = this.parts;
        const { needed } = await read("setup").catch(() => ({ needed: true }));
        const ready = needed && this.#token !== "";
        form.hidden = !ready;
        closed.hidden = ready;
        closedTitle.textContent = needed ? words.setupTitle : words.setupDoneTitle;
        closedText.textContent = needed ? words.setupNoToken : words.setupDoneText;
        toSignIn.hidden = needed;
        if (ready) field(form, "organization")?.write();
    }

    /** @param {Record<string, any>} given */
    async #send(given) {
        const password = field(this.parts.form, "password");
        const left = SHORTEST - [...given.password].length;
        if (left > 0) {
            password?.complain(words.strengthLeft(left));
            return password?.write();
        }
        await post("set_up", { ...given, email: given.email || null, token: this.#token });
        forgetToken();
        location.replace("/inbox");
    }
}

customElements.define("qr-setup", Setup);
