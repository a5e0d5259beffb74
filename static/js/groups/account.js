/** What one's own account is made of. */
import "../elements/qr-alerts.js";
import "../elements/qr-away.js";
import "../elements/qr-field.js";
import "../elements/qr-language.js";
import "../elements/qr-page-account.js";
import "../elements/qr-page-contacts.js";
import "../elements/qr-password.js";
import "../elements/qr-second-factor.js";
import "../elements/qr-sessions.js";
import "../elements/qr-writing.js";
import { bringAnnex } from "../lib/annex.js";

await bringAnnex();
