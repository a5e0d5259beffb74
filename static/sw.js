/**
 * The service worker: it shows that a message waits, sets the badge, and opens the page. It keeps nothing, sees no request, and
 * knows no more than a number. A classic script of one file, as every browser takes it. Its two sentences come with the push,
 * in the language of its reader; those here are for a push that says nothing.
 */
const TITLE = "You have a secure message";
const TEXT = "Open to read it.";
const INBOX = "/inbox";

const worker = /** @type {any} */ (globalThis);

/** What a push says: how many conversations are unread, 1 where it does not, and the words. @param {any} data */
function told(data) {
    try {
        const { unread, title = TITLE, text = TEXT, language = "en" } = data.json();
        return { unread: Number.isInteger(unread) && unread >= 0 ? unread : 1, title, text, language };
    } catch {
        return { unread: 1, title: TITLE, text: TEXT, language: "en" };
    }
}

/** @param {number} unread */
function badge(unread) {
    const done = unread ? worker.navigator.setAppBadge?.(unread) : worker.navigator.clearAppBadge?.();
    return Promise.resolve(done).catch(() => {});
}

/** Browsers want every push to be seen; one that comes after another takes its place. @param {ReturnType<typeof told>} push */
function show({ unread, title, text, language }) {
    const looks = { body: text, icon: "/static/icons/app-192.png", badge: "/static/icons/badge-96.png", lang: language };
    return Promise.all([
        badge(unread),
        worker.registration.showNotification(title, { ...looks, tag: "unread", renotify: true, data: { path: INBOX } }),
    ]);
}

/** An open page comes to the front as it is; without one the Inbox opens. */
async function open() {
    const pages = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
    const page = pages.find((/** @type {any} */ one) => one.visibilityState === "visible") ?? pages[0];
    return page ? page.focus() : worker.clients.openWindow(INBOX);
}

worker.addEventListener("install", () => worker.skipWaiting());
worker.addEventListener("push", (/** @type {any} */ event) => event.waitUntil(show(told(event.data))));
worker.addEventListener("notificationclick", (/** @type {any} */ event) => {
    event.notification.close();
    event.waitUntil(open());
});
