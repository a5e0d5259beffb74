import { post, Refused, read } from "../lib/api.js";
import { Part } from "../lib/dom.js";
import { words } from "../lib/words.js";

/** The door: username and password, then the code of a second factor where there is one. */
class SignIn extends Part {
    #second = false;
    #recovery = false;

    drawn() {
        this.parts.form.addEventListener("submit", (/** @type {Event} */ event) => {
            event.preventDefault();
            this.#try();
        });
        this.parts.recovery.addEventListener("click", () => this.#ask(!this.#recovery));
        this.returning = false;
        this.#step(false);
    }

    joined() {
        document.title = words.title(0, words.signIn, words.product);
        // Whoever chose a new password comes from there with the first step done.
        if (location.hash === "#code") this.#step(true);
        else this.parts.username.focus();
        this.#lookAround();
    }

    /** An installation that nobody has set up has nobody who could sign in. */
    async #lookAround() {
        const { needed } = await read("setup").catch(() => ({ needed: false }));
        if (needed) location.replace("/setup");
    }

    /** Whether somebody was signed in here a moment ago. @param {boolean} returning */
    set returning(returning) {
        const { title, text } = this.parts;
        title.textContent = returning ? words.signedOutTitle : words.signInTitle;
        text.textContent = words.signedOutText;
        text.hidden = !returning;
    }

    /** @param {boolean} second */
    #step(second) {
        const { first, second: code, submit, text, recovery, forgot } = this.parts;
        this.#second = second;
        first.hidden = forgot.hidden = second;
        code.hidden = recovery.hidden = !second;
        submit.textContent = words.signIn;
        if (!second) return;
        text.hidden = false;
        this.#ask(false);
    }

    /** A code of the app, or on the day the phone is lost one of those that were kept. @param {boolean} recovery */
    #ask(recovery) {
        const { code, codeLabel, text, recovery: button } = this.parts;
        this.#recovery = recovery;
        codeLabel.textContent = recovery ? words.recoveryCode : words.code;
        text.textContent = recovery ? words.recoveryText : words.codeText;
        button.textContent = recovery ? words.useApp : words.useRecovery;
        code.inputMode = recovery ? "text" : "numeric";
        code.value = "";
        this.#complain("code", "");
        code.focus();
    }

    async #try() {
        const { username, password, code, submit, trouble } = this.parts;
        const asked = this.#second
            ? [["code", words.codeMissing]]
            : [
                  ["username", words.usernameMissing],
                  ["password", words.passwordMissing],
              ];
        const missing = asked.filter(([field = "", sentence = ""]) =>
            this.#complain(field, this.parts[field].value.trim() ? "" : sentence),
        );
        if (missing[0]) return this.parts[missing[0][0] ?? ""].focus();
        trouble.hidden = true;
        submit.disabled = true;
        try {
            const answer = this.#second
                ? await post("confirm_sign_in", { code: code.value.replace(/\s/gu, "") })
                : await post("sign_in", { username: username.value.trim(), password: password.value });
            if (answer.second_factor) this.#step(true);
            else this.say("qr-signed-in");
        } catch (error) {
            this.#refused(/** @type {Refused} */ (error));
        } finally {
            submit.disabled = false;
        }
    }

    /** @param {Refused} refused */
    #refused({ status, message, retryAfter, field: about }) {
        const { trouble, password, code, text } = this.parts;
        if (status === 401 && this.#second) {
            // Between the two steps there are five minutes.
            this.#step(false);
            text.hidden = true;
            trouble.textContent = words.beginAgain;
        } else if (status === 401) trouble.textContent = words.signInRefused;
        else if (about === "code" && !this.#recovery) trouble.textContent = words.codeRefused;
        else trouble.textContent = status === 429 ? words.throttled(retryAfter) : message;
        trouble.hidden = false;
        const field = this.#second ? code : password;
        field.focus();
        field.select();
    }

    /** @param {string} field @param {string} sentence */
    #complain(field, sentence) {
        const error = this.parts[`${field}Error`];
        error.textContent = sentence;
        error.hidden = !sentence;
        this.parts[field].setAttribute("aria-invalid", String(Boolean(sentence)));
        return Boolean(sentence);
    }
}

customElements.define("qr-sign-in", SignIn);
