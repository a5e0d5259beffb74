import { post, read } from "../lib/api.js";
import { Part } from "../lib/dom.js";
import { field, fill, merge, onSubmit, values } from "../lib/forms.js";
import { ask, notify } from "../lib/notices.js";
import { refreshMe } from "../lib/practice.js";
import { peopleWords as words } from "../lib/words-people.js";

const MOST_YEARS = 100;

/** The settings of the practice, all on one form, with the first gate at the top. */
class PracticeSettings extends Part {
    /** @type {Record<string, any> | null} what stood here when one began to type */
    #base = null;

    drawn() {
        const { form } = this.parts;
        onSubmit(form, (given) => this.#save(given), { reload: () => this.#reload() });
        form.addEventListener("input", () => this.#preview());
    }

    async load() {
        const { form, skeleton, empty } = this.parts;
        // What is being typed stays when one comes back from the other tab.
        if (this.#base) return;
        skeleton.hidden = false;
        empty.hidden = true;
        try {
            this.#base = await read("organization");
            form.hidden = false;
            fill(form, this.#base ?? {});
            this.#preview();
        } catch {
            empty.hidden = false;
            empty.what = { icon: "alert", title: words.troubleLoading, text: words.troubleLoadingText };
        }
        skeleton.hidden = true;
    }

    async #reload() {
        const fresh = await read("organization");
        merge(this.parts.form, this.#base ?? {}, fresh);
        this.#base = fresh;
        this.#preview();
    }

    /** The mail as it lies in a mailbox, while one types. */
    #preview() {
        const { mail_name: name, emergency_text: emergency } = values(this.parts.form);
        const { sender, mailEmergency } = this.parts;
        sender.textContent = name;
        sender.parentElement.hidden = !name;
        mailEmergency.textContent = emergency;
        mailEmergency.parentElement.hidden = !emergency;
    }

    /** Asks where what was kept so far may be erased from now on. @param {boolean} deletion @param {number} years */
    #sureToErase(deletion, years) {
        const base = this.#base;
        const less = (!base?.deletion_allowed && deletion) || years < (base?.retention_years ?? 0);
        if (!less || !deletion) return true;
        return ask({ title: words.deletingTitle, text: words.deletingText, confirm: words.deletingConfirm, danger: true });
    }

    /** @param {Record<string, any>} given */
    async #save(given) {
        const base = this.#base;
        const minutes = Number(given.idle_minutes);
        if (!Number.isInteger(minutes) || minutes < 1) return field(this.parts.form, "idle_minutes")?.complain(words.idleAbout);
        const years = Number(given.retention_years);
        if (!Number.isInteger(years) || years < 0 || years > MOST_YEARS) {
            return field(this.parts.form, "retention_years")?.complain(words.retentionWrong);
        }
        if (!(await this.#sureToErase(given.deletion_allowed, years))) return;
        if (base?.messaging_enabled && !given.messaging_enabled) {
            const question = {
                title: words.messagingOffTitle,
                text: words.messagingOffText2,
                confirm: words.turnOff,
                danger: true,
            };
            if (!(await ask(question))) return;
        }
        const whole = { ...given, idle_minutes: minutes, retention_years: years };
        const { version } = await post("save_organization", { ...whole, version: base?.version });
        this.#base = { ...base, ...whole, version };
        notify({ text: words.practiceSaved });
        await refreshMe();
    }
}

customElements.define("qr-page-practice-settings", PracticeSettings);
