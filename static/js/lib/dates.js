/** Instants as people say them, in the reader's own time zone and manner. */
import { locale } from "./language.js";
import { words } from "./words.js";

const DAY = 86_400_000;
/** @param {Intl.DateTimeFormatOptions} options */
const format = (options) => new Intl.DateTimeFormat(locale, options);
const clock = format({ hour: "numeric", minute: "2-digit" });
const weekday = format({ weekday: "short" });
const dayMonth = format({ day: "numeric", month: "short" });
const full = format({ day: "numeric", month: "short", year: "numeric" });
const long = format({ weekday: "long", day: "numeric", month: "long" });
const longYear = format({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
const exact = format({ dateStyle: "full", timeStyle: "short" });
const born = format({ day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

/** @param {number} at */
const midnight = (at) => new Date(at).setHours(0, 0, 0, 0);
/** Whole days between two instants as the calendar counts them; rounded, for days of 23 and 25 hours. */
const daysAgo = (/** @type {number} */ at) => Math.round((midnight(Date.now()) - midnight(at)) / DAY);
const thisYear = (/** @type {number} */ at) => new Date(at).getFullYear() === new Date().getFullYear();

/** "14:03" @param {number} at */
export const time = (at) => clock.format(at);

/** Short, for rows: "14:03", "Yesterday", "Mon", "12 Nov", "3 Nov 2024". @param {number} at */
export function shortly(at) {
    const days = daysAgo(at);
    if (days <= 0) return clock.format(at);
    if (days === 1) return words.yesterday;
    if (days < 7) return weekday.format(at);
    return thisYear(at) ? dayMonth.format(at) : full.format(at);
}

/** For the line between days: "Today", "Wednesday, 18 November". @param {number} at */
export function dayName(at) {
    const days = daysAgo(at);
    if (days === 0) return words.today;
    if (days === 1) return words.yesterday;
    return thisYear(at) ? long.format(at) : longYear.format(at);
}

/** When somebody read: the time alone if it was on the day of the message, else with its day. @param {number} at @param {number} sent */
export function timeOrDay(at, sent) {
    if (midnight(at) === midnight(sent)) return clock.format(at);
    const days = daysAgo(at);
    const day = days <= 0 ? words.todayWithin : days === 1 ? words.yesterdayWithin : shortly(at);
    return words.dayTime(day, clock.format(at));
}

/** Within a sentence: "14:03" today, "12 Nov, 14:03" before. @param {number} at */
export const since = (at) => (daysAgo(at) <= 0 ? clock.format(at) : words.dayTime(dayMonth.format(at), clock.format(at)));

/** "4 Mar 2033" @param {number} at */
export const fullDay = (at) => full.format(at);

/** @param {number} at */
export const exactly = (at) => exact.format(at);

/** A date of birth ("1994-03-04"): a day without a time zone. @param {string} date */
export const birthday = (date) => born.format(new Date(`${date}T00:00:00Z`));

/** Whole days until then, rounded up. @param {number} at */
export const daysUntil = (at) => Math.max(0, Math.ceil((at - Date.now()) / DAY));

/** Marks a <time> element. @param {HTMLTimeElement} element @param {number} at @param {string} text */
export function fillTime(element, at, text) {
    element.dateTime = new Date(at).toISOString();
    element.title = exactly(at);
    element.textContent = text;
}
