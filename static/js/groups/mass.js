/** What messages to several clients are shown with, in Sent. Their templates come first: an element draws itself at once. */
import { bringAnnex, bringComposeStyle } from "../lib/annex.js";

bringComposeStyle();
await bringAnnex();
await Promise.all([import("../elements/qr-mass.js"), import("../elements/qr-mass-row.js")]);
