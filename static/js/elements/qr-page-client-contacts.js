import { draw, keep, Part } from "../lib/dom.js";
import { parted } from "../lib/parted.js";
import { fillAvatar } from "../lib/people.js";
import { peopleWords as words } from "../lib/words-people.js";

/** @typedef {import("../lib/practice.js").Contact} Contact */

/** A client's contacts, as staff see them: to be read, for only the client changes them. */
class ClientContacts extends Part {
    /** @param {import("../lib/practice.js").ClientView} client */
    set client({ contacts }) {
        const { rows, empty } = this.parts;
        rows.hidden = contacts.length === 0;
        empty.hidden = contacts.length > 0;
        empty.what = { icon: "clients", title: words.noContacts, text: words.noContactsText };
        const make = () => /** @type {HTMLElement} */ (draw("contact-row").nodes.firstElementChild);
        keep(rows, contacts, (contact) => contact.id, make, fill);
    }
}

/** @param {HTMLElement} row @param {Contact} contact */
function fill(row, contact) {
    /** @param {string} name @returns {HTMLElement} */
    const part = (name) => /** @type {HTMLElement} */ (row.querySelector(`[data-part=${name}]`));
    fillAvatar(part("avatar"), contact);
    part("name").textContent = contact.name;
    part("about").replaceChildren(...parted(contact.relation, contact.email));
    part("state").textContent = contact.invited ? words.noPasswordYet : words.hasPassword;
    part("state").classList.toggle("off", contact.invited);
}

customElements.define("qr-page-client-contacts", ClientContacts);
