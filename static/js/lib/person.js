/** A person in a list to choose from: avatar, full name, and what tells namesakes apart. */
import { birthday } from "./dates.js";
import { draw } from "./dom.js";
import { fillAvatar } from "./people.js";
import { words } from "./words.js";

/** @typedef {import("./types.js").Person} Person */

/** "Client · born 4 Mar 1994 · messaging is off" @param {Person} person */
export function aboutPerson({ role, born, closed }) {
    const about = [words.roles[role]];
    if (born) about.push(words.born(birthday(born)));
    if (closed) about.push(words.messagingOff);
    return about.join(" · ");
}

/** @param {HTMLElement} place @param {Person} person @param {string} [about] */
export function drawPerson(place, person, about = aboutPerson(person)) {
    if (!place.firstElementChild) {
        const { nodes, parts } = draw("person");
        fillAvatar(parts.avatar, person);
        parts.name.textContent = person.name;
        place.append(nodes);
    }
    const line = place.querySelector("[data-part=about]");
    if (line && line.textContent !== about) line.textContent = about;
}
