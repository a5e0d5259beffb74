/**
 * The service worker: it shows that a message waits, sets the badge, and opens the page. It keeps nothing, sees no request, and
 * knows no more than a number. A classic script of one file, as every browser takes it; hence its two sentences stand here.
 */
const TITLE = "You have a secure message";
const TEXT = "Open to read it.";
const INBOX = "/inbox";

const worker = /** @type {any} */ (globalThis);

/** How many conversations are unread; 1 where a push says nothing. @param {any} data */
function unreadOf(data) {
    try {
        const { unread } = data.json();
        return Number.isInteger(unread) && unread >= 0 ? unread : 1;
    } catch {
        return 1;
    }
}

/** @param {number} unread */
function badge(unread) {
    const done = unread ? worker.navigator.setAppBadge?.(unread) : worker.navigator.clearAppBadge?.();
    return Promise.resolve(done).catch(() => {});
}

/** Browsers want every push to be seen; one that comes after another takes its place. @param {number} unread */
function show(unread) {
    const looks = { body: TEXT, icon: "/static/icons/app-192.png", badge: "/static/icons/badge-96.png", lang: "en" };
    return Promise.all([
        badge(unread),
        worker.registration.showNotification(TITLE, { ...looks, tag: "unread", renotify: true, data: { path: INBOX } }),
    ]);
}

/** An open page comes to the front as it is; without one the Inbox opens. */
async function open() {
    const pages = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
    const page = pages.find((/** @type {any} */ one) => one.visibilityState === "visible") ?? pages[0];
    return page ? page.focus() : worker.clients.openWindow(INBOX);
}

worker.addEventListener("install", () => worker.skipWaiting());
worker.addEventListener("push", (/** @type {any} */ event) => event.waitUntil(show(unreadOf(event.data))));
worker.addEventListener("notificationclick", (/** @type {any} */ event) => {
    event.notification.close();
    event.waitUntil(open());
});
