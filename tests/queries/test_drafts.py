"""Drafts as their writer sees them."""

from __future__ import annotations

from chat.actions.drafts import SaveDraft, save_draft
from chat.queries.drafts import drafts
from tests.databases import House
from tests.people import later


def test_drafts_come_latest_first(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    house.do(save_draft, house.ben, SaveDraft("older", to=(house.eli.person,), subject="Sleep"))
    with house.at(later(minutes=1)):
        house.do(save_draft, house.ben, SaveDraft("newer", conversation=sent.conversation))
    assert [(one["body"], one["subject"]) for one in house.ask(drafts, who=house.ben)] == [("newer", None), ("older", "Sleep")]


def test_a_draft_in_a_conversation_that_is_lost_is_not_shown(house: House) -> None:
    sent = house.begin(house.ben, house.dana)
    house.do(save_draft, house.ben, SaveDraft("about Dana", conversation=sent.conversation))
    house.unassign(house.dana, house.ben)
    assert house.ask(drafts, who=house.ben) == []
    house.assign(house.dana.person, house.ben.person)
    assert len(house.ask(drafts, who=house.ben)) == 1
