/** What stands between sign-in and the pages where a second factor is required. For staff alone. */
import "../elements/qr-field.js";
import "../elements/qr-required-factor.js";
import "../elements/qr-second-factor.js";
import { bringAnnex } from "../lib/annex.js";

await bringAnnex();
