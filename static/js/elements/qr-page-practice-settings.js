import { post, read } from "../lib/api.js";
import { Part } from "../lib/dom.js";
import { field, fill, merge, onSubmit, values } from "../lib/forms.js";
import { ask, notify } from "../lib/notices.js";
import { refreshMe } from "../lib/practice.js";
import { peopleWords as words } from "../lib/words-people.js";

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

    /** @param {Record<string, any>} given */
    async #save(given) {
        const base = this.#base;
        const minutes = Number(given.idle_minutes);
        if (!Number.isInteger(minutes) || minutes < 1) return field(this.parts.form, "idle_minutes")?.complain(words.idleAbout);
        if (base?.messaging_enabled && !given.messaging_enabled) {
            const question = {
                title: words.messagingOffTitle,
                text: words.messagingOffText2,
                confirm: words.turnOff,
                danger: true,
            };
            if (!(await ask(question))) return;
        }
        const { version } = await post("save_organization", { ...given, idle_minutes: minutes, version: base?.version });
        this.#base = { ...base, ...given, version };
        notify({ text: words.practiceSaved });
        await refreshMe();
    }
}

customElements.define("qr-page-practice-settings", PracticeSettings);
