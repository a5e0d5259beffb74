/** Rows of tabs that lead to the parts of a page. */

/** The row as wide as it is now: what it has no room for is reached by scrolling. */
const rows = new ResizeObserver((changed) => {
    for (const { target } of changed) bringIntoView(target);
});

/** Scrolls the row alone: a page that moved because the keyboard came would be worse than a tab out of sight. @param {Element} row */
function bringIntoView(row) {
    const place = row.getBoundingClientRect();
    const tab = row.querySelector("[aria-current]")?.getBoundingClientRect() ?? place;
    row.scrollLeft += Math.max(0, tab.right - place.right) + Math.min(0, tab.left - place.left);
}

/**
 * Marks the open tab, and keeps it in view, also when the phone is turned or the text grows.
 * @param {Record<string, any>} parts of the page, with each tab as "nameTab"
 * @param {readonly string[]} tabs their names
 * @param {string} open
 */
export function openTab(parts, tabs, open) {
    const tab = parts[`${open}Tab`];
    if (tab.hasAttribute("aria-current")) return; // whoever scrolls the row meanwhile is not called back
    for (const name of tabs) parts[`${name}Tab`].removeAttribute("aria-current");
    tab.setAttribute("aria-current", "page");
    bringIntoView(tab.parentElement);
    rows.observe(tab.parentElement);
}
