/**
 * What an open conversation is made of. Fetched as soon as the list stands, so that opening one waits for nothing. The templates
 * come first: an element draws itself at once.
 */
import { bringTalk } from "../lib/annex.js";

await bringTalk();
await Promise.all([
    import("../elements/qr-cc.js"),
    import("../elements/qr-composer.js"),
    import("../elements/qr-conversation.js"),
    import("../elements/qr-files.js"),
    import("../elements/qr-gate.js"),
    import("../elements/qr-message.js"),
    import("../elements/qr-send.js"),
    import("../elements/qr-stream.js"),
]);
