import { drafts } from "../lib/drafts.js";
import { need } from "../lib/need.js";
import { store } from "../lib/store.js";
import { talkWords } from "../lib/words-talk.js";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** What a quick link opens: one conversation until its time is over, no navigation, and a way to stay. */
class Guest extends HTMLElement {
    #timer = 0;

    async connectedCallback() {
        const session = store.me?.session;
        const reach = session?.conversations ?? [];
        const asked = location.pathname.split("/")[2];
        const here = reach.find((one) => one.id === asked) ?? reach[0];
        if (!store.me || !session || !here) return;
        this.className = "shell guest";
        const left = element("span", "guest-left");
        left.setAttribute("role", "timer");
        const stay = element("button", "button");
        stay.type = "button";
        stay.textContent = talkWords.signInToStay;
        stay.addEventListener("click", () => this.#leave());
        const practice = element("span", "practice");
        practice.dir = "auto";
        practice.textContent = store.me.organization.name;
        const bar = element("header", "top");
        const right = element("div", "right");
        right.append(left, stay);
        bar.append(practice, right);
        const main = element("main", "");
        this.replaceChildren(bar, document.createElement("qr-connection"), main);
        document.title = talkWords.secureMessage;
        this.#count(left, here.ends_at - session.now);
        await need("qr-conversation");
        const talk = /** @type {any} */ (document.createElement("qr-conversation"));
        main.replaceChildren(talk);
        talk.target = { conversation: here.id };
    }

    disconnectedCallback() {
        clearInterval(this.#timer);
    }

    /** By the tab's own running time, which no clock setting moves. @param {HTMLElement} left @param {number} span in ms */
    #count(left, span) {
        const until = performance.now() + span;
        const show = () => {
            const rest = Math.max(0, until - performance.now());
            left.textContent = talkWords.guestLeft(Math.floor(rest / MINUTE), Math.floor((rest % MINUTE) / SECOND));
            left.classList.toggle("soon", rest < 2 * MINUTE);
        };
        show();
        this.#timer = setInterval(show, SECOND);
    }

    /** What was typed is kept as the draft, and is there again after signing in. */
    async #leave() {
        await drafts.settle([]);
        this.dispatchEvent(new CustomEvent("qr-to-sign-in", { bubbles: true }));
    }
}

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {string} className
 */
function element(tag, className) {
    const made = document.createElement(tag);
    made.className = className;
    return made;
}

customElements.define("qr-guest", Guest);
