import { icon, name as label, make, Part, word } from "../lib/dom.js";
import { languages, zones } from "../lib/places.js";
import { strengthOf } from "../lib/strength.js";
import { bringBack } from "../lib/typed.js";
import { peopleWords as words } from "../lib/words-people.js";

/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Control */

let count = 0;

/**
 * One field of a form, with its label, what is to be known about it, and its error right there. Attributes: `name`, `label`
 * and `about` (words), `type` (as of <input>, or select, textarea, switch, zone, language), `required`, `optional`
 * (says so), `strength` (for new passwords), and any attribute of <input>. `value` is its text, for a switch true or false.
 */
class Field extends Part {
    /** @type {Control} */
    #control = document.createElement("input");
    /** Whether somebody typed here since it was filled. */
    typed = false;

    drawn() {
        const { label: title, about, control, optional, error, note } = this.parts;
        const id = `field-${++count}`;
        const type = this.type;
        this.#control = makeControl(type, this);
        this.#control.id = id;
        for (const part of [about, error, note]) part.id = `${id}-${part.dataset.part}`;
        title.htmlFor = id;
        title.textContent = word(this.getAttribute("label") ?? "");
        if (this.hasAttribute("about")) about.textContent = word(this.getAttribute("about") ?? "");
        about.hidden = !this.hasAttribute("about");
        optional.hidden = !this.hasAttribute("optional");
        control.append(this.#control);
        this.classList.toggle("switch-of", type === "switch");
        if (type === "password") control.append(this.#eye());
        if (this.hasAttribute("strength")) this.#measure();
        this.#describe();
        this.addEventListener("input", () => {
            this.typed = true;
            if (this.error) this.complain("");
        });
    }

    joined() {
        bringBack(this);
    }

    get type() {
        return this.getAttribute("type") ?? "text";
    }

    get name() {
        return this.getAttribute("name") ?? "";
    }

    get control() {
        this.parts;
        return this.#control;
    }

    get caption() {
        return this.parts.label.textContent;
    }

    /** @param {string} title */
    set caption(title) {
        this.parts.label.textContent = title;
    }

    /** @returns {string | boolean} */
    get value() {
        const { control } = this;
        if (this.type === "switch") return /** @type {HTMLInputElement} */ (control).checked;
        return this.type === "password" ? control.value : control.value.trim();
    }

    /** @param {string | number | boolean | null | undefined} value */
    set value(value) {
        const { control } = this;
        if (this.type === "switch") /** @type {HTMLInputElement} */ (control).checked = Boolean(value);
        else {
            const text = String(value ?? "");
            // What is not in the list, but stands there, stays there.
            if (control instanceof HTMLSelectElement && text && ![...control.options].some((one) => one.value === text))
                control.append(new Option(text, text));
            control.value = text;
        }
        this.typed = false;
        this.complain("");
        this.remark("");
        this.parts.control.dispatchEvent(new Event("qr-filled"));
    }

    /** What one reads in it. */
    get shown() {
        const { control, value } = this;
        if (control instanceof HTMLSelectElement) return control.selectedOptions[0]?.textContent ?? "";
        return typeof value === "boolean" ? (value ? words.yes : words.no) : value;
    }

    /** @param {{value: string, text: string}[]} options */
    set options(options) {
        const { control } = this;
        const before = control.value;
        control.replaceChildren(...options.map(({ value, text }) => new Option(text, value)));
        if (options.some(({ value }) => value === before)) control.value = before;
    }

    get required() {
        return this.hasAttribute("required");
    }

    get error() {
        return this.parts.error.hidden ? "" : this.parts.error.textContent;
    }

    /** @param {string} sentence empty: nothing is wrong */
    complain(sentence) {
        const { error } = this.parts;
        error.textContent = sentence;
        error.hidden = !sentence;
        if (sentence) this.control.setAttribute("aria-invalid", "true");
        else this.control.removeAttribute("aria-invalid");
        this.#describe();
    }

    /** A quiet line below: what is worth knowing about this value. @param {string} sentence */
    remark(sentence) {
        const { note } = this.parts;
        note.textContent = sentence;
        note.hidden = !sentence;
        this.#describe();
    }

    write() {
        this.control.focus();
    }

    #describe() {
        const parts = [this.parts.about, this.parts.note, this.parts.error].filter((part) => !part.hidden);
        if (parts.length > 0) this.#control.setAttribute("aria-describedby", parts.map((part) => part.id).join(" "));
        else this.#control.removeAttribute("aria-describedby");
    }

    /** A look at what one types. */
    #eye() {
        const button = /** @type {HTMLButtonElement} */ (make("button", "icon-button eye"));
        button.type = "button";
        const show = (/** @type {boolean} */ open) => {
            /** @type {HTMLInputElement} */ (this.#control).type = open ? "text" : "password";
            label(button, open ? words.hidePassword : words.showPassword);
            button.replaceChildren(icon(open ? "eye-off" : "eye"));
        };
        button.addEventListener("click", () => show(/** @type {HTMLInputElement} */ (this.#control).type === "password"));
        show(false);
        return button;
    }

    /** How long a new password is, as a bar and in words. */
    #measure() {
        const { meter, meterText, meterBar } = this.parts;
        meter.hidden = false;
        const show = () => {
            const { level, text } = strengthOf(this.#control.value);
            meterBar.dataset.level = level;
            if (meterText.textContent !== text) meterText.textContent = text;
        };
        this.addEventListener("input", show);
        this.parts.control.addEventListener("qr-filled", show);
        show();
    }
}

/** @param {string} type @param {HTMLElement} field @returns {Control} */
function makeControl(type, field) {
    const tag = { select: "select", zone: "select", language: "select", textarea: "textarea" }[type] ?? "input";
    const control = /** @type {Control} */ (make(tag));
    for (const { name, value } of field.attributes) {
        if (["label", "about", "type", "class", "required", "optional", "strength", "id"].includes(name)) continue;
        if (!name.startsWith("data-")) control.setAttribute(name, value);
    }
    if (control instanceof HTMLInputElement) control.type = type === "switch" ? "checkbox" : type;
    if (type === "switch") control.setAttribute("role", "switch");
    if (type === "zone") control.append(...zones(field.getAttribute("none") ?? ""));
    if (type === "language") control.append(...languages());
    if (field.hasAttribute("required")) control.setAttribute("aria-required", "true");
    return control;
}

customElements.define("qr-field", Field);
