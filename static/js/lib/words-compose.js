/** Every word of attachments, Cc, the contact log, mass messages and printing: a chapter of the catalogue, loaded with them. */
import { learn } from "./dom.js";
import { plural, t, translated } from "./language.js";

export const composeWords = translated({
    // files
    attach: "Attach files",
    /** @param {number} files @param {number} megabytes */
    attachHint: (files, megabytes) => t`Attach up to ${files} files, ${megabytes} MB each`,
    attachedFiles: "Attached files",
    uploadWaits: "Waiting",
    /** @param {string} percent */
    uploading: (percent) => t`Uploading, ${percent}`,
    /** @param {string} name */
    uploadProgress: (name) => t`Upload of ${name}`,
    /** @param {string} name */
    uploaded: (name) => t`${name} is attached`,
    /** @param {string} name @param {string} reason */
    notUploaded: (name, reason) => `${name}: ${reason}`,
    uploadLost: "The connection was lost.",
    uploadTrouble: "This could not be uploaded.",
    /** @param {number} megabytes */
    fileTooLarge: (megabytes) => t`This is too large. A file may have up to ${megabytes} MB.`,
    fileEmpty: "This file is empty.",
    /** @param {number} most */
    tooManyFiles: (most) => t`A message may carry up to ${most} files. Send the others with another message.`,
    /** @param {string} name */
    cancelUpload: (name) => t`Cancel the upload of ${name}`,
    /** @param {string} name */
    removeFile: (name) => t`Remove ${name}`,
    /** @param {string} name */
    tryFileAgain: (name) => t`Try to upload ${name} again`,
    filesUnderWay: "Files are still being uploaded.",
    filesFailed: "A file could not be attached. Try it again or remove it.",
    dropHere: "Drop files to attach them",

    // ways to send
    waysToSend: "More ways to send",
    sendCopy: "Send & Copy to Contact Log",
    tellIfUnread: "Tell me if unread after",
    /** @param {number} count */
    days: (count) => plural(count, "1 day", "# days"),
    tellNot: "Do not tell me",

    // Cc
    ccWord: "Cc",
    addCc: "Add a Cc",
    ccContacts: "Your contacts",
    ownContacts: "Manage your contacts",
    /** @param {string} names */
    ccConsequence: (names) => t`${names} will see this and every later message here.`,
    /** @param {string} name */
    ccNotYet: (name) => t`Do not add ${name}`,
    /** @param {string} name */
    dropCc: (name) => t`Remove ${name} from later messages`,
    /** @param {string} name */
    dropCcTitle: (name) => t`Remove ${name} from this conversation?`,
    /** @param {string} name */
    dropCcText: (name) => t`${name} keeps what was sent so far, and sees no later message. You can add ${name} again.`,
    dropCcConfirm: "Remove",
    /** @param {string} name */
    ccDropped: (name) => t`${name} sees no later message here`,
    ccNewThread: "With a Cc this becomes a new conversation. What was written before stays between the two of you.",

    // many clients at once
    selectAllOwn: "Select all my clients",
    selectAllPractice: "Select all active clients",
    everyoneOwn: "All my active clients",
    everyonePractice: "All active clients of the practice",
    unfinishedOwn: "You have an unfinished message to all your active clients.",
    unfinishedPractice: "You have an unfinished message to all active clients of the practice.",
    massHint: "Each client gets a message of their own and answers you alone. Nobody sees who else got it.",
    massSubject: "A message to several clients needs a subject.",
    reviewAndSend: "Review and send",
    /** @param {number} count */
    massTitle: (count) => plural(count, "Send to 1 client?", "Send to # clients?"),
    massNobody: "None of these clients can be written to at the moment.",
    /** @param {number} count */
    massSkipped: (count) => plural(count, "1 client is skipped:", "# clients are skipped:"),
    /** @param {string} name @param {string} reason */
    massReason: (name, reason) => `${name}: ${reason}`,
    /** @param {number} count */
    massType: (count) => t`Type the number ${count} to confirm`,
    /** @param {number} count */
    massNotNumber: (count) => t`Please type ${count}.`,
    /** @param {number} count */
    massSend: (count) => plural(count, "Send to 1 client", "Send to # clients"),
    massSendCopy: "A copy goes to each client’s contact log.",
    /** @param {number} count */
    massAccepted: (count) => plural(count, "On its way to 1 client", "On its way to # clients"),
    massMessage: "Message to several clients",
    /** @param {number} of @param {number} skipped */
    massTo: (of, skipped) =>
        [plural(of, "To 1 client", "To # clients"), ...(skipped > 0 ? [plural(skipped, "1 skipped", "# skipped")] : [])].join(
            " · ",
        ),
    /** @param {number} done @param {number} of */
    massProgress: (done, of) => t`${done} of ${of} sent`,
    massCancelled: "The rest was cancelled",
    massCancel: "Cancel the rest",
    massCancelTitle: "Cancel the rest?",
    massCancelText: "What was sent stays sent. Nobody else gets it.",
    massRecipients: "Clients",
    massMore: "Show more clients",
    massBack: "Move to Sent",
    /** @param {string} subject */
    massSelect: (subject) => t`Select message to several clients: ${subject}`,
    /** @param {string} subject */
    massTrash: (subject) => t`Move message to several clients to Trash: ${subject}`,
    /** @param {string} subject */
    massRestore: (subject) => t`Move message to several clients to Sent: ${subject}`,
    /** @param {number} count */
    massTrashed: (count) => plural(count, "Message moved to the trash", "# messages moved to the trash"),
    /** @param {number} count */
    massRestored: (count) => plural(count, "Message moved out of the trash", "# messages moved out of the trash"),
    /** @param {number} count */
    massErased: (count) => plural(count, "Message permanently deleted", "# messages permanently deleted"),
    massEraseText: "You lose your side of it and of every conversation nobody answered. The clients keep what they got.",
    massStates: {
        waiting: "Waiting",
        sent: "Sent",
        alerted: "Alerted",
        read: "Read",
        replied: "Answered",
        skipped: "Skipped",
        cancelled: "Cancelled",
    },
    openAnswer: "Open the conversation",

    // printing
    printing: "Making the PDF…",
    /** @param {number} count */
    printingText: (count) => plural(count, "1 conversation is being printed.", "# conversations are being printed."),
    printReady: "The PDF is ready",
    /** @param {number} count */
    printed: (count) => plural(count, "It holds 1 conversation.", "It holds # conversations."),
    /** @param {number} count */
    leftOut: (count) =>
        plural(
            count,
            "1 of those you selected was left out: it may not be printed.",
            "# of those you selected were left out: they may not be printed.",
        ),
    printFailed: "The PDF was not made",
    openPdf: "Open",
    downloadPdf: "Download",
    /** @param {string} day */
    pdfName: (day) => t`messages-${day}.pdf`,

    // away, under Account
    awayTitle: "Away message",
    awayHint: "While you are away, each client who writes to you is answered once, by a message that is marked as automatic.",
    awayText: "Message",
    awayTextAbout: "Say when you are back, and whom to turn to until then.",
    awayFirst: "First day",
    awayLast: "Last day",
    awayTurnOff: "Turn off",
    awaySaved: "Away message saved",
    awayOff: "Nobody is answered automatically any more",
    /** @type {Record<"none" | "coming" | "on" | "over", (zone: string) => string>} */
    awayStates: {
        none: (zone) => t`Not set. Days are counted in the time zone ${zone}.`,
        coming: (zone) => t`Set. It begins on the first day, in the time zone ${zone}.`,
        on: (zone) => t`On through the last day, in the time zone ${zone}. Only what is written since you saved it is answered.`,
        over: () => t`The last day is over. Nobody is answered.`,
    },

    // writing, under Account
    writingTitle: "Writing",
    enterSends: "Enter sends the message",
    enterSendsText:
        "When this is off, Enter makes a new line, and Ctrl + Enter sends. This holds for this browser; on a phone Enter always makes a new line.",
    writingSaved: "Saved for this browser",

    // the contact log
    contactLog: "Contact log",
    contactLogText: "What was copied here or written by hand. Entries cannot be changed; the client cannot see them.",
    addEntry: "Add entry",
    addEntryText: "An entry cannot be changed afterwards. To correct something, add another one.",
    entryText: "Text",
    downloadCsv: "Download CSV",
    exportPdf: "Export as PDF",
    exportingText: "The whole contact log is being put on paper.",
    exported: "It holds the whole contact log of this client. Keep it where nobody else can read it.",
    logName: "contact-log.pdf",
    takingAlong: "Exporting your messages…",
    takingAlongText:
        "Your conversations and files are being put together. Large ones take some minutes; you can go on when it is done.",
    takenAlong: "The export is ready",
    takenAlongText: "It holds messages and files, and is not encrypted. Keep it where nobody else can read it.",
    takingFailed: "The export was not made",
    /** @param {string} day */
    zipName: (day) => t`messages-${day}.zip`,
    byHand: "By hand",
    copied: "Copied from a message",
    /** @param {string} names */
    entryTo: (names) => t`To ${names}`,
    /** @param {string} names */
    entryFiles: (names) => t`Files: ${names}`,
    noEntries: "Nothing in the contact log yet",
    noEntriesText: "Choose “Send & Copy to Contact Log” when you write to this client, or add an entry by hand.",
    olderEntries: "Show older entries",
    entryAdded: "Added to the contact log",
});

learn(composeWords);
