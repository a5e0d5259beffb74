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
