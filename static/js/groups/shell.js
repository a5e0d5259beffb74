/** What whoever is signed in sees first: the bars, and the messages page with its list. */
import "../elements/qr-app.js";
import "../elements/qr-list.js";
import "../elements/qr-messages.js";
import "../elements/qr-row.js";
import "../elements/qr-tabbar.js";
import "../elements/qr-top.js";
