/** What stands behind a link that came by mail. */
import "./forgot.js";
import "../elements/qr-invitation.js";
