/** How good a new password is: by its length, for length is what counts. */
import { peopleWords as words } from "./words-people.js";

export const SHORTEST = 10;

/** @param {string} password @returns {{level: "none" | "short" | "enough" | "good" | "strong", text: string}} */
export function strengthOf(password) {
    const length = [...password].length;
    const level = length === 0 ? "none" : length < SHORTEST ? "short" : length < 14 ? "enough" : length < 18 ? "good" : "strong";
    return { level, text: level === "short" ? words.strengthLeft(SHORTEST - length) : words.strength[level] };
}
