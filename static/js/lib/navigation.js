/** The links of the top bar and of the phone's bottom bar: the same places, drawn twice. */
import { navigation } from "../pages.js";
import { icon, keep, make } from "./dom.js";
import { isStaff } from "./people.js";
import { router } from "./router.js";
import { store } from "./store.js";
import { words } from "./words.js";

/** @typedef {typeof navigation[number]} Entry */

/** Sent and Trash are parts of the Inbox page. @param {Entry} entry */
function isCurrent(entry) {
    const { page, path } = router.place;
    return entry.href === "/inbox" ? page?.tag === "qr-messages" : path.startsWith(entry.href);
}

/** @param {HTMLElement} nav @param {boolean} phone */
export function fillNavigation(nav, phone) {
    const staff = isStaff();
    // Who has only two places to go finds the account in both bars.
    const entries = navigation.filter((entry) => (staff || !entry.staff) && (phone || !entry.phone || !staff));
    keep(
        nav,
        entries,
        (entry) => entry.href,
        (entry) => {
            const link = /** @type {HTMLAnchorElement} */ (make("a"));
            link.href = entry.href;
            if (phone) {
                const mark = make("span", "mark");
                const dot = make("i", "dot");
                mark.append(icon(entry.icon), dot);
                link.append(mark);
            }
            link.append(make("span", "", words[entry.word]));
            return link;
        },
        (link, entry) => {
            if (isCurrent(entry)) link.setAttribute("aria-current", "page");
            else link.removeAttribute("aria-current");
            if (entry.word !== "inbox") link.querySelector(".dot")?.remove();
            else {
                link.setAttribute("aria-label", words.inboxUnread(store.unread));
                link.querySelector(".dot")?.toggleAttribute("hidden", store.unread === 0);
            }
        },
    );
}
