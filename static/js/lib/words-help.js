/**
 * The long words of the help pages: a chapter of the catalogue of its own, loaded with them. A screen of the product has a page
 * of help; a page is made of chapters.
 * @typedef {{id: string, title: string, text: string[], steps?: string[], note?: string, staff: boolean, clients: boolean}} Chapter
 * @typedef {{id: string, title: string, about: string, icon: string, screens: RegExp, chapters: string[]}} HelpPage
 */
import { learn } from "./dom.js";
import { translated } from "./language.js";

/** What chapters are called in addresses. @param {string} names */
const ids = (names) => names.split(" ");

/** One for each screen: `screens` are the addresses it is about. @type {HelpPage[]} */
export const helpPages = translated([
    {
        id: "messages",
        title: "Messages",
        about: "Inbox, reading, answering, writing",
        icon: "inbox",
        screens: /^\/(?:inbox|sent)/u,
        chapters: ids("inbox read reply compose mass contact-log unread-after print"),
    },
    {
        id: "trash",
        title: "Trash",
        about: "Putting away, bringing back, deleting",
        icon: "trash",
        screens: /^\/trash/u,
        chapters: ids("trash trash-move trash-delete trash-restore"),
    },
    {
        id: "panel",
        title: "Secure Messages on any page",
        about: "The icon at the top right",
        icon: "messages",
        screens: /^$/u,
        chapters: ids("panel quick-link"),
    },
    {
        id: "contacts",
        title: "Contacts and Cc",
        about: "A parent, a partner, somebody who helps",
        icon: "attach",
        screens: /^\/account.*#contacts/u,
        chapters: ids("cc cc-contacts"),
    },
    {
        id: "clients",
        title: "Clients",
        about: "Adding, enabling, disabling",
        icon: "clients",
        screens: /^\/clients/u,
        chapters: ids("clients-add enable disable inactive hold export-client"),
    },
    {
        id: "alerts",
        title: "Emails, texts and notifications",
        about: "Turning them off and on",
        icon: "alert",
        screens: /^\/account.*#alerts/u,
        chapters: ids("texts texts-again notifications"),
    },
    {
        id: "practice",
        title: "Practice",
        about: "Settings, overview, team, history",
        icon: "practice",
        screens: /^\/practice/u,
        chapters: ids("portal overview history"),
    },
    {
        id: "account",
        title: "Signing in and your account",
        about: "Password, second factor, shortcuts",
        icon: "account",
        screens: /^\/account/u,
        chapters: ids("sign-in security away export-own shortcuts emergency"),
    },
]);

export const helpWords = translated({
    helpIntro: "Everything you can do here, a page for each screen.",
    helpAll: "All help",
    helpMore: "Have more questions?",
    helpSubmit: "Submit a request",
    helpSubmitText: "Somebody who runs this service answers. Please name no client and nothing of a message there.",
    helpAskClient: "Write to your practice: whoever looks after you can help, or knows who can.",
    helpAskStaff: "Write to an administrator of your practice: they can change its settings and know who runs this service.",
    helpAskAdministrator:
        "Whoever runs this server for your practice can help. They can also set an address here to which requests go.",
    helpAskVisitor: "Please call your practice: they can send you a new invitation and help you to sign in.",
    helpWrite: "Write a message",
    helpOnPage: "On this page",
    helpMissing: "This page of help does not exist. All of them are listed here.",
});

