"""The rules in force, read as sentences by whoever keeps them; their versions and their text."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from core import clock, doors
from core.doors import actor, now, page
from core.errors import NotFound
from core.filters import plain_instant
from meetings.views import rule_words
from people.queries import accounts
from people.terms import Action
from procedures import draft_queries
from procedures.draft_queries import VersionRow
from procedures.draft_terms import DraftStatus
from procedures.models import PackDraft, PackVersion
from procedures.service import drafting, packs
from procedures.shipped import pack_of
from procedures.terms import Item, Pack

blueprint = Blueprint("rules", __name__)
CHANGEABLE = ("trigger", "invitation")
_OPEN = ("trigger", "invitation", "follow_on", "ladder_step")


@blueprint.get("/admin/rules")
@page(Action.PROCEDURES_VIEW)
def index() -> ResponseReturnValue:
    """Read every rule in force as sentences; a word narrows the list."""
    version, pack = packs.in_force(clock.today(now()))
    words = request.args.get("q", "").strip()
    found = _sections(pack, words)
    return render_template(
        "meetings/rules/rules.html",
        sections=found,
        count=sum(section["count"] for section in found),
        values={"q": words},
        version=_version(version, pack),
        draft=draft_in_short(draft_queries.open_draft()),
        may_edit=doors.may(Action.PROCEDURES_EDIT),
    )


@blueprint.get("/admin/rules/versions")
@page(Action.PROCEDURES_VIEW)
def versions() -> ResponseReturnValue:
    """List every version: who made it, who agreed, when, and from which date."""
    rows = draft_queries.versions()
    people = {row.draft.agreed_by_id for row in rows if row.draft}
    people |= {row.draft.made_by_id for row in rows if row.draft}
    names = accounts.names_of({one for one in people if one})
    today = clock.today(now())
    current = packs.in_force(today)[0].id
    return render_template(
        "meetings/rules/versions.html",
        rows=[_version_row(row, names, is_current=row.version.id == current) for row in rows],
    )


@blueprint.get("/admin/rules/versions/<key>/text")
@page(Action.PROCEDURES_VIEW)
def text(key: str) -> ResponseReturnValue:
    """Hand out a version's text, byte for byte."""
    row = draft_queries.version_by_key(key)
    if row is None:
        raise NotFound("pack version")
    name = f"{row.version.name}-{row.version.number}.toml"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(row.version.text, mimetype="application/toml", headers=headers)


@blueprint.get("/admin/rules/<section>/<rule_id>")
@page(Action.PROCEDURES_VIEW)
def show(section: str, rule_id: str) -> ResponseReturnValue:
    """Read one rule: what it says, where it comes from, and what a working copy changes in it."""
    version, pack = packs.in_force(clock.today(now()))
    draft = draft_queries.open_draft()
    copied = pack_of(draft.text) if draft else None
    item = item_of(pack, section, rule_id)
    changed = item_of(copied, section, rule_id) if copied else None
    if item is None and changed is None:
        raise NotFound("rule")
    return render_template(
        "meetings/rules/rule.html",
        rule=line(item, pack) if item else None,
        changed=_changed(item, pack, changed, copied),
        section=section,
        rule_id=rule_id,
        version=_version(version, pack),
        may_change=section in CHANGEABLE and doors.may(Action.PROCEDURES_EDIT),
        examples=[one["about"] for one in (draft.examples if draft else ())],
    )


def item_of(pack: Pack, section: str, rule_id: str) -> Item | None:
    """Return a rule of a pack, or None."""
    return next((item for item in pack.items(section) if item.id == rule_id), None)


def line(item: Item, pack: Pack) -> dict[str, object]:
    """Return a rule as its page and the list show it."""
    return {
        "id": item.id,
        "words": item.words,
        "href": f"/admin/rules/{item.section}/{item.id}",
        "section": rule_words.SECTION_NAMES.get(item.section, item.section),
        "sentences": rule_words.sentences(item, pack),
        "source": rule_words.source(item),
        "dates": rule_words.dates(item),
        "is_locked": item.is_locked or item.source.force.value == "STAT",
    }


def draft_in_short(draft: PackDraft | None) -> dict[str, object] | None:
    """Return where the working copy stands, and whether the person asking may agree to it."""
    if draft is None:
        return None
    return {
        "count": len(drafting.differences(draft)),
        "is_waiting": draft.status is DraftStatus.WAITING,
        "is_second": drafting.may_publish(draft, actor()),
        "starts_on": draft.starts_on,
    }


def _sections(pack: Pack, words: str) -> list[dict[str, object]]:
    found = []
    for section, name in rule_words.SECTION_NAMES.items():
        rules = [line(item, pack) for item in pack.items(section)]
        kept = [rule for rule in rules if _says(rule, words)]
        if kept:
            found.append(
                {
                    "id": section,
                    "name": name,
                    "rules": kept,
                    "count": len(kept),
                    "is_open": bool(words) or section in _OPEN,
                }
            )
    return found


def _says(rule: Mapping[str, object], words: str) -> bool:
    sentences = rule["sentences"]
    assert isinstance(sentences, list)  # noqa: S101 - made above
    whole = " ".join((str(rule["id"]), str(rule["words"]), str(rule["source"]), *sentences))
    return all(word in whole.lower() for word in words.lower().split())


def _changed(
    item: Item | None, pack: Pack, changed: Item | None, copied: Pack | None
) -> dict[str, object] | None:
    if changed is None or copied is None:
        return None
    now_says = line(changed, copied)
    before = line(item, pack) if item else None
    return None if now_says == before else now_says


def _version(version: PackVersion, pack: Pack) -> dict[str, object]:
    return {
        "words": pack.words,
        "name": f"{version.name}, version {version.number}",
        "from_on": version.effective_from_on,
        "key": VersionRow(version, None).key,
    }


def _version_row(
    row: VersionRow, names: Mapping[UUID, str], *, is_current: bool
) -> dict[str, object]:
    draft = row.draft
    return {
        "key": row.key,
        "name": f"{row.version.name}, version {row.version.number}",
        "from_on": row.version.effective_from_on,
        "recorded": plain_instant(row.version.recorded_at),
        "made_by": _name(names, draft.made_by_id) if draft else "Shipped with Confer",
        "agreed_by": _name(names, draft.agreed_by_id) if draft else "Nobody was asked",
        "note": draft.note if draft else "",
        "is_current": is_current,
    }


def _name(names: Mapping[UUID, str], account_id: UUID | None) -> str:
    return names.get(account_id, "Not known") if account_id else "Not known"
