/**
 * What messages to several clients are shown with, in Sent. Their templates come first: an element draws itself at once.
 * For staff alone.
 */
import { bringAnnex, bringTalk } from "../lib/annex.js";

export const bring = () => Promise.all([bringAnnex(), bringTalk()]).then(() => import("./parts/mass.js"));
