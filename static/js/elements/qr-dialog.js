import { Part } from "../lib/dom.js";

/** The one question dialog of the page; asked by `ask` of js/lib/notices.js. The browser keeps and returns the focus. */
class Dialog extends Part {
    /** @type {(answer: boolean) => void} */
    #answer = () => {};

    drawn() {
        const { dialog, cancel } = this.parts;
        dialog.addEventListener("close", () => this.#answer(dialog.returnValue === "yes"));
        // A press beside the dialog means no.
        dialog.addEventListener("click", (/** @type {Event} */ event) => event.target === dialog && cancel.click());
    }

    /** @param {AbortSignal} signal */
    joined(signal) {
        const show = (/** @type {Event} */ event) => this.#ask(/** @type {CustomEvent} */ (event).detail);
        document.addEventListener("qr-ask", show, { signal });
        document.addEventListener("qr-lock", () => this.#leave(), { signal });
    }

    /** No answer is "no", and names do not stay behind. */
    #leave() {
        const { dialog, title, text } = this.parts;
        dialog.returnValue = "";
        dialog.close();
        title.textContent = text.textContent = "";
    }

    /** @param {import("../lib/notices.js").Question & {resolve: (answer: boolean) => void}} question */
    #ask({ title, text, confirm, danger = false, only = false, resolve }) {
        const { dialog, title: heading, text: line, confirm: button, cancel } = this.parts;
        cancel.hidden = only;
        heading.textContent = title;
        line.textContent = text;
        button.textContent = confirm;
        button.classList.toggle("danger-solid", danger);
        button.classList.toggle("primary", !danger);
        this.#answer(false);
        this.#answer = resolve;
        dialog.returnValue = "";
        dialog.showModal();
    }
}

customElements.define("qr-dialog", Dialog);
