/** What the server draws: a page of its own, of which the parts are put into this one. */
import { read } from "./api.js";

/**
 * GET /api/<path>, parsed by the browser as a document in which nothing runs. A refusal is the one that `read` knows.
 * @param {string} path
 * @returns {Promise<Document>}
 */
export const readPage = (path) =>
    new Promise((done, fail) => {
        const request = new XMLHttpRequest();
        // Asked once more where it is no page: a refusal is JSON.
        const ask = () => read(path).then(() => fail(new Error(`${path} did not come`)), fail);
        request.open("GET", `/api/${path}`);
        request.responseType = "document";
        request.onload = () => (request.status === 200 && request.responseXML ? done(request.responseXML) : ask());
        request.onerror = ask;
        request.send();
    });
