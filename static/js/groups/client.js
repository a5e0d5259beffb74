/** What one client's page is made of. For staff alone. */
import "../elements/qr-alert-list.js";
import "../elements/qr-client-alerts.js";
import "../elements/qr-client-texts.js";
import "../elements/qr-field.js";
import "../elements/qr-page-client.js";
import "../elements/qr-page-client-assignments.js";
import "../elements/qr-page-client-contacts.js";
import "../elements/qr-page-client-info.js";
import "../elements/qr-page-client-log.js";
import "../elements/qr-page-client-messaging.js";
import "../elements/qr-page-client-record.js";
import { bringAnnex, bringTalk } from "../lib/annex.js";
import { persist } from "../lib/need.js";

await Promise.all([bringAnnex(), bringTalk()]);
await persist(() => import("../elements/qr-gate.js"));
