"""Two versions of a plan as lists of what was added, removed and changed."""

from __future__ import annotations

from collections.abc import Sequence

from plans.terms import Comparison, FieldChange, Item, ItemChange


def compare(before: Sequence[Item], after: Sequence[Item]) -> Comparison:
    """Return what differs, in the order in which the versions show it.

    Rows are matched by their key, so a sentence reworded is a change and not a removal
    with an addition; moving a row says nothing.

    Source: local standard: everybody can see what a review changed, in words.
    """
    old = {item.key: item for item in before}
    new = {item.key: item for item in after}
    changes = [
        ItemChange(item, field_changes(old[item.key], item))
        for item in after
        if item.key in old and old[item.key].fields != item.fields
    ]
    return Comparison(
        added=tuple(item for item in after if item.key not in old),
        removed=tuple(item for item in before if item.key not in new),
        changed=tuple(change for change in changes if change.fields),
    )


def field_changes(before: Item, after: Item) -> tuple[FieldChange, ...]:
    """Return the fields of one row that differ; a field not there counts as empty.

    Source: local standard, as ``compare``.
    """
    old, new = dict(before.fields), dict(after.fields)
    names = list(dict.fromkeys([*new, *old]))
    return tuple(
        FieldChange(name, old.get(name, ""), new.get(name, ""))
        for name in names
        if old.get(name, "") != new.get(name, "")
    )
