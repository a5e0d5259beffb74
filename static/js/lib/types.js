/**
 * The nouns of the wire as the browser knows them. Only types: nothing here runs.
 *
 * @typedef {"administrator" | "therapist" | "client" | "contact"} Role
 * @typedef {"inbox" | "sent" | "trash"} Folder
 *
 * @typedef {object} Me
 * @property {string} id
 * @property {string} name
 * @property {Role} role
 * @property {string} username
 * @property {number} unread
 * @property {{id: string, name: string, time_zone: string, messaging: boolean, emergency_text: string}} organization
 * @property {boolean} in_portal
 * @property {boolean} messaging
 * @property {{body: number, subject: number, attachment_megabytes?: number, attachments?: number}} limits
 * @property {"usual" | "each" | "none"} alerts which alert emails one wants
 * @property {string | null} language that one chose
 * @property {number} idle_minutes
 * @property {string} version
 * @property {{ends_at: number, now: number, scoped: boolean, restricted?: boolean, conversations?: {id: string, ends_at: number}[]}} session
 *   `now`: the server's clock; `restricted`: lacks the second factor that is required; `conversations`: all that a quick link reaches
 * @property {boolean} [second_factor] whether one has a second factor
 * @property {string} [support] where requests go: an address or a form that the operator has set
 * @property {string[]} [features] what this server offers beyond the first version ("print", "contact_log", …)
 *
 * @typedef {{gate: string, message: string, can_open?: boolean}} Closed
 *
 * @typedef {object} Person
 * @property {string} id
 * @property {string} name
 * @property {Role} role
 * @property {string | null} [born]
 * @property {string | null} [direct] the ongoing conversation without a subject, if there is one
 * @property {Closed | null} [closed]
 *
 * @typedef {{id: string, name: string, role: Role, cc: boolean, relation?: string | null}} Participant
 * @typedef {{person: string, through: number, after: number, at: number}} ReadMark
 *
 * @typedef {{seq: number, days: number, due_at: number, told_at: number | null}} Watch a message that is unread, of which its author is told
 *
 * @typedef {object} Row
 * @property {string} id
 * @property {number} change
 * @property {false} [gone]
 * @property {string | null} subject
 * @property {boolean} direct
 * @property {string | null} client
 * @property {Participant[]} people
 * @property {number} last_seq
 * @property {number} visible
 * @property {number} unread
 * @property {number} newest
 * @property {number} read_through
 * @property {Folder[]} folders
 * @property {number | null} received_at
 * @property {number | null} sent_at
 * @property {number | null} trashed_at
 * @property {number | null} deleted_at
 * @property {import("./keeping.js").Kept | null} kept of one in the trash: why it cannot be deleted for good
 * @property {string} first_words
 * @property {string} newest_author
 * @property {number} newest_at
 * @property {ReadMark[]} [reads]
 * @property {Closed | null} closed
 * @property {Watch[]} [watches] staff only: of one’s own messages here
 * @property {{texts_off_at: number | null, mail_failed_at: number | null} | null} [unreached] staff only: how the client is not reached, and since when
 *
 * @typedef {{id: string, change: number, gone: true}} Gone
 *
 * @typedef {{id: string, name: string, media_type: string, size: number, picture: boolean}} Attachment
 *
 * @typedef {object} Message
 * @property {number} seq
 * @property {number} after
 * @property {string | null} author null: a line that nobody wrote
 * @property {string} author_name
 * @property {string} body
 * @property {number} sent_at
 * @property {string[]} to
 * @property {string[]} cc
 * @property {Attachment[]} attachments
 * @property {boolean} automatic
 * @property {boolean} [in_contact_log]
 *
 * @typedef {{body: string, saved_at: number}} SavedDraft
 *
 * @typedef {object} Change
 * @property {number} change
 * @property {number} [unread]
 * @property {string} [cursor]
 * @property {Row | Gone} conversation
 * @property {Message[]} [messages]
 *
 * @typedef {object} Send a message on its way: kept until the server says done
 * @property {string} key
 * @property {string} [conversation]
 * @property {string[]} [to]
 * @property {string} [subject]
 * @property {string} body
 * @property {string[]} [expects]
 * @property {string[]} [cc] contacts who see this message and every later one
 * @property {string[]} [attachments]
 * @property {Attachment[]} [files] the same, to be shown meanwhile
 * @property {boolean} [copy_to_contact_log]
 * @property {number} [unread_after] days after which one is told if it is unread
 * @property {number} written_at
 * @property {number} newest the newest seq known when it was written
 * @property {string} [refused] why not, in a sentence
 *
 * @typedef {{code: string, message: string, field?: string, gate?: string, people?: string[], seconds?: number}} Refusal
 */
export {};
