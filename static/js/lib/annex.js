/**
 * Brings what the first page does without, so that it is there sooner: a file of templates and a style sheet, each once.
 */
import { persist } from "./need.js";

/** Where the pages' own files are: at the address of the build that this one is of. */
const FILES = new URL("../../", import.meta.url).pathname;
/** Sheets that index.html does not link, in the order in which the later one wins, whichever comes first. */
const SHEETS = ["talk", "panel", "compose", "pages"].map((name) => `${FILES}css/${name}.css`);

/** Parts on their way or here, by their address. @type {Map<string, Promise<unknown>>} */
const parts = new Map();

/**
 * Answers when it is there; asks once, and again only after trouble, until it comes. It never fails: a module that waits for it
 * while it is loaded would have failed for good.
 * @param {string} path @param {(path: string) => Promise<void>} load
 */
function bring(path, load) {
    const coming = parts.get(path) ?? persist(() => load(path));
    parts.set(path, coming);
    return coming;
}

/** What the pages about people, the practice, one's account and the ways in need. */
export const bringAnnex = () => Promise.all([bring(`${FILES}annex.html`, templates), bringStyle("pages")]);

/** What an open conversation, a new message and the panel need. */
export function bringTalk() {
    bringComposeStyle();
    return Promise.all([bring(`${FILES}talk.html`, templates), bringStyle("talk"), bringStyle("panel")]);
}

/** What attachments, Cc, the ways to send, mass messages and printing look like. Nothing waits for it. */
export function bringComposeStyle() {
    bringStyle("compose");
}

/** @param {"talk" | "panel" | "compose" | "pages"} name */
const bringStyle = (name) => bring(`${FILES}css/${name}.css`, style);

const trouble = (/** @type {string} */ what) => new Error(`${what} did not come`);

/** Parsed by the browser as a document in which nothing runs. @param {string} path @returns {Promise<void>} */
function templates(path) {
    return new Promise((done, fail) => {
        const request = new XMLHttpRequest();
        request.open("GET", path);
        request.responseType = "document";
        request.onload = () => {
            const found = request.responseXML?.querySelectorAll("template") ?? [];
            if (found.length === 0) fail(trouble(path));
            for (const template of found) document.body.append(document.adoptNode(template));
            done();
        };
        request.onerror = () => fail(trouble(path));
        request.send();
    });
}

/** @param {string} path @returns {Promise<void>} */
function style(path) {
    return new Promise((done, fail) => {
        const link = document.createElement("link");
        link.rel = "stylesheet";
        link.href = path;
        link.onload = () => done();
        link.onerror = () => {
            link.remove();
            fail(trouble(path));
        };
        const later = SHEETS.slice(SHEETS.indexOf(path) + 1).map((one) => document.head.querySelector(`link[href="${one}"]`));
        document.head.insertBefore(link, later.find(Boolean) ?? null);
    });
}
