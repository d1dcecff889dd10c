"""The JSON doors of a child's plan: the services and schemas of the pages."""

# mypy: disable-error-code="untyped-decorator"
# The API library carries no types; each view states its own.

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from core.api import entity_tag, once, required_version
from core.doors import actor, endpoint, now
from core.errors import NotFound
from people.models.children import Child
from people.terms import Action as Permission
from plans import answers
from plans.api.shown import answered
from plans.models import Plan, PlanVersion
from plans.queries import actions as action_reads
from plans.queries import plans as read
from plans.queries.actions import ListedAction
from plans.queries.plans import PlanPage
from plans.schemas import (
    EndPartSchema,
    EntrySchema,
    GiveSchema,
    LeadSchema,
    OrderSchema,
    ReviewDateSchema,
    SectionEntrySchema,
    StrandSchema,
    VoiceSchema,
)
from plans.service import actions, parts, plans, versions
from plans.service.versions import Row, words_of
from plans.terms import EntryWords, Item, PartWords, Section, Whose
from plans.views.frame import child_of, is_redacted, letterhead, open_plan, plan_resource, today
from plans.views.part_fields import part_of, stored_row
from plans.views.plan_header import lead_from, proposed_from

Tagged = tuple[Any, dict[str, str]]
blueprint = Blueprint("plans_api", __name__, url_prefix="/api/v1/children/<ref>")
_LATEST = 1


@blueprint.route("/plan", methods=["GET"])
@endpoint(Permission.PLAN_VIEW, of=plan_resource)
@blueprint.response(200, answers.PlanAnswerSchema)
def show(ref: str) -> Tagged:
    """Read a child's plan with everything that stands on it."""
    child = child_of(ref)
    plan = read.present_plan_of(child.id)
    if plan is None:
        raise NotFound("a plan")
    return _answer(child, read.plan_page(plan)), {"ETag": entity_tag(plan.version)}


@blueprint.route("/plan", methods=["POST"])
@endpoint(Permission.PLAN_EDIT, of=plan_resource, writes=True)
@once
@blueprint.response(201, answers.PlanAnswerSchema)
def open_one(ref: str) -> Tagged:
    """Open the child's plan; 409 when one is open already."""
    child = child_of(ref)
    plan = plans.open_plan(child.id, actor=actor(), now=now())
    headers = {
        "ETag": entity_tag(plan.version),
        "Location": f"/api/v1/children/{child.ref}/plan",
    }
    return _answer(child, read.plan_page(plan)), headers


@blueprint.route("/plan/entries", methods=["POST"])
@endpoint(Permission.PLAN_EDIT, of=plan_resource, writes=True)
@once
@blueprint.arguments(SectionEntrySchema)
@blueprint.response(201, answers.PlanRowSchema)
def add_entry(data: dict[str, Any], ref: str) -> Tagged:
    """Write a sentence into a section of the plan."""
    return _add(ref, EntryWords(data["section"], data["text"]), data["why"])


@blueprint.route("/plan/voices", methods=["POST"])
@endpoint(Permission.PLAN_EDIT, of=plan_resource, writes=True)
@once
@blueprint.arguments(VoiceSchema)
@blueprint.response(201, answers.PlanRowSchema)
def add_voice(data: dict[str, Any], ref: str) -> Tagged:
    """Write down what somebody said, or why nobody was heard."""
    return _add(ref, data["words"], data["why"])


@blueprint.route("/plan/orders", methods=["POST"])
@endpoint(Permission.PLAN_EDIT, of=plan_resource, writes=True)
@once
@blueprint.arguments(OrderSchema)
@blueprint.response(201, answers.PlanRowSchema)
def add_order(data: dict[str, Any], ref: str) -> Tagged:
    """Write down bail or an order."""
    return _add(ref, data["words"], data["why"])


@blueprint.route("/plan/strands", methods=["POST"])
@endpoint(Permission.PLAN_EDIT, of=plan_resource, writes=True)
@once
@blueprint.arguments(StrandSchema)
@blueprint.response(201, answers.PlanRowSchema)
def add_strand(data: dict[str, Any], ref: str) -> Tagged:
    """Link another plan of the child's."""
    return _add(ref, data["words"], data["why"])


@blueprint.route("/plan/entries/<section>/<int:position>", methods=["PUT"])
@endpoint(Permission.PLAN_EDIT, of=plan_resource, writes=True)
@blueprint.arguments(EntrySchema)
@blueprint.response(200, answers.PlanRowSchema)
def change_entry(data: dict[str, Any], ref: str, section: str, position: int) -> Tagged:
    """Reword a sentence; send the row's version in If-Match."""
    part = part_of(section)
    if part.section is None:
        raise NotFound(section)
    return _change(ref, section, position, EntryWords(part.section, data["text"]), data["why"])


