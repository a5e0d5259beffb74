/** The size of things: phone or not, touch or not, and what the on-screen keyboard leaves. */

const narrow = matchMedia("(max-width: 720px)");
const touch = matchMedia("(hover: none) and (pointer: coarse)");

export const isPhone = () => narrow.matches;
/** Where a return key is for new lines: nobody has Shift at hand. */
export const isTouch = () => touch.matches || narrow.matches;

/** @param {() => void} run @param {AbortSignal} signal */
export const onPhoneChange = (run, signal) => narrow.addEventListener("change", run, { signal });

/** Keeps the shell as high as what is visible, so that the composer stands above the keyboard. */
export function followKeyboard() {
    const view = window.visualViewport;
    if (!view) return;
    const root = document.documentElement.style;
    const follow = () => {
        // Zoomed in, the visual viewport is a lens over the page, not a smaller page.
        const zoomed = view.scale > 1.01;
        const covered = !zoomed && innerHeight - view.height > 1;
        root.setProperty("--view-height", covered ? `${view.height}px` : "100dvh");
        root.setProperty("--view-top", covered ? `${view.offsetTop}px` : "0px");
    };
    view.addEventListener("resize", follow);
    view.addEventListener("scroll", follow);
}
