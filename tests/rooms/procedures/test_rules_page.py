"""``docs/rules.md`` is the shipped pack in words, and never behind it."""

from __future__ import annotations

from pathlib import Path

from meetings.rules.catalogue import CATALOGUE
from procedures.printing import lines
from procedures.shipped import default_pack

PAGE = Path(__file__).parents[3] / "docs" / "rules.md"


def test_the_rules_page_is_what_confer_pack_show_prints() -> None:
    printed = "\n".join(lines(default_pack(), catalogue=CATALOGUE)) + "\n"

    assert PAGE.read_text(encoding="utf-8") == printed, (
        "Write it anew with: confer pack show > docs/rules.md"
    )
