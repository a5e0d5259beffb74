import { icon, keep, later, make, name, Part } from "../lib/dom.js";
import { findPeople } from "../lib/mailbox.js";
import { aboutPerson, drawPerson, moving } from "../lib/person.js";
import { words } from "../lib/words.js";
import { talkWords } from "../lib/words-talk.js";

/** @typedef {import("../lib/types.js").Person} Person */

/** Picks people: the ARIA combobox with a list, chips for those picked. Says "qr-picked" when they change. */
class People extends Part {
    /** @type {Person[]} */
    #picked = [];
    /** @type {Person[]} */
    #found = [];
    #active = -1;
    #asked = 0;
    /** What was typed when the list was made. */
    #answers = "";
    /** Whether several clients may be picked: each gets a message of their own. */
    several = false;
    #searchSoon = later(() => this.#search(), 150);

    drawn() {
        const { input, list, field } = this.parts;
        input.addEventListener("input", this.#searchSoon);
        input.addEventListener("focus", () => this.#search());
        input.addEventListener("blur", () => this.#open(false));
        input.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.#key(event));
        // Before the blur that a press would cause.
        list.addEventListener("pointerdown", (/** @type {Event} */ event) => event.preventDefault());
        list.addEventListener("click", (/** @type {Event} */ event) => {
            const option = /** @type {Element} */ (event.target).closest("[role=option]");
            if (option) this.#pick([...list.children].indexOf(option));
        });
        field.addEventListener("pointerdown", (/** @type {Event} */ event) => {
            if (event.target !== field) return;
            event.preventDefault();
            input.focus();
        });
    }

    left() {
        this.#searchSoon.cancel();
    }

    get picked() {
        return this.#picked;
    }

    /** @param {Person[]} people */
    set picked(people) {
        this.#picked = people;
        this.#showChips();
    }

    write() {
        this.parts.input.focus();
    }

    async #search() {
        const { input, list, nobody } = this.parts;
        const asked = ++this.#asked;
        const typed = input.value.trim();
        const people = await findPeople(typed).catch(() => []);
        if (asked !== this.#asked || document.activeElement !== input) return;
        this.#answers = typed;
        this.#found = people.filter((person) => !this.#picked.some(({ id }) => id === person.id));
        this.#active = this.#found.length > 0 && typed ? 0 : -1;
        nobody.hidden = this.#found.length > 0;
        moving(list, () => this.#open(true));
    }

    /** @param {boolean} open */
    #open(open) {
        const { popup, input } = this.parts;
        popup.hidden = !open;
        input.setAttribute("aria-expanded", String(open));
        if (!open) this.#active = -1;
        this.#showOptions();
    }

    #showOptions() {
        const { list, input } = this.parts;
        keep(
            list,
            this.#found,
            (person) => person.id,
            (person) => {
                const option = make("li", "person");
                option.setAttribute("role", "option");
                option.id = `person-${person.id}`;
                return option;
            },
            (option, person) => {
                const why = this.#apart(person);
                drawPerson(option, person, why || aboutPerson(person));
                option.setAttribute("aria-disabled", String(why !== ""));
                option.setAttribute("aria-selected", String(person === this.#found[this.#active]));
            },
        );
        const active = this.#found[this.#active];
        if (active) {
            input.setAttribute("aria-activedescendant", `person-${active.id}`);
            list.children[this.#active]?.scrollIntoView({ block: "nearest" });
        } else input.removeAttribute("aria-activedescendant");
    }

    /** Why this person cannot be picked beside the others: several clients are a mass message, not a conversation. @param {Person} person */
    #apart({ role }) {
        const clients = this.#picked.filter((one) => one.role === "client").length;
        const alone = clients === this.#picked.length;
        if (role === "client") return clients > 0 && !(this.several && alone) ? talkWords.oneClient : "";
        return clients > 1 ? talkWords.manyClients : "";
    }

    /** @param {KeyboardEvent} event */
    #key(event) {
        const { input, popup } = this.parts;
        const count = this.#found.length;
        // Whoever types fast would else take somebody from the list that the last letters are not asked of yet.
        const late = input.value.trim() !== this.#answers;
        if (event.key === "Backspace" && input.value === "" && this.#picked.length > 0) {
            this.#remove(/** @type {Person} */ (this.#picked.at(-1)));
        } else if (event.key === "Escape" && !popup.hidden) {
            event.stopPropagation();
            this.#open(false);
        } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && count > 0) {
            event.preventDefault();
            if (late) return;
            if (popup.hidden) this.#open(true);
            this.#active = (this.#active + (event.key === "ArrowDown" ? 1 : this.#active < 0 ? 0 : count - 1) + count) % count;
            this.#showOptions();
        } else if (event.key === "Enter") {
            event.preventDefault();
            if (!popup.hidden && !late && this.#active >= 0) this.#pick(this.#active);
        }
    }

    /** @param {number} place */
    #pick(place) {
        const person = this.#found[place];
        if (!person || this.parts.list.children[place]?.getAttribute("aria-disabled") === "true") return;
        this.parts.input.value = "";
        this.picked = [...this.#picked, person];
        this.#open(false);
        this.say("qr-picked", this.#picked);
    }

    /** @param {Person} person */
    #remove(person) {
        this.picked = this.#picked.filter((one) => one !== person);
        this.parts.input.focus();
        this.say("qr-picked", this.#picked);
    }

    #showChips() {
        keep(
            this.parts.chips,
            this.#picked,
            (person) => person.id,
            (person) => {
                const chip = make("li", "chip");
                const remove = /** @type {HTMLButtonElement} */ (make("button", "icon-button"));
                remove.type = "button";
                remove.append(icon("close"));
                name(remove, words.remove(person.name));
                remove.addEventListener("click", () =>
                    this.#remove(/** @type {Person} */ (this.#picked.find(({ id }) => id === person.id))),
                );
                chip.append(make("bdi", "", person.name), remove);
                return chip;
            },
        );
    }
}

customElements.define("qr-people", People);
