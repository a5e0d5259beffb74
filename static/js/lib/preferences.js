/** What somebody likes on this device; nothing of a message. A browser that keeps nothing has the usual ways. */
const ENTER = "quietroom.enter";

/** Whether the return key sends, where there is a keyboard with Shift. */
export function enterSends() {
    try {
        return localStorage.getItem(ENTER) !== "line";
    } catch {
        return true;
    }
}

/** @param {boolean} sends @returns {boolean} whether this browser keeps it */
export function setEnterSends(sends) {
    try {
        localStorage.setItem(ENTER, sends ? "send" : "line");
        return true;
    } catch {
        return false;
    }
}
