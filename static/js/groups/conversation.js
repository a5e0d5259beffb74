/** What an open conversation is made of. Fetched as soon as the list stands, so that opening one waits for nothing. */
import "../elements/qr-cc.js";
import "../elements/qr-composer.js";
import "../elements/qr-conversation.js";
import "../elements/qr-files.js";
import "../elements/qr-gate.js";
import "../elements/qr-message.js";
import "../elements/qr-send.js";
import "../elements/qr-stream.js";
import { bringComposeStyle } from "../lib/annex.js";

bringComposeStyle();
