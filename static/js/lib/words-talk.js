/** The words of conversations, of writing, and of the panel: a chapter of the catalogue that comes with them. */
import { learn } from "./dom.js";
import { plural, t, translated } from "./language.js";

export const talkWords = translated({
    // one conversation
    /** @param {number} unread */
    backUnread: (unread) => plural(unread, "Back, # other unread conversation", "Back, # other unread conversations"),
    tryAgain: "Try again",
    newMessages: "New messages",
    newBelow: "New",
    messageLog: "Messages",
    showEarlier: "Show earlier messages",
    /** Before a message of somebody else, for screen readers. @param {string} name */
    says: (name) => `${name}: `,
    toYou: "you",
    /** @param {string} names */
    sentTo: (names) => t`to ${names}`,
    sending: "Sending…",
    /** @param {string} reason */
    notSent: (reason) => t`Not sent: ${reason}`,
    automatic: "Automatic answer",
    inContactLog: "In contact log",
    /** @param {string} name @param {string} when */
    readBy: (name, when) => t`Read by ${name} ${when}`,
    missingConversation: "This conversation is not here",
    missingConversationText: "It may have been deleted, or it is no longer yours to read.",
    emptyTalk: "No messages yet",
    /** @param {string} name */
    emptyTalkText: (name) => t`Write the first one to ${name} below.`,

    // writing
    /** @param {string} name */
    messageTo: (name) => t`Message ${name}`,
    /** @param {string} names */
    sendTo: (names) => t`Send to ${names}`,
    /** @param {string} names */
    recipients: (names) => t`To ${names}`,
    draftSaved: "Draft saved",
    /** @param {number} count */
    charactersLeft: (count) => plural(count, "# character left", "# characters left"),
    /** @param {number} count */
    charactersOver: (count) => plural(count, "# character too many", "# characters too many"),
    toPractice: "Open the practice’s settings",
    joinPortal: "Add me to the portal",
    joinedPortal: "You are in the client portal",
    gateEmail: "Email address",
    searchPeople: "Type a name",
    searchPeopleLong: "Search clients and team members",
    nobodyFound: "Nobody found by that name",
    oneClient: "A conversation has one client. Write to the others separately.",
    manyClients: "Several clients are written to one by one. Write to the team separately.",
    toMissing: "Choose who this is for.",
    bodyMissing: "Write a message first.",
    messageSent: "Message sent",
    /** @param {string} names */
    draftFor: (names) => t`You have an unfinished message to ${names}.`,
    continueDraft: "Continue",
    stopWriting: "Close without sending",
    openInInbox: "Open in Inbox",

    // files
    /** @param {string} count */
    kilobytes: (count) => t`${count} KB`,
    /** @param {string} count */
    megabytes: (count) => t`${count} MB`,

    // the panel
    secureMessages: "Secure Messages",
    newMessage: "New Message",
    recentPeople: "Recently messaged",
    panelWelcome: "Talk to people here",
    panelWelcomeStaff:
        "Secure Messages is a private room for you, your clients and your team. It opens on every page, and everything said here is also in your Inbox.",
    panelWelcomeContact: "When a client sends you a copy of a message, you read and answer it here.",
    panelWelcomeClient:
        "Secure Messages is a private room for you and your practice. It opens on every page, and everything said here is also in your Inbox.",
    allPeople: "Everybody you can write to",
    secureMessage: "Secure message",
    signInToStay: "Sign in to stay",
    /** @param {number} minutes @param {number} seconds */
    guestLeft: (minutes, seconds) => t`Open for ${minutes}:${String(seconds).padStart(2, "0")}`,
});

learn(talkWords);
