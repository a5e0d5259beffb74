/**
 * Where the page begins if it speaks another language than English: its words come first, then app.js. Modules of words may
 * then say them at once, without waiting: browsers do not agree on who waits for a module that does.
 */
import { bringWords } from "./lib/language.js";

bringWords().then(() => import("./app.js"));
