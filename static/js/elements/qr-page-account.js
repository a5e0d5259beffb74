import { exactly } from "../lib/dates.js";
import { Part } from "../lib/dom.js";
import { atOnce } from "../lib/need.js";
import { fillAvatar, isStaff } from "../lib/people.js";
import { press } from "../lib/press.js";
import { store } from "../lib/store.js";
import { openTab } from "../lib/tabs.js";
import { words } from "../lib/words.js";
import "../lib/words-people.js";

const TABS = ["profile", "contacts", "alerts", "security"];

/** One's own account: who one is, whom one may Cc (clients), how one is told of messages, and how one signs in. */
class AccountPage extends Part {
    drawn() {
        this.parts.signOut.addEventListener("click", () => this.say("qr-sign-out"));
        this.parts.export.addEventListener("click", () => press(this.parts.export, () => this.#export()));
    }

    joined() {
        const { me } = store;
        if (!me) return;
        const { name, username, role, practice, until, avatar, contactsTab, fullName } = this.parts;
        fillAvatar(avatar, me);
        fullName.textContent = me.name;
        name.textContent = me.name;
        username.textContent = me.username;
        role.textContent = words.roles[me.role];
        practice.textContent = me.organization.name;
        until.textContent = exactly(me.session.ends_at);
        contactsTab.hidden = me.role !== "client";
        this.parts.taking.hidden = isStaff();
    }

    async #export() {
        const printing = await atOnce(() => import("../lib/printing.js"));
        // What came of it stands in a dialog of its own; the button does not wait for that.
        printing?.exportMessages(this);
    }

    /** @param {import("../lib/router.js").Place} place */
    set place({ hash }) {
        const open = TABS.includes(hash) && (hash !== "contacts" || store.me?.role === "client") ? hash : "profile";
        openTab(this.parts, TABS, open);
        for (const tab of TABS) this.parts[tab].hidden = tab !== open;
        if (open === "contacts") this.parts.contactsList.load();
        if (open === "alerts") this.parts.alertsOf.load();
        if (open === "security") {
            this.parts.factor.load();
            this.parts.sessions.load();
        }
    }
}

customElements.define("qr-page-account", AccountPage);
