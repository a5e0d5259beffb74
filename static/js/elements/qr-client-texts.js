import { read } from "../lib/api.js";
import { since } from "../lib/dates.js";
import { Part } from "../lib/dom.js";
import { alertWords as words } from "../lib/words-alerts.js";

/** @typedef {import("../lib/practice.js").ClientView} ClientView */

/** Beside the client's name: that texts or emails do not reach them, and what to do. Empty as long as all is well. */
class ClientTexts extends Part {
    #id = "";

    /** @param {ClientView} client */
    set client(client) {
        const { texts, textsTitle, textsAdvice, mails, mailsTitle, mailsWhy } = this.parts;
        this.#id = client.id;
        texts.hidden = !client.texts_off_at;
        // That they are off stands beside the name.
        textsTitle.textContent = words.textsOnAgain;
        textsAdvice.textContent = words.textsOffAdvice;
        mails.hidden = !client.mail_failed_at;
        mailsTitle.textContent = client.mail_failed_at ? `${words.mailFailsSince(since(client.mail_failed_at))}.` : "";
        mailsWhy.textContent = client.mail_failure ?? "";
        if (client.text_ok && !client.texts_off_at) this.#askCarrier(client.id);
    }

    /** A carrier's refusal is known only from the steps of the consent. @param {string} id */
    async #askCarrier(id) {
        const { texts, textsTitle, textsAdvice } = this.parts;
        const found = await read(`clients/${id}/texts`).catch(() => null);
        if (id !== this.#id || !found?.blocked) return;
        texts.hidden = false;
        textsTitle.textContent = found.blocked;
        textsAdvice.textContent = words.textsOffAdvice;
    }
}

customElements.define("qr-client-texts", ClientTexts);
