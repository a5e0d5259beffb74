/** In this order: whoever needs the message is told when that is defined, and lists show its row from then on. */
import "../../elements/qr-mass-row.js";
import "../../elements/qr-mass.js";
