/** The numbers outside the page, in the tab's title and on the app's icon; they count while the page is locked, too. */
import { store } from "./store.js";
import { words } from "./words.js";

let badge = -1;

/** @param {string} page @param {string} practice */
export function showOutside(page, practice) {
    const { unread } = store;
    document.title = words.title(unread, page, practice);
    if (unread === badge) return;
    badge = unread;
    const shown = unread ? navigator.setAppBadge?.(unread) : navigator.clearAppBadge?.();
    shown?.catch(() => {});
}
