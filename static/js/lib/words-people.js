/** Every word of the pages about people, the practice, one's account and the ways in: a chapter of the catalogue, loaded with them. */
import { learn } from "./dom.js";
import { inContext, plural, t, translated } from "./language.js";

export const peopleWords = translated({
    accountTitle: "Account",
    yourPractice: "Practice",
    signedInUntil: "Signed in until",
    signOutText: "Messages that are still waiting are kept as drafts.",
    gates: {
        organization: "Secure messaging is not turned on for this practice. An administrator can turn it on.",
        portal: "You are not in the client portal yet. An administrator can add you.",
    },
    // forms
    saving: "Saving…",
    saved: "Saved",
    saveChanges: "Save changes",
    add: "Add",
    change: "Change",
    edit: "Edit",
    removeWord: "Remove",
    /** @param {string} what */
    missing: (what) => t`Please fill in: ${what}.`,
    showPassword: "Show password",
    hidePassword: "Hide password",
    loadNewest: "Load the newest",
    /** @param {string} value */
    meanwhile: (value) => (value ? t`Saved by somebody else meanwhile: ${value}` : t`Cleared by somebody else meanwhile`),
    notSet: "–",
    choose: "Choose…",
    troubleLoading: "This could not be loaded",
    troubleLoadingText: "Please check your connection and try again.",
    sections: "Sections",
    actions: "Actions",
    yes: "Yes",
    no: "No",

    // clients
    addClient: "Add client",
    importCsv: "Import CSV",
    searchClients: "Search clients by name",
    active: inContext("people", "Active"),
    inactive: inContext("people", "Inactive"),
    inactiveTag: "Inactive",
    born: "Born",
    messagingColumn: "Messaging",
    therapists: "Therapists",
    contactData: "Contact",
    messagingOn: "On",
    messagingOffTag: "Off",
    invitedTag: "Invited",
    /** @param {number} years */
    age: (years) => plural(years, "# year old", "# years old"),
    noTherapist: "Nobody yet",
    noClients: "No clients yet",
    noClientsText: "Add your first client, or bring in a list from another system.",
    noInactive: "Nobody is inactive",
    noInactiveText: "Clients whom you make inactive are kept here. They can be made active again.",
    /** @param {string} search */
    noClientFound: (search) => t`No client called “${search}”`,
    noClientFoundActive: "Check the spelling, or look under Inactive.",
    noClientFoundInactive: "Check the spelling, or look under Active.",
    /** @param {number} count */
    clientsShown: (count) => plural(count, "# client", "# clients"),
    /** @param {number} count */
    clientsShownMore: (count) => t`The first ${count} clients; more appear as you scroll`,

    // a new client
    newClient: "New client",
    newClientText: "Only the name is needed. Everything else can be added later.",
    fullName: "Name",
    dateOfBirth: "Date of birth",
    email: "Email",
    emailAbout: "Alerts and the invitation go here.",
    phone: "Phone",
    phoneAbout: "With area code; begin with + for other countries.",
    textOk: "Text message OK",
    textOkAbout: "The client agreed to get text messages at this number. They hold no content, only that a message waits.",
    /** @param {string} who @param {string} when */
    textOkBy: (who, when) => t`Ticked by ${who} on ${when}.`,
    timeZone: "Time zone",
    practiceZone: "As the practice",
    language: "Language",
    languageNone: "Not known",
    languageOwn: "Your language",
    languageOwnAbout: "Pages, emails and texts come in it. What people write to you stays as they wrote it.",
    languageSaved: "Language saved",
    lookedAfterBy: "Looked after by",
    nobodyYet: "Nobody yet",
    enableNow: "Enable secure messaging now",
    enableNowAbout: "Sends an invitation to choose a username and password.",
    /** @param {string} name */
    clientAdded: (name) => t`${name} was added`,
    emailForEnabling: "Enabling secure messaging needs an email address: the invitation goes there.",

    // one client
    clientInfo: "Client Info",
    messagingTab: "Messaging",
    contactsTab: "Contacts",
    assignmentsTab: "Assignments",
    allClients: "All clients",
    missingClient: "This client is not here",
    missingClientText: "They may no longer be assigned to you.",
    writeMessage: "Write a message",
    makeInactive: "Make inactive",
    makeActive: "Make active",
    /** @param {string} name */
    makeInactiveTitle: (name) => t`Make ${name} inactive?`,
    activeTitle: "Active client",
    activeText: "Make inactive whom you no longer see. Nothing is deleted, and it can be undone at any time.",
    inactiveTitle: "Inactive client",
    makeInactiveText:
        "They disappear from every list and picker. Neither side can write, and alerts stop. Everything written stays readable, and you can make them active again at any time.",
    /** @param {string} name */
    madeInactive: (name) => t`${name} is inactive now`,
    /** @param {string} name */
    madeActive: (name) => t`${name} is active again`,
    inactiveLine: "This client is inactive: everything stays readable, nothing can be written, alerts are off.",
    clientSaved: "Client Info saved",

    // a client's messaging
    messagingIsOn: "Secure messaging is on",
    messagingIsOff: "Secure messaging is off",
    /** @param {string} name */
    messagingOnText: (name) =>
        t`You and ${name} can write to each other. An email without content tells them when a message waits.`,
    /** @param {string} name */
    messagingOffText: (name) => t`Nobody can write to ${name} here, nor the other way round. What was written stays readable.`,
    disableMessaging: "Disable Secure Messaging",
    /** @param {string} name */
    disableTitle: (name) => t`Disable secure messaging for ${name}?`,
    disableText: "Both sides can still read everything, but no new message is accepted until you enable it again.",
    disable: "Disable",
    /** @param {string} name */
    disabled: (name) => t`Secure messaging is off for ${name}`,
    enableTitle: "An email address is needed",
    /** @param {string} name */
    enableText: (name) => t`${name} has no email address yet. The invitation and the alerts go there.`,
    enable: "Enable",
    invitation: "Invitation",
    /** @param {string} email */
    invitedLine: (email) =>
        t`Invited at ${email}. A username and a password have not been chosen yet; messages can be sent already.`,
    acceptedLine: "Accepted: a username and a password are chosen.",
    notInvitedLine: "Goes out when secure messaging is enabled.",
    sendInvitation: "Send a new invitation",
    /** @param {string} name */
    invitationSent: (name) => t`A new invitation is on its way to ${name}`,
    conversationsWith: "Conversations",
    noConversations: "You have no conversation with this client yet.",
    allConversations: "Open in Inbox",

    // a client's contacts, as staff see them
    contactsText: "People whom this client may Cc. Only the client adds, changes or removes them.",
    noContacts: "No contacts",
    noContactsText: "When the client adds somebody to Cc, they appear here.",
    hasPassword: "Has an account",
    noPasswordYet: "No account yet",

    // assignments
    assignText:
        "Who is assigned writes with this client and sees the conversations they take part in. Administrators can write to every client.",
    assign: "Assign",
    assignSomebody: "Assign somebody",
    assignTo: "Therapist",
    handOver: "Hand over",
    /** @param {string} name */
    assigned: (name) => t`${name} is assigned`,
    /** @param {string} name */
    unassignTitle: (name) => t`Remove ${name}?`,
    /** @param {string} name @param {string} client */
    unassignText: (name, client) =>
        t`The conversations with ${client} leave ${name}’s mailbox at once. Assigning ${name} again brings them back.`,
    /** @param {string} name */
    unassigned: (name) => t`${name} is no longer assigned`,
    noAssignments: "Nobody is assigned yet. Until somebody is, only administrators can write to this client.",
    /** @param {string} name */
    handOverTitle: (name) => t`Hand over from ${name}`,
    handOverText: "Somebody else takes over, and the present therapist loses access at once. The client keeps everything.",
    successor: "Who takes over",
    history: "With history",
    historyAbout:
        "The new therapist reads everything written so far, and both sides see a line saying so. Without it they see only what comes from now on.",
    /** @param {string} name */
    handedOver: (name) => t`${name} has taken over`,
    nobodyToAssign: "Everybody in the team is assigned already.",
    nobodyElse: "There is nobody else in the team who could take over. Invite somebody on the Practice page first.",
    assignmentsReadOnly: "An administrator changes this.",

    // import
    importTitle: "Import clients",
    importText:
        "Choose a CSV file, as spreadsheets and other systems save it. The first line names the columns: name, born, email, phone, therapist. Only the name is required.",
    importExample: "Download an example",
    chooseFile: "Choose a file",
    /** @param {string} name */
    chosenFile: (name) => t`File: ${name}`,
    chooseAnother: "Choose another file",
    importSoon: "This server cannot import lists yet. Please add clients one by one for now.",
    importReading: "Reading the list…",
    line: "Line",
    problem: "Problem",
    fine: "Ready",
    therapist: "Therapist",
    /** @param {number} fine */
    importReady: (fine) => plural(fine, "# client is ready to be added.", "# clients are ready to be added."),
    /** @param {number} doubts */
    importDoubts: (doubts) =>
        plural(
            doubts,
            "# of them may be somebody who is here already: look at it first, or add the date of birth to your file.",
            "# of them may be people who are here already: look at them first, or add the dates of birth to your file.",
        ),
    /** @param {number} problems */
    importProblems: (problems) =>
        plural(
            problems,
            "# line has a problem. Correct it in your file, then choose the file again; nothing is added before.",
            "# lines have a problem. Correct them in your file, then choose the file again; nothing is added before.",
        ),
    importNothing: "There is nobody in this list.",
    /** @param {number} count */
    importNow: (count) => plural(count, "Add # client", "Add # clients"),
    /** @param {number} count */
    imported: (count) => plural(count, "# client was added", "# clients were added"),
    exampleFile: "clients-example.csv",
    example: "name,born,email,phone,therapist\nMaria Example,1990-05-21,maria@example.org,+1 555 010 0199,\n",
    previewLabel: "Preview",

    // the practice
    practiceTab: "Practice",
    overviewTab: "Overview",
    overviewNothing: "Nothing to count yet",
    overviewNothingText:
        "Each day is counted once it is over. When clients and the team have written to each other, their weeks are drawn here.",
    staffTab: "Staff",
    auditTab: "History",
    auditText: "Who read, wrote or changed what, and when. Never what a message says. Nobody can edit it here.",
    auditClientField: "Client",
    auditActorField: "Done by",
    auditKindField: "What",
    auditSince: "From",
    auditUntil: "Until",
    auditLook: "Show",
    auditDownload: "Download as CSV",
    auditOlder: "Show older entries",
    auditEverybody: "Everybody",
    auditAllClients: "All clients",
    auditEverything: "Everything",
    auditHouse: "Quietroom",
    auditRefused: "Refused",
    auditNothing: "Nothing was found",
    auditNothingText: "Choose a longer time, or fewer conditions.",
    /** @param {number} count */
    auditWaiting: (count) => plural(count, "# newer entry is being added.", "# newer entries are being added."),
    /** @param {string} name @param {string} born */
    auditNamesake: (name, born) => t`${name} (born ${born})`,
    /** @param {string} what @param {string} details */
    auditDetails: (what, details) => `${what}: ${details}`,
    /** @param {string} name */
    auditClient: (name) => t`Client: ${name}`,
    /** @param {string} name */
    auditWhom: (name) => t`About ${name}`,
    /** @param {string} address */
    auditFrom: (address) => t`From ${address}`,
    practiceName: "Name of the practice",
    firstGate: "Secure messaging",
    firstGateOn: "Turned on for this practice",
    firstGateAbout:
        "The first of three gates. While it is off, nobody in the practice can write or receive messages; everything written stays readable.",
    firstGateThen: "Then each team member is added to the portal (Staff), and each client is enabled on their page.",
    messagingOffTitle: "Turn secure messaging off?",
    messagingOffText2:
        "Nobody in the practice, and no client, can write any more until it is turned on again. Everything stays readable.",
    turnOff: "Turn off",
    mailName: "Name shown in emails",
    mailNameAbout: "Emails never say who wrote or what. This name stands at the top of them; leave it empty to show none.",
    mailPreview: "How the emails look",
    mailSender: "Secure messages",
    mailSubjectNamed: "You have a secure message",
    mailButton: "Open my message",
    emergency: "Not for emergencies",
    emergencyAbout: "Stands at the top of every conversation with a client, and in the alert emails.",
    security: "Security",
    idle: "Lock after minutes without input",
    idleAbout: "1 to 120. The page hides its content and asks for the password.",
    secondRequired: "Second factor required for staff",
    secondRequiredAbout: "At the next sign-in, everybody in the team is led to set up an authenticator app.",
    attachmentsAllowed: "Attachments allowed",
    attachmentsAllowedAbout: "Files can be sent along with messages.",
    keeping: "Keeping messages",
    deletionAllowed: "Messages can be deleted for good",
    deletionAllowedAbout:
        "While this is off, everything stays: what lies in a trash stays there, and nobody can delete it permanently.",
    retention: "Years that every message is kept at least",
    retentionAbout:
        "0 to 100. What somebody deletes before that disappears from their mailbox after 15 days, and is erased later.",
    keepingText:
        "Team and clients can see that the practice keeps messages. A hold on one client’s record is set on that client’s page.",
    deletingTitle: "Let messages be erased that were kept so far?",
    deletingText:
        "What people have deleted, and the new rules no longer keep, is erased within the hour and cannot be brought back. What lies in a trash stays there for another 15 days if deleting was off.",
    deletingConfirm: "Let them be erased",
    retentionWrong: "Type a number of years from 0 to 100.",

    // a client's record
    record: "Record",
    onHold: "On hold",
    /** @param {string} day */
    onHoldSince: (day) => t`On hold since ${day}`,
    notOnHold: "This record is not on hold",
    notOnHoldText:
        "When the record may be asked for, say by a court, a hold keeps all of it, whoever deletes what. The client learns nothing of it.",
    notOnHoldRead: "An administrator can put it on hold when all of it must be kept.",
    /** @param {string} name @param {string} time */
    holdBy: (name, time) =>
        t`Set by ${name}, ${time}. Nothing of this record is erased until it is lifted. The client does not learn of it.`,
    setHold: "Put on hold",
    liftHold: "Lift the hold",
    /** @param {string} name */
    setHoldTitle: (name) => t`Put ${name}’s record on hold?`,
    setHoldText:
        "Nothing of it is erased from now on: messages, files, also what people delete or have deleted and is not erased yet.",
    /** @param {string} name */
    liftHoldTitle: (name) => t`Lift the hold on ${name}’s record?`,
    liftHoldText: "What was deleted meanwhile is erased within the hour and cannot be brought back.",
    holdReason: "Reason",
    holdReasonAbout: "Administrators read it here. It is encrypted.",
    holdSet: "The record is on hold",
    holdLifted: "The hold is lifted",
    pastHolds: "Holds on this record",
    /** @param {string} name */
    holdSetBy: (name) => t`Set by ${name}`,
    /** @param {string} name @param {string} time @param {string} why */
    holdLiftedBy: (name, time, why) => t`Lifted by ${name}, ${time}: ${why}`,
    exportTitle: "Take the conversations along",
    /** @param {string} name */
    exportText: (name) =>
        t`A ZIP file with your own conversations with ${name}: PDFs and all files. It is on record. The whole record, others’ conversations included, is exported by the operator.`,
    exportMessages: "Export",
    exportOwnTitle: "Your messages",
    exportOwnText: "Take along all that you can see here: a ZIP file with your conversations as PDFs, and all files.",

    practiceSaved: "Practice saved",
    practiceReadText: "An administrator of your practice can change these settings and runs the team.",
    messagingState: "Secure messaging",
    stateOn: "On",
    stateOff: "Off. An administrator can turn it on.",
    portalState: "You in the client portal",
    portalIn: "Yes: clients can write to you",
    portalOut: "Not yet. An administrator can add you.",
    noEmergency: "None set",

    // staff
    inviteStaff: "Invite",
    inviteTitle: "Invite somebody to the team",
    inviteText: "They get an email with a link to choose a username and a password. It is good for seven days.",
    sendInvite: "Send invitation",
    role: "Role",
    therapistAbout: "Therapists see and write to the clients assigned to them.",
    administratorAbout: "Administrators also run the practice, the team and all clients.",
    /** @param {string} name */
    invited: (name) => t`${name} is invited. Add them to the portal so that clients can write to them.`,
    inPortal: "In the portal",
    notInPortal: "Not in the portal",
    clientsColumn: "Clients",
    stateColumn: "Status",
    portalColumn: "Portal",
    youTag: "You",
    invitedState: "Invited",
    activeState: "Active",
    deactivatedState: "Deactivated",
    secondFactorTag: "Second factor",
    addToPortal: "Add to the client portal",
    removeFromPortal: "Remove from the client portal",
    /** @param {string} name */
    portalAdded: (name) => t`${name} is in the client portal`,
    /** @param {string} name */
    portalRemoved: (name) => t`${name} is no longer in the client portal`,
    /** @param {string} name */
    removePortalTitle: (name) => t`Remove ${name} from the client portal?`,
    removePortalText: "Clients can no longer write to them, nor the other way round. Messages inside the team go on.",
    makeAdministrator: "Make administrator",
    makeTherapist: "Make therapist",
    /** @param {string} name */
    makeAdministratorTitle: (name) => t`Make ${name} an administrator?`,
    makeAdministratorText:
        "Administrators change the practice, run the team, and can write to every client. They are asked to sign in again.",
    /** @param {string} name */
    makeTherapistTitle: (name) => t`Make ${name} a therapist?`,
    makeTherapistText:
        "They keep only the clients assigned to them, and no longer run the practice. They are asked to sign in again.",
    /** @param {string} name @param {string} role */
    roleSet: (name, role) => t`${name} is ${role} now`,
    inviteAgain: "Send a new invitation",
    deactivate: "Deactivate",
    activate: "Activate",
    /** @param {string} name */
    deactivateTitle: (name) => t`Deactivate ${name}?`,
    deactivateText: "They are signed out everywhere within seconds and cannot sign in again. What they wrote stays.",
    /** @param {number} clients */
    deactivateClients: (clients) =>
        plural(
            clients,
            "They look after # client, who needs somebody else.",
            "They look after # clients, who need somebody else.",
        ),
    /** @param {string} name */
    deactivated: (name) => t`${name} is deactivated`,
    /** @param {string} name */
    activated: (name) => t`${name} is active again`,
    activateText: "They can sign in again. Clients come back when you assign them.",
    /** @param {string} name */
    activateTitle: (name) => t`Activate ${name}?`,
    /** @param {string} name */
    actionsFor: (name) => t`Actions for ${name}`,
    staffText:
        "Everybody who works here. The second of three gates: whoever is in the client portal can exchange messages with clients.",

    // account
    profile: "Profile",
    signInTab: "Sign-in & security",
    yourContacts: "Contacts",
    password: "Password",
    changePassword: "Change password",
    changePasswordText: "Everywhere else you are signed in, you will be signed out.",
    oldPassword: "Present password",
    newPassword: "New password",
    passwordRules: "At least 10 characters. A few words together are good; nothing has to be a digit or a sign.",
    passwordChanged: "Password changed. Other sessions have ended.",
    strength: {
        none: "",
        short: "Too short yet",
        enough: "Long enough",
        good: "Good",
        strong: "Very good",
    },
    /** @param {number} left */
    strengthLeft: (left) => plural(left, "# more character needed", "# more characters needed"),
    secondFactor: "Second factor",
    secondFactorText:
        "An authenticator app on your phone shows a code that is asked for after the password. Who knows your password alone cannot get in.",
    secondFactorOn: "A second factor is on. You are asked for a code when you sign in.",
    secondFactorSetUp: "Set up a second factor",
    secondFactorStop: "Turn off",
    secondFactorStopTitle: "Turn the second factor off?",
    secondFactorStopText: "Type a code from your app, or one of your recovery codes.",
    secondFactorStopped: "The second factor is off",
    totpScan: "Scan this picture with your authenticator app",
    totpPicture: "Picture with the secret for your authenticator app",
    totpSecret: "Or type this secret into the app",
    totpCode: "Then type the six-digit code it shows",
    totpConfirm: "Turn on",
    codeMissing: "Type the six digits.",
    recoveryTitle: "Keep these recovery codes",
    recoveryText: "Each works once, instead of a code, on the day your phone is lost. They are shown only now.",
    copy: "Copy",
    copied: "Copied",
    copyFailed: "Copying is not possible here. Select the codes and copy them by hand.",
    printCodes: "Print",
    recoveryDone: "I have kept them",
    recoveryOf: "Recovery codes for",
    sessions: "Where you are signed in",
    sessionsText: "End what you do not know, then change your password.",
    thisSession: "This one",
    quickLinkSession: "Quick link",
    endSession: "End",
    endOthers: "End all others",
    /** @param {string} device */
    endThis: (device) => t`End the session of ${device}`,
    sessionEnded: "The session has ended",
    /** @param {string} when */
    lastActive: (when) => t`last used ${when}`,
    unknownDevice: "Unknown device",
    /** @param {string} browser @param {string} system */
    onSystem: (browser, system) => t`${browser} on ${system}`,

    // a client's own contacts
    ownContactsText:
        "People you can add to a conversation as Cc, for example a parent or a partner. Only you decide who is here.",
    addContact: "Add contact",
    addContactText: "They see nothing until you add them to a conversation. Then they get an invitation by email.",
    relation: "Who this is to you",
    relationAbout: "For example: mother, partner, friend.",
    editContact: "Change contact",
    noOwnContacts: "No contacts yet",
    noOwnContactsText: "Add somebody whom you want to be able to Cc.",
    /** @param {string} name */
    contactAdded: (name) => t`${name} was added`,
    contactSaved: "Contact saved",
    /** @param {string} name */
    removeContactTitle: (name) => t`Remove ${name}?`,
    /** @param {string} name */
    removeContactText: (name) =>
        t`${name} gets no later message and cannot sign in any more. What they already received stays with them.`,
    /** @param {string} name */
    contactRemoved: (name) => t`${name} was removed`,
    /** @param {string} name */
    changeContact: (name) => t`Change ${name}`,

    // ways in
    welcome: "Welcome",
    /** @param {string} name */
    welcomeName: (name) => t`Welcome, ${name}`,
    invitationText: "Choose a username and a password. With them you sign in from now on.",
    /** @param {string} name */
    resetTitle: (name) => t`A new password for ${name}`,
    resetText: "Choose a new password. Everywhere else you are signed in, you will be signed out.",
    chooseUsername: "Choose a username",
    usernameAbout: "3 to 60 characters without blanks. Your email address works, too.",
    choosePassword: "Choose a password",
    usernameIs: "Your username",
    begin: "Start",
    savePassword: "Save password and sign in",
    looking: "Checking your link…",
    expiredTitle: "This link is no longer valid",
    expiredText:
        "It was used already, or it is too old. The newest email holds the one that works; you can have a new one sent now.",
    sendMeNew: "Send me a new one",
    noToken: "This address is not complete. Open the link in your email again, or have a new one sent.",
    forgotTitle: "Forgot your password?",
    forgotText: "Type your email address or your username. If we know you, an email with a link is on its way in a moment.",
    invitationMissing:
        "Type the email address that your practice has of you. If you have not chosen a password yet, a new invitation is on its way in a moment.",
    emailOrUsername: "Email address or username",
    sendLink: "Send me a link",
    sentTitle: "Look into your mailbox",
    sentText:
        "If we know this address or username, an email with a link has been sent. It may take a minute; please look into the spam folder, too. The link is good for a short time.",
    toSignIn: "Go to sign-in",
    again: "Try another one",
    linkUnread: "The link could not be checked.",

    // required second factor
    requiredTitle: "One more step",
    requiredText: "Your practice asks everybody in the team for a second factor. Set it up once; it takes a minute.",

    // keyboard
    shortcuts: "Keyboard shortcuts",
    shortcutsText: "They can be switched off under Account.",
    shortcutsOn: "Keyboard shortcuts",
    shortcutsOnText: "Single keys do what one does often; press ? for the list. This holds for this browser.",
    keyCompose: "Write a new message",
    keyReply: "Reply",
    keyNext: "Next conversation in the list",
    keyPrevious: "Previous conversation in the list",
    keyTrash: "Move to Trash",
    keyUnread: "Mark unread",
    keySearch: "Search by name",
    keyPanel: "Open or close Secure Messages",
    keyInbox: "Go to Inbox",
    keySent: "Go to Sent",
    keyTrashTab: "Go to Trash",
    keyClients: "Go to Clients",
    keyPractice: "Go to Practice",
    keyAccount: "Go to Account",
    keySheet: "Show this list",

    // set-up
    setupTitle: "Set up your practice",
    setupText: "A minute, and the room is ready. You will be its first administrator.",
    setupPractice: "Your practice",
    setupYou: "You",
    setupLast: "Last: turn secure messaging on?",
    setupMessaging: "Turn secure messaging on",
    setupMessagingAbout:
        "You and your team can write at once, and clients as soon as they are enabled. You can change this later under Practice.",
    setupFinish: "Set up",
    setupNoToken:
        "To set this practice up, open the address that the server printed when it was started. It ends in a long word after /setup#.",
    setupDoneTitle: "This practice is set up already",
    setupDoneText: "Please sign in.",
    yourName: "Your name",
    optionalEmailAbout: "For alerts, and for the day you forget your password.",
});

learn(peopleWords);
