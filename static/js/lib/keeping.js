/** What keeps a conversation or a mass message from being deleted for good, as the trash says it. */
import { daysUntil, fullDay } from "./dates.js";
import { words } from "./words.js";

/**
 * @typedef {{kept_by: "practice" | "retention" | "hold", until: number | null, message: string}} Kept
 * @typedef {{deleted_at: number | null, kept: Kept | null}} Trashed
 */

/** The line of a row in the trash: when it leaves, and what keeps it. @param {Trashed} row */
export function trashLine({ deleted_at: at, kept }) {
    if (kept?.kept_by === "practice") return words.keptByPractice;
    if (at === null) return "";
    if (!kept) return words.deletedIn(daysUntil(at));
    const why = kept.until === null ? words.onHold : words.keptUntil(fullDay(kept.until));
    return `${why} · ${words.leavesIn(daysUntil(at))}`;
}

/** Puts the line into a row, with the whole reason behind it. @param {HTMLElement} place @param {Trashed | null} row */
export function fillTrashLine(place, row) {
    const text = row ? trashLine(row) : "";
    place.hidden = !text;
    place.textContent = text;
    place.title = row?.kept?.message ?? "";
}
