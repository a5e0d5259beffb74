/**
 * The little that every element shares: a template drawn once into light DOM, parts by name, words from the
 * catalogue, and listeners that end with the element's stay in the page.
 */
import { words } from "./words.js";

/**
 * Draws <template id="…"> and hands back its nodes and its named parts (`data-part`). Words come from the catalogue:
 * `data-word` is text, `data-label` an accessible name and tooltip, `data-hint` a placeholder; `data-icon` is a picture.
 * @param {string} id
 */
export function draw(id) {
    const template = /** @type {HTMLTemplateElement} */ (document.getElementById(id));
    const nodes = document.importNode(template.content, true);
    // The parts' types are known only to the template, hence `any`.
    /** @type {Record<string, any>} */
    const parts = {};
    for (const part of nodes.querySelectorAll("[data-part]")) parts[/** @type {HTMLElement} */ (part).dataset.part ?? ""] = part;
    speak(nodes);
    return { nodes, parts };
}

/** All that templates can say. @type {Record<string, unknown>} */
const catalogue = { ...words };

/** Adds a chapter of the catalogue that comes with its pages. @param {Record<string, unknown>} chapter */
export const learn = (chapter) => Object.assign(catalogue, chapter);

/** @param {string | undefined} name */
export const word = (name) => String(catalogue[name ?? ""]);

/** @param {DocumentFragment | Element} nodes */
export function speak(nodes) {
    for (const node of /** @type {NodeListOf<HTMLElement>} */ (
        nodes.querySelectorAll("[data-word], [data-label], [data-hint], [data-icon]")
    )) {
        const { word: text, label, hint, icon: picture } = node.dataset;
        if (picture) node.prepend(icon(picture));
        if (text) node.append(word(text));
        if (label) name(node, word(label));
        if (hint) node.setAttribute("placeholder", word(hint));
    }
}

/** An accessible name, shown as a tooltip on buttons that are only a picture. @param {Element} node @param {string} label */
export function name(node, label) {
    node.setAttribute("aria-label", label);
    if (node.classList.contains("icon-button") || node.classList.contains("bin")) node.setAttribute("title", label);
}

/** An element drawn from a template of the same name as its tag, on first use. */
export class Part extends HTMLElement {
    /** @type {Record<string, any> | null} */
    #parts = null;
    #stay = new AbortController();

    get parts() {
        if (!this.#parts) {
            const { nodes, parts } = draw(this.localName);
            this.#parts = parts;
            this.append(nodes);
            this.drawn();
        }
        return this.#parts;
    }

    connectedCallback() {
        this.#stay = new AbortController();
        this.parts;
        this.joined(this.#stay.signal);
    }

    disconnectedCallback() {
        this.#stay.abort();
        this.left();
    }

    /** Once, when the template has been drawn: listeners on own parts belong here. */
    drawn() {}

    /** Whenever the element comes into the page; listeners elsewhere end with `signal`. @param {AbortSignal} _signal */
    joined(_signal) {}

    left() {}

    /** Tells whoever stands above. @param {string} event @param {unknown} [detail] */
    say(event, detail) {
        return this.dispatchEvent(new CustomEvent(event, { detail, bubbles: true, cancelable: true }));
    }
}

/**
 * Makes the children of `parent` show `items` in order: keeps, moves, makes and removes as few as possible, so that
 * focus, selection and scroll position stay where they are.
 * @template T
 * @param {Element} parent
 * @param {T[]} items
 * @param {(item: T) => string} key
 * @param {(item: T) => HTMLElement} make
 * @param {(element: any, item: T) => void} [update]
 */
export function keep(parent, items, key, make, update) {
    const wanted = new Set(items.map(key));
    const have = new Map();
    const focused = document.activeElement;
    for (const child of /** @type {HTMLElement[]} */ ([...parent.children])) {
        if (wanted.has(child.dataset.key ?? "")) have.set(child.dataset.key, child);
        else child.remove();
    }
    let place = parent.firstElementChild;
    for (const item of items) {
        let element = have.get(key(item));
        if (!element) {
            element = make(item);
            element.dataset.key = key(item);
        }
        update?.(element, item);
        if (element === place) place = place?.nextElementSibling ?? null;
        else parent.insertBefore(element, place);
    }
    if (focused !== document.activeElement && focused instanceof HTMLElement && parent.contains(focused)) {
        focused.focus({ preventScroll: true });
    }
}

/** A tap's click comes a moment after the finger is gone. */
const CLICK = 100;
/** Whoever presses for longer is not clicking; or let go where nobody saw it. */
const LONGEST = 10_000;
/** What is under a pressed pointer. @type {EventTarget | null} */
let pressed = null;
/** @type {Map<Element, () => void>} */
const waiting = new Map();
const release = () => {
    pressed = null;
    const runs = [...waiting.values()];
    waiting.clear();
    for (const run of runs) run();
};
const soon = later(release, CLICK);
const late = later(release, LONGEST);
addEventListener(
    "pointerdown",
    (event) => {
        soon.cancel();
        if (event.button === 0) pressed = event.target;
        late();
    },
    { capture: true, passive: true },
);
for (const end of ["pointerup", "pointercancel", "contextmenu"]) addEventListener(end, soon, { capture: true, passive: true });

/**
 * As `keep`, for rows that change places while one looks at them: none moves under a pressed pointer, or the click would be
 * lost, or be another row's. It moves when the pointer is let go; what is gone goes at once.
 * @template T
 * @param {Element} parent
 * @param {T[]} items
 * @param {(item: T) => string} key
 * @param {(item: T) => HTMLElement} make
 * @param {(element: any, item: T) => void} update
 */
export function keepSteady(parent, items, key, make, update) {
    waiting.delete(parent);
    const fresh = new Map(items.map((item) => [key(item), item]));
    const rows = /** @type {HTMLElement[]} */ ([...parent.children]).filter((row) => fresh.has(row.dataset.key ?? ""));
    const held = rows.findIndex((row) => pressed instanceof Node && row.contains(pressed));
    const moves = rows.slice(0, held + 1).some((row, place) => items[place] !== fresh.get(row.dataset.key ?? ""));
    if (moves) waiting.set(parent, () => keepSteady(parent, items, key, make, update));
    const shown = /** @type {T[]} */ (moves ? rows.map((row) => fresh.get(row.dataset.key ?? "")) : items);
    keep(parent, shown, key, make, update);
}

/** A small element with a class and a text. @param {string} tag @param {string} [className] @param {string} [text] */
export function make(tag, className = "", text = "") {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text) element.textContent = text;
    return element;
}

/**
 * A link's words, changed in place: where its press began, a browser looks for the same text when it makes a click of it.
 * @param {Element} link
 * @param {string} text
 */
export function reword(link, text) {
    if (link.firstChild instanceof Text) link.firstChild.data = text;
    else link.textContent = text;
}

/** A picture of the sprite that js/lib/icons.js brings. @param {string} id */
export function icon(id) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", "icon");
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `#icon-${id}`);
    svg.append(use);
    return svg;
}

/**
 * Calls `run` once, `pause` after the last call.
 * @param {() => void} run
 * @param {number} pause milliseconds
 */
export function later(run, pause) {
    let timer = 0;
    const call = () => {
        clearTimeout(timer);
        timer = setTimeout(run, pause);
    };
    call.cancel = () => clearTimeout(timer);
    return call;
}
