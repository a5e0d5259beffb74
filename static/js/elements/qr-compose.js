import { Refused, read } from "../lib/api.js";
import { name, Part } from "../lib/dom.js";
import { drafts } from "../lib/drafts.js";
import { intent } from "../lib/intent.js";
import { list } from "../lib/language.js";
import { findPeople } from "../lib/mailbox.js";
import { atOnce } from "../lib/need.js";
import { notify } from "../lib/notices.js";
import { outbox, placeOf } from "../lib/outbox.js";
import { firstName, isStaff } from "../lib/people.js";
import { router } from "../lib/router.js";
import { store } from "../lib/store.js";
import { count } from "../lib/text.js";
import { COMPOSING, uploads } from "../lib/uploads.js";
import { words } from "../lib/words.js";
import { composeWords } from "../lib/words-compose.js";
import { talkWords } from "../lib/words-talk.js";

/** @typedef {import("../lib/types.js").Person} Person */
/** @typedef {{to: Person[], everyone: boolean, subject: string | null, body: string}} Unfinished */

/** Where the draft of a message to all whom one may pick is kept. */
const EVERYONE = "to:*";

/** A new message: to whom, about what, the text. Says "qr-opened" with the conversation it became. */
class Compose extends Part {
    /** @type {string} the command on its way, by its key */
    #sending = "";
    /** @type {Unfinished | null} */
    #unfinished = null;
    /** All clients whom one may pick, instead of some. */
    #everyone = false;
    /** Where the text was kept last: it goes along when the recipients change. */
    #kept = "";

