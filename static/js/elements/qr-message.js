import { fillTime, time, timeOrDay } from "../lib/dates.js";
import { icon, make, Part } from "../lib/dom.js";
import { aboutFile } from "../lib/files.js";
import { list } from "../lib/language.js";
import { linked } from "../lib/links.js";
import { firstName, isStaff } from "../lib/people.js";
import { store } from "../lib/store.js";
import { words } from "../lib/words.js";
import { alertWords } from "../lib/words-alerts.js";
import { talkWords } from "../lib/words-talk.js";

/** @typedef {import("../lib/types.js").Message} Message */
/** @typedef {import("../lib/types.js").ReadMark} ReadMark */

/** Everybody who has this message, as one word to compare. @param {Message} message */
const audience = ({ author_name, to = [], cc = [] }) => [author_name, ...to, ...cc].sort().join();

/** One message: the bubble, its files, and the line that says who, when, to whom, and what became of it. */
class MessageItem extends Part {
    #seen = "";

    drawn() {
        this.classList.add("message");
    }

    /**
     * @param {Message} message
     * @param {{row: import("../lib/types.js").Row | null, reads?: Map<string, ReadMark>, before?: Message, alerts?: import("../lib/alerts.js").AlertLine[], watch?: import("../lib/types.js").Watch}} around
     */
    show(message, { row, reads, before, alerts = [], watch }) {
        const own = message.author === store.me?.id;
        // Nobody wrote it: it says what has changed, like who reads from today on.
        const note = message.author === null;
        const receipts = own && isStaff() ? this.#receipts(message, row, reads) : [];
        const about = note ? [] : this.#about(message, before);
        // Text never changes; what stands below it does. Drawing again would take a selection away.
        const seen = JSON.stringify([message.seq, receipts, about, message.in_contact_log, alerts, watch]);
        if (seen === this.#seen) return;
        this.#seen = seen;
        this.classList.toggle("own", own);
        this.classList.toggle("note", note);
        this.parts.who.textContent = own || note ? "" : talkWords.says(message.author_name);
        // The log announces what others write, not what one has just written oneself.
        this.ariaLive = own ? "off" : null;
        this.#fill(message.body, message.attachments ?? []);
        const at = /** @type {HTMLTimeElement} */ (make("time"));
        fillTime(at, message.sent_at, time(message.sent_at));
        const extra = [...about, ...receipts];
        if (message.automatic && !note) extra.push(talkWords.automatic);
        if (message.in_contact_log) extra.push(talkWords.inContactLog);
        const name = own || note ? [] : [make("b", "", firstName(message.author_name))];
        this.parts.meta.replaceChildren(...name, at);
        for (const text of extra) this.#more(text);
        for (const { text, failed } of alerts) this.#more(text, failed);
        if (watch) this.#watched(watch);
    }

    /** @param {import("../lib/types.js").Watch} watch */
    #watched({ seq, days, told_at }) {
        const text = told_at ? alertWords.notReadAfter(days) : alertWords.toldAfter(days);
        const stop = this.#button(told_at ? alertWords.watchDismiss : alertWords.watchCancel, () => this.say("qr-unwatch", seq));
        this.#more(text, Boolean(told_at));
        this.parts.meta.append(stop);
    }

    /** One more thing in the line below; the blank is for who copies it. @param {string} text @param {boolean} [trouble] */
    #more(text, trouble = false) {
        this.parts.meta.append(" ", make("span", trouble ? "extra trouble" : "extra", text));
    }

    /** A message of one's own on its way, or refused. @param {import("../lib/types.js").Send} send @param {boolean} waiting */
    showSend(send, waiting) {
        const seen = JSON.stringify([send.key, send.refused, waiting]);
        if (seen === this.#seen) return;
        this.#seen = seen;
        this.classList.add("own");
        this.classList.toggle("failed", Boolean(send.refused));
        this.ariaLive = send.refused ? "polite" : "off";
        this.parts.meta.ariaLive = this.ariaLive;
        // Once it is sent, a file has another address: no picture yet.
        this.#fill(
            send.body,
            (send.files ?? []).map((file) => ({ ...file, picture: false })),
        );
        if (!send.refused) {
            this.parts.meta.replaceChildren(icon("clock"), make("span", "", waiting ? words.waiting : talkWords.sending));
            return;
        }
        const again = this.#button(talkWords.tryAgain, () => this.say("qr-retry", send.key));
        const away = this.#button(words.discard, () => this.say("qr-discard", send.key));
        this.parts.meta.replaceChildren(make("span", "", talkWords.notSent(send.refused)), again, away);
    }

    /** @param {string} text @param {() => void} act */
    #button(text, act) {
        const button = /** @type {HTMLButtonElement} */ (make("button", "again", text));
        button.type = "button";
        button.addEventListener("click", act);
        return button;
    }

    /** @param {string} body @param {import("../lib/types.js").Attachment[]} attachments */
    #fill(body, attachments) {
        const { body: text, files } = this.parts;
        if (text.textContent !== body) text.replaceChildren(...linked(body));
        text.hidden = body === "";
        files.hidden = attachments.length === 0;
        // Drawn anew, pictures would be asked for anew.
        const ids = attachments.map(({ id }) => id).join();
        if (files.dataset.ids === ids) return;
        files.dataset.ids = ids;
        files.replaceChildren(...attachments.map((file) => this.#file(file)));
    }

    /** @param {import("../lib/types.js").Attachment} file */
    #file(file) {
        const link = /** @type {HTMLAnchorElement} */ (make("a", "file"));
        link.href = `/api/attachments/${file.id}`;
        link.download = file.name;
        link.setAttribute("aria-label", words.download(file.name));
        const text = make("span");
        text.append(make("bdi", "", file.name), make("small", "", aboutFile(file)));
        if (file.picture) link.append(thumbnail(file));
        link.classList.toggle("picture", file.picture);
        link.append(icon("file"), text);
        return link;
    }

    /** "to you, Cc Hal": only where it is not what one expects. @param {Message} message @param {Message} [before] */
    #about(message, before) {
        const { to = [], cc = [] } = message;
        const expected = before ? audience(before) === audience(message) : to.length + cc.length < 2;
        if (expected || to.length === 0) return [];
        const names = to.map((name) => (name === store.me?.name ? talkWords.toYou : firstName(name)));
        return [talkWords.sentTo(list(names)) + (cc.length > 0 ? `, ${words.cc(list(cc.map(firstName)))}` : "")];
    }

    /** @param {Message} message @param {import("../lib/types.js").Row | null} row @param {Map<string, ReadMark>} [reads] */
    #receipts(message, row, reads) {
        const marks = [...(reads?.values() ?? [])].filter((mark) => mark.after < message.seq && message.seq <= mark.through);
        const alone = row?.people.length === 1;
        return marks.map((mark) => {
            const when = timeOrDay(mark.at, message.sent_at);
            const reader = row?.people.find((person) => person.id === mark.person);
            return alone || !reader ? words.read(when) : talkWords.readBy(firstName(reader.name), when);
        });
    }
}

/** @param {import("../lib/types.js").Attachment} file */
function thumbnail({ id }) {
    const image = /** @type {HTMLImageElement} */ (make("img"));
    image.src = `/api/attachments/${id}/small`;
    image.alt = "";
    image.loading = "lazy";
    return image;
}

customElements.define("qr-message", MessageItem);
