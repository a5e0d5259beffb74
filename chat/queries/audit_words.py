"""What the actions of the audit trail are called on screen and in exports: kind, and what somebody did, in plain words.

For staff alone.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from chat.lib.sentences import Sentence


class Said(NamedTuple):
    """An action: which kind it is of, and the words for it."""

    kind: str
    words: Sentence


KINDS = {
    "seen": Sentence("Read or taken along"),
    "written": Sentence("Written"),
    "deleted": Sentence("Deleted"),
    "people": Sentence("Clients, contacts and team"),
    "signed": Sentence("Signing in"),
    "practice": Sentence("Practice settings"),
}
ACTIONS = {
    "view": Said("seen", Sentence("Read messages")),
    "print": Said("seen", Sentence("Printed a conversation")),
    "download": Said("seen", Sentence("Downloaded a file")),
    "view_contact_log": Said("seen", Sentence("Read the contact log")),
    "export_contact_log": Said("seen", Sentence("Exported the contact log")),
    "export_own": Said("seen", Sentence("Exported a conversation of their own")),
    "export_record": Said("seen", Sentence("The operator exported the whole record")),
    "export_audit": Said("seen", Sentence("Exported this history")),
    "open_quick_link": Said("signed", Sentence("Opened a conversation by the link of an email")),
    "send_message": Said("written", Sentence("Sent a message")),
    "send_mass_message": Said("written", Sentence("Sent a mass message")),
    "cancel_mass_message": Said("written", Sentence("Stopped a mass message")),
    "quarantine": Said("written", Sentence("Uploaded a file that the virus scanner stopped")),
    "upload": Said("written", Sentence("Uploaded a file")),
    "add_contact_log_entry": Said("written", Sentence("Added to the contact log")),
    "set_away": Said("written", Sentence("Changed their away message")),
    "move_to_trash": Said("deleted", Sentence("Moved a conversation to their trash")),
    "move_to_inbox": Said("deleted", Sentence("Brought a conversation back from their trash")),
    "trash_mass_message": Said("deleted", Sentence("Moved a mass message to their trash")),
    "delete_permanently": Said("deleted", Sentence("Deleted a conversation from their trash for good")),
    "delete_mass_message": Said("deleted", Sentence("Deleted a mass message from their trash for good")),
    "purge_mass_message": Said("deleted", Sentence("Emptied a mass message that was in the trash for 15 days")),
    "purge": Said("deleted", Sentence("Emptied what was in the trash for 15 days")),
    "set_hold": Said("deleted", Sentence("Put a record on hold")),
    "lift_hold": Said("deleted", Sentence("Lifted the hold on a record")),
    "erase": Said("deleted", Sentence("Erased what nobody can see any more")),
    "add_person": Said("people", Sentence("Added a person")),
    "save_client": Said("people", Sentence("Changed what is known of a client")),
    "invite": Said("people", Sentence("Sent an invitation")),
    "activate": Said("people", Sentence("Made active")),
    "deactivate": Said("people", Sentence("Made inactive")),
    "enable_messaging": Said("people", Sentence("Turned secure messaging on")),
    "disable_messaging": Said("people", Sentence("Turned secure messaging off")),
    "assign": Said("people", Sentence("Assigned a client")),
    "unassign": Said("people", Sentence("Ended an assignment")),
    "hand_over": Said("people", Sentence("Handed a client over")),
    "add_to_portal": Said("people", Sentence("Added to the client portal")),
    "remove_from_portal": Said("people", Sentence("Removed from the client portal")),
    "set_role": Said("people", Sentence("Changed what a member of the team may do")),
    "save_contact": Said("people", Sentence("Changed a contact")),
    "remove_contact": Said("people", Sentence("Removed a contact")),
    "add_cc": Said("people", Sentence("Added a contact to a conversation")),
    "drop_cc": Said("people", Sentence("Took a contact out of a conversation")),
    "choose_language": Said("people", Sentence("Chose a language")),
    "choose_alerts": Said("people", Sentence("Changed alerts")),
    "text_message_ok": Said("people", Sentence("Changed the consent to text messages")),
    "texts_blocked": Said("people", Sentence("The carrier blocks text messages")),
    "stop_texts": Said("people", Sentence("Turned text messages off by STOP")),
    "start_texts": Said("people", Sentence("Turned text messages on by START")),
    "save_push": Said("people", Sentence("Turned notifications on for a device")),
    "forget_push": Said("people", Sentence("Turned notifications off for a device")),
    "sign_in": Said("signed", Sentence("Signed in")),
    "sign_out": Said("signed", Sentence("Signed out")),
    "unlock": Said("signed", Sentence("Unlocked the page")),
    "end_session": Said("signed", Sentence("Ended a session")),
    "change_password": Said("signed", Sentence("Changed a password")),
    "reset_password": Said("signed", Sentence("Chose a new password by a link")),
    "request_password": Said("signed", Sentence("Asked for a new password")),
    "accept_invitation": Said("signed", Sentence("Accepted an invitation")),
    "start_second_factor": Said("signed", Sentence("Set up a second factor")),
    "stop_second_factor": Said("signed", Sentence("Turned the second factor off")),
    "recovery_code": Said("signed", Sentence("Used a recovery code")),
    "found_organization": Said("practice", Sentence("The practice was set up")),
    "set_up": Said("practice", Sentence("Set up the practice")),
    "save_organization": Said("practice", Sentence("Changed the practice’s settings")),
    "rotate_keys": Said("practice", Sentence("Renewed the keys")),
    "restore": Said("practice", Sentence("Restored a backup")),
}


#: What stands behind an action, in the words in which it was written down.
DETAILS = {
    str(one): one
    for one in (
        Sentence("on"),
        Sentence("off"),
        Sentence("messaging on"),
        Sentence("messaging off"),
        Sentence("nothing is deleted for good"),
        Sentence("something of it is damaged"),
        Sentence("email changed"),
        Sentence("with history"),
        Sentence("without history"),
        Sentence("administrator"),
        Sentence("therapist"),
        Sentence("usual"),
        Sentence("each"),
        Sentence("none"),
        Sentence("by the calendar"),
    )
}
#: The same with numbers or days in them.
COUNTED = (
    (re.compile(r"(\d+) clients?"), Sentence("{count} client", "{count} clients")),
    (re.compile(r"(\d+) data keys"), Sentence("{count} data key", "{count} data keys")),
    (
        re.compile(r"messages are kept for at least (\d+) years?"),
        Sentence("messages are kept for at least {count} year", "messages are kept for at least {count} years"),
    ),
)
DAYS = re.compile(r"(\d{4}-\d\d-\d\d) to (\d{4}-\d\d-\d\d)")


def detailed(details: str) -> str:
    """What stands behind an action as it can be said in any language; what nobody here worded stays as it is."""
    first, comma, rest = details.partition(", ")
    if comma:
        return Sentence("{first}, {rest}", first=_detail(first), rest=detailed(rest))
    return _detail(details)


def _detail(part: str) -> str:
    for pattern, words in COUNTED:
        if found := pattern.fullmatch(part):
            return Sentence(words.pattern, words.several, count=int(found[1]))
    if found := DAYS.fullmatch(part):
        return Sentence("{first} to {last}", first=found[1], last=found[2])
    return DETAILS.get(part, part)


def said(action: str) -> Said:
    """The words for an action; its own name, made readable, for one that an older or newer version wrote."""
    return ACTIONS.get(action, Said("practice", Sentence(action.replace("_", " ").capitalize())))


def of_kind(kind: str) -> list[str]:
    """The actions of a kind."""
    return [name for name, one in ACTIONS.items() if one.kind == kind]
