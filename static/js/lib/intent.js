/** What one page asks of the next, in memory only: names never stand in an address or in the browser's history. */

/**
 * A new message: whom it is for, the contacts on Cc, the text so far.
 * @type {{to: import("./types.js").Person[], cc: {id: string, name: string}[], body: string}}
 */
export const intent = { to: [], cc: [], body: "" };
