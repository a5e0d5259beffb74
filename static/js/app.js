/** The composition: what every page has, and what is shown to whom, wired to the session. Nothing imports this module. */
import "./elements/qr-connection.js";
import "./elements/qr-dialog.js";
import "./elements/qr-empty.js";
import "./elements/qr-notices.js";
import { doors, helpDoor, requiredFactor } from "./doors.js";
import { Refused, read, session } from "./lib/api.js";
import { bringIcons } from "./lib/icons.js";
import { listen } from "./lib/mailbox.js";
import { need, persist } from "./lib/need.js";
import { notify } from "./lib/notices.js";
import { router } from "./lib/router.js";
import { begin, refreshMe, signOut, tellUnlocked, watchIdle } from "./lib/session.js";
import { connection } from "./lib/socket.js";
import { store } from "./lib/store.js";
import { followKeyboard } from "./lib/viewport.js";
import { words } from "./lib/words.js";
import { pages } from "./pages.js";

const RETRY = 1_000;
/** What this page was made of; who one is may be asked again of a newer server. */
let build = "";
/** The list comes first; then what one will open. */
const SOON = 500;
/** What can wait until the page stands. */
const LATER = 2_000;

let atDoor = false;
let atLock = false;
let atFactor = false;
let greeted = false;
/** How often it was begun to show who is there: whoever began before leaves it to the last one. */
let turns = 0;

/** What is not on the first page, by the element that asks for it. @type {Record<string, () => Promise<{bring: () => any}>>} */
const groups = {
    "qr-conversation": () => import("./groups/conversation.js"),
    "qr-compose": () => import("./groups/compose.js"),
    "qr-panel": () => import("./groups/panel.js"),
    "qr-mass": () => import("./groups/mass.js"),
};

/** @param {string} tag */
function load(tag) {
    const group = groups[tag];
    if (group) persist(() => group().then(({ bring }) => bring()));
}
document.addEventListener("qr-need", (event) => load(/** @type {CustomEvent<string>} */ (event).detail));

/** Puts one root element into the page, in place of the old one. @param {string} tag */
function show(tag) {
    const root = document.createElement(tag);
    document.querySelector("[data-root]")?.remove();
    root.dataset.root = "";
    document.body.prepend(root);
    return root;
}

async function start() {
    const turn = ++turns;
    try {
        await begin();
        // A factor that was set up elsewhere is asked for at sign-in.
        if (store.me?.session.restricted) return store.me.second_factor ? signOut() : open(requiredFactor);
        const guest = store.me?.session.scoped;
        await (guest ? bringGuest() : bringShell());
        // Meanwhile the session may have ended or locked.
        if (turn !== turns || atDoor || atLock) return;
        if (guest) return show("qr-guest");
        show("qr-app");
        setTimeout(() => {
            need("qr-conversation");
            loadLock();
        }, SOON);
        setTimeout(remember, LATER);
        setTimeout(() => import("./lib/shortcuts.js").catch(() => {}), LATER);
    } catch (error) {
        // Signed out and locked were announced by api.js; anything else is worth another try.
        const code = error instanceof Refused ? error.code : "";
        if (code !== "signed_out" && code !== "locked") setTimeout(start, RETRY);
        if (code === "unreachable") notify({ text: words.troubleConnection, trouble: true });
    }
}

/** For somebody with a quick link: one conversation, and nothing else of the house. */
const bringGuest = () => persist(() => import("./elements/qr-guest.js"));

/** Named by the page of whoever brings a session, so that it is there by then. */
const bringShell = () => persist(() => import("./groups/shell.js"));

/** Whoever wanted notifications here gets them again. */
const remember = () => import("./lib/push.js").then(({ resumePush }) => resumePush()).catch(() => {});

/** A page without the shell: a way in. @param {{tag: string, load: () => Promise<unknown>}} door */
async function open({ tag, load }) {
    await persist(load);
    show(tag);
}

/** Drafts and unsent messages outlive the reload. */
function tellOutdated() {
    if (router.outdated) notify({ text: words.newVersion, action: words.reload, act: () => location.reload() });
}

