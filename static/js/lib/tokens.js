/** The secret of a link: it stands behind the # so that no server logs it, and leaves the address bar at once. */

/** Takes it out of the address; a reload still finds it in this tab's history entry, and nobody else does. @returns {string} */
export function takeToken() {
    const token = location.hash.slice(1) || String(history.state?.token ?? "");
    history.replaceState({ token }, "", location.pathname);
    // Another link opened in the same tab differs behind the # only: for the browser that is no new page.
    addEventListener("hashchange", () => location.reload(), { once: true });
    return token;
}

export const forgetToken = () => history.replaceState(null, "", location.pathname);
