/** Forms made of <qr-field>: values in and out, errors at their field, and two people who edit the same thing. */
import { Refused } from "./api.js";
import { make } from "./dom.js";
import { bringBack, forget } from "./typed.js";
import { words as common } from "./words.js";
import { peopleWords as words } from "./words-people.js";

/** @typedef {HTMLElement & {name: string, type: string, value: any, typed: boolean, shown: string, caption: string, required: boolean, complain: (sentence: string) => void, remark: (sentence: string) => void, write: () => void, control: HTMLElement}} Field */

/** @param {HTMLElement} form @returns {Field[]} those that one can see */
export const fields = (form) =>
    /** @type {Field[]} */ ([...form.querySelectorAll("qr-field")]).filter((field) => !field.closest("[hidden]"));

/** @param {HTMLElement} form @param {string} name */
export const field = (form, name) => fields(form).find((one) => one.name === name);

/** @param {HTMLElement} form @returns {Record<string, any>} */
export const values = (form) => Object.fromEntries(fields(form).map((one) => [one.name, one.value]));

/** @param {HTMLElement} form @param {Record<string, any>} data */
export function fill(form, data) {
    for (const one of fields(form)) {
        if (one.name in data) one.value = data[one.name];
        bringBack(one);
    }
    forget(form);
    complain(form, "");
}

/**
 * Fills in what somebody else saved meanwhile, and keeps what was typed here; where both differ, says so.
 * @param {HTMLElement} form
 * @param {Record<string, any>} base what stood here when one began
 * @param {Record<string, any>} fresh
 */
export function merge(form, base, fresh) {
    const same = (/** @type {unknown} */ a, /** @type {unknown} */ b) => String(a ?? "") === String(b ?? "");
    for (const one of fields(form).filter((each) => each.name in fresh)) {
        const typed = one.value;
        const mine = !same(typed, base[one.name]);
        one.value = fresh[one.name];
        const theirs = one.shown;
        if (!mine) continue;
        one.value = typed;
        one.typed = true;
        if (!same(fresh[one.name], base[one.name]) && !same(fresh[one.name], typed)) one.remark(words.meanwhile(theirs));
    }
    complain(form, "");
}

/** A sentence about the whole form, with one thing to do about it. @param {HTMLElement} form @param {string} sentence @param {HTMLElement} [action] */
export function complain(form, sentence, action) {
    let line = /** @type {HTMLElement | null} */ (form.querySelector("[data-trouble]"));
    if (!line) {
        line = make("p", "trouble boxed-trouble");
        line.dataset.trouble = "";
        line.setAttribute("role", "alert");
        form.prepend(line);
    }
    line.hidden = !sentence;
    line.replaceChildren(...(sentence ? [make("span", "", sentence), ...(action ? [action] : [])] : []));
}

/** @param {HTMLElement} form @returns {boolean} whether all that is needed is there */
function complete(form) {
    const missing = fields(form).filter((one) => one.required && one.value === "");
    for (const one of missing) one.complain(words.missing(one.caption));
    missing[0]?.write();
    return missing.length === 0;
}

/** Says why not: at the field, if it is about one. @param {HTMLElement} form @param {unknown} error @param {() => Promise<unknown>} [reload] */
export function refuse(form, error, reload) {
    if (!(error instanceof Refused)) throw error;
    const at = error.field ? field(form, error.field) : undefined;
    const sentence = error.status === 429 ? common.throttled(error.retryAfter) : error.message;
    if (at) {
        at.complain(sentence);
        return at.write();
    }
    const stale = error.code === "conflict" && reload;
    complain(form, sentence, stale ? reloadButton(form, stale) : undefined);
    form.querySelector("[data-trouble]")?.scrollIntoView({ block: "nearest" });
}

/** @param {HTMLElement} form @param {() => Promise<unknown>} reload */
function reloadButton(form, reload) {
    const button = /** @type {HTMLButtonElement} */ (make("button", "button small", words.loadNewest));
    button.type = "button";
    button.addEventListener("click", async () => {
        try {
            await reload();
            fields(form)[0]?.write();
        } catch (error) {
            refuse(form, error);
        }
    });
    return button;
}

/**
 * Sends a form: checks what is required, sends once however often one presses, shows errors where they belong.
 * @param {HTMLFormElement} form
 * @param {(given: Record<string, any>) => Promise<unknown>} send
 * @param {{reload?: () => Promise<unknown>}} [how] `reload` fetches anew after a conflict
 */
export function onSubmit(form, send, { reload } = {}) {
    form.addEventListener("submit", async (event) => {
        event.preventDefault();
        if (form.ariaBusy === "true") return;
        complain(form, "");
        for (const one of fields(form)) one.complain("");
        if (!complete(form)) return;
        busy(form, true);
        try {
            await send(values(form));
            forget(form);
        } catch (error) {
            refuse(form, error, reload);
        } finally {
            busy(form, false);
        }
    });
}

/** @param {HTMLElement} form @param {boolean} on */
function busy(form, on) {
    form.ariaBusy = String(on);
    for (const button of form.querySelectorAll("button:not([type])")) {
        button.classList.toggle("busy", on);
        button.setAttribute("aria-disabled", String(on));
    }
}
