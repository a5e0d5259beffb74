"""What the actions of the audit trail are called on screen and in exports: kind, and what somebody did, in plain words."""

from __future__ import annotations

from typing import NamedTuple


class Said(NamedTuple):
    """An action: which kind it is of, and the words for it."""

    kind: str
    words: str


KINDS = {
    "seen": "Read or taken along",
    "written": "Written",
    "deleted": "Deleted",
    "people": "Clients, contacts and team",
    "signed": "Signing in",
    "practice": "Practice settings",
}
ACTIONS = {
    "view": Said("seen", "Read messages"),
    "print": Said("seen", "Printed a conversation"),
    "download": Said("seen", "Downloaded a file"),
    "view_contact_log": Said("seen", "Read the contact log"),
    "export_contact_log": Said("seen", "Exported the contact log"),
    "export_own": Said("seen", "Exported a conversation of their own"),
    "export_record": Said("seen", "The operator exported the whole record"),
    "export_audit": Said("seen", "Exported this history"),
    "open_quick_link": Said("signed", "Opened a conversation by the link of an email"),
    "send_message": Said("written", "Sent a message"),
    "send_mass_message": Said("written", "Sent a mass message"),
    "cancel_mass_message": Said("written", "Stopped a mass message"),
    "quarantine": Said("written", "Uploaded a file that the virus scanner stopped"),
    "upload": Said("written", "Uploaded a file"),
    "add_contact_log_entry": Said("written", "Added to the contact log"),
    "set_away": Said("written", "Changed their away message"),
    "move_to_trash": Said("deleted", "Moved a conversation to their trash"),
    "move_to_inbox": Said("deleted", "Brought a conversation back from their trash"),
    "trash_mass_message": Said("deleted", "Moved a mass message to their trash"),
    "delete_permanently": Said("deleted", "Deleted a conversation from their trash for good"),
    "delete_mass_message": Said("deleted", "Deleted a mass message from their trash for good"),
    "purge_mass_message": Said("deleted", "Emptied a mass message that was in the trash for 15 days"),
    "purge": Said("deleted", "Emptied what was in the trash for 15 days"),
    "set_hold": Said("deleted", "Put a record on hold"),
    "lift_hold": Said("deleted", "Lifted the hold on a record"),
    "erase": Said("deleted", "Erased what nobody can see any more"),
    "add_person": Said("people", "Added a person"),
    "save_client": Said("people", "Changed what is known of a client"),
    "invite": Said("people", "Sent an invitation"),
    "activate": Said("people", "Made active"),
    "deactivate": Said("people", "Made inactive"),
    "enable_messaging": Said("people", "Turned secure messaging on"),
    "disable_messaging": Said("people", "Turned secure messaging off"),
    "assign": Said("people", "Assigned a client"),
    "unassign": Said("people", "Ended an assignment"),
    "hand_over": Said("people", "Handed a client over"),
    "add_to_portal": Said("people", "Added to the client portal"),
    "remove_from_portal": Said("people", "Removed from the client portal"),
    "set_role": Said("people", "Changed what a member of the team may do"),
    "save_contact": Said("people", "Changed a contact"),
    "remove_contact": Said("people", "Removed a contact"),
    "add_cc": Said("people", "Added a contact to a conversation"),
    "drop_cc": Said("people", "Took a contact out of a conversation"),
    "choose_alerts": Said("people", "Changed alerts"),
    "text_message_ok": Said("people", "Changed the consent to text messages"),
    "texts_blocked": Said("people", "The carrier blocks text messages"),
    "stop_texts": Said("people", "Turned text messages off by STOP"),
    "start_texts": Said("people", "Turned text messages on by START"),
    "save_push": Said("people", "Turned notifications on for a device"),
    "forget_push": Said("people", "Turned notifications off for a device"),
    "sign_in": Said("signed", "Signed in"),
    "sign_out": Said("signed", "Signed out"),
    "unlock": Said("signed", "Unlocked the page"),
    "end_session": Said("signed", "Ended a session"),
    "change_password": Said("signed", "Changed a password"),
    "reset_password": Said("signed", "Chose a new password by a link"),
    "request_password": Said("signed", "Asked for a new password"),
    "accept_invitation": Said("signed", "Accepted an invitation"),
    "start_second_factor": Said("signed", "Set up a second factor"),
    "stop_second_factor": Said("signed", "Turned the second factor off"),
    "recovery_code": Said("signed", "Used a recovery code"),
    "found_organization": Said("practice", "The practice was set up"),
    "set_up": Said("practice", "Set up the practice"),
    "save_organization": Said("practice", "Changed the practice’s settings"),
    "rotate_keys": Said("practice", "Renewed the keys"),
    "restore": Said("practice", "Restored a backup"),
}


def said(action: str) -> Said:
    """The words for an action; its own name, made readable, for one that an older or newer version wrote."""
    return ACTIONS.get(action, Said("practice", action.replace("_", " ").capitalize()))


def of_kind(kind: str) -> list[str]:
    """The actions of a kind."""
    return [name for name, one in ACTIONS.items() if one.kind == kind]
