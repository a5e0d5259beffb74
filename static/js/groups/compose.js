/** What a new message on the messages page is made of. */
import { bringTalk } from "../lib/annex.js";

await bringTalk();
await import("./parts/compose.js");
