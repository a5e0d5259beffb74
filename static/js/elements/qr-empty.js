import { icon, Part } from "../lib/dom.js";

/** A place with nothing in it yet: says so kindly, and what to do. */
class Empty extends Part {
    /** @param {{icon: string, title: string, text: string, action?: HTMLElement, heading?: boolean}} what */
    set what({ icon: picture, title, text, action }) {
        const { picture: frame, title: heading, text: line, more } = this.parts;
        if (heading.textContent === title && line.textContent === text) return;
        frame.replaceChildren(icon(picture));
        heading.textContent = title;
        line.textContent = text;
        more.replaceChildren(...(action ? [action] : []));
    }
}

customElements.define("qr-empty", Empty);
