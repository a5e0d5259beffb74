import { post } from "../lib/api.js";
import { Part } from "../lib/dom.js";
import { onSubmit } from "../lib/forms.js";
import { notify } from "../lib/notices.js";
import { isStaff } from "../lib/people.js";
import { refreshMe } from "../lib/practice.js";
import { press } from "../lib/press.js";
import { PushTrouble, pushState, turnPushOff, turnPushOn } from "../lib/push.js";
import { store } from "../lib/store.js";
import { words as common } from "../lib/words.js";
import { alertWords as words } from "../lib/words-alerts.js";

/** How one is told of messages: by which emails, and by notifications on this device. */
class Alerts extends Part {
    drawn() {
        const { form, on, off, about } = this.parts;
        onSubmit(form, (given) => this.#save(given.email));
        on.addEventListener("click", () => press(on, () => this.#turn(turnPushOn)));
        off.addEventListener("click", () => press(off, () => this.#turn(turnPushOff)));
        about.textContent = isStaff() ? words.alertMailsStaffText : words.alertMailsClientText;
    }

    load() {
        const { choice } = this.parts;
        const staff = [
            { value: "usual", text: words.staffUsual },
            { value: "each", text: words.staffEach },
            { value: "none", text: words.staffNone },
        ];
        const client = [
            { value: "usual", text: words.clientUsual },
            { value: "none", text: words.clientNone },
        ];
        choice.options = isStaff() ? staff : client;
        choice.value = isStaff() || store.me?.alerts === "none" ? store.me?.alerts : "usual";
        this.#showPush();
    }

    /** @param {string} email */
    async #save(email) {
        await post("save_alerts", { email });
        await refreshMe();
        notify({ text: words.alertsSaved });
    }

    async #showPush() {
        const { push, state, on, off } = this.parts;
        const now = await pushState().catch(() => "none");
        push.hidden = now === "none";
        state.textContent = {
            ios: words.pushIos,
            unsupported: words.pushUnsupported,
            blocked: words.pushBlocked,
            on: words.pushIsOn,
            off: words.pushIsOff,
        }[now];
        // Whoever pressed the one button stands at the other.
        const pressed = this.contains(document.activeElement) && [on, off].includes(document.activeElement);
        on.hidden = now !== "off";
        off.hidden = now !== "on";
        if (pressed) (now === "on" ? off : on).focus();
    }

    /** @param {() => Promise<void>} how */
    async #turn(how) {
        const { trouble } = this.parts;
        trouble.hidden = true;
        try {
            await how();
        } catch (error) {
            trouble.textContent = error instanceof PushTrouble ? words[error.word] : common.troubleOurs;
            trouble.hidden = false;
        }
        await this.#showPush();
    }
}

customElements.define("qr-alerts", Alerts);
