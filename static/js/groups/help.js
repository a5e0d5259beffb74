/** What the help pages are made of. */
import "../elements/qr-help-door.js";
import "../elements/qr-page-help.js";
import { bringAnnex } from "../lib/annex.js";

await bringAnnex();
