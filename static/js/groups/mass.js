/**
 * What messages to several clients are shown with, in Sent. Their templates come first: an element draws itself at once.
 * For staff alone.
 */
import { bringAnnex, bringTalk } from "../lib/annex.js";

await Promise.all([bringAnnex(), bringTalk()]);
await import("./parts/mass.js");
