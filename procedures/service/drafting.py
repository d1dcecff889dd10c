"""Change the rules in a working copy, and let a second person publish it.

The rules in force are never touched: a working copy becomes a version of its own, from a date
on which somebody who changed nothing in it agrees. What was judged before keeps its version.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime

from core import audit, clock
from core.db import Json, session
from core.errors import Conflict, NotAllowed, NotFound, Refused
from procedures import draft_queries, pack_edit
from procedures.draft_terms import Difference, DraftStatus, Known, Written
from procedures.models import PackDraft, PackVersion
from procedures.pack_file import read_pack
from procedures.rules.check import faults
from procedures.service import packs
from procedures.shipped import default_pack, digest, pack_of
from procedures.terms import Item, Pack, PackFault, PackUnreadable

OWN_NAME = "local"
_OWN_WORDS = "This partnership's own rules"
_STALE = "Somebody else changed the working copy meanwhile. Look at it again, then change it."
ExamplesHold = Callable[[Pack, Sequence[Json]], Sequence[str]]


def begin(*, actor: audit.Who, now: datetime) -> PackDraft:
    """Return the open working copy; without one, copy the version that starts last."""
    there = draft_queries.open_draft()
    if there is not None:
        return there
    base = draft_queries.newest()
    if base is None:
        raise NotFound("no procedure pack is recorded")
    before = draft_queries.last_published()
    draft = PackDraft(
        status=DraftStatus.WORKING,
        is_open=True,
        text=base.text,
        based_on_id=base.id,
        made_by_id=actor.account_id,
        made_at=now,
        editor_ids=[],
        note="",
        examples=list(before.examples) if before else [],
        trials={},
        refused_why="",
    )
    session.add(draft)
    session.flush()
    audit.record(actor, "rules.begun", "pack_draft", draft.id, now=now)
    return draft


def base_of(draft: PackDraft) -> tuple[PackVersion, Pack]:
    """Return the version a working copy rests on, with its pack."""
    return packs.of(draft.based_on_id)


def differences(draft: PackDraft) -> tuple[Difference, ...]:
    """Return every rule that the working copy changes, adds or leaves out."""
    version, was = base_of(draft)
    now = pack_of(draft.text)
    return tuple(
        Difference(section, one, _item(was, section, one), _item(now, section, one))
        for section, one in pack_edit.differing(version.text, draft.text)
    )


def change_rule(
    draft: PackDraft,
    section: str,
    item_id: str,
    fields: Written,
    *,
    version: int,
    known: Known,
    actor: audit.Who,
    now: datetime,
) -> None:
    """Write fields of one rule anew in the working copy.

    Raises:
        PackUnreadable: the checker finds faults that were not there before; nothing is kept.
        Conflict: somebody changed the working copy since it was opened.
    """
    text = pack_edit.change(draft.text, section, item_id, fields)
    _keep(draft, text, version=version, known=known, actor=actor, now=now,
          detail=f"{section} {item_id}")  # fmt: skip


def add_rule(
    draft: PackDraft,
    section: str,
    fields: Written,
    *,
    version: int,
    known: Known,
    actor: audit.Who,
    now: datetime,
) -> str:
    """Add a rule to the working copy and return its id.

    Raises:
        PackUnreadable: the checker finds faults that were not there before; nothing is kept.
        Conflict: somebody changed the working copy since it was opened.
    """
    item_id = str(fields.get("id") or _free_id(pack_of(draft.text), section))
    text = pack_edit.add(draft.text, section, {"id": item_id, **fields})
    _keep(draft, text, version=version, known=known, actor=actor, now=now,
          detail=f"{section} {item_id}")  # fmt: skip
    return item_id


def add_role(
    draft: PackDraft, words: str, *, agency_kind: str, actor: audit.Who, known: Known, now: datetime
) -> str:
    """Add a role that the pack does not know yet, and return its id; one with these words stays.

    Raises:
        PackUnreadable: the kind of agency is not known.
    """
    pack = pack_of(draft.text)
    for item in pack.items("role"):
        if item.words.lower() == words.lower() and item.text("agency_kind") == agency_kind:
            return item.id
    stem = re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_") or "role"
    taken = {item.id for item in pack.items("role")}
    item_id = next(one for one in _names(stem) if one not in taken)
    fields: Written = {
        "id": item_id,
        "words": words,
        "source": "Added in the workbench",
        "source_date": clock.today(now),
        "force": "LOCAL",
        "confidence": "V",
        "agency_kind": agency_kind,
    }
    add_rule(draft, "role", fields, version=draft.version, known=known, actor=actor, now=now)
    return item_id


def put_back(
    draft: PackDraft,
    section: str,
    item_id: str,
    *,
    version: int,
    known: Known,
    actor: audit.Who,
    now: datetime,
) -> None:
    """Take back what the working copy changed in one rule; a rule it added goes.

    Raises:
        PackUnreadable: another changed rule needs it.
        Conflict: somebody changed the working copy since it was opened.
    """
    base, _ = base_of(draft)
    try:
        was = pack_edit.raw(base.text, section, item_id)
    except KeyError:
        text = pack_edit.remove(draft.text, section, item_id)
    else:
        there = pack_edit.raw(draft.text, section, item_id)
        gone = dict.fromkeys(there.keys() - was.keys())
        text = pack_edit.change(draft.text, section, item_id, {**was, **gone})
    _keep(draft, text, version=version, known=known, actor=actor, now=now,
          detail=f"{section} {item_id}")  # fmt: skip


def new_faults(draft: PackDraft, text: str, known: Known) -> tuple[PackFault, ...]:
    """Return what is wrong with a text that was not wrong with the version it rests on."""
    base, _ = base_of(draft)
    return added_faults(base.text, text, known)


def added_faults(before: str, text: str, known: Known) -> tuple[PackFault, ...]:
    """Return what is wrong with a text that was not wrong with another."""
    there = {(fault.where, fault.words) for fault in _faults(before, known)}
    found = _faults(text, known)
    return tuple(fault for fault in found if (fault.where, fault.words) not in there)


def keep_example(draft: PackDraft, example: Json, *, actor: audit.Who, now: datetime) -> None:
    """Keep a past incident's facts beside a rule, with what must come out of them."""
    draft.examples = [*draft.examples, example]
    _touched(draft, actor)
    audit.record(actor, "rules.example_kept", "pack_draft", draft.id, now=now)


