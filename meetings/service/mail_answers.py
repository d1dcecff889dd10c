"""What a calendar client's mail answers, as an answer of ours."""

from __future__ import annotations

from datetime import datetime

from meetings.given import AnswerGiven, DeputyGiven
from meetings.models.invitations import Invitation
from meetings.models.replies import Deputy
from meetings.rules import reply_order
from meetings.service import replies
from meetings.terms import AnswerChannel, DeputyStatus, InvitationState
from notifications.queries import Unapplied
from notifications.terms import Answer as Said
from notifications.terms import AttendeeAnswer, CalendarReply

_STATES = {
    Said.ACCEPTED: InvitationState.ACCEPTED,
    Said.DECLINED: InvitationState.DECLINED,
    Said.TENTATIVE: InvitationState.TENTATIVE,
}


def given_by_mail(
    reply: CalendarReply, said: AttendeeAnswer, message: Unapplied
) -> AnswerGiven | None:
    """Return what a calendar client answered, or None when that is neither yes nor no."""
    deputy = None
    state = _STATES.get(said.answer)
    if said.answer is Said.DELEGATED and said.delegated_to:
        state = InvitationState.DEPUTY
        deputy = DeputyGiven(name=said.delegated_to, email=said.delegated_to)
    if state is None:
        return None
    return AnswerGiven(
        state=state,
        channel=AnswerChannel.MAIL,
        deputy=deputy,
        person_name=said.address,
        sequence=reply.sequence,
        dtstamp=dtstamp(reply, message),
        inbound_id=message.id,
    )


def of_deputy(given: AnswerGiven, deputy: Deputy) -> AnswerGiven:
    """A deputy's "yes" is the agency's deputy; a deputy's "no" leaves nobody of the agency."""
    if given.state is InvitationState.DECLINED or deputy.status is not DeputyStatus.CONFIRMED:
        return given
    return AnswerGiven(
        state=InvitationState.DEPUTY,
        channel=given.channel,
        deputy=DeputyGiven(name=deputy.name, role=deputy.role, email=deputy.email),
        person_name=deputy.name,
        person_role=deputy.role,
        sequence=given.sequence,
        dtstamp=given.dtstamp,
        inbound_id=given.inbound_id,
    )


def dtstamp(reply: CalendarReply, message: Unapplied) -> datetime:
    """Return when an answer was given, as far as can be known."""
    return reply_order.given_at(reply.dtstamp, received_at=message.received_at)


def is_theirs(address: str, invited: str) -> bool:
    """An alias of the same organisation is the same invitee; another domain is not."""
    return address == invited or address.rpartition("@")[2] == invited.rpartition("@")[2]


def is_repeated(invitation: Invitation, given: AnswerGiven) -> bool:
    """Say whether the last answer by mail was this very one."""
    last = replies.last_answer(invitation)
    return (
        last is not None
        and last.channel is AnswerChannel.MAIL
        and last.state is given.state
        and last.dtstamp == given.dtstamp
        and last.sequence == (invitation.sequence if given.sequence is None else given.sequence)
    )
