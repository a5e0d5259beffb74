/** A person in a list to choose from: avatar, full name, and what tells namesakes apart. */
import { birthday } from "./dates.js";
import { draw } from "./dom.js";
import { fillAvatar } from "./people.js";
import { words } from "./words.js";

/** @typedef {import("./types.js").Person} Person */

/** How long people who were moved take no press, in milliseconds: nobody reacts in less to what they see. */
const REACTION = 250;

/** When each list may be pressed again. @type {WeakMap<Element, number>} */
const settling = new WeakMap();

/**
 * Lets `show` change a list of people. Where it moves somebody, the list takes no press for a moment: who aims at one person must
 * not get the other who comes under the pointer just then.
 * @param {Element} list @param {() => void} show
 */
export function moving(list, show) {
    const before = /** @type {HTMLElement[]} */ ([...list.children]).map((one) => ({ one, top: one.offsetTop }));
    show();
    if (before.every(({ one, top }, place) => list.children[place] === one && one.offsetTop === top)) return;
    list.classList.add("moved");
    clearTimeout(settling.get(list));
    settling.set(
        list,
        setTimeout(() => list.classList.remove("moved"), REACTION),
    );
}

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
