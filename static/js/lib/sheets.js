/** Dialogs with a form in them. They live inside the element that opens them, so that they leave the page together with it. */
import { draw } from "./dom.js";

let count = 0;

/**
 * Opens a dialog around `body`; the browser keeps and returns the focus. What was typed is not lost by a press beside it.
 * @param {HTMLElement} host
 * @param {{title: string, text?: string, body: Node, wide?: boolean}} what
 * @returns {{close: () => void, dialog: HTMLDialogElement}}
 */
export function sheet(host, { title, text = "", body, wide = false }) {
    const { nodes, parts } = draw("sheet");
    const { dialog, title: heading, text: line, place, close: button } = parts;
    const id = `sheet-${++count}`;
    heading.id = id;
    dialog.setAttribute("aria-labelledby", id);
    heading.textContent = title;
    line.textContent = text;
    line.hidden = !text;
    place.append(body);
    dialog.classList.toggle("wide", wide);
    const close = () => dialog.close();
    button.addEventListener("click", close);
    for (const cancel of dialog.querySelectorAll("[data-cancel]")) cancel.addEventListener("click", close);
    dialog.addEventListener("close", () => dialog.remove());
    host.append(nodes);
    dialog.showModal();
    return { close, dialog };
}
