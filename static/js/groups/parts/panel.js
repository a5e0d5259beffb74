/** The elements of the panel, defined in one go. */
import "./conversation.js";
import "../../elements/qr-new-message.js";
import "../../elements/qr-panel.js";
import "../../elements/qr-talk.js";
