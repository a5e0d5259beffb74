/** Parts of the page that come when they are first needed. Which module defines which is known to js/app.js alone. */
import { notify } from "./notices.js";
import { router } from "./router.js";
import { connection } from "./socket.js";
import { words } from "./words.js";

/**
 * Asks for an element's definition, and waits until it is there.
 * @param {string} tag
 * @returns {Promise<unknown>}
 */
export function need(tag) {
    document.dispatchEvent(new CustomEvent("qr-need", { detail: tag }));
    return customElements.whenDefined(tag);
}

const RETRY = 1_000;
/** Offline a reload would bring nothing. */
const misfit = () => router.outdated && connection.state === "open";

/**
 * Asks until it comes: the line may break. But a part of another build may never fit into this page.
 * @template T @param {() => Promise<T>} load @returns {Promise<T>}
 */
export async function persist(load, again = false) {
    try {
        return await load();
    } catch {
        await new Promise((later) => setTimeout(later, RETRY));
        return again && misfit() ? new Promise(() => location.reload()) : persist(load, misfit());
    }
}

/**
 * A module that only a press needs, if the connection lets it through; otherwise null, and a line says why nothing happened. Asking
 * until it comes would do what was pressed minutes later.
 * @template T @param {() => Promise<T>} load @returns {Promise<T | null>}
 */
export async function atOnce(load) {
    try {
        return await load();
    } catch {
        notify({ text: words.troubleConnection, trouble: true });
        return null;
    }
}
