/** The elements of a conversation, defined in one go: one that is drawn while another is unknown would lose what it hands on. */
import "../../elements/qr-cc.js";
import "../../elements/qr-composer.js";
import "../../elements/qr-conversation.js";
import "../../elements/qr-files.js";
import "../../elements/qr-gate.js";
import "../../elements/qr-message.js";
import "../../elements/qr-send.js";
import "../../elements/qr-stream.js";
import "../../elements/qr-watch.js";