    drawn() {
        const { form, people, subject, body, gate, resume, send, files, clip, cc, all, notEveryone } = this.parts;
        form.addEventListener("submit", (/** @type {Event} */ event) => {
            event.preventDefault();
            this.#send();
        });
        form.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
            if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) this.#send();
        });
        people.addEventListener("qr-picked", () => this.#picked());
        subject.addEventListener("input", () => this.#typed());
        body.addEventListener("input", () => this.#typed());
        gate.addEventListener("qr-enabled", () => this.#enabled());
        send.addEventListener("qr-way", (/** @type {CustomEvent} */ event) => this.#send(event.detail.copy));
        form.addEventListener("qr-days", (/** @type {CustomEvent} */ event) => {
            this.#tell(event.detail);
            if (event.target !== send) body.focus();
        });
        clip.addEventListener("click", () => files.choose());
        files.addEventListener("qr-removed", () => clip.focus());
        files.place = COMPOSING;
        cc.thread = null;
        cc.addEventListener("qr-cc", () => this.#show());
        resume.addEventListener("click", () => this.#resume());
        people.several = isStaff();
        all.addEventListener("click", () => this.#all(true));
        notEveryone.addEventListener("click", () => this.#all(false));
    }

    /** @param {AbortSignal} signal */
    joined(signal) {
        drafts.addEventListener("change", () => this.#show(), { signal });
        uploads.addEventListener("change", () => this.#show(), { signal });
        store.addEventListener("change", () => this.#show(), { signal });
        outbox.addEventListener("sent", (event) => this.#sent(/** @type {CustomEvent} */ (event).detail), { signal });
        outbox.addEventListener("refused", (event) => this.#refused(/** @type {CustomEvent} */ (event).detail), { signal });
        this.parts.subject.maxLength = store.me?.limits.subject ?? 200;
        this.#look();
        name(this.parts.clip, composeWords.attachHint(uploads.limits.files, uploads.limits.megabytes));
        document.addEventListener("qr-lock", () => this.#keep(), { signal });
        this.#begin(intent.take());
    }

    /** Goes on with what another page, or the time before the idle lock, left. @param {import("../lib/intent.js").Intent} left */
    #begin({ to, everyone, cc, subject, body }) {
        const { parts } = this;
        parts.cc.added = cc;
        parts.subject.value = subject;
        parts.body.value = body;
        this.#everyone = everyone;
        parts.people.picked = to;
        if (to.length > 0 || everyone) this.#picked();
        else this.#show();
    }

    /** The session locks: what is written here is there again afterwards. */
    #keep() {
        const { people, cc, subject, body } = this.parts;
        intent.leave({
            to: people.picked,
            everyone: this.#everyone,
            cc: cc.added,
            subject: subject.value,
            body: body.value,
        });
    }

    left() {
        drafts.save();
    }

    /** @param {string} address */
    set backTo(address) {
        this.parts.back.href = address;
        this.parts.close.href = address;
    }

    get #place() {
        return this.#everyone ? EVERYONE : placeOf({ to: this.#ids() });
    }

    #ids() {
        return this.parts.people.picked.map((/** @type {Person} */ person) => person.id);
    }

    /** Several clients: each gets a message of their own. */
    get #many() {
        const clients = this.parts.people.picked.filter((/** @type {Person} */ person) => person.role === "client");
        return this.#everyone || clients.length > 1;
    }

    /** @param {boolean} everyone */
    #all(everyone) {
        this.#everyone = everyone;
        this.#complain("to", "");
        this.#typed();
        if (everyone) this.parts.notEveryone.focus();
        else this.parts.people.write();
    }

    /** Whether a message to somebody was left unfinished. */
    async #look() {
        const saved = await read("drafts").catch(() => ({ drafts: [] }));
        this.#unfinished =
            saved.drafts.find((/** @type {any} */ draft) => !draft.conversation && (draft.everyone || draft.to?.length > 0)) ??
            null;
        this.#show();
    }

    #resume() {
        const draft = this.#unfinished;
        if (!draft) return;
        this.#unfinished = null;
        this.#everyone = draft.everyone;
        this.parts.people.picked = draft.to;
        drafts.adopt(this.#place, draft);
        this.parts.subject.value = draft.subject ?? "";
        this.parts.body.value = draft.body;
        this.#picked();
        this.parts.body.focus();
    }

    #picked() {
        const { people, body, subject } = this.parts;
        this.#complain("to", "");
        const draft = people.picked.length > 0 || this.#everyone ? drafts.at(this.#place) : undefined;
        if (draft?.body && !body.value) {
            body.value = draft.body;
            subject.value = draft.subject ?? "";
        }
        this.#typed();
        if (people.picked.length === 1 && !subject.value) subject.focus();
    }

    #typed() {
        const { people, subject, body } = this.parts;
        if (body.value.trim()) this.#complain("body", "");
        if (subject.value.trim()) this.#complain("subject", "");
        // Without recipients the text stays where it was kept last.
        if (people.picked.length > 0 || this.#everyone) {
            const place = this.#place;
            if (this.#kept && this.#kept !== place) drafts.clear(this.#kept);
            this.#kept = place;
            const whom = this.#everyone ? { to: [], everyone: true } : { to: this.#ids() };
            drafts.write(place, { ...whom, subject: subject.value.trim(), body: body.value });
        }
        this.#show();
    }

    #show() {
        const { people, body, saved, limit, names, send, gate, unfinished, unfinishedText, cc } = this.parts;
        /** @type {Person[]} */
        const picked = people.picked;
        const many = this.#many;
        this.#showMany(many, picked.length === 0);
        // Of several clients, those whose gate is shut are skipped.
        const shut = many ? undefined : picked.find((person) => person.closed);
        gate.gate = shut?.closed
            ? { closed: shut.closed, client: shut.role === "client" ? shut.id : null, name: shut.name }
            : null;
        const draft = picked.length > 0 || this.#everyone ? drafts.at(this.#place) : undefined;
        saved.textContent = draft?.state === "saved" && draft.body ? talkWords.draftSaved : "";
        const readers = [...picked, ...cc.added].map((person) => firstName(person.name));
        names.textContent = readers.length > 1 && picked.length > 0 && !many ? talkWords.recipients(list(readers)) : "";
        const over = count(body.value, limit);
        const on = outbox.sends.find((one) => one.key === this.#sending);
        const busy = uploads.isBusy(COMPOSING);
        const failed = uploads.hasFailed(COMPOSING);
        if (busy || failed) saved.textContent = busy ? composeWords.filesUnderWay : composeWords.filesFailed;
        const toClient = picked.some((person) => person.role === "client");
        send.ways = isStaff() && (many || toClient);
        send.watches = !many;
        if (many || !toClient) this.#tell(0);
        send.disabled = over || Boolean(shut) || this.#sending !== "" || busy || failed;
        send.text = on
            ? outbox.isWaiting(on)
                ? words.waiting
                : talkWords.sending
            : many
              ? composeWords.reviewAndSend
              : words.send;
        unfinished.hidden = !this.#unfinished || picked.length > 0 || this.#everyone || body.value !== "";
        if (this.#unfinished) unfinishedText.textContent = this.#unfinishedFor(this.#unfinished);
    }

    /** @param {Unfinished} draft */
    #unfinishedFor({ everyone, to }) {
        const whole = store.me?.role === "administrator" ? composeWords.unfinishedPractice : composeWords.unfinishedOwn;
        return everyone ? whole : talkWords.draftFor(list(to.map((person) => person.name)));
    }

    /** @param {boolean} many @param {boolean} nobody */
    #showMany(many, nobody) {
        const { people, everyone, everyoneWord, notEveryone, all, allWord, many: told, manyText, optional } = this.parts;
        const whole = store.me?.role === "administrator";
        people.hidden = this.#everyone;
        everyone.hidden = !this.#everyone;
        everyoneWord.textContent = whole ? composeWords.everyonePractice : composeWords.everyoneOwn;
        name(notEveryone, words.remove(everyoneWord.textContent));
        all.hidden = !isStaff() || this.#everyone || !(nobody || many);
        allWord.textContent = whole ? composeWords.selectAllPractice : composeWords.selectAllOwn;
        told.hidden = !many;
        manyText.textContent = many ? composeWords.massHint : "";
        optional.hidden = many;
    }

    /** The gate is open now; what is known of the people is not. */
    async #enabled() {
        const { people } = this.parts;
        const all = await Promise.all(
            people.picked.map(async (/** @type {Person} */ person) => {
                const found = await findPeople(person.name).catch(() => []);
                return found.find(({ id }) => id === person.id) ?? { ...person, closed: null };
            }),
        );
        people.picked = all;
        this.#show();
        this.parts.body.focus();
    }

    /** Whether one wants to be told that it is unread after some days. @param {number} days 0: not */
    #tell(days) {
        this.parts.watch.days = this.parts.send.days = days;
    }

    #send(copy = false) {
        const { people, subject, body, trouble, send, cc, watch } = this.parts;
        if (send.disabled) return;
        const files = uploads.ready(COMPOSING);
        const noText = this.#complain("body", body.value.trim() || files.length > 0 ? "" : talkWords.bodyMissing);
        const nobody = this.#complain("to", people.picked.length > 0 || this.#everyone ? "" : talkWords.toMissing);
        const about = subject.value.trim();
        const noSubject = this.#complain("subject", about || !this.#many ? "" : composeWords.massSubject);
        trouble.hidden = true;
        if (nobody) return people.write();
        if (noSubject) return subject.focus();
        if (noText) return body.focus();
        if (this.#many) return void send.once(() => this.#sendToMany(about, copy));
        const copied = cc.added.map((/** @type {{id: string}} */ contact) => contact.id);
        const readers = [...this.#ids(), ...copied];
        this.#sending = outbox.add({
            to: this.#ids(),
            ...(about && { subject: about }),
            body: body.value.trim(),
            ...(readers.length > 1 && { expects: readers }),
            ...(copied.length > 0 && { cc: copied }),
            ...(files.length > 0 && { attachments: files.map(({ id }) => id), files }),
            ...(copy && { copy_to_contact_log: true }),
            ...(watch.days > 0 && { unread_after: watch.days }),
        }).key;
        this.#show();
    }

    /** @param {string} subject @param {boolean} copy */
    async #sendToMany(subject, copy) {
        const { body, trouble } = this.parts;
        const place = this.#place;
        const attachments = uploads.ready(COMPOSING).map(({ id }) => id);
        /** @type {import("../lib/mass.js").Whom} */
        const whom = this.#everyone ? { everyone: true } : { to: this.#ids() };
        try {
            const sending = await atOnce(() => import("../lib/mass-send.js"));
            const message = { subject, body: body.value.trim(), attachments, copy_to_contact_log: copy };
            const sent = await sending?.sendToMany(this, whom, message);
            if (!sent) return;
            drafts.clear(place);
            uploads.take(COMPOSING);
            router.go(`/sent/mass-${sent}`);
        } catch (error) {
            trouble.textContent = talkWords.notSent(error instanceof Refused ? error.message : words.troubleOurs);
            trouble.hidden = false;
        }
    }

    /** @param {{send: {key: string}, place: string, conversation: string}} what */
    #sent({ send, place, conversation }) {
        if (send.key !== this.#sending) return;
        this.#sending = "";
        drafts.clear(place);
        notify({ text: talkWords.messageSent });
        this.say("qr-opened", conversation);
    }

    /** The text is still in its field. @param {{send: import("../lib/types.js").Send}} what */
    #refused({ send }) {
        if (send.key !== this.#sending) return;
        this.#sending = "";
        outbox.discard(send.key);
        const { trouble } = this.parts;
        trouble.textContent = talkWords.notSent(send.refused ?? "");
        trouble.hidden = false;
        trouble.scrollIntoView({ block: "nearest" });
        this.#show();
    }

    /** @param {"to" | "subject" | "body"} field @param {string} sentence */
    #complain(field, sentence) {
        const error = this.parts[`${field}Error`];
        error.textContent = sentence;
        error.hidden = !sentence;
        return Boolean(sentence);
    }
}

customElements.define("qr-compose", Compose);
