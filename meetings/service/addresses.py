"""Is this address the agency's: the difference between a colleague and a stranger."""

from __future__ import annotations

from sqlalchemy import select

from core.db import session
from meetings.models.invitations import Invitation
from people.models.agencies import Professional, RoleMailbox
from people.queries import directory


def is_known_address(invitation: Invitation, email: str) -> bool:
    """Say whether the invitee's agency is known by an address: its directory, or its domain.

    A domain that many agencies share, such as one marked for codes, says nothing of one
    agency: there the directory must name the address. At most four statements.
    """
    known = [(invitation.email or "").lower()]
    if invitation.agency_id is not None:
        people = select(Professional.email).where(
            Professional.agency_id == invitation.agency_id, Professional.left_on.is_(None)
        )
        boxes = select(RoleMailbox.email).where(RoleMailbox.agency_id == invitation.agency_id)
        known += [each.lower() for each in session.scalars(people.union_all(boxes)) if each]
    if email.lower() in known:
        return True
    domain = email.rpartition("@")[2].lower()
    shared = {row.domain for row in directory.secure_domains()}
    return domain in {each.rpartition("@")[2] for each in known if each} - shared
