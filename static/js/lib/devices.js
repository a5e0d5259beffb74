/** What a browser says of itself, in words that a person knows. */
import { peopleWords as words } from "./words-people.js";

const BROWSERS = /** @type {const} */ ([
    [/\bEdgA?\//u, "Edge"],
    [/\bOPR\//u, "Opera"],
    [/SamsungBrowser/u, "Samsung Internet"],
    [/Firefox|FxiOS/u, "Firefox"],
    [/Chrom(?:e|ium)|CriOS/u, "Chrome"],
    [/Safari/u, "Safari"],
]);
const SYSTEMS = /** @type {const} */ ([
    [/iPhone/u, "iPhone"],
    [/iPad/u, "iPad"],
    [/Android/u, "Android"],
    [/Windows/u, "Windows"],
    [/Mac OS X/u, "Mac"],
    [/CrOS/u, "Chromebook"],
    [/Linux/u, "Linux"],
]);

/** "Firefox on Windows" @param {string} agent */
export function device(agent) {
    const [browser, system] = [BROWSERS, SYSTEMS].map((list) => list.find(([sign]) => sign.test(agent))?.[1]);
    if (browser && system) return words.onSystem(browser, system);
    return browser ?? system ?? words.unknownDevice;
}
