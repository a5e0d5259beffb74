/** Files as they are shown. */
import { locale } from "./language.js";
import { talkWords as words } from "./words-talk.js";

const KILO = 1024;
const number = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 });

/** "182 KB" @param {number} bytes */
export const size = (bytes) =>
    bytes < KILO * KILO
        ? words.kilobytes(number.format(Math.ceil(bytes / KILO)))
        : words.megabytes(number.format(bytes / KILO / KILO));

/** "PDF · 182 KB" @param {{name: string, size: number}} file */
export function aboutFile({ name, size: bytes }) {
    const kind = /\.([a-z\d]{1,5})$/iu.exec(name)?.[1]?.toUpperCase();
    return [kind, size(bytes)].filter(Boolean).join(" · ");
}
