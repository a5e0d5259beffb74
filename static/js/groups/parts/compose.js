/** The elements of a new message, defined in one go. */
import "../../elements/qr-cc.js";
import "../../elements/qr-compose.js";
import "../../elements/qr-files.js";
import "../../elements/qr-gate.js";
import "../../elements/qr-people.js";
import "../../elements/qr-send.js";
import "../../elements/qr-watch.js";
