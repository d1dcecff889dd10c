"""Actions: adopted from a meeting, done, moved, handed over, no longer needed."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from core.db import session, unit_of_work
from core.errors import Conflict, NotAllowed, Refused
from people.models.relations import RelationRow
from people.terms import RelationKind
from plans.models import Action, ActionEvent, ActionLink, Plan
from plans.queries.actions import action_page, by_token, open_offer, waiting_request
from plans.queries.plans import open_plan_of, versions_of
from plans.service import actions, dates, hand_overs
from plans.terms import (
    ActionStatus,
    DelayReason,
    EventKind,
    HandOverReason,
    OwnerTo,
    ProposedAction,
    RequestStatus,
)
from tests.factories.people import actor_of
from tests.factories.plans import (
    LETTERHEAD,
    START,
    World,
    agreed_at,
    make_action,
    make_world,
    proposal,
)
from tests.rooms.plans.mails import last_to, link_in, sent, text_of

LATER = START + timedelta(days=1)
OWNER = "noor.amadi@camhs.example"


def adopt(world: World, *proposed: ProposedAction, opens_plan: bool = False) -> actions.Adoption:
    return actions.adopt(
        world.child.id,
        proposed,
        agreed_at=agreed_at(world),
        letterhead=LETTERHEAD,
        actor=actor_of(world.chair),
        now=START,
        opens_plan=opens_plan,
    )


def offer(world: World, action: Action, email: str = "pat.lund@camhs.example") -> object:
    return hand_overs.offer(
        action,
        OwnerTo("Pat Lund", email, world.health.id),
        why=HandOverReason.AWAY,
        letterhead=LETTERHEAD,
        actor=actor_of(world.lead),
        now=LATER,
    )


def events(action: Action) -> list[EventKind]:
    return [event.kind for event in action_page(action).events][::-1]


def test_the_first_action_opens_the_childs_plan_with_one_version(database: Flask) -> None:
    with unit_of_work():
        world = make_world()

        adopted = adopt(world, proposal(world))

        plan = open_plan_of(world.child.id)
        assert plan is adopted.plan
        assert plan is not None
        assert plan.chair_name == "Jo Brandt"
        assert [version.why for version in versions_of(plan.id)] == ["Agreed at meeting M-7F3K9Q"]


def test_a_decision_worth_a_plan_opens_it_without_an_action(database: Flask) -> None:
    with unit_of_work():
        world = make_world()

        adopted = adopt(world, opens_plan=True)

        assert adopted.plan is not None
        assert adopted.actions == ()


def test_a_meeting_that_agreed_nothing_opens_no_plan(database: Flask) -> None:
    with unit_of_work():
        world = make_world()

        adopted = adopt(world)

        assert adopted.plan is None
        assert session.scalar(select(func.count()).select_from(Plan)) == 0


def test_a_second_meeting_adds_to_the_same_plan(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        first = adopt(world, proposal(world))

        second = adopt(world, proposal(world, what="Ring the school"))

        assert second.plan is first.plan
        assert session.scalar(select(func.count()).select_from(Action)) == 2


def test_finishing_twice_gives_nothing_twice(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        agreed = proposal(world)
        first = adopt(world, agreed)

        again = adopt(world, agreed)

        assert again.actions == first.actions
        assert sent() == [("action_given", OWNER)]


def test_an_action_keeps_the_link_to_its_decision(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        decision_id = uuid4()

        adopted = adopt(world, proposal(world, decision_id=decision_id))

        assert adopted.actions[0].decision_id == decision_id
        assert adopted.actions[0].meeting_ref == "M-7F3K9Q"


def test_the_manager_is_told_when_no_owner_is_named(database: Flask) -> None:
    with unit_of_work():
        world = make_world()

        adopt(world, proposal(world, owner_name=None, owner_email=None))

        assert sent() == [("action_given", "manager@camhs.example")]


def test_the_mail_says_nothing_of_the_action_and_its_link_opens_it(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        action = make_action(world)

        mail = last_to(OWNER)

        text = text_of(mail)
        assert "appointment" not in text
        assert "Kit" not in text
        held = by_token(link_in(mail).removeprefix("/a/"))
        assert held is not None
        assert held.action is action
        assert held.is_live


def test_an_owner_with_an_account_may_open_the_childs_record(database: Flask) -> None:
    with unit_of_work():
        world = make_world()

        action = make_action(world, owner_account_id=world.stranger.id)

        held = session.scalars(
            select(RelationRow).where(RelationRow.account_id == world.stranger.id)
        ).one()
        assert held.kind is RelationKind.ACTION_OWNER
        assert held.valid_to_at is None
        actions.done(action, evidence="Visited", actor=actor_of(world.stranger), now=LATER)
        assert held.valid_to_at == LATER


def test_the_window_stays_open_while_another_action_is_owned(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        first = make_action(world, owner_account_id=world.stranger.id)
        make_action(world, owner_account_id=world.stranger.id)

        actions.done(first, evidence="Visited", actor=actor_of(world.stranger), now=LATER)

        held = session.scalars(
            select(RelationRow).where(RelationRow.account_id == world.stranger.id)
        ).one()
        assert held.valid_to_at is None


def test_done_with_evidence_closes_the_action_and_its_links(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        action = make_action(world)

        actions.done(action, evidence=" Seen on Monday ", actor=actor_of(world.lead), now=LATER)

        session.expire_all()
        assert action.status is ActionStatus.DONE
        assert action.evidence == "Seen on Monday"
        assert all(link.ended_at == LATER for link in session.scalars(select(ActionLink)))
        assert events(action) == [EventKind.GIVEN, EventKind.DONE]


def test_done_needs_a_line_of_evidence(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        action = make_action(world)

        with pytest.raises(Refused, match="Write what was done"):
            actions.done(action, evidence="  ", actor=actor_of(world.lead), now=LATER)


def test_a_closed_action_is_not_closed_again(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        action = make_action(world)
        actions.done(action, evidence="Seen", actor=actor_of(world.lead), now=LATER)

        with pytest.raises(Conflict, match="marked as done on 2 March 2027"):
            actions.done(action, evidence="Seen", actor=actor_of(world.lead), now=LATER)


def test_only_chair_or_lead_say_that_an_action_is_no_longer_needed(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        action = make_action(world)

        with pytest.raises(NotAllowed, match="Sam Okoro or Jo Brandt"):
            actions.no_longer_needed(
                action, reason="Moved", actor=actor_of(world.stranger), now=LATER
            )
        actions.no_longer_needed(action, reason="Moved", actor=actor_of(world.chair), now=LATER)

        assert action.status is ActionStatus.NO_LONGER_NEEDED


def test_the_history_of_an_action_is_never_changed(database: Flask) -> None:
    with unit_of_work():
        make_action(make_world())

    with pytest.raises(RuntimeError, match="never changed"), unit_of_work():
        line = session.scalars(select(ActionEvent)).one()
        line.note = "something else"


def ask(world: World, action: Action, on: date = date(2027, 4, 15)) -> None:
    dates.ask_new_date(
        action,
        on,
        reason=DelayReason.WAITING_LIST,
        letterhead=LETTERHEAD,
        actor=actor_of(world.stranger),
        now=LATER,
    )


def decide(world: World, action: Action, *, agrees: bool, note: str = "") -> None:
    request = waiting_request(action.id)
    assert request is not None
    dates.decide_date(
        action,
        request,
        agrees=agrees,
        note=note,
        letterhead=LETTERHEAD,
        actor=actor_of(world.chair),
        now=LATER + timedelta(hours=1),
    )


def test_asking_for_a_new_date_moves_nothing_and_tells_chair_and_lead(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        action = make_action(world)

        ask(world, action)

        assert action.due_on == date(2027, 3, 25)
        assert set(sent()[1:]) == {
            ("date_asked", world.lead.email),
            ("date_asked", world.chair.email),
        }
        assert link_in(last_to(world.lead.email)) == f"/actions/{action.ref}"


def test_an_agreed_date_leaves_the_first_date_visible(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        action = make_action(world)
        ask(world, action)

        decide(world, action, agrees=True)

        assert action.due_on == date(2027, 4, 15)
        assert action.original_due_on == date(2027, 3, 25)
        assert action.date_version == 2
        assert action.dated_on == date(2027, 3, 2)
        assert sent()[-1] == ("date_agreed", OWNER)


def test_a_refused_date_says_why_and_the_date_stays(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        action = make_action(world)
        ask(world, action)

        with pytest.raises(Refused, match="reason"):
            decide(world, action, agrees=False)
        decide(world, action, agrees=False, note="Others depend on it")

        assert action.due_on == date(2027, 3, 25)
        assert action.date_version == 1
        assert sent()[-1] == ("date_refused", OWNER)


def test_only_chair_or_lead_decide_a_date(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        action = make_action(world)
        ask(world, action)
        request = waiting_request(action.id)
        assert request is not None

        with pytest.raises(NotAllowed):
            dates.decide_date(
                action,
                request,
                agrees=True,
                note="",
                letterhead=LETTERHEAD,
                actor=actor_of(world.stranger),
                now=LATER,
            )


def test_a_request_is_decided_once(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        action = make_action(world)
        ask(world, action)
        request = waiting_request(action.id)
        assert request is not None
        decide(world, action, agrees=True)

        with pytest.raises(Conflict, match="agreed already"):
            dates.decide_date(
                action,
                request,
                agrees=False,
                note="no",
                letterhead=LETTERHEAD,
                actor=actor_of(world.chair),
                now=LATER,
            )


@pytest.mark.parametrize("on", [date(2027, 3, 1), date(2027, 3, 25)])
def test_a_new_date_is_today_or_later_and_another_one(database: Flask, on: date) -> None:
    with unit_of_work():
        world = make_world()
        action = make_action(world)

        with pytest.raises(Refused):
            ask(world, action, on)


def test_one_request_waits_at_a_time(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        action = make_action(world)
        ask(world, action)

        with pytest.raises(Refused, match="asked for already"):
            ask(world, action, date(2027, 5, 5))


def test_closing_an_action_settles_the_request_that_waits(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        action = make_action(world)
        ask(world, action)
        request = waiting_request(action.id)
        assert request is not None

        actions.done(action, evidence="Seen", actor=actor_of(world.lead), now=LATER)

        session.refresh(request)
        assert request.status is RequestStatus.REFUSED


def test_an_offer_leaves_the_action_with_its_owner(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        action = make_action(world)

        offer(world, action)

        assert action.owner_email == OWNER
        assert sent()[-1] == ("hand_over_offered", "pat.lund@camhs.example")


def test_an_accepted_offer_makes_the_colleague_the_owner_with_the_same_date(
    database: Flask,
) -> None:
    with unit_of_work():
        world = make_world()
        action = make_action(world)
        offer(world, action)
        offered = open_offer(action.id)
        assert offered is not None

        hand_overs.accept(
            action, offered, letterhead=LETTERHEAD, actor=actor_of(world.lead), now=LATER
        )

        assert action.owner_name == "Pat Lund"
        assert action.due_on == date(2027, 3, 25)
        assert ("hand_over_accepted", OWNER) in sent()
        assert ("action_given", "pat.lund@camhs.example") in sent()


def test_the_former_owners_link_stops_working_and_the_new_one_works(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        action = make_action(world)
        old = link_in(last_to(OWNER)).removeprefix("/a/")
        offer(world, action)
        offered = open_offer(action.id)
        assert offered is not None

        hand_overs.accept(
            action, offered, letterhead=LETTERHEAD, actor=actor_of(world.lead), now=LATER
        )

        session.expire_all()
        held = by_token(old)
        assert held is not None
        assert not held.is_live
        live = [link for link in session.scalars(select(ActionLink)) if link.ended_at is None]
        assert [link.holder_email for link in live] == ["pat.lund@camhs.example"]


def test_a_refused_offer_tells_the_owner_and_may_be_made_again(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        action = make_action(world)
        offer(world, action)
        offered = open_offer(action.id)
        assert offered is not None

        hand_overs.refuse(
            action, offered, letterhead=LETTERHEAD, actor=actor_of(world.lead), now=LATER
        )
        offer(world, action)

        assert ("hand_over_refused", OWNER) in sent()
        assert action.owner_email == OWNER


def test_an_offer_is_answered_once(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        action = make_action(world)
        offer(world, action)
        offered = open_offer(action.id)
        assert offered is not None
        lead = actor_of(world.lead)
        hand_overs.refuse(action, offered, letterhead=LETTERHEAD, actor=lead, now=LATER)

        with pytest.raises(Conflict, match="answered already"):
            hand_overs.accept(action, offered, letterhead=LETTERHEAD, actor=lead, now=LATER)


@pytest.mark.parametrize(
    "email", ["somebody@elsewhere.example", "noor.amadi@camhs.example", "not an address"]
)
def test_an_offer_goes_only_to_a_colleagues_work_address(database: Flask, email: str) -> None:
    with unit_of_work():
        world = make_world()
        action = make_action(world)

        with pytest.raises(Refused):
            offer(world, action, email)


def test_two_offers_do_not_wait_at_once(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        action = make_action(world)
        offer(world, action)

        with pytest.raises(Refused, match="has not answered"):
            offer(world, action, "kim.ash@camhs.example")


def test_a_meeting_moves_a_date_and_settles_the_request_that_waits(database: Flask) -> None:
    with unit_of_work():
        world = make_world()
        action = make_action(world)
        ask(world, action)
        request = waiting_request(action.id)
        assert request is not None

        dates.agree_at_meeting(
            action,
            date(2027, 4, 8),
            note="Agreed at meeting M-7F3K9W",
            letterhead=LETTERHEAD,
            actor=actor_of(world.stranger),
            now=LATER + timedelta(hours=1),
        )

        assert (action.due_on, action.date_version) == (date(2027, 4, 8), 2)
        assert request.status is RequestStatus.REFUSED
        assert sent()[-1] == ("date_agreed", OWNER)
