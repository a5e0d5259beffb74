import { exactly } from "../lib/dates.js";
import { Part } from "../lib/dom.js";
import { store } from "../lib/store.js";
import { words } from "../lib/words.js";

/** One's own account. */
class AccountPage extends Part {
    drawn() {
        this.parts.signOut.addEventListener("click", () => this.say("qr-sign-out"));
    }

    joined() {
        const { me } = store;
        if (!me) return;
        const { name, username, role, practice, until } = this.parts;
        name.textContent = me.name;
        username.textContent = me.username;
        role.textContent = words.roles[me.role];
        practice.textContent = me.organization.name;
        until.textContent = exactly(me.session.ends_at);
    }
}

customElements.define("qr-page-account", AccountPage);
