import { keep, later, make, Part } from "../lib/dom.js";
import { findPeople, recentPeople } from "../lib/mailbox.js";
import { drawPerson, moving } from "../lib/person.js";
import { talkWords } from "../lib/words-talk.js";

/** @typedef {import("../lib/types.js").Person} Person */

/** Whom to write to: the people one wrote with lately, and a search. Says "qr-pick" with the person. */
class NewMessage extends Part {
    #asked = 0;
    #searchSoon = later(() => this.#find(), 150);

    drawn() {
        this.parts.search.addEventListener("input", this.#searchSoon);
        this.parts.search.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
            if (event.key === "Enter" || event.key === "ArrowDown") this.parts.people.querySelector("button")?.focus();
        });
        this.parts.people.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.#arrow(event));
    }

    joined() {
        this.#find();
    }

    left() {
        this.#searchSoon.cancel();
    }

    write() {
        this.parts.search.focus();
    }

    async #find() {
        const { search, heading, nobody } = this.parts;
        const asked = ++this.#asked;
        const text = search.value.trim();
        let people = text ? [] : await recentPeople().catch(() => []);
        const recent = people.length > 0;
        if (!recent) people = await findPeople(text).catch(() => []);
        if (asked !== this.#asked) return;
        moving(this.parts.people, () => {
            heading.textContent = recent ? talkWords.recentPeople : talkWords.allPeople;
            heading.hidden = text !== "";
            nobody.hidden = people.length > 0;
            this.#show(people);
        });
    }

    /** @param {Person[]} people */
    #show(people) {
        const key = (/** @type {Person} */ person) => `${person.id} ${person.closed ? "closed" : ""}`;
        const draw = (/** @type {Person} */ person) => {
            const item = make("li");
            const button = /** @type {HTMLButtonElement} */ (make("button", "person"));
            button.type = "button";
            button.addEventListener("click", () => this.say("qr-pick", { person }));
            drawPerson(button, person);
            item.append(button);
            return item;
        };
        keep(this.parts.people, people, key, draw);
    }

    /** @param {KeyboardEvent} event */
    #arrow(event) {
        const item = /** @type {Element} */ (event.target).closest("li");
        if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
        event.preventDefault();
        const next = event.key === "ArrowDown" ? item?.nextElementSibling : item?.previousElementSibling;
        /** @type {HTMLElement} */ (next?.querySelector("button") ?? this.parts.search).focus();
    }
}

customElements.define("qr-new-message", NewMessage);
