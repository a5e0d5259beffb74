/** The tab's session: who is signed in, until when, and what happens when it ends. */
import { post, read, session } from "./api.js";
import { drafts } from "./drafts.js";
import { language } from "./language.js";
import { notify } from "./notices.js";
import { outbox } from "./outbox.js";
import { connection } from "./socket.js";
import { store } from "./store.js";
import { words } from "./words.js";

const MINUTE = 60_000;
/** The server's lock comes within this; who hears nothing of it, being offline, locks by the own clock. */
const GRACE = 1.5 * MINUTE;
/** Tabs tell each other that somebody is there, and that the password was given; nothing else goes over this channel. */
const tabs = new BroadcastChannel("quietroom.active");
let begun = false;

/** Asks who is signed in, then connects; pages load once the connection stands. */
export async function begin() {
    const me = await read("me");
    if (me.language && me.language !== language) await speakIn(me.language);
    store.me = me;
    // A quick link tells of its conversation only, not of how much else is unread.
    store.count(me.unread ?? 0);
    forgetOthers(me.id);
    // Without the second factor that the practice requires, a session may do nothing but set it up.
    if (me.session.restricted) return;
    connection.start();
    // After the idle lock the tab still has them.
    if (begun) return;
    begun = true;
    outbox.start();
    drafts.start();
}

/**
 * Opens the page anew in another language; the server keeps which one. If it was asked for this one already, it has no other.
 * @param {string} tag
 * @returns {Promise<void>} that never ends when the page does
 */
export function speakIn(tag) {
    const address = new URL(location.href);
    if (address.searchParams.get("language") === tag) return Promise.resolve();
    address.searchParams.set("language", tag);
    location.replace(address);
    return new Promise(() => {});
}

/** Asks anew who one is: after something about oneself or the practice changed. */
export async function refreshMe() {
    store.me = await read("me");
    store.tell();
}

/** A tab in which somebody else signs in keeps nothing of the one before. @param {string} me */
function forgetOthers(me) {
    for (const name of Object.keys(sessionStorage)) {
        if (name.startsWith("quietroom.") && !name.endsWith(me)) sessionStorage.removeItem(name);
    }
}

/** What is unsent or unsaved becomes a draft, then nothing stays behind. */
export async function signOut() {
    const unsent = outbox.sends.filter((send) => !send.seq);
    await drafts.settle(
        unsent.map(({ conversation, to, subject, body }) => (conversation ? { conversation, body } : { to, subject, body })),
    );
    await post("sign_out").catch(() => {});
    connection.stop();
    sessionStorage.clear();
    navigator.clearAppBadge?.()?.catch(() => {});
    // A new document: what this one has in memory goes with it.
    location.assign("/sign-in");
}

/** The password was given in this tab: the others go on, too. */
export const tellUnlocked = () => tabs.postMessage("unlocked");

/** Watches for life: the server hears of real input at most once a minute, and the person before the session locks. */
export function watchIdle() {
    let told = 0;
    let last = Date.now();
    let warned = false;
    const alive = () => {
        last = Date.now();
        warned = false;
    };
    const tell = () => {
        if (Date.now() - told < MINUTE || !store.me || connection.locked) return;
        told = Date.now();
        post("active").catch(() => {});
    };
    const act = () => {
        if (Date.now() - last > 5_000) tabs.postMessage("here");
        alive();
        tell();
    };
    tabs.addEventListener("message", ({ data }) => {
        alive();
        if (data === "unlocked") session.dispatchEvent(new Event("unlocked"));
    });
    for (const event of ["pointerdown", "keydown", "touchstart"]) addEventListener(event, act, { capture: true, passive: true });
    setInterval(() => {
        const idle = (store.me?.idle_minutes ?? 0) * MINUTE;
        // What happened within a minute of the last word to the server counts, too.
        if (last > told) tell();
        const still = Date.now() - last;
        if (!idle || connection.locked) return;
        if (still > idle + GRACE) session.dispatchEvent(new Event("locked"));
        if (warned || still < idle - MINUTE) return;
        warned = true;
        notify({ text: words.lockSoon, action: words.stillHere, act });
    }, 15_000);
}
