import { make } from "./dom.js";

/**
 * What stands side by side in a `.dotted` place, which draws the dots between: each runs its own way, and what is not there is
 * left out. The blanks are for who copies it.
 * @param {...(string | false | null | undefined)} texts
 */
export const parted = (...texts) => texts.flatMap((text) => (text ? [" ", make("bdi", "", text)] : [])).slice(1);
