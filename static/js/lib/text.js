/** Text areas that grow with their text, and the limit told near its end. */
import { store } from "./store.js";
import { talkWords } from "./words-talk.js";

/** From here on one wants to know how much is left. */
const NEAR = 0.9;

/** As high as its text; the style sheet says how high at most. @param {HTMLTextAreaElement} area */
export function fit(area) {
    area.style.blockSize = "auto";
    if (area.scrollHeight > 0) area.style.blockSize = `${area.scrollHeight + area.offsetHeight - area.clientHeight}px`;
}

/** Says how many characters are left, if few; answers whether there are too many. @param {string} text @param {HTMLElement} place */
export function count(text, place) {
    const limit = store.me?.limits.body ?? 10_000;
    // Code points, as the server counts; only long texts are worth counting.
    const length = text.length < limit * NEAR ? 0 : [...text].length;
    const left = limit - length;
    const said = left < 0 ? talkWords.charactersOver(-left) : length > limit * NEAR ? talkWords.charactersLeft(left) : "";
    if (place.textContent !== said) place.textContent = said;
    place.classList.toggle("over", left < 0);
    return left < 0;
}
