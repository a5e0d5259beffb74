/**
 * Every word on screen, in one place, in English; `translated` says them in the language of the page. Sentences that vary are
 * functions, with `t` before what they say, or `plural` around it. What comes later has chapters of its own (words-*.js). After a
 * change here: `make words`, and the translation of what is new.
 */
import { inContext, numbers, plural, t, translated } from "./language.js";

export const words = translated({
    product: "Quietroom",
    skip: "Skip to content",
    main: "Main",
    today: "Today",
    yesterday: "Yesterday",
    /** Within a sentence: "Read today, 9:08" */
    todayWithin: "today",
    yesterdayWithin: "yesterday",
    /** @param {string} day @param {string} time */
    dayTime: (day, time) => t`${day}, ${time}`,
    you: "You",
    cancel: "Cancel",
    close: "Close",
    back: "Back",
    undo: "Undo",
    showAll: "Show all",
    showLess: "Show less",
    reload: "Reload",
    save: "Save",

    roles: { administrator: "Administrator", therapist: "Therapist", client: "Client", contact: "Contact" },

    // pages and navigation
    inbox: "Inbox",
    sent: inContext("folder", "Sent"),
    trash: "Trash",
    clients: "Clients",
    practice: "Practice",
    account: "Account",
    help: "Help",
    signOut: "Sign out",
    /** @param {number} unread */
    secureMessagesUnread: (unread) => (unread ? t`Secure Messages, ${numbers.format(unread)} unread` : t`Secure Messages`),
    /** @param {number} unread */
    inboxUnread: (unread) => (unread ? t`Inbox, ${numbers.format(unread)} unread` : t`Inbox`),
    /** @param {string} name */
    accountOf: (name) => t`Account of ${name}`,
    /** @param {number} unread @param {string} page @param {string} practice */
    title: (unread, page, practice) => {
        const named = practice ? `${page} – ${practice}` : page;
        return unread ? `(${unread}) ${named}` : named;
    },

    // signing in
    signIn: "Sign in",
    signInTitle: "Sign in to your messages",
    signedOutTitle: "Sign in to continue",
    signedOutText: "You were signed out. What you wrote is kept, and you return to the same page.",
    username: "Username",
    password: "Password",
    code: "Six-digit code",
    codeText: "Open your authenticator app and type the code it shows.",
    usernameMissing: "Type your username.",
    passwordMissing: "Type your password.",
    codeMissing: "Type the six digits.",
    signInRefused: "That username and password do not match. Please check both and try again.",
    codeRefused: "That code is not right. Codes change every 30 seconds; try the newest one.",
    /** @param {number} seconds */
    throttled: (seconds) =>
        seconds > 90
            ? plural(
                  Math.ceil(seconds / 60),
                  "Too many tries. Please wait # minute, then try again.",
                  "Too many tries. Please wait # minutes, then try again.",
              )
            : plural(
                  Math.max(1, seconds),
                  "Too many tries. Please wait # second, then try again.",
                  "Too many tries. Please wait # seconds, then try again.",
              ),
    recoveryCode: "Recovery code",
    recoveryText: "Type one of the recovery codes that you kept when you set up the second factor. Each works once.",
    useRecovery: "Use a recovery code",
    useApp: "Use the authenticator app",
    beginAgain: "That took too long. Please begin again with username and password.",
    forgot: "Forgot your password?",
    newInvitation: "Send me a new invitation",
    private: "Only you and the people you write to can read your messages here.",
    locked: "Locked",
    lockedTitle: "Still there?",
    /** @param {string} name */
    lockedText: (name) =>
        name
            ? t`Your messages are hidden because nothing happened for a while. Type your password to go on, ${name}.`
            : t`Your messages are hidden because nothing happened for a while. Type your password to go on.`,
    /** @param {number} unread */
    lockedUnread: (unread) => (unread ? plural(unread, "# unread conversation", "# unread conversations") : t`Nothing new`),
    unlock: "Unlock",
    unlockRefused: "That password is not right. Please try again.",
    lockSoon: "Your messages will be hidden in a minute, because nothing has happened for a while.",
    stillHere: "I’m here",
    newVersion: "A newer version is ready.",

    // trouble
    troubleOurs: "Something went wrong on our side. Please try again.",
    troubleConnection: "There is no connection at the moment. Please try again.",
    connectingAgain: "Connecting again…",
    noConnection: "No connection. Messages wait here and are sent when it is back.",
    waitsForConnection: "No connection. This happens as soon as it is back.",
    connected: "Connected again.",

    // lists
    folders: "Folders",
    conversations: "Conversations",
    compose: "Compose",
    more: "More",
    select: "Select",
    done: "Done",
    searchByName: "Search by name",
    clearSearch: "Clear search",
    selectAll: "Select all",
    /** @param {string} name @param {string} subject */
    selectRow: (name, subject) => t`Select conversation with ${name}: ${subject}`,
    /** @param {number} count */
    selected: (count) => t`${numbers.format(count)} selected`,
    moveToTrash: "Move to Trash",
    moveToInbox: "Move to Inbox",
    markUnread: "Mark unread",
    printSelected: "Print Selected",
    print: "Print",
    deleteForever: "Permanently Delete",
    /** @param {string} name */
    trashRow: (name) => t`Move conversation with ${name} to Trash`,
    /** @param {string} name */
    restoreRow: (name) => t`Move conversation with ${name} to Inbox`,
    unread: "Unread.",
    /** What a screen reader says of a row. @param {number} unread @param {number} count @param {string} name @param {string} subject */
    rowOf: (unread, count, name, subject) =>
        unread
            ? t`Unread, ${plural(count, "# message", "# messages")}, ${name}: ${subject}`
            : `${plural(count, "# message", "# messages")}, ${name}: ${subject}`,
    noSubject: "No subject",
    nobodyLeft: "Nobody else",
    /** @param {number} count */
    messages: (count) => plural(count, "# message", "# messages"),
    /** @param {string} text */
    mine: (text) => t`You: ${text}`,
    /** @param {number} days */
    deletedIn: (days) => (days < 1 ? t`deleted today` : plural(days, "deleted in # day", "deleted in # days")),
    keptByPractice: "kept by your practice",
    onHold: "on hold",
    /** @param {string} day */
    keptUntil: (day) => t`kept until ${day}`,
    /** @param {string} day */
    untilDay: (day) => t`This one is kept until ${day}.`,
    /** @param {number} days */
    leavesIn: (days) =>
        days < 1 ? t`leaves the trash today` : plural(days, "leaves the trash in # day", "leaves the trash in # days"),
    loadingMore: "Loading more…",
    emptyInbox: "Nothing here yet",
    emptyInboxText: "Messages that people write to you appear here.",
    emptySent: "Nothing sent yet",
    emptySentText: "Conversations you have written in appear here.",
    emptyTrash: "The trash is empty",
    emptyTrashText: "What you move here stays for 15 days, then it is deleted for you, unless your practice keeps it longer.",
    /** @param {string} search */
    emptySearch: (search) => t`Nobody called “${search}” here`,
    emptySearchText: "Check the spelling, or look in another folder.",
    noneChosen: "No conversation open",
    noneChosenText: "Choose one from the list, or write a new message.",
    noneYet: "No conversations yet",
    noneYetText: "Write to somebody, and it appears here.",
    noneYetContact: "An email tells you when one begins.",
    noneChosenContact: "Choose one from the list to read and answer it.",
    /** @param {number} count */
    trashed: (count) => plural(count, "Conversation moved to the trash", "# conversations moved to the trash"),
    /** @param {number} count */
    undone: (count) => plural(count, "Conversation is back where it was", "# conversations are back where they were"),
    /** @param {number} count */
    restored: (count) => plural(count, "Conversation moved to the Inbox", "# conversations moved to the Inbox"),
    /** @param {number} count */
    markedUnread: (count) => plural(count, "Marked unread", "# conversations marked unread"),
    /** @param {number} count */
    erased: (count) => plural(count, "Conversation permanently deleted", "# conversations permanently deleted"),
    /** @param {number} count */
    keptTitle: (count) => plural(count, "This cannot be deleted for good", "These cannot be deleted for good"),
    /** @param {number} kept @param {string} why */
    keptBeside: (kept, why) => `${plural(kept, "1 of those you selected stays.", "# of those you selected stay.")} ${why}`,
    /** @param {number} count */
    eraseTitle: (count) => plural(count, "Permanently delete this conversation?", "Permanently delete # conversations?"),
    /** @param {number} count */
    eraseText: (count) =>
        plural(
            count,
            "1 conversation disappears from your mailbox and cannot be brought back. What a practice must keep for its records stays there, unseen.",
            "# conversations disappear from your mailbox and cannot be brought back. What a practice must keep for its records stays there, unseen.",
        ),

    // one conversation
    conversation: "Conversation",
    /** @param {string} names */
    cc: (names) => t`Cc ${names}`,
    reply: "Reply",
    waiting: "Waiting for connection",
    discard: "Discard",
    /** @param {string} when */
    read: (when) => t`Read ${when}`,
    /** @param {string} name */
    download: (name) => t`Download ${name}`,
    toInbox: "Go to Inbox",

    // writing
    message: "Message",
    writeMessage: "Write a message",
    send: "Send",
    enableMessaging: "Enable Secure Messaging",
    /** @param {string} name */
    enabled: (name) => t`Secure messaging is on for ${name}`,
    to: "To",
    subject: "Subject",
    optional: "optional",
    /** @param {string} name */
    remove: (name) => t`Remove ${name}`,
    people: "People",
    /** @param {string} date */
    born: (date) => t`born ${date}`,
    messagingOff: "messaging is off",
    open: "Open",

    // other pages
    name: "Name",
    role: "Role",
    missingTitle: "There is nothing here",
    missingText: "The address may have been mistyped, or the page has moved.",
});