def drop_example(draft: PackDraft, place: int, *, actor: audit.Who, now: datetime) -> None:
    """Take an example away.

    Raises:
        NotFound: there is no example at this place.
    """
    if not 0 <= place < len(draft.examples):
        raise NotFound("example")
    draft.examples = [one for number, one in enumerate(draft.examples) if number != place]
    _touched(draft, actor)
    audit.record(actor, "rules.example_dropped", "pack_draft", draft.id, now=now)


def keep_trial(draft: PackDraft, kind: str, said: Json) -> None:
    """Keep what a trial said, for the second person to read; the next change forgets it."""
    draft.trials = {**draft.trials, kind: said}
    session.flush()


def offer(
    draft: PackDraft,
    starts_on: date,
    note: str,
    *,
    examples_hold: ExamplesHold,
    known: Known,
    actor: audit.Who,
    now: datetime,
) -> None:
    """Ask for a second person's consent: from which date, and why.

    Raises:
        Refused: nothing differs, an example fails, or the date cannot be.
    """
    draft.starts_on, draft.note = starts_on, note
    _fit_to_publish(draft, examples_hold=examples_hold, known=known, now=now)
    _touched(draft, actor)
    draft.status = DraftStatus.WAITING
    draft.offered_at = now
    draft.refused_why = ""
    session.flush()
    audit.record(actor, "rules.offered", "pack_draft", draft.id, now=now)


def send_back(draft: PackDraft, why: str, *, actor: audit.Who, now: datetime) -> None:
    """Do not agree, and say why: the working copy can be changed again.

    Raises:
        Refused: no consent is asked for, or no reason is given.
    """
    _must_wait(draft)
    if not why.strip():
        raise Refused("rules.why", "Say what should change before you agree.")
    draft.status, draft.refused_why = DraftStatus.WORKING, why.strip()
    session.flush()
    audit.record(actor, "rules.sent_back", "pack_draft", draft.id, now=now)


def drop(draft: PackDraft, *, actor: audit.Who, now: datetime) -> None:
    """Give the working copy up; it is kept, and the rules in force stay as they are."""
    draft.status, draft.is_open = DraftStatus.DROPPED, False
    session.flush()
    audit.record(actor, "rules.dropped", "pack_draft", draft.id, now=now)


def may_publish(draft: PackDraft, actor: audit.Who) -> bool:
    """Say whether somebody is a second person: one who changed nothing in the working copy."""
    hands = {*draft.editor_ids, str(draft.made_by_id)}
    return actor.account_id is not None and str(actor.account_id) not in hands


