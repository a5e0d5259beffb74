import { birthday, since } from "../lib/dates.js";
import { make, Part } from "../lib/dom.js";
import { intent } from "../lib/intent.js";
import { findPeople } from "../lib/mailbox.js";
import { fillAvatar } from "../lib/people.js";
import { clientView } from "../lib/practice.js";
import { press } from "../lib/press.js";
import { router } from "../lib/router.js";
import { connection } from "../lib/socket.js";
import { store } from "../lib/store.js";
import { openTab } from "../lib/tabs.js";
import { alertWords } from "../lib/words-alerts.js";
import { peopleWords as words } from "../lib/words-people.js";

/** @typedef {import("../lib/practice.js").ClientView} ClientView */

const TABS = ["info", "messaging", "contacts", "assignments", "alerts", "log", "record"];

/** One client: who they are, and the tabs about them. What a tab changes is told by "qr-client-changed". */
class ClientPage extends Part {
    #id = "";
    #tab = "info";
    /** @type {ClientView | null} */
    #client = null;

    drawn() {
        this.parts.write.addEventListener("click", () => press(this.parts.write, () => this.#write()));
        this.addEventListener("qr-client-changed", () => this.#load());
        for (const tab of TABS) this.parts[`${tab}Tab`].addEventListener("keydown", arrow);
    }

    /** @param {AbortSignal} signal */
    joined(signal) {
        // A STOP, or emails that come back, stand here at once, also for staff who never wrote with this client.
        connection.addEventListener("clients", () => this.#client && this.#load(), { signal });
        store.addEventListener("reset", () => this.#client && this.#load(), { signal });
    }

    /** @param {import("../lib/router.js").Place} place */
    set place({ params, hash }) {
        const [id = ""] = params;
        this.#tab = TABS.includes(hash) ? hash : "info";
        const other = id !== this.#id;
        this.#id = id;
        for (const tab of TABS) this.parts[`${tab}Tab`].href = `/clients/${id}${tab === "info" ? "" : `#${tab}`}`;
        if (other) {
            this.#client = null;
            this.parts.body.hidden = true;
            this.parts.skeleton.hidden = false;
            this.#load();
        } else this.#show();
    }

    async #load() {
        const id = this.#id;
        try {
            const client = await clientView(id);
            if (id !== this.#id) return;
            this.#client = client;
            this.#show();
        } catch (error) {
            const gone = /** @type {{status?: number}} */ (error).status === 404;
            if (id === this.#id) this.#missing(gone);
        }
    }

    #show() {
        const client = this.#client;
        if (!client) return;
        const { body, skeleton, empty, avatar, name, about, tags, write } = this.parts;
        body.hidden = false;
        skeleton.hidden = true;
        empty.hidden = true;
        fillAvatar(avatar, client);
        name.textContent = client.name;
        about.textContent = client.born ? bornLine(client.born) : "";
        tags.replaceChildren(...tagsOf(client));
        write.hidden = !client.active;
        openTab(this.parts, TABS, this.#tab);
        for (const tab of TABS) this.parts[tab].hidden = tab !== this.#tab;
        this.parts.unreached.client = client;
        this.parts[this.#tab].client = client;
    }

    /** @param {boolean} gone */
    #missing(gone) {
        const { body, skeleton, empty } = this.parts;
        body.hidden = true;
        skeleton.hidden = true;
        empty.hidden = false;
        empty.what = gone
            ? { icon: "clients", title: words.missingClient, text: words.missingClientText }
            : { icon: "alert", title: words.troubleLoading, text: words.troubleLoadingText };
    }

    /** Goes on where one left off with this client; without that, a new message to them. */
    async #write() {
        const client = this.#client;
        if (!client) return;
        const found = await findPeople(client.name).catch(() => []);
        const person = found.find(({ id }) => id === client.id);
        if (person?.direct) return router.go(`/inbox/${person.direct}`);
        if (person) intent.leave({ to: [person] });
        router.go("/inbox#compose");
    }
}

/** "4 Mar 1994 · 32 years old" @param {string} born */
function bornLine(born) {
    const now = new Date();
    const [year = 0, month = 1, day = 1] = born.split("-").map(Number);
    const before = now.getMonth() + 1 < month || (now.getMonth() + 1 === month && now.getDate() < day);
    return `${words.born} ${birthday(born)} · ${words.age(now.getFullYear() - year - (before ? 1 : 0))}`;
}

/** @param {ClientView} client */
function tagsOf({ active, messaging_enabled: on, texts_off_at: texts, mail_failed_at: mails, holds }) {
    const state = on ? words.messagingIsOn : words.messagingIsOff;
    return [
        ...(holds.some((hold) => hold.lifted_at === null) ? [make("span", "tag alarm", words.onHold)] : []),
        ...(active ? [] : [make("span", "tag inactive", words.inactiveTag)]),
        make("span", on ? "tag" : "tag off", state),
        ...(texts ? [make("span", "tag alarm", alertWords.textsOffSince(since(texts)))] : []),
        ...(mails ? [make("span", "tag alarm", alertWords.mailFailsTag)] : []),
    ];
}

/** Left and right go from tab to tab. @param {KeyboardEvent} event */
function arrow(event) {
    const step = { ArrowRight: "nextElementSibling", ArrowLeft: "previousElementSibling" }[event.key];
    const next = step && /** @type {Element} */ (event.currentTarget)[/** @type {"nextElementSibling"} */ (step)];
    if (next instanceof HTMLElement) next.focus();
}

customElements.define("qr-page-client", ClientPage);
