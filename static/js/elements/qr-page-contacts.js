import { post, read } from "../lib/api.js";
import { draw, keep, Part } from "../lib/dom.js";
import { fill, merge, onSubmit } from "../lib/forms.js";
import { ask, notify } from "../lib/notices.js";
import { parted } from "../lib/parted.js";
import { fillAvatar } from "../lib/people.js";
import { tryTo } from "../lib/practice.js";
import { press } from "../lib/press.js";
import { sheet } from "../lib/sheets.js";
import { words as common } from "../lib/words.js";
import { peopleWords as words } from "../lib/words-people.js";

/** @typedef {import("../lib/practice.js").Contact} Contact */

/** A client's own contacts: added, changed, removed, with what follows from it told before. */
class Contacts extends Part {
    drawn() {
        this.parts.add.addEventListener("click", () => this.#edit(null));
    }

    async load() {
        const { rows, empty, skeleton } = this.parts;
        skeleton.hidden = rows.childElementCount > 0;
        try {
            /** @type {Contact[]} */
            const contacts = (await read("contacts")).contacts;
            rows.hidden = contacts.length === 0;
            empty.hidden = contacts.length > 0;
            empty.what = { icon: "clients", title: words.noOwnContacts, text: words.noOwnContactsText };
            keep(
                rows,
                contacts,
                ({ id, version }) => `${id} ${version}`,
                (contact) => this.#row(contact),
            );
        } catch {
            empty.hidden = false;
            empty.what = { icon: "alert", title: words.troubleLoading, text: words.troubleLoadingText };
        }
        skeleton.hidden = true;
    }

    /** @param {Contact} contact */
    #row(contact) {
        const { nodes, parts } = draw("own-contact-row");
        const { avatar, name, about, change, remove } = parts;
        fillAvatar(avatar, contact);
        name.textContent = contact.name;
        about.replaceChildren(...parted(contact.relation, contact.email));
        change.setAttribute("aria-label", words.changeContact(contact.name));
        remove.setAttribute("aria-label", common.remove(contact.name));
        change.addEventListener("click", () => this.#edit(contact));
        remove.addEventListener("click", () => press(remove, () => this.#remove(contact)));
        return /** @type {HTMLElement} */ (nodes.firstElementChild);
    }

    /** @param {Contact | null} contact null: a new one */
    #edit(contact) {
        const { nodes, parts } = draw("contact-form");
        const title = contact ? words.editContact : words.addContact;
        const { close } = sheet(this, { title, text: contact ? "" : words.addContactText, body: nodes });
        parts.save.textContent = contact ? common.save : words.addContact;
        let base = contact;
        if (base) fill(parts.form, base);
        const reload = async () => {
            const fresh = (await read("contacts")).contacts.find((/** @type {Contact} */ one) => one.id === base?.id);
            if (!fresh || !base) return close();
            merge(parts.form, base, fresh);
            base = fresh;
        };
        const send = async (/** @type {Record<string, any>} */ given) => {
            if (base) await post("save_contact", { ...given, contact: base.id, version: base.version });
            else await post("add_contact", given);
            close();
            notify({ text: base ? words.contactSaved : words.contactAdded(given.name) });
            await this.load();
        };
        onSubmit(parts.form, send, { reload });
    }

    /** @param {Contact} contact */
    async #remove({ id, name }) {
        const question = {
            title: words.removeContactTitle(name),
            text: words.removeContactText(name),
            confirm: words.removeWord,
        };
        if (!(await ask({ ...question, danger: true }))) return;
        await tryTo(() => post("remove_contact", { contact: id }), words.contactRemoved(name));
        await this.load();
    }
}

customElements.define("qr-page-contacts", Contacts);
