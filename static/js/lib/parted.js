import { make } from "./dom.js";

/**
 * What stands side by side in a `.dotted` place, which draws the dots between: each runs its own way, and what is not there is
 * left out. The blanks are for who copies it.
 * @param {...(string | false | null | undefined)} texts
 */
export const parted = (...texts) => texts.flatMap((text) => (text ? [" ", one(text)] : [])).slice(1);

/** The dot before it goes with the page's direction, not with its own. @param {string} text */
function one(text) {
    const place = make("span");
    place.append(make("bdi", "", text));
    return place;
}
