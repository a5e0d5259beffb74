/**
 * Where the page begins if it speaks another language than English: its words come first, then app.js. Modules of words may
 * then say them at once, without waiting: browsers do not agree on who waits for a module that does.
 */
import { catalogue, language } from "./lib/language.js";

/** English words are better than no page. */
async function bringWords() {
    try {
        Object.assign(catalogue, await (await fetch(`/words/${language}.json`)).json());
    } catch {}
}

bringWords().then(() => import("./app.js"));
