/** What a new message on the messages page is made of. */
import "../elements/qr-compose.js";
import "../elements/qr-gate.js";
import "../elements/qr-people.js";
