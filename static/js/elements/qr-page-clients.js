import { Part } from "../lib/dom.js";
import { words } from "../lib/words.js";

/** The clients page; to be filled. */
class ClientsPage extends Part {
    joined() {
        this.parts.empty.what = { icon: "clients", title: words.clients, text: words.clientsSoon };
    }
}

customElements.define("qr-page-clients", ClientsPage);
