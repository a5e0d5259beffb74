import { AlertWatch } from "../lib/alerts.js";
import { dayName } from "../lib/dates.js";
import { keep, make, Part } from "../lib/dom.js";
import { markRead, showEarlier } from "../lib/mailbox.js";
import { outbox } from "../lib/outbox.js";
import { tryTo } from "../lib/practice.js";
import { Seen } from "../lib/seen.js";
import { connection } from "../lib/socket.js";
import { store } from "../lib/store.js";
import { alertWords } from "../lib/words-alerts.js";
import { talkWords } from "../lib/words-talk.js";

/** @typedef {import("../lib/types.js").Message} Message */
/** @typedef {import("../lib/types.js").Send} Send */
/** @typedef {{key: string, day?: string, divider?: boolean, message?: Message, before?: Message, send?: Send}} Item */

const SKELETON = 300;
/** So long after the first messages a screen reader begins to announce. */
const CALM = 1_000;
/** Who is this close to the end follows the conversation. */
const NEAR = 80;

/** The messages of one conversation, the newest at the end. Whoever reads above is never moved. */
class Stream extends Part {
    #place = "";
    /** The first unread one when the conversation was opened: there stands the line "New". */
    #newFrom = 0;
    #atEnd = true;
    /** Where the last jump to the end led. */
    #end = 0;
    #drawn = false;
    #shownNewest = 0;
    #skeleton = 0;
    /** @type {Seen | null} */
    #seen = null;
    /** @type {import("../lib/types.js").Person | null} */
    #stranger = null;
    /** @type {import("../lib/types.js").Row | null} */
    #row = null;
    #alerts = new AlertWatch(() => this.#show());

