/** What a new message on the messages page is made of. */
import { bringTalk } from "../lib/annex.js";

export const bring = () => bringTalk().then(() => import("./parts/compose.js"));
