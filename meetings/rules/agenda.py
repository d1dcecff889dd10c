"""What a meeting's record must hold: the pack's headings, for these agencies and these people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from meetings.terms import Heading
from procedures.terms import Pack, Part

_NOBODY = "not known"


def headings(
    meeting_type: str,
    *,
    agencies: Iterable[tuple[str, str]],
    parents: Sequence[str],
    male_carers: Sequence[str],
    pack: Pack,
) -> tuple[Heading, ...]:
    """Return the headings in the pack's order.

    A heading for each agency, parent or male carer is repeated for each of them. With no male
    carer on record the heading stands all the same and asks who it is: not known is written
    down, never left out.

    Args:
        agencies: id and name of each agency asked.
        parents: names of parents and carers, as they stand in the child's network.
        male_carers: names of the father or male carers.

    Source: field guide 5 (the record) and 6.1 (each parent separately, father or male carer).
    """
    found: list[Heading] = []
    asked = tuple(dict(agencies).items())
    others = tuple(name for name in parents if name not in male_carers)
    for part in _parts(meeting_type, pack):
        match part.text("per"):
            case "agency":
                found += [_heading(part, name, agency_id=one) for one, name in asked]
            case "parent":
                found += [_heading(part, name, person=name) for name in others or (_NOBODY,)]
            case "male_carer":
                found += [_heading(part, name, person=name) for name in male_carers or (_NOBODY,)]
            case _:
                found.append(_heading(part))
    return tuple(found)


def _parts(meeting_type: str, pack: Pack) -> tuple[Part, ...]:
    return pack.item("meeting_type", meeting_type).parts("agenda")


def _heading(
    part: Part, name: str = "", *, agency_id: str | None = None, person: str = ""
) -> Heading:
    heading = part.text("id")
    about = agency_id or person
    words = f"{part.text('words')}: {name}" if name else part.text("words")
    return Heading(
        key=f"{heading}:{about}" if about else heading,
        heading=heading,
        words=words,
        prompt=part.text("prompt"),
        is_required=not part.flag("is_optional"),
        agency_id=agency_id,
        person=person,
    )