    drawn() {
        const { scroll, earlier, pill } = this.parts;
        scroll.addEventListener("scroll", () => this.#scrolled(), { passive: true });
        earlier.addEventListener("click", () => this.#earlier());
        pill.addEventListener("click", () => this.toEnd());
        this.addEventListener("qr-unwatch", (event) => this.#unwatch(/** @type {CustomEvent} */ (event).detail));
        this.#seen = new Seen(scroll, (seq) => markRead(this.#place, seq));
    }

    /** @param {AbortSignal} signal */
    joined(signal) {
        store.addEventListener("change", () => this.#show(), { signal });
        this.#seen?.listen(signal);
        // The keyboard, the composer and late pictures change the room: who was at the end stays there.
        const room = new ResizeObserver(() => this.#follows && this.#jump());
        room.observe(this.parts.scroll);
        room.observe(this.parts.items);
        signal.addEventListener("abort", () => room.disconnect());
        this.#show();
    }

    left() {
        clearTimeout(this.#skeleton);
        this.#seen?.forget();
        this.#alerts.stop();
    }

    /** @param {string} place */
    set place(place) {
        this.#place = place;
        this.#newFrom = 0;
        this.#drawn = false;
        this.#atEnd = true;
        this.#end = 0;
        this.parts.items.setAttribute("aria-busy", "true");
        this.#seen?.forget();
        clearTimeout(this.#skeleton);
        this.#skeleton = setTimeout(() => {
            this.parts.skeleton.hidden = this.#drawn || place.startsWith("to:");
        }, SKELETON);
        this.#show();
    }

    /** @param {import("../lib/types.js").Row} row */
    set row(row) {
        this.#row = row;
        this.#alerts.look(row);
        this.#show();
    }

    /** Somebody with whom there is nothing yet. @param {import("../lib/types.js").Person} person */
    set stranger(person) {
        this.#stranger = person;
        this.#show();
    }

    /** @param {number} seq */
    async #unwatch(seq) {
        const what = { conversation: this.#place, seq };
        await tryTo(() => connection.command("stop_watch", what), alertWords.watchStopped);
        // The button that was pressed is no longer there.
        this.parts.scroll.focus({ preventScroll: true });
    }

    toEnd() {
        this.#atEnd = true;
        this.#jump();
        this.#scrolled();
    }

    #jump() {
        const { scroll } = this.parts;
        scroll.scrollTop = scroll.scrollHeight;
        this.#end = scroll.scrollTop;
    }

    get #near() {
        const { scroll } = this.parts;
        return scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR;
    }

    /** Whether to stay at the end. That somebody scrolled away is told a moment later than it shows. */
    get #follows() {
        return this.#atEnd && (this.parts.scroll.scrollTop >= this.#end || this.#near);
    }

    #scrolled() {
        this.#atEnd = this.#near;
        if (this.#atEnd) this.parts.pill.hidden = true;
    }

    async #earlier() {
        const { scroll, items, earlier } = this.parts;
        const fromEnd = scroll.scrollHeight - scroll.scrollTop;
        earlier.disabled = true;
        items.setAttribute("aria-busy", "true");
        await showEarlier(this.#place).catch(() => {});
        this.#show();
        earlier.disabled = false;
        items.removeAttribute("aria-busy");
        scroll.scrollTop = scroll.scrollHeight - fromEnd;
        if (earlier.hidden) scroll.focus({ preventScroll: true });
    }

    /** @returns {Item[]} */
    #items() {
        const { messages } = store.known(this.#place) ?? { messages: [] };
        /** @type {Item[]} */
        const items = [];
        let day = "";
        const sends = outbox.at(this.#place);
        const all = [
            ...messages.map((message, place) => ({ at: message.sent_at, message, before: messages[place - 1] })),
            ...sends.map((send) => ({ at: send.written_at, send })),
        ];
        for (const item of all) {
            const name = dayName(item.at);
            if (name !== day) items.push({ key: `day ${name}`, day: name });
            day = name;
            if ("message" in item && item.message.seq === this.#newFrom) items.push({ key: "new", divider: true });
            items.push({ key: "message" in item ? `m${item.message.seq}` : `s${item.send.key}`, ...item });
        }
        return items;
    }

    #show() {
        const thread = store.known(this.#place);
        const { items, earlier, empty, skeleton } = this.parts;
        const first = !this.#drawn && thread?.loaded;
        if (first) this.#begin();
        keep(
            items,
            this.#items(),
            (item) => item.key,
            (item) => this.#make(item),
            (element, { message, before, send }) => {
                const watch = this.#row?.watches?.find(({ seq }) => seq === message?.seq);
                const around = { row: this.#row, reads: thread?.reads, before, watch };
                if (message)
                    element.show(message, {
                        ...around,
                        alerts: this.#alerts.lines(message, this.#row, thread?.reads.values() ?? []),
                    });
                else if (send) element.showSend(send, outbox.isWaiting(send));
            },
        );
        earlier.hidden = !thread?.next;
        if (this.#drawn) skeleton.hidden = true;
        empty.hidden = !this.#stranger || items.childElementCount > 0;
        if (this.#stranger)
            empty.what = { icon: "messages", title: talkWords.emptyTalk, text: talkWords.emptyTalkText(this.#stranger.name) };
        // What was there when one came is read, not announced.
        if (first) setTimeout(() => items.removeAttribute("aria-busy"), CALM);
        this.#follow(first ?? false);
        this.#watch();
    }

    #begin() {
        this.#drawn = true;
        const unread = this.#unread();
        this.#newFrom = unread[0]?.seq ?? 0;
        this.#shownNewest = store.known(this.#place)?.messages.at(-1)?.seq ?? 0;
    }

    /** @param {boolean} first */
    #follow(first) {
        const newest = store.known(this.#place)?.messages.at(-1);
        const news = newest && newest.seq > this.#shownNewest && newest.author !== store.me?.id;
        this.#shownNewest = newest?.seq ?? 0;
        if (first) {
            this.#jump();
            this.parts.items.querySelector(".divider")?.scrollIntoView({ block: "nearest" });
            this.#scrolled();
        } else if (this.#follows) this.#jump();
        else if (news) this.parts.pill.hidden = false;
    }

    /** What others wrote and the reader has not seen. */
    #unread() {
        const through = store.row(this.#place)?.read_through ?? 0;
        const messages = store.known(this.#place)?.messages ?? [];
        return messages.filter((message) => message.seq > through && message.author !== store.me?.id);
    }

    #watch() {
        const unread = new Map(this.#unread().map(({ seq }) => [this.parts.items.querySelector(`[data-key="m${seq}"]`), seq]));
        this.#seen?.watch(unread);
    }

    /** @param {Item} item */
    #make({ day, divider }) {
        if (day) return make("p", "day", day);
        if (divider) return make("p", "divider", talkWords.newBelow);
        return document.createElement("qr-message");
    }
}

customElements.define("qr-stream", Stream);
