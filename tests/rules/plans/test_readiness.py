"""What a plan lacks."""

from datetime import date

import pytest

from plans.rules.readiness import gaps, missing_voices
from plans.terms import GapKind, OpenAction, PlanFacts, Section, VoiceFacts, Whose

HEARD = tuple(VoiceFacts(whose, is_heard=True) for whose in Whose)


def facts(**changes: object) -> PlanFacts:
    whole = {
        "has_lead": True,
        "review_on": date(2027, 4, 1),
        "sections": frozenset(Section),
        "voices": HEARD,
    }
    return PlanFacts(**{**whole, **changes})  # type: ignore[arg-type]


def test_a_whole_plan_lacks_nothing() -> None:
    assert gaps(facts()) == ()


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"has_lead": False}, GapKind.LEAD),
        ({"review_on": None}, GapKind.REVIEW_DATE),
        ({"sections": frozenset(Section) - {Section.CONTINGENCY}}, GapKind.CONTINGENCY),
        ({"sections": frozenset(Section) - {Section.MATTERS}}, GapKind.MATTERS),
        ({"actions": (OpenAction("A-7F3K9Q", has_owner=False, has_date=True),)}, GapKind.OWNER),
        ({"actions": (OpenAction("A-7F3K9Q", has_owner=True, has_date=False),)}, GapKind.DUE_DATE),
        ({"unwatched_orders": ("Police bail",)}, GapKind.ORDER_WATCH),
        ({"unasked": ("EHC plan",)}, GapKind.CHILD_FACT),
    ],
)
def test_each_thing_missing_is_one_gap(changes: dict[str, object], kind: GapKind) -> None:
    assert [gap.kind for gap in gaps(facts(**changes))] == [kind]


def test_the_father_or_male_carers_are_missed_by_name() -> None:
    heard = tuple(voice for voice in HEARD if voice.whose is not Whose.FATHER)

    assert [gap.words for gap in missing_voices(heard)] == ["views of the father or male carers"]


def test_a_voice_with_a_reason_why_it_is_missing_is_no_gap() -> None:
    said_why = VoiceFacts(Whose.FATHER, is_heard=False, missing_reason="unsafe to involve")
    others = tuple(voice for voice in HEARD if voice.whose is not Whose.FATHER)

    assert missing_voices((*others, said_why)) == ()


def test_a_voice_neither_heard_nor_explained_is_missing() -> None:
    silent = VoiceFacts(Whose.CHILD, is_heard=False)
    others = tuple(voice for voice in HEARD if voice.whose is not Whose.CHILD)

    assert [gap.about for gap in missing_voices((*others, silent))] == ["child"]


def test_a_carer_or_somebody_else_is_not_asked_for_where_there_is_none() -> None:
    asked = tuple(VoiceFacts(whose, is_heard=True)
                  for whose in (Whose.CHILD, Whose.MOTHER, Whose.FATHER))  # fmt: skip

    assert missing_voices(asked) == ()
