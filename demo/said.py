"""What the people of the demo say in records and plans, by heading of the pack."""

from __future__ import annotations

from meetings.terms import Heading

_BY_AGENCY = (
    ("Police", "One intelligence report since the last meeting, graded as likely. No arrest. "
     "Fact: the item was recovered. Opinion: the officers think it was carried out of fear."),
    ("Social Care", "Seen twice at home and once at school in the last month. The home is warm "
     "and clean. Evenings after seven are when nobody knows where {name} is."),
    ("Health", "Immunisations are up to date. No attendance at the emergency department since "
     "the last meeting. Sleeps badly and has lost weight."),
    ("Hospital", "Attended once, with a cut to the left hand that was cleaned and closed. The "
     "account fitted the injury."),
    ("School", "Attendance is 81 per cent, down from 94. Two fixed-term suspensions. Gets on "
     "well with the art teacher and comes to breakfast club."),
    ("Academy", "Attendance is 86 per cent. Late on Mondays and Fridays. No weapon was ever "
     "seen in school. A place in the mentoring group is free."),
    ("College", "Attendance is 72 per cent. Works well in the workshop. Was waited for at the "
     "gate by older young people in two weeks of the last four."),
    ("Surgery", "Last seen in March for asthma. No injury known. Nothing known of a weapon."),
    ("Practice", "Last seen last winter. No injury known. The mother asked for help with sleep."),
    ("Youth Justice", "Keeps every appointment. Knife-crime course half done. The worker is the "
     "adult {name} talks to."),
)  # fmt: skip
_ELSE_OF_AGENCY = "Nothing known since the last meeting."
_BY_HEADING = {
    "purpose": "What happened was read out as it stands in the incident. Everybody agreed on the "
    "purpose and on what may be shared.",
    "previous_actions": "Gone through one by one.",
    "household": "Nobody else under 18 in the household was hurt. Two friends of the same age "
    "are named to their own workers.",
    "child_voice": "“I don’t want to fight anybody. I want to get the bus without looking over "
    "my shoulder.” Said to the social worker, at home.",
    "parent_voice": "Rang back the same evening. Is frightened, wants help with the evenings, "
    "and agrees that school and police talk to each other.",
    "male_carer_voice": "Was rung and spoke for ten minutes. Did not know about the incident, "
    "wants to be told next time, and offers the weekends.",
    "identity": "Described by the family in their own words; no interpreter was needed.",
    "history": "Third incident in twelve months, each one nearer to home than the last.",
    "strengths": "A close grandmother, a steady friend, and a talent for drawing.",
    "contexts": "The bus station between four and six, the retail park on Saturdays, and one "
    "group chat.",
    "analysis": "The risk is high in the early evening and away from home. The threshold was "
    "discussed and the reason for the decision is recorded with it.",
    "safety": "An adult meets {name} after school until the next meeting. The home has the "
    "number to ring at night.",
    "family_told": "The social worker tells the mother tonight by telephone and the father "
    "tomorrow, without addresses of anybody else.",
    "progress": "Two of five goals are met. The evenings are quieter.",
    "plan_decision": "Discussed; the decision stands below.",
    "contingency": "If {name} is missing after nine in the evening, police and the emergency "
    "duty team are rung at once.",
    "orders": "Police bail until next month: not to enter the retail park.",
}


def under(heading: Heading, name: str) -> str:
    """Return what stands under a heading of a record; empty for headings left out."""
    if heading.agency_id:
        told = next((said for word, said in _BY_AGENCY if word in heading.words), _ELSE_OF_AGENCY)
    else:
        told = _BY_HEADING.get(heading.heading, "")
    return told.format(name=name)
