/** Runs what a button does, once at a time, and shows on it that it runs. @param {HTMLElement} button @param {() => Promise<unknown>} run */
export async function press(button, run) {
    if (button.ariaBusy === "true") return;
    button.ariaBusy = "true";
    button.classList.add("busy");
    try {
        await run();
    } finally {
        button.ariaBusy = "false";
        button.classList.remove("busy");
    }
}
