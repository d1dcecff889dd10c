"""Two versions as lists of added, removed and changed."""

from hypothesis import given
from hypothesis import strategies as st

from plans.rules.compare import compare
from plans.terms import FieldChange, Item


def item(key: str, text: str) -> Item:
    return Item(key, "Worries", (("Text", text),))


def test_a_row_only_in_the_later_version_was_added() -> None:
    found = compare([item("a", "one")], [item("a", "one"), item("b", "two")])

    assert found.added == (item("b", "two"),)
    assert (found.removed, found.changed) == ((), ())


def test_a_row_only_in_the_earlier_version_was_removed() -> None:
    found = compare([item("a", "one"), item("b", "two")], [item("a", "one")])

    assert found.removed == (item("b", "two"),)


def test_a_row_reworded_is_changed_and_not_removed_and_added() -> None:
    found = compare([item("a", "one")], [item("a", "another")])

    assert (found.added, found.removed) == ((), ())
    assert found.changed[0].fields == (FieldChange("Text", "one", "another"),)


def test_a_field_that_was_not_there_counts_as_empty() -> None:
    before = Item("a", "Bail and orders", (("Conditions", "No contact"),))
    after = Item("a", "Bail and orders", (("Conditions", "No contact"), ("To", "1 April 2027")))

    found = compare([before], [after])

    assert found.changed[0].fields == (FieldChange("To", "", "1 April 2027"),)


def test_a_row_moved_says_nothing() -> None:
    rows = [item("a", "one"), item("b", "two")]

    assert compare(rows, rows[::-1]).is_same


ITEMS = st.dictionaries(st.sampled_from("abcdef"), st.text(max_size=5)).map(
    lambda rows: [item(key, text) for key, text in rows.items()]
)


@given(before=ITEMS, after=ITEMS)
def test_the_difference_turns_the_earlier_version_into_the_later(
    before: list[Item], after: list[Item]
) -> None:
    found = compare(before, after)

    rows = {each.key: each for each in before}
    for gone in found.removed:
        del rows[gone.key]
    rows.update({each.key: each for each in found.added})
    rows.update({change.item.key: change.item for change in found.changed})
    assert rows == {each.key: each for each in after}


@given(rows=ITEMS)
def test_a_version_does_not_differ_from_itself(rows: list[Item]) -> None:
    assert compare(rows, rows).is_same
