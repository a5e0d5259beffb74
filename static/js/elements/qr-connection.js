import { Part } from "../lib/dom.js";
import { connection } from "../lib/socket.js";
import { words } from "../lib/words.js";

/** A hiccup is nobody's business; after so long one wants to know, and after so long what becomes of the messages. */
const HICCUP = 1_500;
const LONG = 8_000;

/** The strip that says the connection is gone, and what that means. */
class ConnectionStrip extends Part {
    #timer = 0;

    /** @param {AbortSignal} signal */
    joined(signal) {
        connection.addEventListener("state", () => this.#show(), { signal });
        this.#show();
    }

    left() {
        clearTimeout(this.#timer);
    }

    #show() {
        clearTimeout(this.#timer);
        const { line } = this.parts;
        if (connection.state !== "connecting") {
            line.textContent = "";
            return;
        }
        const lost = Date.now() - connection.lostAt;
        const long = !navigator.onLine || lost >= LONG;
        line.textContent = long ? words.noConnection : lost >= HICCUP ? words.connectingAgain : "";
        if (!long) this.#timer = setTimeout(() => this.#show(), lost >= HICCUP ? LONG - lost : HICCUP - lost);
    }
}

customElements.define("qr-connection", ConnectionStrip);
