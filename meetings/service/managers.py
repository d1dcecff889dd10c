"""Tell a team's managers, by a neutral letter, that something waits or was arranged."""

from __future__ import annotations

import uuid
from datetime import datetime

from core.db import session
from meetings.models.meetings import Meeting
from notifications import service as mail
from notifications.terms import (
    ADDRESS,
    TELEPHONE,
    ConveningTeam,
    Letter,
    Letterhead,
    LetterKind,
    Recipient,
)
from people.models.agencies import Agency, Team
from people.queries.directory import managers_of

_LONGEST_NAME = 80


def tell(
    team_id: uuid.UUID | None,
    *,
    reference: str,
    link: str,
    subject_id: uuid.UUID,
    key: str,
    letterhead: Letterhead,
    now: datetime,
    meeting: Meeting | None = None,
    except_id: uuid.UUID | None = None,
) -> int:
    """Queue the letter to each manager; the task on their home page never depends on it.

    Args:
        meeting: the meeting that was arranged; without one the letter says that a task waits.
        except_id: the manager who did it, and need not be told.

    Returns:
        How many letters were queued; none when the team has no telephone to put in a mail.
    """
    team = _in_mail(team_id)
    told = 0
    for manager in managers_of(team_id) if team_id else ():
        if team is None or manager.id == except_id or not ADDRESS.fullmatch(manager.email):
            continue
        letter = Letter(
            kind=LetterKind.TASK_WAITING if meeting is None else LetterKind.MANAGER_TOLD,
            reference=reference,
            recipient=Recipient(manager.email),
            team=team,
            link=link,
            starts_at=meeting.starts_at if meeting else None,
            ends_at=meeting.ends_at if meeting else None,
        )
        mail.send_letter(
            letter,
            letterhead=letterhead,
            subject_id=subject_id,
            key=f"{key}:{manager.id}",
            now=now,
        )
        told += 1
    return told


def _in_mail(team_id: uuid.UUID | None) -> ConveningTeam | None:
    team = session.get(Team, team_id) if team_id else None
    if team is None:
        return None
    agency = session.get(Agency, team.agency_id)
    numbers = (team.telephone, agency.telephone if agency else None)
    number = next((each for each in numbers if each and TELEPHONE.fullmatch(each)), None)
    return ConveningTeam(team.mail_name[:_LONGEST_NAME], number) if number else None
