import { post, Refused } from "../lib/api.js";
import { draw, make, Part } from "../lib/dom.js";
import { onSubmit } from "../lib/forms.js";
import { notify } from "../lib/notices.js";
import { press } from "../lib/press.js";
import { sheet } from "../lib/sheets.js";
import { store } from "../lib/store.js";
import { words as common } from "../lib/words.js";
import { peopleWords as words } from "../lib/words-people.js";

/**
 * The second factor: a secret for the app, a first code, recovery codes shown this once. With the attribute `required` it
 * begins by itself and says "qr-factor-done" when it is in force.
 */
class SecondFactor extends Part {
    #picture = "";

    drawn() {
        const { start, form, stop, copy, print, done } = this.parts;
        start.addEventListener("click", () => press(start, () => this.#start()));
        stop.addEventListener("click", () => this.#stop());
        onSubmit(form, ({ code }) => this.#confirm(code));
        copy.addEventListener("click", () => this.#copy());
        print.addEventListener("click", () => window.print());
        done.addEventListener("click", () => this.#done());
    }

    left() {
        URL.revokeObjectURL(this.#picture);
    }

    /** Whether it is on is known from what the session says of it. */
    load() {
        if (!this.parts.setUp.hidden || !this.parts.recovery.hidden) return;
        if (this.hasAttribute("required")) this.#start();
        else this.#state(Boolean(store.me?.second_factor));
    }

    /** @param {boolean} on */
    #state(on) {
        const { intro, start, stop, state, setUp, recovery } = this.parts;
        intro.hidden = false;
        setUp.hidden = true;
        recovery.hidden = true;
        start.hidden = on;
        stop.hidden = !on;
        state.textContent = on ? words.secondFactorOn : words.secondFactorText;
    }

    async #start() {
        const { intro, setUp, picture, secret, code } = this.parts;
        try {
            const given = await post("start_totp");
            this.#picture = URL.createObjectURL(new Blob([standalone(given.picture)], { type: "image/svg+xml" }));
            picture.src = this.#picture;
            picture.alt = words.totpPicture;
            secret.textContent = given.secret.replace(/(.{4})(?=.)/gu, "$1 ");
            intro.hidden = true;
            setUp.hidden = false;
            code.write();
        } catch (error) {
            if (!(error instanceof Refused)) throw error;
            // It is in force already, set up in another tab.
            this.#state(error.code === "refused");
            if (error.code !== "refused") notify({ text: error.message, trouble: true });
        }
    }

    /** @param {string} code */
    async #confirm(code) {
        const { recovery } = await post("confirm_totp", { code: code.replace(/\s/gu, "") });
        const { setUp, recovery: panel, codes, owner } = this.parts;
        if (store.me) store.me = { ...store.me, second_factor: true };
        codes.replaceChildren(...recovery.map((/** @type {string} */ one) => make("li", "", one)));
        for (const code of codes.children) code.dir = "ltr";
        owner.textContent = `${words.recoveryOf} ${store.me?.username ?? ""}, ${store.me?.organization.name ?? common.product}`;
        setUp.hidden = true;
        panel.hidden = false;
        this.parts.recoveryTitle.focus({ preventScroll: true });
        panel.scrollIntoView({ block: "nearest" });
    }

    async #copy() {
        const text = [...this.parts.codes.children].map((item) => item.textContent).join("\n");
        try {
            await navigator.clipboard.writeText(text);
            notify({ text: words.copied });
        } catch {
            notify({ text: words.copyFailed, trouble: true });
        }
    }

    #done() {
        this.parts.codes.replaceChildren();
        this.#state(true);
        this.say("qr-factor-done");
        this.parts.stop.focus();
    }

    #stop() {
        const { nodes, parts } = draw("factor-stop");
        const what = { title: words.secondFactorStopTitle, text: words.secondFactorStopText, body: nodes };
        const { close } = sheet(this, what);
        onSubmit(parts.form, async ({ code }) => {
            await post("stop_totp", { code });
            close();
            if (store.me) store.me = { ...store.me, second_factor: false };
            this.#state(false);
            notify({ text: words.secondFactorStopped });
        });
    }
}

/** A picture of its own, not a part of a page: it must say what language it is in. @param {string} svg */
const standalone = (svg) => (svg.includes("xmlns=") ? svg : svg.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"'));

customElements.define("qr-second-factor", SecondFactor);
