/**
 * The ways in: addresses that need no session, each with an element of its own that fills the page. Links to them have
 * target="_self", so that the browser goes there with a new document.
 *
 * @type {{path: RegExp, tag: string, load: () => Promise<unknown>}[]}
 */
export const doors = [
    { path: /^\/(?:invitation|new-password)\/?$/u, tag: "qr-invitation", load: () => import("./groups/invitation.js") },
    { path: /^\/forgot\/?$/u, tag: "qr-forgot", load: () => import("./groups/forgot.js") },
    { path: /^\/setup\/?$/u, tag: "qr-setup", load: () => import("./groups/setup.js") },
];

/** After sign-in, where the practice requires a second factor that somebody lacks. */
export const requiredFactor = { tag: "qr-required-factor", load: () => import("./groups/factor.js") };

/** Help for whoever is not signed in. */
export const helpDoor = { tag: "qr-help-door", load: () => import("./groups/help.js") };
