"""``confer pack``: what it prints and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from meetings.rules.catalogue import CATALOGUE, EVENTS
from procedures.cli import pack_group
from procedures.shipped import default_text

COMMAND = pack_group(CATALOGUE, EVENTS)


def _run(*words: str) -> Result:
    return CliRunner().invoke(COMMAND, words)


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A file with the shipped pack's text."""
    path = tmp_path / "pack.toml"
    path.write_text(default_text(), encoding="utf-8")
    return path


def test_a_sound_pack_ends_with_0(written: Path) -> None:
    found = _run("check", str(written))

    assert found.exit_code == 0
    assert "nothing is wrong" in found.output


def test_a_fault_is_printed_with_file_and_line_and_ends_with_1(written: Path) -> None:
    text = default_text().replace('meeting = "strategy"', 'meeting = "strategie"', 1)
    written.write_text(text, encoding="utf-8")

    found = _run("check", str(written))

    line = text[: text.index('"strategie"')].count("\n")
    assert found.exit_code == 1
    assert f"{written}:{line}: trigger TR-S47" in found.output


def test_faults_of_form_come_as_one_line_of_json(written: Path) -> None:
    written.write_text("[pack]\nname = 1\n", encoding="utf-8")

    found = _run("check", str(written), "--json")

    said = json.loads(found.output)
    assert found.exit_code == 1
    assert said["faults"][0].keys() == {"line", "where", "words"}


def test_a_file_that_is_not_there_is_misuse(tmp_path: Path) -> None:
    assert _run("check", str(tmp_path / "none.toml")).exit_code == 2


def test_a_file_that_is_not_text_is_misuse(written: Path) -> None:
    written.write_bytes(b"\xff\xfe\x00")

    found = _run("check", str(written))

    assert found.exit_code == 2
    assert "not UTF-8" in found.output


def test_the_shipped_pack_is_shown_in_words() -> None:
    found = _run("show")

    assert found.exit_code == 0
    assert "### TR-02: The child is suspected of a serious violent offence" in found.output
    assert "15 working days after held on" in found.output


def test_one_section_is_shown_alone() -> None:
    found = _run("show", "scale")

    assert "## Scale" in found.output
    assert "## Trigger" not in found.output


def test_a_pack_is_shown_as_json_with_each_source(written: Path) -> None:
    found = _run("show", "trigger", "--file", str(written), "--json")

    said = json.loads(found.output)
    assert set(said["sections"]) == {"trigger"}
    assert all(item["source"] and item["confidence"] for item in said["sections"]["trigger"])


def test_a_file_that_is_no_pack_cannot_be_shown(written: Path) -> None:
    written.write_text("[pack]\n", encoding="utf-8")

    found = _run("show", "--file", str(written))

    assert found.exit_code == 1
    assert "line 1" in found.stderr


@pytest.mark.parametrize("words", [(), ("check",), ("show",)])
def test_help_says_what_it_is_for(words: tuple[str, ...]) -> None:
    found = _run(*words, "--help")

    assert found.exit_code == 0
    assert "pack" in found.output
