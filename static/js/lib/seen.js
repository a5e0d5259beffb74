/**
 * Read means: the message was on screen, in a visible page that has the focus. This watches the messages of one
 * stream and says how far the reader has come, a moment after they stopped.
 */
import { later } from "./dom.js";

const MOMENT = 400;

export class Seen {
    /** @type {Map<Element, number>} messages to be read, with their seq */
    #unread = new Map();
    /** @type {Set<Element>} */
    #onScreen = new Set();
    #told = 0;
    #tell;
    #observer;

    /**
     * @param {Element} stream the scrolling element
     * @param {(seq: number) => void} tell
     */
    constructor(stream, tell) {
        this.#tell = tell;
        const observe = (/** @type {IntersectionObserverEntry[]} */ entries) => {
            for (const entry of entries) {
                // Of a message longer than the screen, half a screen of it.
                const enough =
                    entry.intersectionRatio >= 0.5 || entry.intersectionRect.height >= (entry.rootBounds?.height ?? 0) / 2;
                if (entry.isIntersecting && enough) this.#onScreen.add(entry.target);
                else this.#onScreen.delete(entry.target);
            }
            this.#soon();
        };
        this.#observer = new IntersectionObserver(observe, { root: stream, threshold: [0, 0.25, 0.5, 1] });
    }

    #soon = later(() => this.#look(), MOMENT);

    #look() {
        if (document.visibilityState !== "visible" || !document.hasFocus()) return;
        const seqs = [...this.#onScreen].map((element) => this.#unread.get(element) ?? 0);
        const seen = Math.max(0, ...seqs);
        if (seen <= this.#told) return;
        this.#told = seen;
        this.#tell(seen);
    }

    /** @param {Map<Element, number>} unread */
    watch(unread) {
        for (const element of this.#unread.keys()) {
            if (unread.has(element)) continue;
            this.#observer.unobserve(element);
            this.#onScreen.delete(element);
        }
        for (const element of unread.keys()) if (!this.#unread.has(element)) this.#observer.observe(element);
        this.#unread = unread;
    }

    /** Forgets how far the reader had come: another conversation, or marked unread elsewhere. */
    forget() {
        this.watch(new Map());
        this.#told = 0;
    }

    /** Coming back to the page is looking at it. @param {AbortSignal} signal */
    listen(signal) {
        addEventListener("focus", this.#soon, { signal });
        document.addEventListener("visibilitychange", this.#soon, { signal });
    }
}
