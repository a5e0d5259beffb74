/** Notifications on this device: the service worker, and the browser's subscription that the server may push to. */
import { post, read } from "./api.js";
import { store } from "./store.js";

/** After this long the person is told instead of kept waiting. */
const PATIENCE = 10_000;
const SCRIPT = "/sw.js";
/** Whose notifications this browser shows, and by which session the server knows it. Nothing of a message. */
const MARK = "quietroom.push";

/** Why notifications cannot be turned on: a word of the catalogue. */
export class PushTrouble extends Error {
    /** @param {"pushBlocked" | "pushNotAllowed" | "pushRefused" | "pushSlow"} word */
    constructor(word) {
        super(word);
        this.word = word;
    }
}

const supported = () => "serviceWorker" in navigator && "PushManager" in globalThis && "Notification" in globalThis;

/** iPadOS calls itself a Mac; no Mac has a touch screen. */
const isIos = () =>
    /iP(?:hone|ad|od)/u.test(navigator.userAgent) || (navigator.platform === "MacIntel" && navigator.maxTouchPoints > 1);

/** Only the one script of ours, and by this policy only, may become the page's worker. @returns {any} */
function script() {
    const types = /** @type {any} */ (globalThis).trustedTypes;
    const only = (/** @type {string} */ url) => {
        if (url !== SCRIPT) throw new TypeError(`${url} is no script of this page`);
        return url;
    };
    policy ??= types?.createPolicy("quietroom", { createScriptURL: only });
    return policy ? policy.createScriptURL(SCRIPT) : SCRIPT;
}

/** @type {any} a policy can be made once */
let policy;

const registered = () => navigator.serviceWorker.getRegistration("/");

/** @returns {Promise<PushSubscription | null>} */
const subscription = async () => (await (await registered())?.pushManager.getSubscription()) ?? null;

const mark = () => `${store.me?.id} ${store.me?.session.ends_at}`;

/** @param {PushSubscription} given */
async function save(given) {
    const { endpoint, keys } = given.toJSON();
    await post("save_push", { endpoint, p256dh: keys?.p256dh, auth: keys?.auth });
    localStorage.setItem(MARK, mark());
}

/**
 * How things stand: "none" where the server has no push, else what the person can do here.
 * @returns {Promise<"none" | "ios" | "unsupported" | "blocked" | "on" | "off">}
 */
export async function pushState() {
    if (!(await read("push")).key) return "none";
    if (!supported()) return isIos() ? "ios" : "unsupported";
    if (Notification.permission === "denied") return "blocked";
    const mine = localStorage.getItem(MARK)?.startsWith(`${store.me?.id} `);
    return mine && Notification.permission === "granted" && (await subscription()) ? "on" : "off";
}

/** Asks for permission, subscribes, and tells the server; a PushTrouble says why not. */
export async function turnPushOn() {
    const permission = await Notification.requestPermission();
    if (permission !== "granted") throw new PushTrouble(permission === "denied" ? "pushBlocked" : "pushNotAllowed");
    const { key } = await read("push");
    let late = false;
    const asked = subscribe(key);
    const patience = new Promise((_, fail) => setTimeout(() => fail(new PushTrouble("pushSlow")), PATIENCE));
    // What comes after all when the person was told that it did not is given back.
    asked.then((given) => late && given.unsubscribe()).catch(() => {});
    const given = await Promise.race([asked, patience]).catch((trouble) => {
        late = true;
        throw trouble instanceof PushTrouble ? trouble : new PushTrouble("pushRefused");
    });
    await save(/** @type {PushSubscription} */ (given));
}

/** @param {string} key @returns {Promise<PushSubscription>} */
async function subscribe(key) {
    await navigator.serviceWorker.register(script(), { scope: "/" });
    const { pushManager } = await navigator.serviceWorker.ready;
    // One that was made with another key is of no use to this server.
    await (await pushManager.getSubscription())?.unsubscribe();
    return await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

/** This browser shows no more notifications. */
export async function turnPushOff() {
    const given = await subscription();
    localStorage.removeItem(MARK);
    if (!given) return;
    await post("forget_push", { endpoint: given.endpoint });
    await given.unsubscribe().catch(() => {});
}

/** After signing in again as the same person: the server hears of this browser anew, for notifications end with a session. */
export async function resumePush() {
    const kept = localStorage.getItem(MARK);
    if (!kept?.startsWith(`${store.me?.id} `) || kept === mark() || !supported() || Notification.permission !== "granted") return;
    const given = await subscription();
    if (given) await save(given);
    else localStorage.removeItem(MARK);
}
