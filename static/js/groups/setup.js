/** What the first administrator meets. For staff alone. */
import "../elements/qr-field.js";
import "../elements/qr-languages.js";
import "../elements/qr-setup.js";
import { bringAnnex } from "../lib/annex.js";

await bringAnnex();
