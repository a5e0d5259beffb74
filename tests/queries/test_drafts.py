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


def test_that_it_is_for_everyone_is_kept_with_the_draft(house: House) -> None:
    house.do(save_draft, house.ben, SaveDraft("We are closed.", subject="Holidays", everyone=True))
    (draft,) = house.ask(drafts, who=house.ben)
    assert (draft["everyone"], draft["to"], draft["subject"], draft["body"]) == (True, [], "Holidays", "We are closed.")
    house.do(save_draft, house.ben, SaveDraft("To Eli.", to=(house.eli.person,)))
    assert [one["everyone"] for one in house.ask(drafts, who=house.ben)].count(True) == 1
    house.do(save_draft, house.ben, SaveDraft("", everyone=True))
    assert [one["everyone"] for one in house.ask(drafts, who=house.ben)] == [False]
    for refusal in (
        house.refusal(save_draft, house.dana, SaveDraft("To all", everyone=True)),
        house.refusal(save_draft, house.ben, SaveDraft("To all", to=(house.eli.person,), everyone=True)),
    ):
        assert refusal.details == {"field": "everyone"}