@blueprint.route("/plan/voices/<int:position>", methods=["PUT"])
@endpoint(Permission.PLAN_EDIT, of=plan_resource, writes=True)
@blueprint.arguments(VoiceSchema)
@blueprint.response(200, answers.PlanRowSchema)
def change_voice(data: dict[str, Any], ref: str, position: int) -> Tagged:
    """Correct a voice; send the row's version in If-Match."""
    return _change(ref, "voice", position, data["words"], data["why"])


@blueprint.route("/plan/orders/<int:position>", methods=["PUT"])
@endpoint(Permission.PLAN_EDIT, of=plan_resource, writes=True)
@blueprint.arguments(OrderSchema)
@blueprint.response(200, answers.PlanRowSchema)
def change_order(data: dict[str, Any], ref: str, position: int) -> Tagged:
    """Change an order; send the row's version in If-Match."""
    return _change(ref, "order", position, data["words"], data["why"])


@blueprint.route("/plan/strands/<int:position>", methods=["PUT"])
@endpoint(Permission.PLAN_EDIT, of=plan_resource, writes=True)
@blueprint.arguments(StrandSchema)
@blueprint.response(200, answers.PlanRowSchema)
def change_strand(data: dict[str, Any], ref: str, position: int) -> Tagged:
    """Change a linked plan; send the row's version in If-Match."""
    return _change(ref, "strand", position, data["words"], data["why"])


@blueprint.route("/plan/rows/<name>/<int:position>/end", methods=["POST"])
@endpoint(Permission.PLAN_EDIT, of=plan_resource, writes=True)
@blueprint.arguments(EndPartSchema)
@blueprint.response(200, answers.PlanAnswerSchema)
def end(data: dict[str, str], ref: str, name: str, position: int) -> Tagged:
    """Take a row off the plan with a reason; send its version in If-Match."""
    child = child_of(ref)
    plan = open_plan(child)
    row = stored_row(plan, part_of(name), position)
    parts.end(plan, row, seen_version=required_version(), why=data["why"], actor=actor(), now=now())
    return _answer(child, read.plan_page(plan)), {"ETag": entity_tag(plan.version)}


@blueprint.route("/plan/lead", methods=["PUT"])
@endpoint(Permission.PLAN_EDIT, of=plan_resource, writes=True)
@blueprint.arguments(LeadSchema)
@blueprint.response(200, answers.PlanAnswerSchema)
def set_lead(data: dict[str, Any], ref: str) -> Tagged:
    """Name who leads the plan; send the plan's version in If-Match."""
    child = child_of(ref)
    plan = open_plan(child)
    plans.set_lead(plan, lead_from(data), seen_version=required_version(), actor=actor(), now=now())
    return _answer(child, read.plan_page(plan)), {"ETag": entity_tag(plan.version)}


@blueprint.route("/plan/review", methods=["PUT"])
@endpoint(Permission.PLAN_EDIT, of=plan_resource, writes=True)
@blueprint.arguments(ReviewDateSchema)
@blueprint.response(200, answers.PlanAnswerSchema)
def set_review(data: dict[str, Any], ref: str) -> Tagged:
    """Set the date of the next review; send the plan's version in If-Match."""
    child = child_of(ref)
    plan = open_plan(child)
    plans.set_review(
        plan,
        data["review_on"],
        seen_version=required_version(),
        today=today(),
        actor=actor(),
        now=now(),
    )
    return _answer(child, read.plan_page(plan)), {"ETag": entity_tag(plan.version)}


@blueprint.route("/plan/versions", methods=["GET"])
@endpoint(Permission.PLAN_COMPARE, of=plan_resource)
@blueprint.response(200, answers.VersionListSchema)
def list_versions(ref: str) -> dict[str, Any]:
    """List the versions of the plan, the newest first."""
    return {"items": [_version(each) for each in read.versions_of(_plan_of(ref).id)]}


@blueprint.route("/plan/versions/<int:number>", methods=["GET"])
@endpoint(Permission.PLAN_COMPARE, of=plan_resource)
@blueprint.response(200, answers.WholeVersionSchema)
def show_version(ref: str, number: int) -> dict[str, Any]:
    """Read one version as it was agreed."""
    version = _numbered(_plan_of(ref), number)
    items = versions.from_content(version.content)
    return {**_version(version), "items": [_item(each) for each in items]}


