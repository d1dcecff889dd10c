"""A whole case of two children in one incident, each with words planted for itself alone."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from core.db import session
from meetings.models.meetings import Meeting
from meetings.models.tasks import Task
from meetings.queries.tasks import key_of
from people.models.accounts import Account
from people.models.children import Child
from people.terms import RelationKind, Role
from tests.factories.people import make_account, make_relation
from tests.stories.links import Holder
from tests.stories.place import Mail, Place, at
from tests.stories.programs import Api
from tests.stories.said import Agreed, Told
from tests.stories.telling import invitations

NAMES = (("Zephyrine", "Quillfeather"), ("Oswaldo", "Brackenthorpe"))


@dataclass(slots=True)
class OneOfBoth:
    """One of the two children, with everything that was written about them.

    Attributes:
        planted: what may stand on this child's pages and on nobody else's.
    """

    given_name: str
    family_name: str
    child: str
    incident: str = ""
    meeting: str = ""
    action: str = ""
    link: str = ""
    action_link: str = ""
    invitee_key: str = ""
    task_key: str = ""
    invited: Account | None = None

    @property
    def canary(self) -> str:
        """The word planted in everything written about this child."""
        return f"planted-{self.family_name.lower()}"

    @property
    def planted(self) -> tuple[str, ...]:
        """Names, words and references of this child."""
        names = (self.given_name, self.family_name, self.canary)
        return (*names, self.child, self.meeting, self.action)


def both_children(place: Place) -> tuple[OneOfBoth, OneOfBoth]:
    """Tell the whole case of a victim and a suspect; each meeting is held, each plan open."""
    api = Api(place)
    first, second = (
        OneOfBoth(given, family, place.child(given, family)) for given, family in NAMES
    )
    duty = place.world.duty
    hurt = {"serious_injury": "yes"}
    first.incident = api.record(
        duty, Told(first.child, "harmed", "assault", narrative=first.canary, more=hurt)
    )
    second.incident = api.record_another(
        duty,
        first.incident,
        Told(second.child, "suspected", "assault", narrative=second.canary, more=hurt),
    )
    for one, hour in ((first, "10:00"), (second, "14:00")):
        _held(place, api, one, hour)
        one.task_key = _task_of(place, one)
    return first, second


def _task_of(place: Place, one: OneOfBoth) -> str:
    """Return what stands for a task about this child that still waits for somebody."""
    with place.writing():
        waiting = session.scalars(
            select(Task.id)
            .join(Child, Child.id == Task.child_id)
            .where(Child.ref == one.child, Task.done_at.is_(None))
        ).first()
        assert waiting is not None
        return key_of(waiting)


def _held(place: Place, api: Api, one: OneOfBoth, hour: str) -> None:
    duty, chair = place.world.duty, place.world.chair
    place.clock.at = at("2026-11-20", "16:45")
    one.meeting = api.convene(
        duty,
        one.incident,
        at=at("2026-11-23", hour),
        overlap_reason=f"Each child has a meeting of their own. {one.canary}",
    )
    mails = invitations(place)
    _invite_an_account(place, one)
    school = _mail_to(mails, "designated_safeguarding_lead")
    one.link = school.link
    _answer(place, api, one)
    for mail in mails:
        if mail is not school:
            Holder(place.app, mail).answer("accept")
    place.clock.at = at("2026-11-23", hour)
    api.start(chair, one.meeting)
    api.all_here(chair, one.meeting)
    api.write_all(duty, one.meeting, f"Said. {one.canary}")
    api.decide(duty, one.meeting, "enquiry_begins", f"It begins. {one.canary}", one.canary)
    owner = f"owner.{one.family_name.lower()}@school.example"
    agreed = Agreed(f"Help. {one.canary}", "2026-12-04", "Northmere Academy", name="Ms Ali",
                    email=owner, how=one.canary)  # fmt: skip
    api.agree(duty, one.meeting, agreed)
    api.finish(chair, one.meeting, reason=one.canary)
    (given,) = [mail for mail in place.deliver() if mail.to == owner]
    one.action_link = given.link
    (one.action,) = api.plan(place.world.worker, one.child).open_actions
    api.add_to_plan(place.world.worker, one.child, "worry", f"A worry. {one.canary}")
    api.approve(chair, one.meeting)
    api.release(place.world.manager, one.meeting)
    place.deliver()


def _answer(place: Place, api: Api, one: OneOfBoth) -> None:
    """Let the school say with words that it comes, and what it knows."""
    school = Holder(place.app, one.link)
    school.answer("accept")
    (row,) = [
        row
        for row in api.get(place.world.duty, f"/meetings/{one.meeting}")["invitees"]
        if "Northmere" in row["agency"]
    ]
    one.invitee_key = row["key"]
    school.enter_code(api.read_out_code(place.world.duty, one.meeting, "Northmere"))
    school.send_information(injury=one.canary, worries=one.canary)


def _invite_an_account(place: Place, one: OneOfBoth) -> None:
    """Let somebody with an account be invited to this child's meeting only."""
    with place.writing():
        meeting = session.scalars(select(Meeting).where(Meeting.ref == one.meeting)).one()
        child = session.scalars(select(Child).where(Child.ref == one.child)).one()
        one.invited = make_account(
            name=f"Invited to {one.meeting}", roles=(Role.PROFESSIONAL,), now=place.clock.at
        )
        one.invited.password_hash = place.world.manager.password_hash
        make_relation(
            account=one.invited,
            child=child,
            kind=RelationKind.INVITED,
            meeting_id=meeting.id,
            now=place.clock.at,
        )


def _mail_to(mails: list[Mail], role: str) -> Mail:
    return next(mail for mail in mails if mail.to.startswith(role))
