/** What one page asks of the next, in memory only: names never stand in an address or in the browser's history. */

/**
 * A new message: whom it is for (some, or everyone), the contacts on Cc, the subject and the text so far.
 * @typedef {{to: import("./types.js").Person[], everyone: boolean, cc: {id: string, name: string}[], subject: string, body: string}} Intent
 */

/** @returns {Intent} */
const nothing = () => ({ to: [], everyone: false, cc: [], subject: "", body: "" });
let next = nothing();

export const intent = {
    /** @param {Partial<Intent>} what */
    leave(what) {
        next = { ...nothing(), ...what };
    },

    /** Asked once. */
    take() {
        const left = next;
        next = nothing();
        return left;
    },
};
