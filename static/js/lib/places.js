/** Time zones and languages to choose from, as the browser knows them. */
import { make, word } from "./dom.js";
import { locale } from "./language.js";
import { peopleWords as words } from "./words-people.js";

const LANGUAGES = [
    "en",
    "es",
    "zh",
    "tl",
    "vi",
    "ar",
    "fr",
    "de",
    "ko",
    "ru",
    "pt",
    "ht",
    "hi",
    "pl",
    "it",
    "uk",
    "fa",
    "he",
    "ja",
];
const names = new Intl.DisplayNames([locale], { type: "language", fallback: "code" });

/** The reader's own. */
export const ownZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

/** All zones, by continent; `none` is the word for having none. @param {string} none */
export function zones(none) {
    /** @type {Map<string, HTMLOptGroupElement>} */
    const groups = new Map();
    for (const zone of Intl.supportedValuesOf("timeZone")) {
        const [region = "", ...city] = zone.split("/");
        if (city.length === 0) continue;
        let group = groups.get(region);
        if (!group) {
            group = /** @type {HTMLOptGroupElement} */ (make("optgroup"));
            group.label = region;
            groups.set(region, group);
        }
        group.append(new Option(city.join(" – ").replaceAll("_", " "), zone));
    }
    const first = none ? [new Option(word(none), "")] : [];
    return [...first, new Option("UTC", "UTC"), ...groups.values()];
}

/** @param {string} zone "America/New_York" */
export const zoneName = (zone) => zone.replaceAll("_", " ");

/** Those spoken most, each in the language of the page and by its own name. */
export function languages() {
    const all = LANGUAGES.map((code) => {
        const own = new Intl.DisplayNames([code], { type: "language" }).of(code) ?? code;
        const name = names.of(code) ?? code;
        return new Option(own.toLowerCase() === name.toLowerCase() ? name : `${name} (${own})`, code);
    });
    return [new Option(words.languageNone, ""), ...all];
}
