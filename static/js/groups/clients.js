/** What the list of clients is made of. For staff alone. */
import "../elements/qr-alert-list.js";
import "../elements/qr-field.js";
import "../elements/qr-page-client-import.js";
import "../elements/qr-page-client-new.js";
import "../elements/qr-page-clients.js";
import { bringAnnex } from "../lib/annex.js";

await bringAnnex();
