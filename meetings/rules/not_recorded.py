"""Facts that rules look at but that no page records yet: always unknown, and never read as no.

They are part of the catalogue, so that a pack can name them and a caller who knows the answer can
give it. A rule that rests on one alone says that it was not judged.
"""

from __future__ import annotations

from procedures.terms import NOT_RECORDED, Fact, FactKind


def _yes_no(name: str, yes: str, no: str, question: str) -> Fact:
    return Fact(name, FactKind.YES_NO, yes, no, question, NOT_RECORDED)


def _number(name: str, yes: str, question: str) -> Fact:
    return Fact(name, FactKind.NUMBER, yes, f"{yes} none", question, NOT_RECORDED)


# Of what happened to one child.
OF_INCIDENT = (
    _yes_no(
        "cpis_alert",
        "urgent care sent an alert (CP-IS)",
        "urgent care sent no alert (CP-IS)",
        "Did urgent care send an alert that the child attended (CP-IS)?",
    ),
    _yes_no(
        "missing_over_24_hours",
        "the child has been missing for more than 24 hours",
        "the child has not been missing for more than 24 hours",
        "Has the child been missing for more than 24 hours?",
    ),
    _yes_no(
        "is_arrested",
        "the child was arrested or is in custody",
        "the child was not arrested",
        "Was the child arrested?",
    ),
    _yes_no(
        "bail_refused",
        "the child was charged and bail was refused",
        "bail was not refused",
        "Was the child charged, and bail refused?",
    ),
    _yes_no(
        "bail_changed",
        "a bail condition was set, varied or runs out",
        "no bail condition was set, varied or runs out",
        "Was a bail condition set or varied, or does one run out?",
    ),
    _yes_no(
        "is_charged",
        "the child was charged",
        "the child was not charged",
        "Was the child charged?",
    ),
    _yes_no(
        "nrm_referral",
        "a referral to the national referral mechanism was made or decided",
        "no referral to the national referral mechanism was made or decided",
        "Was a referral to the national referral mechanism made or decided?",
    ),
    _yes_no(
        "strategy_in_20_working_days",
        "a strategy meeting was held in the last 20 working days",
        "no strategy meeting was held in the last 20 working days",
        "Was a strategy meeting held in the last 20 working days?",
    ),
    _yes_no(
        "left_school_roll",
        "the child was suspended for 5 days or more, excluded, or moved to home education, "
        "alternative provision or a reduced timetable",
        "the child was not suspended, excluded or moved",
        "Was the child suspended for 5 days or more in the term, excluded, or moved?",
    ),
    _yes_no(
        "plan_has_begun",
        "a child protection plan was just made",
        "no child protection plan was just made",
        "Was a child protection plan just made?",
    ),
    _yes_no(
        "plan_has_ended",
        "the child protection plan ended, or a conference agreed child in need instead",
        "no child protection plan ended",
        "Did the child protection plan end, or did a conference agree child in need instead?",
    ),
    _yes_no(
        "became_looked_after",
        "the child just became looked after or was remanded",
        "the child did not just become looked after",
        "Did the child just become looked after, or was it remanded?",
    ),
    _yes_no(
        "moved_area",
        "the child moved to another local authority, or is placed there",
        "the child did not move to another local authority",
        "Did the child move to another local authority, or is it placed there?",
    ),
    _yes_no(
        "flag_closure_proposed",
        "it is proposed to close the exploitation flag",
        "nobody proposes to close the exploitation flag",
        "Is it proposed to close the exploitation flag?",
    ),
    _yes_no(
        "others_at_risk",
        "a sibling, a child of the household or a peer was named at risk",
        "no other child was named at risk",
        "Was a sibling, a child of the household or a peer named at risk?",
    ),
    _yes_no(
        "is_inpatient",
        "the child is an in-patient",
        "the child is no in-patient",
        "Is the child an in-patient?",
    ),
    _yes_no(
        "adult_co_defendant",
        "an adult is a co-defendant",
        "no adult is a co-defendant",
        "Is an adult a co-defendant?",
    ),
    _yes_no(
        "allegation_against_professional",
        "there is an allegation against a professional or volunteer",
        "there is no allegation against a professional or volunteer",
        "Is there an allegation against a professional or volunteer, police use of force included?",
    ),
    _yes_no(
        "harm_outside_home",
        "the harm comes from outside the home",
        "the harm does not come from outside the home",
        "Does the harm come from outside the home?",
    ),
    _yes_no(
        "place_concern",
        "there is a concern about a place, antisocial behaviour or an injunction",
        "there is no concern about a place, antisocial behaviour or an injunction",
        "Is there a concern about a place, antisocial behaviour or an injunction?",
    ),
)

