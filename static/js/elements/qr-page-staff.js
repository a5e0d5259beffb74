import { post } from "../lib/api.js";
import { draw, keep, make, Part } from "../lib/dom.js";
import { onSubmit } from "../lib/forms.js";
import { menu } from "../lib/menu.js";
import { ask, notify } from "../lib/notices.js";
import { fillAvatar } from "../lib/people.js";
import { refreshMe, team, tryTo } from "../lib/practice.js";
import { sheet } from "../lib/sheets.js";
import { store } from "../lib/store.js";
import { words as common } from "../lib/words.js";
import { peopleWords as words } from "../lib/words-people.js";

/** @typedef {import("../lib/practice.js").StaffMember} Member */
/** @typedef {{word: string, run: () => unknown, danger?: boolean}} Action */

/** The team as administrators run it: who is in, in which role, with the second gate. */
class Staff extends Part {
    /** @type {Member[]} */
    #team = [];

    drawn() {
        this.parts.invite.addEventListener("click", () => this.#invite());
    }

    async load() {
        const { rows, skeleton, empty, frame } = this.parts;
        skeleton.hidden = rows.childElementCount > 0;
        try {
            this.#team = await team();
            empty.hidden = true;
            frame.hidden = false;
            // The version is part of the key: what changed is drawn anew.
            const key = (/** @type {Member} */ member) => `${member.id} ${member.version} ${member.invited} ${member.clients}`;
            keep(rows, this.#team, key, (member) => this.#row(member));
        } catch {
            frame.hidden = true;
            empty.hidden = false;
            empty.what = { icon: "alert", title: words.troubleLoading, text: words.troubleLoadingText };
        }
        skeleton.hidden = true;
    }

    /** @param {Member} member */
    #row(member) {
        const { nodes, parts } = draw("staff-row");
        const row = /** @type {HTMLElement} */ (nodes.firstElementChild);
        fillAvatar(parts.avatar, member);
        parts.name.textContent = member.name;
        parts.you.hidden = member.id !== store.me?.id;
        parts.email.textContent = member.email ?? "";
        parts.role.textContent = common.roles[member.role];
        parts.clients.textContent = member.active ? String(member.clients) : "";
        parts.status.replaceChildren(...statusOf(member));
        parts.portal.replaceChildren(portalOf(member));
        row.classList.toggle("gone", !member.active);
        const actions = this.#actions(member);
        parts.actions.setAttribute("aria-label", words.actionsFor(member.name));
        parts.actions.title = words.actionsFor(member.name);
        parts.menuOf.hidden = actions.length === 0;
        parts.menu.append(...actions.map((action) => this.#item(action)));
        menu(parts.actions, parts.menu);
        return row;
    }

    /** @param {Action} action */
    #item({ word, run, danger = false }) {
        const item = /** @type {HTMLButtonElement} */ (make("button", danger ? "danger" : "", word));
        item.type = "button";
        item.setAttribute("role", "menuitem");
        item.addEventListener("click", run);
        return item;
    }

    /** What may be done with a member of the team. @param {Member} member @returns {Action[]} */
    #actions(member) {
        const me = member.id === store.me?.id;
        if (!member.active) return [{ word: words.activate, run: () => this.#activate(member) }];
        const portal = member.in_portal
            ? { word: words.removeFromPortal, run: () => this.#leavePortal(member) }
            : { word: words.addToPortal, run: () => this.#enterPortal(member) };
        const role = member.role === "administrator" ? words.makeTherapist : words.makeAdministrator;
        return [
            portal,
            ...(member.invited ? [{ word: words.inviteAgain, run: () => this.#inviteAgain(member) }] : []),
            { word: role, run: () => this.#setRole(member) },
            ...(me ? [] : [{ word: words.deactivate, run: () => this.#deactivate(member), danger: true }]),
        ];
    }

    /** @param {string} verb @param {object} fields @param {string} done */
    async #do(verb, fields, done) {
        await tryTo(() => post(verb, fields), done);
        await this.load();
    }

    /** @param {Member} member */
    async #enterPortal({ id, name }) {
        await this.#do("add_to_portal", { person: id }, words.portalAdded(name));
        if (id === store.me?.id) await refreshMe();
    }

    /** @param {Member} member */
    async #leavePortal({ id, name }) {
        const title = words.removePortalTitle(name);
        if (!(await ask({ title, text: words.removePortalText, confirm: words.removeWord }))) return;
        await this.#do("remove_from_portal", { person: id }, words.portalRemoved(name));
        if (id === store.me?.id) await refreshMe();
    }

    /** @param {Member} member */
    #inviteAgain({ id, name }) {
        return this.#do("invite_staff_again", { person: id }, words.invitationSent(name));
    }

    /** @param {Member} member */
    async #setRole({ id, name, role, version }) {
        const up = role === "therapist";
        const title = up ? words.makeAdministratorTitle(name) : words.makeTherapistTitle(name);
        const text = up ? words.makeAdministratorText : words.makeTherapistText;
        const confirm = up ? words.makeAdministrator : words.makeTherapist;
        if (!(await ask({ title, text, confirm }))) return;
        const next = up ? "administrator" : "therapist";
        await this.#do("set_role", { person: id, role: next, version }, words.roleSet(name, common.roles[next].toLowerCase()));
    }

    /** @param {Member} member */
    async #activate({ id, name }) {
        if (!(await ask({ title: words.activateTitle(name), text: words.activateText, confirm: words.activate }))) return;
        await this.#do("activate", { person: id }, words.activated(name));
    }

    #invite() {
        const { nodes, parts } = draw("invite-form");
        const { close } = sheet(this, { title: words.inviteTitle, text: words.inviteText, body: nodes });
        parts.role.options = ["therapist", "administrator"].map((role) => ({
            value: role,
            text: common.roles[/** @type {"therapist"} */ (role)],
        }));
        const explain = () =>
            parts.role.remark(parts.role.value === "administrator" ? words.administratorAbout : words.therapistAbout);
        parts.role.addEventListener("change", explain);
        explain();
        onSubmit(parts.form, async (given) => {
            await post("invite", given);
            close();
            notify({ text: words.invited(given.name) });
            await this.load();
        });
    }

    /** Whoever leaves with clients names somebody who takes over. @param {Member} member */
    #deactivate({ id, name, clients }) {
        const { nodes, parts } = draw("deactivate-form");
        const others = this.#team.filter((one) => one.active && one.id !== id);
        const { close } = sheet(this, { title: words.deactivateTitle(name), text: words.deactivateText, body: nodes });
        parts.takeOver.hidden = clients === 0;
        parts.count.textContent = words.deactivateClients(clients);
        parts.successor.options = [
            { value: "", text: words.choose },
            ...others.map((one) => ({ value: one.id, text: `${one.name} (${common.roles[one.role]})` })),
        ];
        onSubmit(parts.form, async ({ successor, history }) => {
            await post("deactivate", { person: id, ...(successor && { successor, history }) });
            close();
            notify({ text: words.deactivated(name) });
            await this.load();
        });
    }
}

/** @param {Member} member */
function statusOf({ active, invited, second_factor: factor }) {
    const text = !active ? words.deactivatedState : invited ? words.invitedState : words.activeState;
    const tag = make("span", !active ? "tag off" : invited ? "tag waiting" : "tag", text);
    return factor && active ? [tag, make("span", "tag off", words.secondFactorTag)] : [tag];
}

/** @param {Member} member */
function portalOf({ active, in_portal: inside }) {
    if (!active) return make("span");
    return make("span", inside ? "tag" : "tag off", inside ? words.inPortal : words.notInPortal);
}

customElements.define("qr-page-staff", Staff);
