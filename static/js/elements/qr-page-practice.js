import { Part } from "../lib/dom.js";
import { zoneName } from "../lib/places.js";
import { isAdministrator } from "../lib/practice.js";
import { store } from "../lib/store.js";
import { peopleWords as words } from "../lib/words-people.js";

/** The practice: administrators change it and run the team, everybody else in the team may read. */
class PracticePage extends Part {
    /** @param {AbortSignal} signal */
    joined(signal) {
        store.addEventListener("change", () => this.#read(), { signal });
        this.#read();
    }

    /** @param {import("../lib/router.js").Place} place */
    set place({ hash }) {
        const { tabs, practiceTab, staffTab, auditTab, settings, staff, audit, facts } = this.parts;
        const runs = isAdministrator();
        tabs.hidden = !runs;
        facts.hidden = runs;
        const onStaff = runs && hash === "staff";
        const onAudit = runs && hash === "audit";
        for (const [tab, on] of [
            [practiceTab, !onStaff && !onAudit],
            [staffTab, onStaff],
            [auditTab, onAudit],
        ]) {
            if (on) tab.setAttribute("aria-current", "page");
            else tab.removeAttribute("aria-current");
        }
        settings.hidden = !runs || onStaff || onAudit;
        staff.hidden = !onStaff;
        audit.hidden = !onAudit;
        if (!runs) return;
        if (onStaff) staff.load();
        else if (onAudit) audit.load();
        else settings.load();
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
