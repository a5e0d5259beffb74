/**
 * What was typed into the fields of forms and is not saved yet, kept in this tab's memory while the session is locked.
 * A form is known by its address and the names of its fields, so that it is found again in a page drawn anew.
 */
import { router } from "./router.js";

/** @typedef {HTMLElement & {name: string, type: string, value: any, typed: boolean}} Field */

/** @type {Map<string, Map<string, unknown>>} */
const kept = new Map();
let path = "";

/** @param {ParentNode} form @returns {Field[]} */
const fieldsOf = (form) => /** @type {Field[]} */ ([...form.querySelectorAll("qr-field")]);

/** @param {HTMLElement} form */
const nameOf = (form) => [location.pathname, ...fieldsOf(form).map((field) => field.getAttribute("name"))].join(" ");

/** Passwords are typed again. */
function keep() {
    path = location.pathname;
    for (const form of document.querySelectorAll("form")) {
        const typed = fieldsOf(form).filter((field) => field.typed && field.type !== "password");
        if (typed.length > 0) kept.set(nameOf(form), new Map(typed.map((field) => [field.name, field.value])));
    }
}

/** Puts back what was typed into a field of a page drawn anew. @param {Field} field */
export function bringBack(field) {
    const form = kept.size > 0 ? field.closest("form") : null;
    const values = form && kept.get(nameOf(form));
    if (!values?.has(field.name)) return;
    field.value = values.get(field.name);
    field.typed = true;
}

/** It has been put back for good, or is saved. @param {HTMLElement} form */
export function forget(form) {
    if (kept.size > 0) kept.delete(nameOf(form));
}

document.addEventListener("qr-lock", keep);
// Whoever goes elsewhere without saving means it.
router.addEventListener("arrive", () => {
    if (location.pathname !== path) kept.clear();
});
