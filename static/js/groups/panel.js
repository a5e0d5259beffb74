/** What the chat panel is made of, a conversation among it. */
import { bringTalk } from "../lib/annex.js";

await bringTalk();
await Promise.all([
    import("./conversation.js"),
    import("../elements/qr-new-message.js"),
    import("../elements/qr-panel.js"),
    import("../elements/qr-talk.js"),
]);
