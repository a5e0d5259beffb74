/**
 * Brings what only the pages about people, the practice, one's account and the ways in need: their templates
 * (static/annex.html) and their style (static/css/pages.css). The first page does without them, and is there sooner.
 */

/** @type {Promise<unknown> | null} */
let coming = null;

/** Answers when both are there; asks once, and again only after trouble. */
export function bringAnnex() {
    coming ??= Promise.all([templates(), style()]).catch((trouble) => {
        coming = null;
        throw trouble;
    });
    return coming;
}

const trouble = (/** @type {string} */ what) => new Error(`${what} did not come`);

/** Parsed by the browser as a document in which nothing runs. @returns {Promise<void>} */
function templates() {
    return new Promise((done, fail) => {
        const request = new XMLHttpRequest();
        request.open("GET", "/static/annex.html");
        request.responseType = "document";
        request.onload = () => {
            const found = request.responseXML?.querySelectorAll("template") ?? [];
            if (found.length === 0) fail(trouble("annex.html"));
            for (const template of found) document.body.append(document.adoptNode(template));
            done();
        };
        request.onerror = () => fail(trouble("annex.html"));
        request.send();
    });
}

/** @returns {Promise<void>} */
function style() {
    return new Promise((done, fail) => {
        const link = document.createElement("link");
        link.rel = "stylesheet";
        link.href = "/static/css/pages.css";
        link.onload = () => done();
        link.onerror = () => {
            link.remove();
            fail(trouble("pages.css"));
        };
        document.head.append(link);
    });
}
