/** Short lines on screen and questions that want an answer; who shows them does not matter here. */

/**
 * @typedef {{text: string, action?: string, act?: () => void, trouble?: boolean}} Notice
 * @typedef {{title: string, text: string, confirm: string, danger?: boolean, only?: boolean}} Question `only`: there is nothing to choose
 */

/** Shows a notice for some seconds, with one thing to do about it. @param {Notice} notice */
export const notify = (notice) => document.dispatchEvent(new CustomEvent("qr-notice", { detail: notice }));

/**
 * Asks in a dialog; true if the person confirmed.
 * @param {Question} question
 * @returns {Promise<boolean>}
 */
export const ask = (question) =>
    new Promise((resolve) => document.dispatchEvent(new CustomEvent("qr-ask", { detail: { ...question, resolve } })));
