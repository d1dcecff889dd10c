"""``confer pack evaluate``: what the rules say to a file of facts; nothing is written down."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

import click
from marshmallow import ValidationError

from core import clock
from meetings import facts_page
from meetings.evaluation_terms import Evaluation
from meetings.rules.catalogue import CATALOGUE, EVENTS
from meetings.rules.evaluation import evaluate as ask_rules
from meetings.schemas.evaluation import faults_in, moment_of, read_json
from meetings.schemas.evaluation_answers import EvaluationSchema
from meetings.schemas.situations import situation_of
from procedures.bank_holidays import calendar_for
from procedures.pack_file import read_pack
from procedures.rules.check import faults as faults_of_pack
from procedures.rules.working_days import OutsideCalendar
from procedures.shipped import default_pack
from procedures.terms import Pack, PackFault, PackUnreadable

UNREADABLE = 2
_LARGEST = 2_000_000
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("evaluate")
@click.argument("facts", type=_FILE)
@click.option("--at", help="The moment of asking, such as 2026-12-23T20:40, on London's clock.")
@click.option("--pack", "pack_file", type=_FILE, help="A pack's file; without it the shipped pack.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as one line of JSON.")
def evaluate(facts: Path, at: str | None, pack_file: Path | None, *, as_json: bool) -> None:
    """Say what the rules answer to the JSON file FACTS: meeting, deadline, invitees, dates.

    What the file does not say is not known, and never read as no. Nothing is written and no
    database is needed. The shapes are in docs/evaluate.md, the facts in docs/facts.md. Exit code 2
    when the file, the moment or the pack cannot be used; each fault is named with its place.
    """
    pack = _pack(pack_file)
    raw = _json(facts)
    moment = _moment(at)
    if at is not None and isinstance(raw, dict):
        # What is typed wins: the same file can be asked about at another moment.
        raw.pop("at", None)
    try:
        situation = situation_of(raw, pack=pack, at=moment)
        answer = ask_rules(situation, pack=pack, calendar=calendar_for(pack))
    except ValidationError as fault:
        _leave([f"{facts}: {where}: {words}" for where, words in faults_in(fault.messages)])
    except OutsideCalendar as fault:
        _leave([f"{facts}: {fault}"])
    shown: dict[str, Any] = EvaluationSchema().dump(answer)
    click.echo(json.dumps(shown) if as_json else "\n".join(_lines(answer)))


@click.command("facts")
def facts() -> None:
    """List the facts that rules may look at: type, meaning, where it is recorded."""
    click.echo("\n".join(facts_page.lines()))


def _json(facts: Path) -> object:
    if facts.stat().st_size > _LARGEST:
        _leave([f"{facts}: this file is larger than 2 MB: send the facts of one child."])
    try:
        return read_json(facts.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        _leave([f"{facts}: this is not UTF-8 text. Save it as UTF-8."])
    except json.JSONDecodeError as fault:
        _leave([f"{facts}: line {fault.lineno}, column {fault.colno}: not JSON: {fault.msg}."])
    except RecursionError:
        _leave([f"{facts}: this JSON is nested too deeply to be a file of facts."])
    except ValidationError as fault:
        _leave([f"{facts}: {where}: {words}" for where, words in faults_in(fault.messages)])


def _moment(at: str | None) -> datetime:
    if at is None:
        return clock.now()
    try:
        return moment_of(at)
    except ValidationError as fault:
        _leave([f"--at {at}: {words}" for _, words in faults_in(fault.messages)])


def _pack(file: Path | None) -> Pack:
    """A pack with a fault is not asked: its answer could be silently wrong."""
    if file is None:
        return default_pack()
    found: Sequence[PackFault]
    try:
        pack = read_pack(file.read_text(encoding="utf-8"))
        found = faults_of_pack(pack, catalogue=CATALOGUE, events=EVENTS, default=default_pack())
    except UnicodeDecodeError:
        _leave([f"{file}: this is not UTF-8 text. Save it as UTF-8."])
    except PackUnreadable as fault:
        found = fault.faults
    if found:
        _leave([f"{file}:{one.line}: {one.where}: {one.words}" for one in found])
    return pack


def _leave(faults: Sequence[str]) -> NoReturn:
    for words in faults:
        click.echo(words, err=True)
    sys.exit(UNREADABLE)


def _lines(answer: Evaluation) -> Iterator[str]:
    yield answer.why
    yield f"Decide by: {answer.decide_by.by}."
    yield from _list("Warnings", answer.warnings)
    yield from _list("Rules that fired", (f"{one.rule_id}: {one.why}" for one in answer.fired))
    yield from _list("Not known", (f"{one.fact}: {one.words}" for one in answer.questions))
    yield from _list(
        "Could still come",
        (f"{one.meeting_name} by {one.deadline.by}, if {one.only_if}"
         for one in answer.alternatives),
    )  # fmt: skip
    yield from _list(
        "To do",
        (f"{one.role_name}: {one.words}, by {one.due.by if one.due else 'now'}"
         for one in answer.tasks),
    )  # fmt: skip
    yield from _invited(answer)
    yield from _list("May serve instead", (f"{one.ref}: {one.why}" for one in answer.booked))
    yield from _list(
        "Dates that follow",
        (f"{one.item_id}: {one.words}, by {one.deadline.by}"
         + (f" (if held on {one.if_held_on})" if one.if_held_on else "")
         for one in answer.dates),
    )  # fmt: skip
    yield from _list(
        "The ladder",
        (f"{one.action}: {one.words}, {one.on}: {', '.join(one.tells)}"
         for one in answer.reminders),
    )  # fmt: skip
    yield from _list(
        "Rules that did not fire",
        (f"{one.rule_id}: {one.why}" for one in (*answer.not_judged, *answer.not_fired)),
    )


def _invited(answer: Evaluation) -> Iterator[str]:
    if answer.asked is None:
        return
    said = []
    for one in answer.invitees:
        found = " or ".join(filter(None, (one.email, one.telephone))) or one.ring or ""
        said.append(f"{one.slot.rule_id}: {one.slot.role_name} ({one.slot.requirement}): {found}")
        if one.fallback:
            said.append(f"  {one.fallback}.")
        said += [f"  also for {slot.rule_id}: {slot.role_name}" for slot in one.also]
    yield from _list(f"Asked to the {answer.asked.meeting_name.lower()}", said)


def _list(heading: str, said: Iterator[str] | Sequence[str]) -> Iterator[str]:
    lines = list(said)
    if lines:
        yield f"\n{heading}"
        yield from (f"- {line}" if not line.startswith("  ") else line for line in lines)
