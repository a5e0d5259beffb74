/**
 * The pages of the product, one entry each. To add a page:
 *
 *   1. js/elements/qr-page-<name>.js defines the element `qr-page-<name>` (see the simplest, qr-page-account.js): a
 *      `Part` whose <template id="qr-page-<name>"> in annex.html holds its markup, drawn with the classes of
 *      css/components.css (page, page-head, card, table, facts, field-of, tabs, actions …);
 *   2. an entry here: the address, the word for its title, who sees it, and `load`, so that it comes only when opened;
 *   3. it asks by `read("noun")` and `post("verb", {…})` of js/lib/api.js, or by `connection.command` what must survive
 *      a lost connection; it says what happened by `notify`, asks back by `ask` (js/lib/notices.js);
 *   4. its words go into js/lib/words.js, or into a chapter of the catalogue that comes with it (js/lib/words-people.js), and by
 *      `make words` into the catalogues of the other languages;
 *      a page of several elements is a group of js/groups.
 *
 * The element gets `place` (its address, taken apart) at each arrival, also when only the address changed.
 *
 * @typedef {object} Page
 * @property {RegExp} path its groups become place.params
 * @property {string} tag
 * @property {"inbox" | "clients" | "practice" | "account" | "help" | "missingTitle"} word
 * @property {() => Promise<unknown>} [load]
 * @property {boolean} [staff] only for staff; anybody else finds nothing there
 */

/** @type {Page[]} */
export const pages = [
    { path: /^\/(inbox|sent|trash)(?:\/([\w-]+))?\/?$/u, tag: "qr-messages", word: "inbox" },
    {
        path: /^\/clients\/?$/u,
        tag: "qr-page-clients",
        word: "clients",
        staff: true,
        load: () => import("./groups/clients.js"),
    },
    {
        path: /^\/clients\/([\w-]+)\/?$/u,
        tag: "qr-page-client",
        word: "clients",
        staff: true,
        load: () => import("./groups/client.js"),
    },
    {
        path: /^\/practice\/?$/u,
        tag: "qr-page-practice",
        word: "practice",
        staff: true,
        load: () => import("./groups/practice.js"),
    },
    { path: /^\/account\/?$/u, tag: "qr-page-account", word: "account", load: () => import("./groups/account.js") },
    { path: /^\/help(?:\/([\w-]+))?\/?$/u, tag: "qr-page-help", word: "help", load: () => import("./groups/help.js") },
];

/** @type {Page} */
export const missing = {
    path: /./u,
    tag: "qr-page-missing",
    word: "missingTitle",
    load: () => import("./elements/qr-page-missing.js"),
};

/** What stands in the navigation: for staff, and for clients and contacts. `phone` is only in the bottom bar. */
export const navigation = [
    { href: "/inbox", word: /** @type {const} */ ("inbox"), icon: "inbox", staff: false, phone: false },
    { href: "/clients", word: /** @type {const} */ ("clients"), icon: "clients", staff: true, phone: false },
    { href: "/practice", word: /** @type {const} */ ("practice"), icon: "practice", staff: true, phone: false },
    { href: "/account", word: /** @type {const} */ ("account"), icon: "account", staff: false, phone: true },
];
