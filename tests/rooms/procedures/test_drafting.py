"""The working copy of the rules, and the second person who publishes it, on both databases."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.audit import AuditEntry
from core.db import session
from core.errors import Conflict, NotAllowed, NotFound, Refused
from meetings.rules.catalogue import CATALOGUE, EVENTS
from procedures import draft_queries
from procedures.draft_terms import DraftStatus, Known
from procedures.models import PackDraft, PackVersion
from procedures.service import drafting, packs
from procedures.shipped import pack_of
from procedures.terms import Pack, PackUnreadable

KNOWN = Known(CATALOGUE, EVENTS)
MONDAY = date(2026, 11, 23)
RULE = "IN-20"


@dataclass(frozen=True)
class Person:
    account_id: uuid.UUID
    name: str


ANA, TOM = Person(uuid.UUID(int=1), "Ana Marsh"), Person(uuid.UUID(int=2), "Tom Reed")


def all_hold(pack: Pack, examples: Sequence[Any]) -> list[str]:
    return []


def one_fails(pack: Pack, examples: Sequence[Any]) -> list[str]:
    return ["I-7F3K9Q."]


@pytest.fixture
def draft(database: Flask, now: datetime) -> PackDraft:
    packs.ensure_default(now)
    return drafting.begin(actor=ANA, now=now)


def changed(draft: PackDraft, now: datetime, *, actor: Person = ANA, **fields: object) -> None:
    fields = fields or {"words": "Housing always comes"}
    drafting.change_rule(draft, "invitation", RULE, fields, version=draft.version, known=KNOWN,
                         actor=actor, now=now)  # fmt: skip


def offered(draft: PackDraft, now: datetime, on: date = MONDAY, hold: Any = all_hold) -> None:
    drafting.offer(draft, on, "Families moved unseen", examples_hold=hold, known=KNOWN,
                   actor=ANA, now=now)  # fmt: skip


def published(draft: PackDraft, now: datetime, *, actor: Person = TOM, **given: Any) -> PackVersion:
    return drafting.publish(
        draft,
        version=given.get("version", draft.version),
        examples_hold=given.get("hold", all_hold),
        known=KNOWN,
        actor=actor,
        now=now,
    )


def test_there_is_one_working_copy(draft: PackDraft, now: datetime) -> None:
    again = drafting.begin(actor=TOM, now=now)

    assert again is draft
    assert drafting.differences(draft) == ()


def test_the_database_itself_keeps_a_second_one_out(draft: PackDraft, now: datetime) -> None:
    session.add(
        PackDraft(status=DraftStatus.WORKING, is_open=True, text="", based_on_id=draft.based_on_id,
                  made_at=now, editor_ids=[], note="", examples=[], trials={}, refused_why="")
    )  # fmt: skip

    with pytest.raises(IntegrityError):
        session.flush()


def test_without_any_pack_there_is_nothing_to_copy(database: Flask, now: datetime) -> None:
    with pytest.raises(NotFound):
        drafting.begin(actor=ANA, now=now)


def test_a_change_stands_in_the_copy_and_not_in_the_rules(draft: PackDraft, now: datetime) -> None:
    changed(draft, now)

    [difference] = drafting.differences(draft)
    assert difference.was is not None
    assert difference.now is not None
    assert difference.now.words == "Housing always comes"
    assert packs.in_force(MONDAY)[1].item("invitation", RULE).words == difference.was.words


def test_a_faulty_change_is_not_kept(draft: PackDraft, now: datetime) -> None:
    before = draft.text

    with pytest.raises(PackUnreadable, match="there is no role"):
        changed(draft, now, slot=[{"role": "nobody", "requirement": "expected"}])
    assert draft.text == before


def test_a_statutory_rule_is_not_loosened(draft: PackDraft, now: datetime) -> None:
    with pytest.raises(PackUnreadable):
        drafting.change_rule(draft, "invitation", "IN-16", {"meetings": ["core_group"]},
                             version=draft.version, known=KNOWN, actor=ANA, now=now)  # fmt: skip


def test_a_change_of_an_older_page_is_a_conflict(draft: PackDraft, now: datetime) -> None:
    seen = draft.version
    changed(draft, now)

    with pytest.raises(Conflict):
        drafting.change_rule(draft, "invitation", RULE, {"words": "Later"}, version=seen,
                             known=KNOWN, actor=TOM, now=now)  # fmt: skip


def test_a_new_rule_gets_an_id_of_its_own(draft: PackDraft, now: datetime) -> None:
    raw = {"words": "Ours", "source": "Executive", "source_date": MONDAY, "force": "LOCAL",
           "confidence": "V", "meetings": ["strategy"],
           "slot": [{"role": "housing_officer", "requirement": "expected"}]}  # fmt: skip
    ids = [
        drafting.add_rule(
            draft, "invitation", raw, version=draft.version, known=KNOWN, actor=ANA, now=now
        )
        for _ in range(2)
    ]

    assert ids == ["OWN-01", "OWN-02"]
    assert [one.was for one in drafting.differences(draft)] == [None, None]


def test_a_role_is_added_once(draft: PackDraft, now: datetime) -> None:
    first, again = (
        drafting.add_role(draft, words, agency_kind="housing", actor=ANA, known=KNOWN, now=now)
        for words in ("Tenancy officer", "tenancy officer")
    )

    assert first == again == "tenancy_officer"
    assert pack_of(draft.text).words_of("role", first) == "Tenancy officer"


def test_a_role_whose_name_is_taken_gets_another_id(draft: PackDraft, now: datetime) -> None:
    ids = [
        drafting.add_role(
            draft, "Tenancy officer", agency_kind=kind, actor=ANA, known=KNOWN, now=now
        )
        for kind in ("housing", "voluntary")
    ]

    assert ids == ["tenancy_officer", "tenancy_officer_2"]


@pytest.mark.parametrize("fields", [{"words": "Other"}, {"tasks": []}, {"when": {"always": True}}])
def test_a_rule_is_put_back_as_it_was(
    draft: PackDraft, now: datetime, fields: dict[str, object]
) -> None:
    changed(draft, now, **fields)

    drafting.put_back(draft, "invitation", RULE, version=draft.version, known=KNOWN,
                      actor=ANA, now=now)  # fmt: skip

    assert drafting.differences(draft) == ()


def test_a_rule_that_was_added_goes_when_it_is_put_back(draft: PackDraft, now: datetime) -> None:
    role = drafting.add_role(draft, "Tenancy", agency_kind="housing", actor=ANA, known=KNOWN,
                             now=now)  # fmt: skip

    drafting.put_back(draft, "role", role, version=draft.version, known=KNOWN, actor=ANA, now=now)

    assert drafting.differences(draft) == ()


def test_a_second_person_makes_a_version_from_a_date(draft: PackDraft, now: datetime) -> None:
    changed(draft, now)
    offered(draft, now)

    version = published(draft, now)

    assert (version.name, version.number) == ("local", 1)
    assert packs.in_force(MONDAY)[0] is version
    assert packs.in_force(now.date())[0].name == "default"
    assert draft_queries.open_draft() is None
    assert draft_queries.versions()[0].draft is draft
    verbs = session.scalars(select(AuditEntry.verb).order_by(AuditEntry.seq)).all()
    assert verbs[1:] == ["rules.begun", "rules.changed", "rules.offered", "rules.published"]


def test_every_rule_keeps_its_date_in_a_new_version(draft: PackDraft, now: datetime) -> None:
    was = {item.id: item.effective_from for item in pack_of(draft.text).items("trigger")}
    changed(draft, now)
    offered(draft, now)

    pack = pack_of(published(draft, now).text)

    assert {item.id: item.effective_from for item in pack.items("trigger")} == was
    assert pack.effective_from == MONDAY


def test_the_next_version_rests_on_this_one(draft: PackDraft, now: datetime) -> None:
    changed(draft, now)
    drafting.keep_example(draft, {"ref": "I-7F3K9Q"}, actor=ANA, now=now)
    offered(draft, now)
    first = published(draft, now)

    again = drafting.begin(actor=TOM, now=now)
    drafting.change_rule(again, "invitation", RULE, {"words": "Again"}, version=again.version,
                         known=KNOWN, actor=TOM, now=now)  # fmt: skip
    with pytest.raises(Refused, match="come first"):
        drafting.offer(again, now.date(), "", examples_hold=all_hold, known=KNOWN, actor=TOM,
                       now=now)  # fmt: skip
    drafting.offer(again, MONDAY, "", examples_hold=all_hold, known=KNOWN, actor=TOM, now=now)
    second = published(again, now + timedelta(minutes=1), actor=ANA)

    assert again.based_on_id == first.id
    assert again.examples == [{"ref": "I-7F3K9Q"}]
    assert (second.name, second.number) == ("local", 2)
    assert packs.in_force(MONDAY)[0] is second


def test_whoever_began_or_changed_it_does_not_publish_it(draft: PackDraft, now: datetime) -> None:
    changed(draft, now, actor=TOM)
    offered(draft, now)

    for hand in (ANA, TOM):
        with pytest.raises(NotAllowed):
            published(draft, now, actor=hand)


def test_a_change_after_the_consent_was_asked_for_asks_again(
    draft: PackDraft, now: datetime
) -> None:
    changed(draft, now)
    offered(draft, now)
    changed(draft, now, words="Another")

    with pytest.raises(Refused, match="No consent"):
        published(draft, now)


def test_consent_is_to_what_was_read(draft: PackDraft, now: datetime) -> None:
    changed(draft, now)
    offered(draft, now)

    with pytest.raises(Conflict):
        published(draft, now, version=draft.version - 1)


def test_rules_do_not_start_in_the_past(draft: PackDraft, now: datetime) -> None:
    changed(draft, now)

    with pytest.raises(Refused, match="in the past"):
        offered(draft, now, now.date() - timedelta(days=1))


def test_a_start_that_went_by_while_it_waited_is_refused(draft: PackDraft, now: datetime) -> None:
    changed(draft, now)
    offered(draft, now)

    with pytest.raises(Refused, match="in the past"):
        published(draft, now + timedelta(days=5))


def test_nothing_changed_is_nothing_to_agree_to(draft: PackDraft, now: datetime) -> None:
    with pytest.raises(Refused, match="nothing differs"):
        offered(draft, now)


def test_an_example_must_hold_when_it_is_offered_and_when_it_is_published(
    draft: PackDraft, now: datetime
) -> None:
    changed(draft, now)
    with pytest.raises(Refused, match="example"):
        offered(draft, now, hold=one_fails)
    offered(draft, now)

    with pytest.raises(Refused, match="example"):
        published(draft, now, hold=one_fails)


def test_rules_that_changed_meanwhile_ask_for_a_new_copy(draft: PackDraft, now: datetime) -> None:
    changed(draft, now)
    base = session.get_one(PackVersion, draft.based_on_id)
    text = base.text + "\n# later\n"
    session.add(PackVersion(name="northshire", number=1, text=text, sha256="0" * 64,
                            effective_from_on=MONDAY, recorded_at=now))  # fmt: skip
    session.flush()

    with pytest.raises(Conflict, match="Begin a new one"):
        offered(draft, now, MONDAY + timedelta(days=1))


def test_a_second_person_sends_it_back_with_a_reason(draft: PackDraft, now: datetime) -> None:
    changed(draft, now)
    offered(draft, now)
    with pytest.raises(Refused):
        drafting.send_back(draft, " ", actor=TOM, now=now)

    drafting.send_back(draft, "Ask health first.", actor=TOM, now=now)

    assert (draft.status, draft.refused_why) == (DraftStatus.WORKING, "Ask health first.")
    with pytest.raises(Refused):
        drafting.send_back(draft, "Again", actor=TOM, now=now)


def test_a_copy_that_is_dropped_makes_room_for_another(draft: PackDraft, now: datetime) -> None:
    drafting.drop(draft, actor=ANA, now=now)

    assert drafting.begin(actor=ANA, now=now) is not draft


def test_what_a_trial_said_is_forgotten_with_the_next_change(
    draft: PackDraft, now: datetime
) -> None:
    drafting.keep_trial(draft, "incident", {"ref": "I-7F3K9Q"})
    changed(draft, now)

    assert draft.trials == {}


def test_an_example_is_kept_and_taken_away(draft: PackDraft, now: datetime) -> None:
    drafting.keep_example(draft, {"ref": "I-7F3K9Q"}, actor=ANA, now=now)
    with pytest.raises(NotFound):
        drafting.drop_example(draft, 1, actor=ANA, now=now)

    drafting.drop_example(draft, 0, actor=ANA, now=now)

    assert draft.examples == []


def test_a_version_is_found_by_the_beginning_of_its_digest(draft: PackDraft, now: datetime) -> None:
    [row] = draft_queries.versions()

    assert draft_queries.version_by_key(row.key) == row
    assert draft_queries.version_by_key("nothing") is None