/** The session ended: content leaves the page at once, the address stays, and so does unsaved text in this tab. */
async function askToSignIn() {
    // The socket brings the news, and each request that is refused.
    if (atDoor) return;
    atDoor = true;
    atLock = false;
    navigator.clearAppBadge?.()?.catch(() => {});
    const wasIn = store.me !== null;
    connection.stop();
    store.me = null;
    store.reset();
    if (location.pathname.startsWith("/help")) return open(helpDoor);
    await persist(() => import("./groups/sign-in.js"));
    const door = /** @type {any} */ (show("qr-sign-in"));
    door.returning = wasIn;
    // While the password is typed.
    setTimeout(bringShell, SOON);
}

/** Fetched ahead: who is offline when the session locks needs it, too. */
const loadLock = () => persist(() => import("./elements/qr-lock.js"));

/** The session locked: content leaves page and store; what was typed stays in the tab's memory, and the numbers go on. */
async function lock() {
    if (atLock || atDoor) return;
    atLock = true;
    // Forms and dialogs put away what is theirs.
    document.dispatchEvent(new Event("qr-lock"));
    document.querySelector("[data-root]")?.remove();
    store.connected = false;
    store.reset();
    // Without the second factor that is required there is nothing to count.
    if (!store.me?.session.restricted) connection.rest();
    await loadLock();
    if (atLock) show("qr-lock");
}

/** The practice requires a second factor from now on: content leaves the page, and nothing else is open until it is set up. */
async function askForFactor() {
    if (atDoor || atLock || atFactor) return;
    atFactor = true;
    document.querySelector("[data-root]")?.remove();
    connection.stop();
    store.connected = false;
    store.reset();
    await start();
    atFactor = store.me?.session.restricted ?? false;
}

/** The password was given, here or in another tab. */
function goOn() {
    if (!atLock) return;
    atLock = false;
    if (connection.locked) connection.wake();
    start();
}

document.body.append(document.createElement("qr-notices"), document.createElement("qr-dialog"));
bringIcons();
listen();
followKeyboard();
watchIdle();
session.addEventListener("signed_out", askToSignIn);
session.addEventListener("locked", lock);
session.addEventListener("unlocked", goOn);
connection.addEventListener("locked", lock);
session.addEventListener("second_factor", askForFactor);
connection.addEventListener("ended", (event) => {
    if (/** @type {CustomEvent<string>} */ (event).detail === "second_factor") askForFactor();
    else askToSignIn();
});
// A handshake does not say why it failed; asking who is signed in does.
connection.addEventListener("doubt", () =>
    read("me").then(
        (me) => me.session.restricted && askForFactor(),
        () => {},
    ),
);
connection.addEventListener("hello", (event) => {
    const { version, fresh } = /** @type {CustomEvent<{version: string, fresh: boolean}>} */ (event).detail;
    // A cursor that is of no use may mean that the practice is not what it was.
    if (fresh && greeted && !connection.locked) refreshMe().catch(() => {});
    greeted = true;
    build ||= store.me?.version ?? "";
    router.outdated = build !== "" && build !== version;
    tellOutdated();
});
// The notice goes by; who comes back to the page is told again.
document.addEventListener("visibilitychange", () => document.hidden || tellOutdated());
document.addEventListener("qr-signed-in", () => {
    // A new document: the one before may have belonged to somebody else.
    location.replace(location.pathname === "/sign-in" ? router.next : location.pathname);
});
document.addEventListener("qr-unlocked", () => {
    tellUnlocked();
    goOn();
});
document.addEventListener("qr-sign-out", signOut);
document.addEventListener("qr-to-sign-in", askToSignIn);
// Whoever comes for a conversation waits for what it is made of.
if (/^\/(?:inbox|sent|trash)\/[\w-]/u.test(location.pathname)) load("qr-conversation");
router.start(pages);
const door = doors.find(({ path }) => path.test(location.pathname));
if (door) open(door);
else start();
