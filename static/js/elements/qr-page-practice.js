import { Part } from "../lib/dom.js";
import { zoneName } from "../lib/places.js";
import { isAdministrator } from "../lib/practice.js";
import { store } from "../lib/store.js";
import { openTab } from "../lib/tabs.js";
import { peopleWords as words } from "../lib/words-people.js";

/** The tabs that everybody in the team has; and those of administrators alone. */
const TABS = ["practice", "overview"];
const RUNNING = ["staff", "audit"];

/** The practice: administrators change it and run the team, everybody else in the team may read. */
class PracticePage extends Part {
    /** @param {AbortSignal} signal */
    joined(signal) {
        store.addEventListener("change", () => this.#read(), { signal });
        this.#read();
    }

    /** @param {import("../lib/router.js").Place} place */
    set place({ hash }) {
        const runs = isAdministrator();
        const tabs = runs ? [...TABS, ...RUNNING] : TABS;
        const open = tabs.includes(hash) ? hash : "practice";
        for (const tab of RUNNING) this.parts[`${tab}Tab`].hidden = !runs;
        openTab(this.parts, [...TABS, ...RUNNING], open);
        const { settings, overview, staff, audit, facts } = this.parts;
        const shown = { practice: runs ? settings : facts, overview, staff, audit }[open];
        for (const part of [settings, facts, overview, staff, audit]) part.hidden = part !== shown;
        shown.load?.();
    }

    #read() {
        const { me } = store;
        if (!me) return;
        const { name, zone, messaging, portal, emergency } = this.parts;
        name.textContent = me.organization.name;
        zone.textContent = zoneName(me.organization.time_zone);
        messaging.textContent = me.organization.messaging ? words.stateOn : words.stateOff;
        portal.textContent = me.in_portal ? words.portalIn : words.portalOut;
        emergency.textContent = me.organization.emergency_text || words.noEmergency;
    }
}

customElements.define("qr-page-practice", PracticePage);
