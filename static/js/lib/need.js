/** Parts of the page that come when they are first needed. Which module defines which is known to js/app.js alone. */

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

/**
 * Asks until it comes: the line may break.
 * @template T @param {() => Promise<T>} load @returns {Promise<T>}
 */
export const persist = (load) => load().catch(() => new Promise((again) => setTimeout(again, RETRY)).then(() => persist(load)));
