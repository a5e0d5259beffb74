/**
 * The language of the page. Everything is written in English; the words of another language come as one catalogue by their
 * English ones. Whoever reads English loads none.
 */
const { lang, dir, dataset } = document.documentElement;

/** Filled by js/speak.js. @type {Record<string, string | Record<string, string>>} */
export const catalogue = {};

export const language = lang;

/**
 * For Intl: the reader's own region where it is one of this language, else the language's usual one; with the practice's
 * calendar and digits.
 */
export const locale = new Intl.Locale(navigator.languages.find((one) => one.split("-")[0] === lang) ?? dataset.locale ?? lang, {
    calendar: "gregory",
    numberingSystem: "latn",
}).toString();

const plurals = new Intl.PluralRules(locale);
const lists = new Intl.ListFormat(locale, { type: "conjunction" });
export const numbers = new Intl.NumberFormat(locale);

/** @param {string} text */
function said(text) {
    const found = catalogue[text];
    return typeof found === "string" ? found : text;
}

/** A text that is said in more than one way in other languages: "Sent", the folder. @param {string} context @param {string} text */
export const inContext = (context, text) => String(catalogue[`${context}|${text}`] ?? text);

/** A sentence with values, t`Read by ${name}`: in the catalogue "Read by {0}". @param {TemplateStringsArray} parts @param {...unknown} values */
export const t = (parts, ...values) =>
    said(parts.reduce((text, part, place) => `${text}{${place - 1}}${part}`)).replace(/\{(\d)\}/gu, (_, place) =>
        String(values[place]),
    );

/** @param {number} count @param {string} one @param {string} other "#" stands for the number */
export function plural(count, one, other) {
    const forms = catalogue[one];
    const found = typeof forms === "object" ? forms[plurals.select(count)] : undefined;
    return (found ?? (count === 1 ? one : other)).replace("#", numbers.format(count));
}

/** "Dana and Hal", each running its own way. @param {string[]} names */
export const list = (names) => lists.format(dir === "rtl" && names[1] ? names.map((name) => `\u2068${name}\u2069`) : names);

/** What is no word, but a name by which something is found: of a chapter, of an icon. */
const NAMES = new Set(["id", "icon", "chapters"]);

/** Words as the reader has them: every text in them; functions say theirs by `t` and `plural`. @template T @param {T} words @returns {T} */
export function translated(words) {
    if (lang === "en") return words;
    if (typeof words === "string") return /** @type {any} */ (said(words));
    if (Array.isArray(words)) return /** @type {any} */ (words.map(translated));
    if (typeof words !== "object" || !words || words instanceof RegExp) return words;
    const parts = Object.entries(words).map(([name, one]) => [name, NAMES.has(name) ? one : translated(one)]);
    return /** @type {any} */ (Object.fromEntries(parts));
}
