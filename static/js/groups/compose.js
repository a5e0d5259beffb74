/** What a new message on the messages page is made of. */
import { bringTalk } from "../lib/annex.js";

await bringTalk();
await Promise.all([
    import("../elements/qr-cc.js"),
    import("../elements/qr-compose.js"),
    import("../elements/qr-files.js"),
    import("../elements/qr-gate.js"),
    import("../elements/qr-people.js"),
    import("../elements/qr-send.js"),
]);
