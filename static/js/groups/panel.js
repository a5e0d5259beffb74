/** What the chat panel is made of, a conversation among it. */
import { bringTalk } from "../lib/annex.js";

export const bring = () => bringTalk().then(() => import("./parts/panel.js"));
