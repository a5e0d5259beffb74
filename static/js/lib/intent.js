/** What one page asks of the next, in memory only: names never stand in an address or in the browser's history. */

/** @type {{to: import("./types.js").Person[]}} whom a new message is for */
export const intent = { to: [] };
