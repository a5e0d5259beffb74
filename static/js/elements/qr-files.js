import { draw, icon, keep, make, name, Part } from "../lib/dom.js";
import { size } from "../lib/files.js";
import { locale } from "../lib/language.js";
import { uploads } from "../lib/uploads.js";
import { composeWords as words } from "../lib/words-compose.js";

/** @typedef {import("../lib/uploads.js").Upload} Upload */

const percent = new Intl.NumberFormat(locale, { style: "percent" });

/** The files that go with what one writes: chosen, dropped or pasted; how far each is; try again, remove. */
class Files extends Part {
    #place = "";
    /** What a screen reader was told of. @type {Map<string, string>} */
    #said = new Map();

    drawn() {
        const { input } = this.parts;
        input.addEventListener("change", () => this.#add(input.files));
        // The same file may be chosen again after it was removed.
        input.addEventListener("click", () => {
            input.value = "";
        });
    }

    /** @param {AbortSignal} signal */
    joined(signal) {
        uploads.addEventListener("change", () => this.#show(), { signal });
        const zone = /** @type {HTMLElement | null} */ (this.closest("qr-conversation, qr-compose"));
        zone?.addEventListener("paste", (event) => this.#paste(event), { signal });
        zone?.addEventListener("dragover", (event) => zone.classList.toggle("dropping", this.#wanted(event)), { signal });
        zone?.addEventListener("dragleave", (event) => zone.classList.toggle("dropping", inside(zone, event)), { signal });
        zone?.addEventListener(
            "drop",
            (event) => {
                zone.classList.remove("dropping");
                if (this.#wanted(event)) this.#add(event.dataTransfer?.files);
            },
            { signal },
        );
        zone?.setAttribute("data-drop", words.dropHere);
        this.#show();
    }

    /** @param {string} place */
    set place(place) {
        if (place === this.#place) return;
        this.#place = place;
        this.#said = new Map(uploads.at(place).map(({ key, state }) => [key, state]));
        this.#complain("");
        this.#show();
    }

    /** Opens the browser's file chooser; on a phone that is also its camera. */
    choose() {
        this.parts.input.click();
    }

    /** A composer that is not there takes no files. @param {DragEvent} event */
    #wanted(event) {
        return this.parentElement?.checkVisibility() === true && event.dataTransfer?.types.includes("Files") === true;
    }

    /** Pictures and files from the clipboard; text goes on to the text area. @param {ClipboardEvent} event */
    #paste(event) {
        const { files, types } = event.clipboardData ?? {};
        if (!files?.length || types?.includes("text/plain") || !this.parentElement?.checkVisibility()) return;
        event.preventDefault();
        this.#add(files);
    }

    /** @param {FileList | null | undefined} files */
    #add(files) {
        if (!files?.length) return;
        const fits = uploads.add(this.#place, files);
        this.#complain(fits ? "" : words.tooManyFiles(uploads.limits.files));
    }

    /** @param {string} sentence */
    #complain(sentence) {
        const { trouble } = this.parts;
        trouble.textContent = sentence;
        trouble.hidden = !sentence;
    }

    #show() {
        const { list, said } = this.parts;
        const all = uploads.at(this.#place);
        list.hidden = all.length === 0;
        keep(
            list,
            all,
            ({ key }) => key,
            (upload) => this.#make(upload),
            (item, upload) => fill(item, upload),
        );
        for (const { key, state, name: file, reason = "" } of all) {
            if (this.#said.get(key) === state) continue;
            this.#said.set(key, state);
            if (state === "done") said.textContent = words.uploaded(file);
            if (state === "failed") said.textContent = words.notUploaded(file, reason);
        }
    }

    /** @param {Upload} upload */
    #make({ key, name: file }) {
        const { nodes, parts } = draw("upload");
        parts.progress.setAttribute("aria-label", words.uploadProgress(file));
        name(parts.again, words.tryFileAgain(file));
        parts.again.addEventListener("click", () => uploads.retry(this.#place, key));
        parts.remove.addEventListener("click", () => {
            uploads.remove(this.#place, key);
            this.#complain("");
            this.say("qr-removed");
        });
        return /** @type {HTMLElement} */ (nodes.firstElementChild);
    }
}

/** Whether the pointer went to something inside. @param {HTMLElement} zone @param {DragEvent} event */
const inside = (zone, event) => zone.contains(/** @type {Node | null} */ (event.relatedTarget));

/** @param {HTMLElement} item @param {Upload} upload */
function fill(item, { name: file, size: bytes, state, part, reason = "", again, attachment }) {
    /** @type {(name: string) => any} */
    const of = (part) => item.querySelector(`[data-part=${part}]`);
    of("name").textContent = file;
    const line = {
        waiting: words.uploadWaits,
        sending: words.uploading(percent.format(part)),
        done: size(bytes),
        failed: reason,
    }[state];
    if (of("state").textContent !== line) of("state").textContent = line;
    item.classList.toggle("failed", state === "failed");
    of("progress").hidden = state !== "sending" && state !== "waiting";
    of("progress").value = part;
    of("again").hidden = !(state === "failed" && again);
    name(of("remove"), state === "sending" || state === "waiting" ? words.cancelUpload(file) : words.removeFile(file));
    const wanted = attachment?.picture ? attachment.id : state === "failed" ? "alert" : "file";
    if (item.dataset.sign === wanted) return;
    item.dataset.sign = wanted;
    of("sign").replaceChildren(attachment?.picture ? picture(attachment) : icon(wanted));
}

/** @param {import("../lib/types.js").Attachment} attachment */
function picture({ id }) {
    const image = /** @type {HTMLImageElement} */ (make("img"));
    image.src = `/api/attachments/${id}/small`;
    image.alt = "";
    return image;
}

customElements.define("qr-files", Files);
