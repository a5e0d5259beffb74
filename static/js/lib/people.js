/** People as they are shown: names, initials, a colour of their own. */

import { list } from "./language.js";
import { store } from "./store.js";
import { words } from "./words.js";

/** @typedef {import("./types.js").Participant} Participant */
/** @typedef {import("./types.js").Row} Row */

export const isStaff = (role = store.me?.role) => role === "administrator" || role === "therapist";

/** Whether one may write to somebody first: a client's contact only answers. */
export const mayBegin = () => store.me?.role !== "contact";

/** "DR"; a single name gives one letter. @param {string} name */
export function initials(name) {
    const parts = name.split(/\s+/u).filter((part) => /^[\p{L}\p{N}]/u.test(part));
    const [first = name, last = ""] = parts.length > 1 ? [parts[0], parts.at(-1)] : parts;
    return [first, last]
        .map((part) => [...part][0] ?? "")
        .join("")
        .toLocaleUpperCase();
}

/** The same person has the same hue everywhere, on every device. @param {string} id */
export function hue(id) {
    let sum = 0x811c9dc5;
    for (const letter of id) sum = Math.imul(sum ^ letter.charCodeAt(0), 0x01000193) >>> 0;
    // Steps of 24 degrees: hues closer than that cannot be told apart in a small circle.
    return (sum % 15) * 24;
}

/** @param {string} name */
export const firstName = (name) => name.split(/\s+/u)[0] ?? name;

/** Those a conversation is with: without Cc, unless there is nobody else. @param {Row} row */
export function others(row) {
    const people = row.people.filter((person) => !person.cc);
    return people.length > 0 ? people : row.people;
}

/** @param {Row} row */
export const ccs = (row) => (others(row).some((person) => person.cc) ? [] : row.people.filter((person) => person.cc));

/** @param {Row} row */
export const title = (row) => list(others(row).map((person) => person.name)) || words.nobodyLeft;

/** "Dana Reed · Cc Hal Reed (father)", or who the one person is. @param {Row} row */
export function subtitle(row) {
    const people = others(row);
    const [first] = people;
    const named = row.subject ? [title(row)] : people.length === 1 && first ? [words.roles[first.role]] : [];
    const copied = ccs(row).map((person) => (person.relation ? `${person.name} (${person.relation})` : person.name));
    if (copied.length > 0) named.push(words.cc(list(copied)));
    return named.join(" · ");
}

/** The newest message in a few words, one's own marked as such. @param {Row} row */
export const firstWords = (row) =>
    row.first_words && row.newest_author === store.me?.id ? words.mine(row.first_words) : row.first_words;

/** Which way it runs, whatever stands before its first words. @param {Row} row */
export const wayOf = (row) => (/^\P{L}*[\u0590-\u08ff]/u.test(row.subject || row.first_words) ? "rtl" : "ltr");

/** A circle with initials in the person's colour. @param {HTMLElement} element @param {{id: string, name: string} | undefined} person */
export function fillAvatar(element, person) {
    element.textContent = initials(person?.name ?? "–");
    element.style.setProperty("--hue", String(hue(person?.id ?? "")));
}
