/** What the practice page is made of. For staff alone. */
import "../elements/qr-field.js";
import "../elements/qr-page-audit.js";
import "../elements/qr-page-overview.js";
import "../elements/qr-page-practice.js";
import "../elements/qr-page-practice-settings.js";
import "../elements/qr-page-staff.js";
import { bringAnnex } from "../lib/annex.js";

await bringAnnex();