learn(helpWords);

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
        id: "mass",
        title: "Send Mass Messages",
        staff: true,
        clients: false,
        text: [
            "A therapist can write to one client, to several, or to all active clients they are assigned to; an administrator to all active clients of the practice. It works like BCC: each client gets a message of their own and cannot see who else got it. An answer is an ordinary private conversation.",
        ],
        steps: [
            "Click Compose, and choose the clients, or press Select all.",
            "Give it a subject, and write.",
            "Click Review and send. The page says how many clients get it, and who is skipped and why.",
            "Confirm. For more than 25 clients you type their number.",
        ],
        note: "It is sent in the background; in Sent it is one row, which shows each client’s state. The rest can be stopped there.",
    },
    {
        id: "contact-log",
        title: "Send & Copy to Contact Log",
        staff: true,
        clients: false,
        text: [
            "The contact log holds what was said with a client, word for word, for the record. Clients and contacts cannot learn of it. Nothing in it is ever changed; new entries are added.",
        ],
        steps: [
            "Write to the client, open the menu beside Send, and choose Send & Copy to Contact Log.",
            "To read it, open the client and the Contact log tab. Add an entry by hand there, or export it as PDF or CSV.",
        ],
        note: "An entry stays when the message is deleted.",
    },
    {
        id: "unread-after",
        title: "Being told if a message is not read",
        staff: true,
        clients: false,
        text: [
            "For a message that matters you can ask to be told if the client has not read it after 1, 2, 3, 5 or 7 days. Only you learn of it; the client and your colleagues do not.",
        ],
        steps: [
            "Write to the client, open the menu beside Send, and choose the days under Tell me if unread after. Then send.",
            "When the days are over and the client has not read it, “Not read” stands below the message and under Clients, Alerts, and an email without content tells you, as you chose it for alert emails.",
        ],
        note: "Cancel below the message takes it back. It ends by itself when the client reads the message, becomes inactive or has messaging turned off.",
    },
    {
        id: "print",
        title: "Print Secure Messages",
        staff: true,
        clients: true,
        text: [
            "You can print one conversation or several, to keep a record of them. The PDF begins each conversation on a separate page.",
        ],
        steps: [
            "Click Inbox in the navigation.",
            "Type a name in Search by name, if you need to.",
            "Select the messages you would like to print.",
            "Click Print Selected, and open or save the PDF.",
        ],
        note: "Unread messages that you print are marked as read. From inside a conversation, the printer at the top prints it alone.",
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
        id: "disable",
        title: "To Disable Secure Messaging for a client",
        staff: true,
        clients: false,
        text: ["What was written stays readable for both sides; every new message is refused, and the page says why."],
        steps: [
            "Open the client and the Messaging tab.",
            "Press Disable Secure Messaging, and confirm. Enable it again in the same place.",
        ],
        note: "A client who wants no more texts replies STOP to one of them, and one who wants no more emails uses the link in any of them; messaging goes on.",
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
        id: "clients-add",
        title: "Add and find clients",
        staff: true,
        clients: false,
        text: [
            "Clients shows those you look after; an administrator sees all of them. Only a name is needed to add one. Inactive clients have a tab of their own.",
        ],
        steps: [
            "Press Add client, or Import CSV for a whole list.",
            "Tick Enable secure messaging now, if they may write to you at once: they get an invitation by email.",
            "On the client’s page, Client Info holds address and phone, Messaging turns it on and off, Assignments says who looks after them.",
        ],
    },
    {
        id: "inactive",
        title: "Make a client inactive",
        staff: true,
        clients: false,
        text: [
            "An inactive client can be written to by nobody and gets no alerts; everything stays readable. Open the client and Client Info, and press Make inactive. They are found under Inactive, and can be made active again.",
        ],
    },
    {
        id: "portal",
        title: "Turn messaging on for the practice and the team",
        staff: true,
        clients: false,
        text: ["Only an administrator can do this."],
        steps: [
            "Open Practice, turn secure messaging on, and save.",
            "Open Staff, press Invite for somebody new, and add each team member to the portal by the menu in their row.",
            "Enable it for each client, on the client’s page.",
        ],
    },
    {
        id: "history",
        title: "Who did what",
        staff: true,
        clients: false,
        text: [
            "History, on the Practice page, shows administrators who read, wrote or changed what, and when; never what a message says. It cannot be edited.",
        ],
    },
    {
        id: "overview",
        title: "How the last weeks were",
        staff: true,
        clients: false,
        text: [
            "Overview, on the Practice page, draws the last twelve weeks: how many messages were written, how soon the first answer came, and how many messages were still unread a day after they came. Under each picture are its numbers as a table.",
            "An administrator sees the practice as a whole, a therapist only their own conversations. It names nobody.",
        ],
        note: "Each day is counted once it is over. Automatic answers, messages to several clients at once, and what the team writes among itself are not counted.",
    },
    {
        id: "sign-in",
        title: "Sign in, and when you cannot",
        staff: true,
        clients: true,
        text: [
            "Sign in with your username and password. When nothing happens for a while, your messages are hidden; your password alone brings them back, with what you were writing.",
        ],
        steps: [
            "Forgot your password, or your username? Press Forgot your password? on the sign-in page, and a link comes by email.",
            "Never chose a password? Press Send me a new invitation there.",
        ],
    },
    {
        id: "security",
        title: "Password and second factor",
        staff: true,
        clients: true,
        text: [
            "Account, Sign-in & security, changes your password, sets up a second factor, and shows where you are signed in. Whatever you do not know there, end it, then change your password.",
        ],
    },
    {
        id: "away",
        title: "Away message",
        staff: true,
        clients: false,
        text: [
            "While you are away, each client who writes to you is answered once, by a message marked as automatic. Set its text and days under Account.",
        ],
    },
    {
        id: "shortcuts",
        title: "Keyboard shortcuts",
        staff: true,
        clients: true,
        text: ["Press ? on any page to see them all."],
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
