/**
 * The long words of the help page: a chapter of the catalogue of its own, loaded with that page.
 * @typedef {{id: string, title: string, text: string[], steps?: string[], note?: string, staff: boolean, clients: boolean}} Chapter
 */
import { translated } from "./language.js";

/** @type {Chapter[]} */
export const chapters = translated([
    {
        id: "inbox",
        title: "Inbox",
        staff: true,
        clients: true,
        text: [
            "Inbox stands in the navigation of every page; on a phone it is first in the bar at the bottom. It holds the conversations in which somebody has written to you. Sent holds those you have written in, Trash what you moved there.",
            "The number beside a name is the conversation counter: all replies are kept together, and a click on the subject or the number opens the conversation with all of them.",
            "Unread messages have a white background and a bold name with an orange dot. Read messages have a gray background.",
            "To find a conversation, type a name in Search by name.",
        ],
    },
    {
        id: "read",
        title: "Read a Message & Open Attachments",
        staff: true,
        clients: true,
        text: ["A message counts as read once it was on your screen."],
        steps: [
            "Click the subject to open the conversation.",
            "If there is an attachment, click the blue paper icon at the bottom of the message to download it.",
        ],
    },
    {
        id: "reply",
        title: "Reply to a Message",
        staff: true,
        clients: true,
        text: ["If a message is marked “Not sent”, the reason stands beside it, your text is kept, and you can try again."],
        steps: [
            "Open the message.",
            "Click the blue Reply button; the cursor goes to the field at the bottom.",
            "Write, and click Send.",
        ],
        note: "Without a connection, messages wait in the page and are sent as soon as it is back. Unfinished text is saved as a draft by itself.",
    },
    {
        id: "cc",
        title: "When a contact is carbon copied (Cc)",
        staff: true,
        clients: true,
        text: [
            "A client can copy a contact of theirs, such as a parent. The contact’s name then stands at the top of the conversation and beside the messages they can see.",
            "Every reply goes to the client and to the contact. Staff cannot add, change or remove a contact.",
        ],
    },
    {
        id: "cc-contacts",
        title: "How clients Cc contacts",
        staff: true,
        clients: true,
        text: [
            "Only the client decides who is copied. A contact sees nothing until they are added to a conversation; then an email invites them to choose a password. They see what is written from then on, and nothing from before.",
        ],
        steps: [
            "On the client’s own page, open Account, then Contacts, and press Add contact: a name, an email address, and who this is to the client.",
            "In the conversation, press Add a Cc and choose the contact.",
            "To end it, press Remove beside the contact’s name. They keep what was sent so far, and see no later message.",
        ],
        note: "Adding a Cc to a conversation with one person begins a new conversation: what was written before stays between the two.",
    },
    {
        id: "compose",
        title: "Compose a Message",
        staff: true,
        clients: true,
        text: [
            "You can write a new message from Inbox, Sent or Trash. Without a subject it continues the ongoing conversation with that person; a subject begins a new one.",
        ],
        steps: [
            "Click Compose.",
            "Type a name and choose the person. People of the same name are told apart by their date of birth.",
            "Write, and click Send.",
        ],
    },
    {
        id: "trash",
        title: "Trash",
        staff: true,
        clients: true,
        text: [
            "A conversation stays in the trash for 15 days; then it is permanently deleted from your mailbox. Nobody else’s mailbox changes. A new message in it brings it back to the Inbox.",
            "A practice can decide to keep messages longer, or to delete nothing. Then the row says so, and Permanently Delete tells you why it has to wait. What your practice keeps for its records is not shown in your mailbox.",
        ],
    },
    {
        id: "trash-move",
        title: "Move Message to Trash",
        staff: true,
        clients: true,
        text: [
            "Click the trash can on the right of the message; a notice says so, and lets you undo it. Or select the checkboxes on the left of several messages and click Move to Trash at the top.",
        ],
    },
    {
        id: "trash-delete",
        title: "Permanently Delete a Message",
        staff: true,
        clients: true,
        text: [],
        steps: ["Click the Trash tab.", "Select the messages.", "Click Permanently Delete, and confirm."],
        note: "Permanently deleted messages cannot be brought back.",
    },
    {
        id: "hold",
        title: "Put a Client’s Record on Hold",
        staff: true,
        clients: false,
        text: [
            "When all of a record must be kept, say because a court may ask for it, an administrator puts it on hold. While that lasts nothing of it is erased, whoever deletes what. The team sees it on the client’s page and in the Trash; the client does not learn of it.",
        ],
        steps: [
            "Open the client and the Record tab.",
            "Press Put on hold, and type the reason. Only administrators can read it.",
            "To end it, press Lift the hold there, and say why. What was deleted meanwhile is erased then.",
        ],
        note: "Under Practice an administrator sets for how many years every message is kept at least, or turns deleting off for everybody.",
    },
    {
        id: "export-own",
        title: "Take Your Messages Along",
        staff: false,
        clients: true,
        text: ["You can download all that you see here: your conversations as PDFs, and all files, in one ZIP file."],
        steps: ["Open Account.", "Press Export, and wait until it is ready.", "Press Download."],
        note: "The file is not encrypted. Keep it where nobody else can read it.",
    },
    {
        id: "export-client",
        title: "Take Your Conversations With a Client Along",
        staff: true,
        clients: false,
        text: [
            "A ZIP file holds the conversations with the client that you take part in: PDFs and all files. Each export is recorded.",
        ],
        steps: ["Open the client and the Record tab.", "Press Export, and wait until it is ready.", "Press Download."],
        note: "The whole record, with conversations of others, is exported by the operator of your practice’s server, and your administrators see it in the History.",
    },
    {
        id: "trash-restore",
        title: "Move to Inbox from the Trash",
        staff: true,
        clients: true,
        text: [],
        steps: [
            "Click the Trash tab.",
            "Select the checkbox on the left of one conversation, or of several.",
            "Click Move to Inbox at the top.",
        ],
    },
    {
        id: "panel",
        title: "How to use Secure Messaging on any page",
        staff: true,
        clients: true,
        text: [
            "The Secure Messages icon is at the top right of every page. An orange dot says that something is unread. Press it, and your conversations open over the page you are on; Open in Inbox leads to the same conversation there.",
            "It works on a computer and in the browser of a phone, where it fills the screen.",
        ],
        steps: [
            "Press the Secure Messages icon.",
            "Choose one of your past conversations, or press New Message.",
            "Choose somebody you wrote with recently, or search for a name.",
            "Write, and press Send.",
        ],
    },
    {
        id: "enable",
        title: "Enable Secure Messaging for a client",
        staff: true,
        clients: false,
        text: [
            "Three things must be on: the practice has secure messaging, you have been added to the client portal, and it is enabled for the client. If one is missing, the page says which.",
            "When you choose a client for whom it is off, press Enable Secure Messaging and start writing.",
        ],
    },
    {
        id: "quick-link",
        title: "The quick link",
        staff: true,
        clients: true,
        text: [
            "Messages sent to clients trigger an email with a quick link. It opens that one conversation, to read and to answer, without username and password. It works for 15 minutes from when the email left; using it does not make it last longer.",
            "A link opens its message in one browser. Opened in another, the page offers to send a fresh link, which ends at the same moment as the first.",
        ],
        steps: [
            "Open the email and press the link.",
            "Press Open my message.",
            "Read, and answer. The time that is left stands on the page; press Sign in to stay to go on after it. What you were writing comes along.",
        ],
        note: "After the 15 minutes the same link leads to the sign-in page, and from there to the conversation. The email itself never says who wrote, or what.",
    },
    {
        id: "texts",
        title: "Turning texts off and on",
        staff: true,
        clients: true,
        text: [
            "A text message says only that a secure message is waiting. To stop these texts, the client replies STOP to one of them. To get them again, they reply START. HELP is answered with how to do both.",
            "STOP ends the texts only: emails, and the conversation itself, go on. STOP typed in a secure message is a message and stops nothing. Where several people share a phone number, STOP holds for all of them.",
        ],
        note: "If texts do not come after START, the phone’s carrier may still block the number. Only the client can have that lifted, by asking their carrier.",
    },
    {
        id: "texts-again",
        title: "To re-enable texts for a client",
        staff: true,
        clients: false,
        text: [
            "The client’s page says since when texts are off. The client can turn them on by replying START in the text thread. If they have deleted the thread, you can do it, when the client asks you to:",
        ],
        steps: [
            "Open the client and the Client Info tab, delete the phone number, and save.",
            "Add the phone number again.",
            "Tick Text message OK, and save.",
        ],
        note: "Each step is recorded with your name and the time. The client’s carrier might still block the number; then the alert says so, and only the client can have it lifted, by asking their carrier.",
    },
    {
        id: "notifications",
        title: "Notifications on a device",
        staff: true,
        clients: true,
        text: [
            "Your device can tell you within seconds that a message waits, also while the page is closed. It never shows who wrote, or what. Emails come all the same.",
        ],
        steps: [
            "Open Account and find Notifications on this device.",
            "Press Turn on, and allow notifications when the browser asks.",
            "Press Turn off there to end it. It ends by itself when you sign out.",
        ],
        note: "On an iPhone or iPad, add the page to the Home Screen first: tap Share, then “Add to Home Screen”, and open it from there.",
    },
    {
        id: "emergency",
        title: "In an emergency",
        staff: false,
        clients: true,
        text: ["Messages are not read around the clock. If you are in danger, call your local emergency number."],
    },
]);
