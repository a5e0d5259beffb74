import { name, Part } from "../lib/dom.js";
import { menu } from "../lib/menu.js";
import { fillNavigation } from "../lib/navigation.js";
import { fillAvatar } from "../lib/people.js";
import { router } from "../lib/router.js";
import { store } from "../lib/store.js";
import { words } from "../lib/words.js";

/** The bar at the top of every page: practice, navigation, the Secure Messages icon with its dot, the account menu. */
class Top extends Part {
    drawn() {
        const { messages, account, signOut, menu: list } = this.parts;
        messages.addEventListener("click", () => this.say("qr-toggle-panel"));
        signOut.addEventListener("click", () => this.say("qr-sign-out"));
        menu(account, list);
    }

    /** @param {AbortSignal} signal */
    joined(signal) {
        store.addEventListener("change", () => this.#show(), { signal });
        router.addEventListener("arrive", () => fillNavigation(this.parts.nav, false), { signal });
        fillNavigation(this.parts.nav, false);
        this.#show();
    }

    /** @param {boolean} open */
    set panelOpen(open) {
        this.parts.messages.setAttribute("aria-expanded", String(open));
    }

    #show() {
        const { me, unread } = store;
        if (!me) return;
        const { practice, messages, dot, account, avatar, name: fullName, role } = this.parts;
        practice.textContent = me.organization.name;
        name(messages, words.secureMessagesUnread(unread));
        dot.hidden = unread === 0;
        name(account, words.accountOf(me.name));
        fillAvatar(avatar, me);
        fullName.textContent = me.name;
        role.textContent = words.roles[me.role];
    }
}

customElements.define("qr-top", Top);
