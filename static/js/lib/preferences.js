/** What somebody likes on this device; nothing of a message. A browser that keeps nothing has the usual ways. */
const ENTER = "quietroom.enter";
const KEYS = "quietroom.keys";

/** @param {string} name @param {string} otherwise what it says where it is not the usual way */
function isUsual(name, otherwise) {
    try {
        return localStorage.getItem(name) !== otherwise;
    } catch {
        return true;
    }
}

/** @param {string} name @param {string} value @returns {boolean} whether this browser keeps it */
function keep(name, value) {
    try {
        localStorage.setItem(name, value);
        return true;
    } catch {
        return false;
    }
}

/** Whether the return key sends, where there is a keyboard with Shift. */
export const enterSends = () => isUsual(ENTER, "line");

/** @param {boolean} sends */
export const setEnterSends = (sends) => keep(ENTER, sends ? "send" : "line");

/** Whether single keys are shortcuts. */
export const shortcutsOn = () => isUsual(KEYS, "off");

/** @param {boolean} on */
export const setShortcuts = (on) => keep(KEYS, on ? "on" : "off");
