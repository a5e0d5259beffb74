import { read } from "../lib/api.js";
import { exactly, fillTime, shortly } from "../lib/dates.js";
import { draw, Part } from "../lib/dom.js";
import { press } from "../lib/press.js";
import { alertWords as words } from "../lib/words-alerts.js";

/**
 * @typedef {object} ListedAlert
 * @property {string} id
 * @property {string} client
 * @property {string} client_name
 * @property {string} name
 * @property {string} role
 * @property {string} kind
 * @property {"email" | "sms"} channel
 * @property {string} state
 * @property {string | null} reason
 * @property {string | null} words
 * @property {number} created_at
 * @property {number | null} settled_at
 *
 * @typedef {{conversation: string, client_name: string, days: number, told_at: number}} NotRead
 */

/** Alerts in a list: those that came to nothing, or all of one client. Attribute `troubles`: the first. */
class AlertList extends Part {
    #path = "";
    /** @type {string | null} */
    #next = null;

    drawn() {
        const { older, heading, about } = this.parts;
        older.addEventListener("click", () => press(older, () => this.#load(true)));
        const troubles = this.hasAttribute("troubles");
        heading.textContent = troubles ? words.alertTrouble : words.clientAlerts;
        about.textContent = troubles ? words.alertTroubleText : words.clientAlertsText;
    }

    /** Of what: "alerts", or "clients/<id>/alerts". @param {string} path */
    set path(path) {
        if (path !== this.#path) this.parts.rows.replaceChildren();
        this.#path = path;
        this.#load();
    }

    /** @param {boolean} [more] */
    async #load(more = false) {
        const path = this.#path;
        const { rows, older, empty, trouble } = this.parts;
        const page = await read(`${path}${more && this.#next ? `?before=${this.#next}` : ""}`).catch(() => null);
        if (path !== this.#path) return;
        trouble.hidden = page !== null;
        if (!page) return;
        const shown = page.alerts.map((/** @type {ListedAlert} */ alert) => this.#row(alert));
        const unread = (page.not_read ?? []).map((/** @type {NotRead} */ one) => this.#notRead(one));
        if (more) rows.append(...shown);
        else rows.replaceChildren(...unread, ...shown);
        this.#next = page.next;
        older.hidden = !page.next;
        rows.hidden = rows.childElementCount === 0;
        empty.hidden = rows.childElementCount > 0;
        empty.what = this.hasAttribute("troubles")
            ? { icon: "check", title: words.noAlertTrouble, text: words.noAlertTroubleText }
            : { icon: "messages", title: words.noClientAlerts, text: words.noClientAlertsText };
    }

    /** @param {NotRead} one a message of one's own of which one asked to be told */
    #notRead({ conversation, client_name, days, told_at }) {
        const { nodes, parts } = draw("alert-row");
        parts.client.textContent = client_name;
        parts.client.href = `/inbox/${conversation}`;
        parts.what.textContent = words.yourMessage;
        fillTime(parts.at, told_at, shortly(told_at));
        parts.why.textContent = words.notReadAfter(days);
        parts.state.textContent = words.notRead;
        parts.state.classList.add("waiting");
        return /** @type {HTMLElement} */ (nodes.firstElementChild);
    }

    /** @param {ListedAlert} alert */
    #row(alert) {
        const { nodes, parts } = draw("alert-row");
        const channel = alert.channel === "sms" ? words.textWord : words.emailWord;
        parts.client.textContent = alert.name;
        parts.client.href = `/clients/${alert.client}`;
        parts.other.textContent = alert.role === "contact" ? words.contactOf(alert.client_name) : "";
        parts.what.textContent = `${channel} ${words.alertKinds[alert.kind] ?? ""}`;
        fillTime(parts.at, alert.created_at, shortly(alert.created_at));
        parts.at.title = exactly(alert.created_at);
        parts.why.textContent = alert.state === "dropped" || alert.state === "failed" || alert.reason ? (alert.words ?? "") : "";
        parts.state.textContent = words.alertStates[alert.state] ?? alert.state;
        parts.state.classList.add(
            /** @type {Record<string, string>} */ ({ failed: "alarm", dropped: "off", waiting: "waiting" })[alert.state] ?? "on",
        );
        return /** @type {HTMLElement} */ (nodes.firstElementChild);
    }
}

customElements.define("qr-alert-list", AlertList);