@blueprint.route("/plan/compare", methods=["GET"])
@endpoint(Permission.PLAN_COMPARE, of=plan_resource)
@blueprint.arguments(answers.CompareQuery, location="query")
@blueprint.response(200, answers.ComparisonSchema)
def compare(query: dict[str, int | None], ref: str) -> dict[str, Any]:
    """Read what was added, removed and changed between two versions."""
    plan = _plan_of(ref)
    later = query["to"] or plan.version
    earlier = query["from_"] or max(later - 1, _LATEST)
    found = versions.difference(_numbered(plan, earlier), _numbered(plan, later))
    return {
        "added": [_item(each) for each in found.added],
        "removed": [_item(each) for each in found.removed],
        "changed": [
            {"section": change.item.section, "changes": change.fields} for change in found.changed
        ],
    }


@blueprint.route("/actions", methods=["GET"])
@endpoint(Permission.ACTION_LIST, of=plan_resource)
@blueprint.response(200, answers.ActionListSchema)
def list_actions(ref: str) -> dict[str, Any]:
    """List the child's actions; with parts left out, only one's own."""
    rows = action_reads.actions_of_child(child_of(ref).id)
    if is_redacted():
        rows = [row for row in rows if row.action.owner_account_id == actor().account_id]
    return {"items": [answered(row) for row in rows]}


@blueprint.route("/actions", methods=["POST"])
@endpoint(Permission.PLAN_EDIT, of=plan_resource, writes=True)
@once
@blueprint.arguments(GiveSchema)
@blueprint.response(201, answers.ActionAnswerSchema)
def give(data: dict[str, Any], ref: str) -> Tagged:
    """Give an action outside a meeting and tell its owner."""
    child = child_of(ref)
    action = actions.give(
        open_plan(child), proposed_from(data), letterhead=letterhead(), actor=actor(), now=now()
    )
    return answered(action_reads.listed(action)), {"Location": f"/api/v1/actions/{action.ref}"}


def _add(ref: str, words: PartWords, why: str) -> Tagged:
    row = parts.add(open_plan(child_of(ref)), words, why=why, actor=actor(), now=now())
    return _row(row), {"ETag": entity_tag(row.version)}


def _change(ref: str, name: str, position: int, words: PartWords, why: str) -> Tagged:
    plan = open_plan(child_of(ref))
    row = stored_row(plan, part_of(name), position)
    parts.change(
        plan, row, words, seen_version=required_version(), why=why, actor=actor(), now=now()
    )
    return _row(row), {"ETag": entity_tag(row.version)}


def _answer(child: Child, page: PlanPage) -> dict[str, Any]:
    plan = page.plan
    hides = is_redacted()
    mine = actor().account_id
    return {
        "child_ref": child.ref,
        "status": plan.status.value,
        "version": plan.version,
        "lead": plan.lead_name,
        "lead_telephone": plan.lead_telephone,
        "chair": plan.chair_name,
        "review_on": plan.review_on,
        "missing": [] if hides else [gap.words for gap in page.gaps(child)],
        "rows": [_row(row) for row in _rows(page, hides=hides)],
        "actions": [
            answered(ListedAction(each.action, child.ref, each.agency_name, each.asked_for))
            for each in page.actions
            if not hides or each.action.owner_account_id == mine
        ],
    }


def _rows(page: PlanPage, *, hides: bool) -> list[Row]:
    hidden = (Section.WORRY, Section.CONTINGENCY) if hides else ()
    entries = [row for section in Section if section not in hidden for row in page.entries[section]]
    voices = [voice for voice in page.voices if not hides or voice.whose is Whose.CHILD]
    return [*entries, *voices, *([] if hides else page.orders), *page.strands]


def _row(row: Row) -> dict[str, Any]:
    said = words_of(row)
    part = said.section.value if isinstance(said, EntryWords) else row.__tablename__.rstrip("s")
    return {
        "part": part,
        "position": row.position,
        "version": row.version,
        "changed_at": row.changed_at,
        "changed_by": row.changed_by_name,
        "fields": {name: text for name, text in parts.as_text(said).items() if text},
    }


def _plan_of(ref: str) -> Plan:
    plan = read.present_plan_of(child_of(ref).id)
    if plan is None:
        raise NotFound("a plan")
    return plan


def _numbered(plan: Plan, number: int) -> PlanVersion:
    found = read.version_of(plan.id, number)
    if found is None:
        raise NotFound(f"version {number}")
    return found


def _version(version: PlanVersion) -> dict[str, Any]:
    return {
        "number": version.number,
        "why": version.why,
        "agreed_at": version.agreed_at,
        "by": version.by_name,
    }


def _item(item: Item) -> dict[str, Any]:
    return {"section": item.section, "fields": dict(item.fields)}
