"""Change one rule in the working copy, or add one like it; what differs is seen first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from core.doors import Rerender, act, actor, now, page
from core.errors import Conflict, NotFound, Refused
from meetings.rules.catalogue import CATALOGUE, EVENTS
from meetings.views import rule_form, rule_rows, rules
from meetings.views.rule_form import Read
from people.terms import Action
from procedures import draft_queries, pack_edit
from procedures.draft_terms import Known
from procedures.pack_file import read_pack
from procedures.service import drafting
from procedures.shipped import pack_of
from procedures.terms import Item, Pack, PackUnreadable

blueprint = Blueprint("rule_changes", __name__)
KNOWN = Known(CATALOGUE, EVENTS)
_FORM = "meetings/rules/change.html"
_PREVIEW_ID = "NEW"


@blueprint.get("/admin/rules/<section>/<rule_id>/change")
@page(Action.PROCEDURES_EDIT)
def change(section: str, rule_id: str) -> ResponseReturnValue:
    """Show a rule as a form."""
    desk = _Desk(section, rule_id, is_new=False)
    return render_template(_FORM, **desk.shown(desk.boxes(), {}))


@blueprint.get("/admin/rules/<section>/<rule_id>/like")
@page(Action.PROCEDURES_EDIT)
def like(section: str, rule_id: str) -> ResponseReturnValue:
    """Show the form of a new rule that begins as a copy of this one."""
    desk = _Desk(section, rule_id, is_new=True)
    return render_template(_FORM, **desk.shown(desk.boxes(), {}))


@blueprint.post("/admin/rules/<section>/<rule_id>/change")
@act(Action.PROCEDURES_EDIT)
def save(section: str, rule_id: str) -> ResponseReturnValue:
    """Keep the change in the working copy, or only show what it would say."""
    return _saved(_Desk(section, rule_id, is_new=False))


@blueprint.post("/admin/rules/<section>/<rule_id>/like")
@act(Action.PROCEDURES_EDIT)
def save_like(section: str, rule_id: str) -> ResponseReturnValue:
    """Add the rule to the working copy, or only show what it would say."""
    return _saved(_Desk(section, rule_id, is_new=True))


class _Desk:
    """One rule on its form: the text it stands in, and what is typed about it."""

    def __init__(self, section: str, rule_id: str, *, is_new: bool) -> None:
        self.draft = draft_queries.open_draft()
        newest = draft_queries.newest()
        if section not in rules.CHANGEABLE or newest is None:
            raise NotFound("rule")
        self.text = self.draft.text if self.draft else newest.text
        self.pack = pack_of(self.text)
        item = rules.item_of(self.pack, section, rule_id)
        if item is None:
            raise NotFound("rule")
        self.item: Item = item
        self.raw = pack_edit.raw(self.text, section, rule_id)
        self.is_new = is_new

    def boxes(self) -> dict[str, Any]:
        return rule_form.boxes(self.item, self.raw, self.pack, is_new=self.is_new)

    def read(self) -> Read:
        return rule_form.read(request.form, self.item, self.raw, self.pack, is_new=self.is_new)

    def whole(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """A new rule keeps what its model says and the form does not show."""
        if not self.is_new:
            return dict(fields)
        own = {"id", "locked", "effective_from", "effective_to", *fields}
        return {**fields, **{name: value for name, value in self.raw.items() if name not in own}}

    def shown(
        self, values: Mapping[str, Any], errors: Mapping[str, list[str]], after: object = None
    ) -> dict[str, Any]:
        section, rule_id = self.item.section, self.item.id
        tail = "like" if self.is_new else "change"
        return {
            "action": f"/admin/rules/{section}/{rule_id}/{tail}",
            "back": f"/admin/rules/{section}/{rule_id}",
            "heading": f"Add a rule like {rule_id}" if self.is_new else f"Change rule {rule_id}",
            "rule": rules.line(self.item, self.pack),
            "after": after,
            "is_new": self.is_new,
            "version": self.draft.version if self.draft else 0,
            "values": dict(values),
            "errors": dict(errors),
            **rule_form.shown(self.item, self.raw, values, self.pack, is_new=self.is_new),
        }


def _saved(desk: _Desk) -> ResponseReturnValue:
    form = rule_rows.press(request.form)
    if form is not None:
        values = rule_form.typed_values(form)
        return render_template(_FORM, **desk.shown(values, {}))
    values, found = rule_form.typed_values(request.form), desk.read()
    if found.errors:
        raise Rerender(_FORM, **desk.shown(values, found.errors))
    if request.form.get("press") == "look":
        return _looked(desk, values, found)
    try:
        rule_id = _kept(desk, found)
    except PackUnreadable as fault:
        raise Rerender(_FORM, **desk.shown(values, _faults(fault))) from fault
    except (Conflict, Refused) as fault:
        raise Rerender(_FORM, **desk.shown(values, {"form": [fault.why]})) from fault
    return redirect(f"/admin/rules/draft#rule-{rule_id}", code=303)


def _kept(desk: _Desk, found: Read) -> str:
    who, at, section = actor(), now(), desk.item.section
    seen = request.form.get("version", 0, type=int)
    if seen != (desk.draft.version if desk.draft else 0):
        raise Conflict("Somebody else changed the working copy. Look at it, then change it again.")
    draft = drafting.begin(actor=who, now=at)
    for role in found.new_roles:
        role_id = drafting.add_role(draft, role.words, agency_kind=role.agency_kind,
                                    known=KNOWN, actor=who, now=at)  # fmt: skip
        _seat_of(found, role.seat)["role"] = role_id
    fields = desk.whole(found.fields)
    if desk.is_new:
        return drafting.add_rule(draft, section, fields, version=draft.version,
                                 known=KNOWN, actor=who, now=at)  # fmt: skip
    if not fields:
        raise Refused("rules.same", "Nothing was changed: the rule says the same as before.")
    drafting.change_rule(draft, section, desk.item.id, fields, version=draft.version,
                         known=KNOWN, actor=who, now=at)  # fmt: skip
    return desk.item.id


def _seat_of(found: Read, number: int) -> dict[str, Any]:
    """Seats stand in the fields in the order of their numbers on the form."""
    slots: list[dict[str, Any]] = found.fields["slot"]
    return slots[rule_rows.numbers(request.form, "seat").index(number)]


def _looked(desk: _Desk, values: Mapping[str, Any], found: Read) -> ResponseReturnValue:
    """Show what the rule would say; nothing is kept."""
    try:
        after, pack = _preview(desk, found)
    except PackUnreadable as fault:
        raise Rerender(_FORM, **desk.shown(values, _faults(fault))) from fault
    return render_template(_FORM, **desk.shown(values, {}, rules.line(after, pack)))


def _preview(desk: _Desk, found: Read) -> tuple[Item, Pack]:
    fields, section = desk.whole(found.fields), desk.item.section
    for role in found.new_roles:
        # A role that is not in the pack yet reads as it was typed.
        _seat_of(found, role.seat)["role"] = role.words
    if desk.is_new:
        rule_id = _PREVIEW_ID
        text = pack_edit.add(desk.text, section, {"id": rule_id, **fields})
    else:
        rule_id = desk.item.id
        text = pack_edit.change(desk.text, section, rule_id, fields)
    wrong = drafting.added_faults(desk.text, text, KNOWN)
    if wrong and not found.new_roles:
        raise PackUnreadable(wrong)
    pack = read_pack(text)
    return pack.item(section, rule_id), pack


def _faults(fault: PackUnreadable) -> dict[str, list[str]]:
    return rule_form.errors_from(fault.faults)
