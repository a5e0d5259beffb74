import { post } from "../lib/api.js";
import { Part } from "../lib/dom.js";
import { onSubmit } from "../lib/forms.js";
import { words as common } from "../lib/words.js";
import { peopleWords as words } from "../lib/words-people.js";

/** Has a link sent to whoever forgot the password, or came with a link that is too old. The answer is always the same. */
class Forgot extends Part {
    drawn() {
        const { form, again, title, text, submit } = this.parts;
        title.textContent = words.forgotTitle;
        text.textContent = words.forgotText;
        if (location.hash === "#invitation") {
            title.textContent = submit.textContent = common.newInvitation;
            text.textContent = words.invitationMissing;
        }
        onSubmit(form, async ({ name }) => {
            await post("request_password_reset", { name });
            this.#sent(true);
        });
        again.addEventListener("click", () => this.#sent(false));
    }

    joined() {
        document.title = common.title(0, this.parts.title.textContent, common.product);
        this.parts.name.write();
    }

    /** The link that led here is of no use any more. @param {string} reason */
    set expired(reason) {
        const { title, text, submit } = this.parts;
        title.textContent = words.expiredTitle;
        text.textContent = reason;
        submit.textContent = words.sendMeNew;
    }

    /** @param {boolean} sent */
    #sent(sent) {
        const { form, done, doneTitle, name } = this.parts;
        form.hidden = sent;
        done.hidden = !sent;
        if (sent) doneTitle.focus();
        else name.write();
    }
}

customElements.define("qr-forgot", Forgot);
