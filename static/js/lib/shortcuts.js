/**
 * One key for what one does often, and ? for the list of them. Nothing happens while somebody types, in a dialog, with a modifier,
 * or where they are switched off: whoever speaks to the computer would press them by accident.
 */
import { bringAnnex } from "./annex.js";
import { make } from "./dom.js";
import { isStaff, mayBegin } from "./people.js";
import { shortcutsOn } from "./preferences.js";
import { router } from "./router.js";
import { sheet } from "./sheets.js";
import { store } from "./store.js";
import { peopleWords as words } from "./words-people.js";

/** How long "g" waits for where to go. */
const WAIT = 1_500;

/** `offered`: whether it is of use to who is signed in. @typedef {{keys: string, what: string, act: () => unknown, offered?: () => boolean}} Shortcut */

/** @param {string} selector */
const find = (selector) => /** @type {HTMLElement[]} */ ([...document.querySelectorAll(selector)].filter(isShown));

/** @param {Element} element */
const isShown = (element) => element.checkVisibility?.() ?? element.getClientRects().length > 0;

/** Presses the first of these that is on screen. @param {string[]} selectors */
const press = (...selectors) => selectors.flatMap(find)[0]?.click();

/** The row that has the focus, or else the open one. */
const here = () => document.activeElement?.closest("qr-list .row") ?? document.querySelector("qr-list .row.current");

/** To the next or the previous conversation of the list. @param {1 | -1} step */
function go(step) {
    const rows = find("qr-list .row");
    const at = rows.indexOf(/** @type {HTMLElement} */ (here()));
    rows[at < 0 ? 0 : at + step]?.querySelector("a")?.focus();
}

/** The list's own button where a row is meant, the conversation's where one reads. @param {string} verb */
function act(verb) {
    const row = document.activeElement?.closest("qr-list .row");
    if (row && verb === "trash") /** @type {HTMLElement | null} */ (row.querySelector(".bin[data-do=trash]"))?.click();
    else press(`qr-conversation [data-do=${verb}]`, `qr-conversation .menu [data-do=${verb}]`);
}

function search() {
    const [field] = find("qr-list input[type=search], .page input[type=search], qr-new-message input[type=search]");
    if (field) field.focus();
    else router.go("/inbox");
}

/** @type {Shortcut[]} */
const shortcuts = [
    { keys: "c", what: words.keyCompose, act: () => router.go("/inbox#compose"), offered: mayBegin },
    { keys: "r", what: words.keyReply, act: () => press("qr-conversation [data-do=reply]") },
    { keys: "j", what: words.keyNext, act: () => go(1) },
    { keys: "k", what: words.keyPrevious, act: () => go(-1) },
    { keys: "#", what: words.keyTrash, act: () => act("trash") },
    { keys: "u", what: words.keyUnread, act: () => act("unread") },
    { keys: "/", what: words.keySearch, act: search },
    { keys: "m", what: words.keyPanel, act: () => press("qr-top [data-part=messages]") },
    { keys: "g i", what: words.keyInbox, act: () => router.go("/inbox") },
    { keys: "g s", what: words.keySent, act: () => router.go("/sent") },
    { keys: "g t", what: words.keyTrashTab, act: () => router.go("/trash") },
    { keys: "g c", what: words.keyClients, act: () => router.go("/clients"), offered: isStaff },
    { keys: "g p", what: words.keyPractice, act: () => router.go("/practice"), offered: isStaff },
    { keys: "g a", what: words.keyAccount, act: () => router.go("/account") },
    { keys: "?", what: words.keySheet, act: () => show() },
];

const mine = () => shortcuts.filter(({ offered }) => !offered || offered());

/** The list of them, as a dialog. */
async function show() {
    await bringAnnex();
    const list = make("dl", "keys");
    for (const { keys, what } of mine()) {
        const line = make("div");
        const said = make("dt", "", what);
        const pressed = make("dd");
        pressed.append(...keys.split(" ").map((key) => make("kbd", "", key)));
        line.append(said, pressed);
        list.append(line);
    }
    const shell = /** @type {HTMLElement | null} */ (document.querySelector("qr-app"));
    if (shell) sheet(shell, { title: words.shortcuts, text: words.shortcutsText, body: list });
}

/** Whether the key is meant for something else. @param {KeyboardEvent} event */
function isTaken(event) {
    const { target } = event;
    const typing =
        target instanceof HTMLElement &&
        target.closest("textarea, select, [role=menu], [role=listbox], input:not([type=checkbox])");
    const elsewhere = !store.me || !document.querySelector("qr-app") || document.querySelector("dialog[open]");
    const modified = event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented;
    return Boolean(typing || elsewhere || modified) || !shortcutsOn();
}

let first = "";
let timer = 0;

/** @param {KeyboardEvent} event */
function pressed(event) {
    if (isTaken(event)) return;
    const keys = first + event.key;
    clearTimeout(timer);
    first = "";
    const shortcut = mine().find((one) => one.keys === keys);
    if (shortcut) {
        event.preventDefault();
        shortcut.act();
    } else if (event.key === "g") {
        first = "g ";
        timer = setTimeout(() => {
            first = "";
        }, WAIT);
    }
}

document.addEventListener("keydown", pressed);
