/** What the chat panel is made of, a conversation among it. */
import { bringTalk } from "../lib/annex.js";

await bringTalk();
await import("./parts/panel.js");