# Of the child.
OF_CHILD = (
    _yes_no(
        "mental_health_need",
        "the child is open to or waiting for mental health care, or harms itself",
        "the child is neither open to nor waiting for mental health care",
        "Is the child open to or waiting for mental health care, or does it harm itself?",
    ),
    _yes_no(
        "paediatrics_open",
        "the child is open to paediatrics or waits for a neurodevelopmental assessment",
        "the child is not open to paediatrics",
        "Is the child open to paediatrics, or waiting for a neurodevelopmental assessment?",
    ),
    _yes_no(
        "on_licence",
        "the child is on licence",
        "the child is not on licence",
        "Is the child on licence?",
    ),
    _yes_no(
        "gang_concern",
        "there is a concern about a gang or organised crime",
        "there is no concern about a gang or organised crime",
        "Is there a concern about a gang or organised crime?",
    ),
    _yes_no(
        "council_or_temporary_housing",
        "the family lives in council or temporary housing",
        "the family does not live in council or temporary housing",
        "Does the family live in council or temporary housing?",
    ),
    _yes_no(
        "eviction_risk",
        "the family risks eviction or having to move",
        "the family does not risk eviction or having to move",
        "Does the family risk eviction or having to move?",
    ),
    _yes_no(
        "substance_concern",
        "there is a concern about substance use",
        "there is no concern about substance use",
        "Is there a concern about substance use?",
    ),
    _yes_no(
        "substance_support_agreed",
        "the young person agrees to help with substance use",
        "the young person does not agree to help with substance use",
        "Does the young person agree to help with substance use?",
    ),
    _yes_no(
        "substance_evidence",
        "there is evidence of substance use",
        "there is no evidence of substance use",
        "Is there evidence of substance use?",
    ),
    _yes_no(
        "adult_services_involved",
        "adult services work with the family (abuse, mental health, probation, substance use)",
        "no adult service works with the family",
        "Does an adult service work with the family?",
    ),
    _yes_no(
        "out_of_area",
        "home, placement, incident or peers are in another local authority",
        "nothing points to another local authority",
        "Are home, placement, incident or peers in another local authority?",
    ),
    _yes_no(
        "immigration_concern",
        "the child's immigration status is open",
        "the child's immigration status is not open",
        "Is the child's immigration status open?",
    ),
    _yes_no(
        "communication_need",
        "the child has a communication need",
        "the child has no communication need",
        "Does the child have a communication need?",
    ),
    _yes_no(
        "transition_arranged",
        "the move to adult services is arranged",
        "the move to adult services is not arranged",
        "Is the move to adult services arranged?",
    ),
)
NUMBERS_OF_CHILD = (
    _number(
        "missing_episodes_90_days",
        "returns from being missing in the last 90 days:",
        "How many times did the child return from being missing in the last 90 days?",
    ),
    _number(
        "attendance_percent",
        "the child's attendance in per cent is",
        "What is the child's attendance at school?",
    ),
)
HAS_RETURNED = _yes_no(
    "has_returned",
    "the child returned from being missing",
    "the child did not return from being missing",
    "Did the child return from being missing, and when?",
)
# The moments of these facts, with the event that limits count from under the same name.
MOMENTS = (
    "returned_at",
    "bail_ends_at",
    "excluded_at",
    "governors_told_at",
    "plan_changed_at",
    "looked_after_at",
    "area_notified_at",
)
ALL = (*OF_INCIDENT, HAS_RETURNED, *OF_CHILD, *NUMBERS_OF_CHILD)
