/** What the chat panel is made of. */
import "./conversation.js";
import "../elements/qr-new-message.js";
import "../elements/qr-panel.js";
import "../elements/qr-talk.js";
