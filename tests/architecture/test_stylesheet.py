"""The stylesheets can be read by everybody, belong to no government brand, and load nothing."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[2] / "static"
GUIDE = Path(__file__).resolve().parents[2] / "docs" / "pages.md"
OURS = (STATIC / "confer.css").read_text(encoding="utf-8")
THEIRS = (STATIC / "govuk.css").read_text(encoding="utf-8-sig")
TOKENS = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", OURS.partition("}")[0]))
GROUNDS = ("paper", "surface", "alert-ground", "warn-ground", "good-ground", "info-ground")
SCRIPT_LIMIT = 12 * 1024
TEXT_RATIO = 4.5
SHAPE_RATIO = 3.0

TEXT = [
    *(("ink", ground) for ground in (*GROUNDS, "focus", "band-soft")),
    *(("muted", ground) for ground in GROUNDS),
    *(("accent", ground) for ground in ("paper", "surface")),
    *(("alert", ground) for ground in GROUNDS),
    *(("warn", ground) for ground in ("paper", "surface", "alert-ground", "warn-ground")),
    *(("good", ground) for ground in ("paper", "surface", "good-ground")),
    ("band-ink", "band"),
    ("band-soft", "band"),
    ("band-ink", "accent"),
]
SHAPES = [
    ("edge", "surface"),
    ("edge", "paper"),
    ("warn-edge", "warn-ground"),
    ("info", "info-ground"),
    ("good", "good-ground"),
    ("alert", "alert-ground"),
    ("band", "paper"),
    ("accent", "surface"),
    ("paper", "band"),
    ("ink", "focus"),
]


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    """Return the contrast of two colours. Source: WCAG 2.2, "contrast ratio"."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_can_be_read_on_its_ground(ink: str, ground: str) -> None:
    found = ratio(TOKENS[ink], TOKENS[ground])

    assert found >= TEXT_RATIO, f"{ink} on {ground} is {found:.2f}:1"


@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_a_shape_that_means_something_stands_out(shape: str, ground: str) -> None:
    found = ratio(TOKENS[shape], TOKENS[ground])

    assert found >= SHAPE_RATIO, f"{shape} on {ground} is {found:.2f}:1"


def test_every_tag_can_be_read() -> None:
    tags = re.findall(
        r"govuk-tag--(\w+)\{color:(#[0-9a-f]{6});background-color:(#[0-9a-f]{6})\}", THEIRS
    )

    low = [name for name, ink, ground in tags if ratio(ink, ground) < TEXT_RATIO]

    assert tags
    assert low == []


def test_our_colours_stand_only_among_the_tokens() -> None:
    _, _, rules = OURS.partition("}")

    loose = re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[^{}]*;)|rgba?\(|hsla?\(", rules)

    assert loose == []


def test_every_token_is_used_and_known() -> None:
    used = set(re.findall(r"var\(--([\w-]+)\)", OURS))

    assert used - set(TOKENS) == set()
    assert set(TOKENS) - used == set()


@pytest.mark.parametrize("text", [OURS, THEIRS], ids=["confer.css", "govuk.css"])
def test_a_stylesheet_has_no_government_brand_and_loads_nothing(text: str) -> None:
    found = re.findall(r"transport|crown|crest|@font-face|@import|url\(", text, re.IGNORECASE)

    assert found == []


def test_no_brand_file_is_served() -> None:
    names = [path.name.lower() for path in STATIC.rglob("*") if path.is_file()]

    assert [
        name for name in names if re.search(r"crown|crest|transport|woff|opengraph", name)
    ] == []


def test_the_compiled_stylesheet_is_the_recorded_one() -> None:
    digest = hashlib.sha256((STATIC / "govuk.css").read_bytes()).hexdigest()

    assert digest in GUIDE.read_text(encoding="utf-8")
    assert (STATIC / "govuk-frontend.LICENSE.txt").is_file()


def test_the_script_stays_small() -> None:
    size = (STATIC / "confer.js").stat().st_size

    assert size < SCRIPT_LIMIT


def test_the_script_builds_no_markup_and_keeps_nothing_in_the_browser() -> None:
    script = (STATIC / "confer.js").read_text(encoding="utf-8")

    found = re.findall(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|localStorage|sessionStorage",
        script,
    )

    assert found == []


def test_paper_never_shows_where_a_link_leads() -> None:
    _, _, paper = OURS.partition("@media print {")

    assert re.search(r"a\[href\]::after \{ content: none !important; \}", paper)


def test_other_ways_of_seeing_are_provided_for() -> None:
    for way in ("(forced-colors: active)", "(prefers-reduced-motion: reduce)", "size: A4"):
        assert way in OURS
