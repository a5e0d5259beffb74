/**
 * What an open conversation is made of. Fetched as soon as the list stands, so that opening one waits for nothing. The templates
 * come first: an element draws itself at once.
 */
import { bringTalk } from "../lib/annex.js";

export const bring = () => bringTalk().then(() => import("./parts/conversation.js"));
