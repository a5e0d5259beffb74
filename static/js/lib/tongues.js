/** Which languages there are to choose from. */
import { isStaff } from "./people.js";

/** All there are, each by its own name. @type {Record<string, string>} */
export const LANGUAGES = { en: "English", es: "Español", ar: "العربية" };

/** Those whose catalogues have no words for staff's pages: they are offered to clients and contacts. */
export const FOR_CLIENTS = ["ar"];

/** What one may choose for oneself. */
export const ownLanguages = () => Object.entries(LANGUAGES).filter(([tag]) => !isStaff() || !FOR_CLIENTS.includes(tag));
