/** What asks for a new link. */
import "../elements/qr-field.js";
import "../elements/qr-forgot.js";
