"""The nouns: tables and column types. No queries, and no rule that looks beyond one row."""

from chat.models.alerts import Alert
from chat.models.attachments import Attachment, Enclosure
from chat.models.audit import AuditEntry, AuditHead
from chat.models.away import Away, AwayAnswer
from chat.models.contact_logs import ContactLog, ContactLogEntry
from chat.models.conversations import Conversation, Participant, ReadMark, Span
from chat.models.deletions import Deletion
from chat.models.drafts import Draft
from chat.models.erasures import Erasure
from chat.models.holds import Hold
from chat.models.installation import Installation
from chat.models.invitations import Invitation, Totp
from chat.models.keys import DataKey
from chat.models.mass_messages import MassMessage, MassRecipient
from chat.models.messages import Message, Receipt
from chat.models.organizations import Organization
from chat.models.people import Assignment, Mailbox, Person, Role
from chat.models.push import PushSubscription
from chat.models.quick_links import QuickLink, QuickLinkSession
from chat.models.sessions import Session
from chat.models.tallies import Tally
from chat.models.texts import TextConsent, TextReceived
from chat.models.watches import Watch

__all__ = [
    "Alert",
    "Assignment",
    "Attachment",
    "AuditEntry",
    "AuditHead",
    "Away",
    "AwayAnswer",
    "ContactLog",
    "ContactLogEntry",
    "Conversation",
    "DataKey",
    "Deletion",
    "Draft",
    "Enclosure",
    "Erasure",
    "Hold",
    "Installation",
    "Invitation",
    "Mailbox",
    "MassMessage",
    "MassRecipient",
    "Message",
    "Organization",
    "Participant",
    "Person",
    "PushSubscription",
    "QuickLink",
    "QuickLinkSession",
    "ReadMark",
    "Receipt",
    "Role",
    "Session",
    "Span",
    "Tally",
    "TextConsent",
    "TextReceived",
    "Totp",
    "Watch",
]
