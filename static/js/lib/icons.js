/**
 * Brings the pictures (static/icons.svg) into the document, once: a page that points into the file would ask the
 * server for it at each new picture, and have none when the connection is gone.
 */
export function bringIcons() {
    const request = new XMLHttpRequest();
    request.open("GET", new URL("../../icons.svg", import.meta.url));
    request.responseType = "document";
    request.onload = () => {
        const sprite = request.responseXML?.documentElement;
        if (!sprite) return;
        // Sections of pages have ids of their own.
        for (const symbol of sprite.querySelectorAll("symbol")) symbol.id = `icon-${symbol.id}`;
        sprite.setAttribute("class", "sprite");
        sprite.setAttribute("aria-hidden", "true");
        document.body.append(document.adoptNode(sprite));
    };
    request.onerror = () => setTimeout(bringIcons, 2_000);
    request.send();
}
