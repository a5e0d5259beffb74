/** The door. */
import "../elements/qr-languages.js";
import "../elements/qr-sign-in.js";
