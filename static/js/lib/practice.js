/** What the pages about people ask the server, in one place. */
import { post, Refused, read } from "./api.js";
import { notify } from "./notices.js";
import { refreshMe } from "./session.js";
import { store } from "./store.js";
import { words } from "./words.js";

/**
 * @typedef {object} StaffMember
 * @property {string} id
 * @property {string} name
 * @property {"administrator" | "therapist"} role
 * @property {string | null} email
 * @property {boolean} active
 * @property {boolean} in_portal
 * @property {number} version
 * @property {boolean} invited has not chosen a password yet
 * @property {number} clients
 * @property {boolean} second_factor
 *
 * @typedef {object} Client
 * @property {string} id
 * @property {string} name
 * @property {string | null} born
 * @property {string | null} email
 * @property {string | null} phone
 * @property {boolean} active
 * @property {boolean} messaging_enabled
 * @property {boolean} invited has not chosen a password yet
 * @property {number | null} texts_off_at since the client's STOP
 * @property {number | null} mail_failed_at since when emails come back
 * @property {{id: string, name: string}[]} therapists
 *
 * @typedef {{id: string, name: string, relation: string, email: string, invited: boolean, version: number}} Contact
 *
 * @typedef {Client & {text_ok: boolean, text_ok_at: number | null, text_ok_by: string | null, mail_failure: string | null, alerts: string, alerts_at: number | null, alerts_by: string | null, time_zone: string | null,
 *   language: string | null, version: number, created_at: number, can_assign: boolean, contacts: Contact[], holds: Hold[]}} ClientView
 *
 * @typedef {{set_at: number, set_by: string, reason: string, lifted_at: number | null, lifted_by: string | null, lift_reason: string}} Hold
 */

export { refreshMe };

export const isAdministrator = () => store.me?.role === "administrator";

/** @returns {Promise<StaffMember[]>} */
export const team = async () => (await read("staff")).staff;

/**
 * A page of clients. Names go in the body of a request, never in an address.
 * @param {{search: string, active: boolean, before?: string | null}} what
 * @returns {Promise<{clients: Client[], next: string | null}>}
 */
export const findClients = ({ search, active, before }) => post("find_clients", { search, active, ...(before && { before }) });

/** @param {string} id @returns {Promise<ClientView>} */
export async function clientView(id) {
    const [client, { holds }] = await Promise.all([read(`clients/${id}`), read(`clients/${id}/holds`)]);
    return { ...client, holds };
}

/** The conversations with a client in which one takes part, the newest first. @param {ClientView} client */
export async function conversationsWith({ id, name }) {
    const pages = await Promise.all(["inbox", "sent"].map((folder) => post("find_conversations", { folder, search: name })));
    /** @type {Map<string, import("./types.js").Row>} */
    const rows = new Map();
    for (const row of pages.flatMap((page) => page.conversations)) if (row.client === id) rows.set(row.id, row);
    return [...rows.values()].sort((a, b) => b.newest_at - a.newest_at);
}

/** Does something that may be refused; says so in a notice, and answers whether it went well. @param {() => Promise<unknown>} run @param {string} [done] */
export async function tryTo(run, done) {
    try {
        await run();
    } catch (error) {
        notify({ text: error instanceof Refused ? error.message : words.troubleOurs, trouble: true });
        return false;
    }
    if (done) notify({ text: done });
    return true;
}