def publish(
    draft: PackDraft,
    *,
    version: int,
    examples_hold: ExamplesHold,
    known: Known,
    actor: audit.Who,
    now: datetime,
) -> PackVersion:
    """Make the working copy a version of the rules, by consent of a second person.

    Raises:
        NotAllowed: the person changed the working copy.
        Refused: no consent was asked for, an example fails, or the date has gone by.
        Conflict: the working copy, or the version it rests on, is not the latest any more.
    """
    if not may_publish(draft, actor):
        raise NotAllowed("You changed these rules yourself. Ask a colleague to publish them.")
    _must_wait(draft)
    if draft.version != version:
        raise Conflict(_STALE)
    _fit_to_publish(draft, examples_hold=examples_hold, known=known, now=now)
    assert draft.starts_on is not None  # noqa: S101 - it was asked for with the consent
    base, _ = base_of(draft)
    name = OWN_NAME if base.name == default_pack().name else base.name
    words = _OWN_WORDS if name == OWN_NAME else pack_of(base.text).words
    number = draft_queries.highest_number(name) + 1
    text = pack_edit.named(
        draft.text, name=name, words=words, number=number, starts_on=draft.starts_on
    )
    made = PackVersion(
        name=name,
        number=number,
        text=text,
        sha256=digest(text),
        effective_from_on=draft.starts_on,
        recorded_at=now,
    )
    session.add(made)
    session.flush()
    draft.status, draft.is_open = DraftStatus.PUBLISHED, False
    draft.version_id, draft.agreed_by_id, draft.agreed_at = made.id, actor.account_id, now
    session.flush()
    audit.record(actor, "rules.published", "pack_version", made.id, now=now)
    return made


def _fit_to_publish(
    draft: PackDraft, *, examples_hold: ExamplesHold, known: Known, now: datetime
) -> None:
    base, _ = base_of(draft)
    newest = draft_queries.newest()
    if newest is None or newest.id != base.id:
        words = "The rules changed since this copy was made. Begin a new one from them."
        raise Conflict(words)
    if not differences(draft):
        raise Refused("rules.same", "Change a rule first: nothing differs from the rules now.")
    wrong = new_faults(draft, draft.text, known)
    if wrong:
        raise Refused("rules.faulty", f"{wrong[0].where}: {wrong[0].words}.")
    _check_start(draft, base, now)
    failing = examples_hold(pack_of(draft.text), draft.examples)
    if failing:
        raise Refused("rules.example", f"An example does not hold: {failing[0]}")


def _check_start(draft: PackDraft, base: PackVersion, now: datetime) -> None:
    if draft.starts_on is None or draft.starts_on < clock.today(now):
        words = "The rules cannot start in the past. Give today's date or a later one."
        raise Refused("rules.start", words)
    if draft.starts_on < base.effective_from_on:
        words = (
            f"The rules of {base.effective_from_on:%d %B %Y} come first: give that date or a "
            "later one."
        )
        raise Refused("rules.start", words)


def _must_wait(draft: PackDraft) -> None:
    if draft.status is not DraftStatus.WAITING:
        raise Refused("rules.not_offered", "No consent is asked for: look at the rules again.")


def _keep(
    draft: PackDraft,
    text: str,
    *,
    version: int,
    known: Known,
    actor: audit.Who,
    now: datetime,
    detail: str,
) -> None:
    if draft.version != version:
        raise Conflict(_STALE)
    wrong = new_faults(draft, text, known)
    if wrong:
        raise PackUnreadable(wrong)
    draft.text = text
    draft.trials = {}
    _touched(draft, actor)
    audit.record(actor, "rules.changed", "pack_draft", draft.id, now=now, detail=detail)


def _touched(draft: PackDraft, actor: audit.Who) -> None:
    """Consent is to exactly what was read: any change asks for it again."""
    hand = str(actor.account_id)
    if hand not in draft.editor_ids:
        draft.editor_ids = [*draft.editor_ids, hand]
    draft.status, draft.offered_at = DraftStatus.WORKING, None
    session.flush()


def _faults(text: str, known: Known) -> tuple[PackFault, ...]:
    try:
        pack = read_pack(text)
    except PackUnreadable as fault:
        return fault.faults
    return faults(pack, catalogue=known.catalogue, events=known.events, default=default_pack())


def _item(pack: Pack, section: str, item_id: str) -> Item | None:
    return next((item for item in pack.items(section) if item.id == item_id), None)


def _free_id(pack: Pack, section: str) -> str:
    taken = {item.id for item in pack.items(section)}
    number = 1
    while f"OWN-{number:02d}" in taken:
        number += 1
    return f"OWN-{number:02d}"


def _names(stem: str) -> list[str]:
    return [stem, *(f"{stem}_{number}" for number in range(2, 100))]
