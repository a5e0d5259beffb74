/** What asks for a new link. */
import "../elements/qr-field.js";
import "../elements/qr-forgot.js";
import "../elements/qr-languages.js";
import { bringAnnex } from "../lib/annex.js";

await bringAnnex();
