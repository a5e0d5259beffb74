/** What is said about alerts: a chapter of the catalogue that comes with the pages that need it. */
import { learn } from "./dom.js";
import { plural, t, translated } from "./language.js";

export const alertWords = translated({
    // Account → Alerts
    alertsTab: "Alerts",
    alertMails: "Alert emails",
    alertMailsClientText: "An email without content tells you that a message waits, with a link that opens it for 15 minutes.",
    alertMailsStaffText:
        "An email without content tells you that something in your Inbox has not been read. Unless you want one for each message, it comes at most once an hour.",
    alertChoice: "Emails",
    clientUsual: "When a message comes",
    clientNone: "None",
    staffUsual: "Unread for 15 minutes",
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

    // beside a message
    emailWord: "Email",
    textWord: "Text",
    /** @param {string} what @param {string} when */
    alertSent: (what, when) => t`${what} sent ${when}`,
    /** @param {string} what @param {string} when */
    alertDelivered: (what, when) => t`${what} delivered ${when}`,
    /** @param {string} what */
    alertSoon: (what) => t`${what} leaves in a moment`,
    /** @param {string} what @param {string} why */
    alertAgain: (what, why) => t`${what} waits. ${why}`,
    alertFolded: "Announced by an earlier email",
    /** @param {string} why */
    alertNone: (why) => t`No email. ${why}`,
    /** @param {string} what @param {string} why */
    alertFailed: (what, why) => t`${what} not delivered. ${why}`,

    // how a client is reached
    /** @param {string} when */
    textsOffSince: (when) => t`Texts off since ${when}, by the client’s STOP`,
    textsOffTag: "Texts off",
    textsOnAgain: "How texts come on again",
    textsOffAdvice:
        "The client turns them on again by texting START to the same number. If the thread was deleted: delete the phone number on Client Info, save, add it again and tick “Text message OK”. If the carrier still blocks the number, only the client’s carrier can lift that.",
    mailFailsTag: "Emails come back",
    /** @param {string} when */
    mailFailsSince: (when) => t`Emails to this client have come back since ${when}`,
    mailFailsAdvice:
        "Ask the client for the right address, for example by phone, and save it on Client Info. The mark goes with the first email that arrives.",
    whatToDo: "What to do",
    consentHistory: "History of consent to texts",
    consent: {
        number_added: "Number added",
        number_removed: "Number removed",
        ticked: "“Text message OK” ticked",
        unticked: "“Text message OK” unticked",
        stop: "STOP",
        start: "START",
        stop_was_last: "STOP was sent after START, by the gateway’s time",
        start_was_last: "START was sent after STOP, by the gateway’s time",
        blocked: "Blocked by the carrier",
    },
    byClient: "the client",
    byCarrier: "the carrier",

    // a message that stays unread
    /** @param {number} count */
    toldAfter: (count) => plural(count, "Tell me if unread after 1 day", "Tell me if unread after # days"),
    /** @param {number} count */
    notReadAfter: (count) => plural(count, "Not read after 1 day", "Not read after # days"),
    watchCancel: "Cancel",
    watchDismiss: "Dismiss",
    watchStopped: "You are not told of this message any more",
    notRead: "Not read",
    yourMessage: "Your message",

    // lists of alerts
    alertTrouble: "Alerts",
    alertTroubleText:
        "Messages of yours that were not read in time; alerts that did not reach a client, and those that are tried again.",
    clientAlerts: "Alerts",
    clientAlertsText: "The newest emails and texts that told this client, or their contacts, of something.",
    clientMails: "Alert emails to this client",
    clientMailsOff: "Stopped by the client or by staff. Turn them on again only if the client wants them; it is recorded.",
    clientMailsOn: "On. The client can stop them by a link in each email.",
    /** @param {string} who @param {string} when */
    clientMailsBy: (who, when) => t`Last changed by ${who} on ${when}.`,
    noAlertTrouble: "Everything reached its client",
    noAlertTroubleText: "When an email or text cannot be delivered, it stands here with the reason and what to do.",
    noClientAlerts: "No alerts yet",
    noClientAlertsText: "When a message waits for this client, the email about it stands here.",
    /** @type {Record<string, string>} */
    alertKinds: {
        message: "about a message",
        fresh_link: "with a fresh link",
        invitation: "with an invitation",
        password_reset: "for a new password",
    },
    /** @type {Record<string, string>} */
    alertStates: { waiting: "Waiting", sent: "Sent", delivered: "Delivered", dropped: "Not needed", failed: "Not delivered" },
    older: "Show older ones",
    /** @param {string} name */
    contactOf: (name) => t`contact of ${name}`,
});

learn(alertWords);
