"""What a record's states and answers are called on pages."""

from __future__ import annotations

from typing import Any

from meetings.models.replies import Contribution
from meetings.terms import AttendanceState, InvitationState, KnownAnswer, Quorum, Standing

ATTENDED = {
    AttendanceState.PRESENT: "Here",
    AttendanceState.PART: "Here for part",
    AttendanceState.APOLOGIES: "Apologies",
    AttendanceState.ABSENT: "Absent",
    AttendanceState.REPORT_ONLY: "Information only",
}
# Beside the buttons, where five stand in a row.
MARKS = ATTENDED | {
    AttendanceState.PART: "Part of it",
    AttendanceState.REPORT_ONLY: "Information",
}
ANSWERS = {
    InvitationState.NOT_SENT: "Not invited by mail",
    InvitationState.NO_ANSWER: "No answer",
    InvitationState.ACCEPTED: "Accepted",
    InvitationState.ACCEPTED_PART: "Accepted for part",
    InvitationState.TENTATIVE: "May come",
    InvitationState.DECLINED: "Cannot attend",
    InvitationState.DEPUTY: "Sends somebody else",
    InvitationState.INFORMATION: "Sends information instead",
    InvitationState.UNDELIVERABLE: "Mail did not arrive",
    InvitationState.WITHDRAWN: "Withdrawn",
}
_KNOWN = {
    KnownAnswer.YES: "Yes",
    KnownAnswer.NO: "No",
    KnownAnswer.NOTHING_KNOWN: "Nothing known",
}
_SHARE = {"yes": "Yes", "part": "In part", "no": "No"}
_BOX = {
    Standing.MET: "met",
    Standing.LIKELY: "likely",
    Standing.NOT_KNOWN: "unknown",
    Standing.NOT_MET: "not_met",
}
_GROUP = {
    Standing.MET: ("here", "good"),
    Standing.LIKELY: ("likely", "good"),
    Standing.NOT_KNOWN: ("not known yet", "warn"),
    Standing.NOT_MET: ("missing", "alert"),
}


def quorum_box(quorum: Quorum) -> dict[str, Any]:
    """Return the quorum as its component shows it: legal groups first, then completeness."""
    return {
        "sentence": f"{quorum.words}.",
        "kind": _BOX[quorum.legal],
        "groups": [
            {
                "text": group.words,
                "words": _GROUP[group.standing][0],
                "kind": _GROUP[group.standing][1],
            }
            for group in quorum.legal_groups
        ],
        "completeness": f"{quorum.complete_words}.",
    }


def information_lines(sent: Contribution) -> list[tuple[str, str]]:
    """Return what an agency sent, question by question; "nothing known" is said, not left out."""
    asked = (
        ("Injury", sent.injury, sent.injury_text),
        ("Assault or weapon", sent.weapon, sent.weapon_text),
        ("Emergency attendance", sent.emergency, sent.emergency_text),
    )
    lines = [
        (label, ": ".join(filter(None, (_KNOWN[answer], text)))) for label, answer, text in asked
    ]
    told = (
        ("Health", sent.health),
        ("Last seen", sent.last_seen),
        ("Worries", sent.worries),
        ("Strengths", sent.strengths),
        ("Parents and carers", sent.parents),
    )
    lines += [(label, text or "Nothing known") for label, text in told]
    share = _SHARE.get(sent.share_with_family, sent.share_with_family)
    lines.append(
        ("May be shared with the family", ": ".join(filter(None, (share, sent.share_why))))
    )
    return lines
