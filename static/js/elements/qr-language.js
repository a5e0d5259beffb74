import { post } from "../lib/api.js";
import { Part } from "../lib/dom.js";
import { onSubmit } from "../lib/forms.js";
import { language } from "../lib/language.js";
import { notify } from "../lib/notices.js";
import { refreshMe, speakIn } from "../lib/session.js";
import { ownLanguages } from "../lib/tongues.js";
import { peopleWords as words } from "../lib/words-people.js";

/** The language of one's pages, mails and texts. */
class Language extends Part {
    drawn() {
        const { form, choice } = this.parts;
        choice.options = ownLanguages().map(([value, text]) => ({ value, text }));
        choice.value = language;
        onSubmit(form, (given) => this.#save(given.language));
    }

    /** @param {string} chosen */
    async #save(chosen) {
        await post("save_language", { language: chosen });
        if (chosen !== language) await speakIn(chosen);
        await refreshMe();
        notify({ text: words.languageSaved });
    }
}

customElements.define("qr-language", Language);
