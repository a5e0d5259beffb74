/** What is said about alerts: a chapter of the catalogue that comes with the pages that need it. */
import { learn } from "./dom.js";

export const alertWords = {
    // Account → Alerts
    alertsTab: "Alerts",
    alertMails: "Alert emails",
    alertMailsClientText: "An email without content tells you that a message waits, with a link that opens it for 15 minutes.",
    alertMailsStaffText: "An email without content tells you that something in your Inbox has not been read.",
    alertChoice: "Emails",
    clientUsual: "When a message comes",
    clientNone: "None",
    staffUsual: "When something is unread for 15 minutes, at most once an hour",
    staffEach: "For each message",
    staffNone: "None",
    alertsSaved: "Saved. This holds from the next message on.",
    alertsNoneAbout: "Whatever you choose, messages still come; you see them when you sign in.",
    pushTitle: "Notifications on this device",
    pushText:
        "Your device tells you within seconds that a message waits, also while this page is closed. It never shows who wrote or what.",
    pushOn: "Turn on",
    pushOff: "Turn off",
    pushIsOn: "On for this browser, as long as you are signed in.",
    pushIsOff: "Off for this browser.",
    pushIos:
        "On an iPhone or iPad, notifications need the app on the Home Screen: tap Share, then “Add to Home Screen”, open Quietroom from there and turn them on.",
    pushUnsupported: "This browser cannot show notifications. The email comes all the same.",
    pushBlocked:
        "Notifications from this site are blocked in your browser. Allow them in its settings for this site, then try again.",
    pushNotAllowed: "Notifications were not allowed, so nothing was turned on.",
    pushRefused: "The browser’s notification service refused. Please try again later; the email comes all the same.",
    pushSlow:
        "The browser’s notification service has not answered for 10 seconds. Please try again later; the email comes all the same.",
};

learn(alertWords);
