/** Plain text with its addresses made clickable: text nodes and <a>, never markup. */

const ADDRESS = /\b(?:https?:\/\/|mailto:|tel:)[^\s<>"“”]+|\b[\w.+-]+@[a-z\d-]+(?:\.[a-z\d-]+)+/giu;
const PROTOCOLS = new Set(["http:", "https:", "mailto:", "tel:"]);

/** Punctuation after an address belongs to the sentence, and so does a bracket that was opened before it. @param {string} text */
function trimmed(text) {
    let address = text.replace(/[.,;:!?'’…]+$/u, "");
    while (/[)\]]$/u.test(address) && count(address, /[([]/gu) < count(address, /[)\]]/gu)) address = address.slice(0, -1);
    return address;
}

/** @param {string} text @param {RegExp} what */
const count = (text, what) => text.match(what)?.length ?? 0;

/** @param {string} text @returns {HTMLAnchorElement | null} */
function anchor(text) {
    const written = /^(?:https?|mailto|tel):/iu.test(text) ? text : `mailto:${text}`;
    const url = URL.canParse(written) ? new URL(written) : null;
    if (!url || !PROTOCOLS.has(url.protocol)) return null;
    const link = document.createElement("a");
    link.href = url.href;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    link.textContent = text;
    return link;
}

/** @param {string} text @returns {(string | HTMLAnchorElement)[]} */
export function linked(text) {
    /** @type {(string | HTMLAnchorElement)[]} */
    const nodes = [];
    let from = 0;
    for (const match of text.matchAll(ADDRESS)) {
        const address = trimmed(match[0]);
        const link = anchor(address);
        if (!link) continue;
        nodes.push(text.slice(from, match.index), link);
        from = match.index + address.length;
    }
    nodes.push(text.slice(from));
    return nodes.filter((node) => node !== "");
}
