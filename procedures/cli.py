"""``confer pack``: check a procedure pack before it is used, and read one in words."""

from __future__ import annotations

import json
import sys
from collections.abc import Set
from pathlib import Path

import click

from procedures.pack_file import read_pack
from procedures.printing import lines
from procedures.rules.check import faults
from procedures.rules.shapes import SECTIONS
from procedures.shipped import default_pack, default_text, digest
from procedures.terms import Catalogue, Pack, PackFault, PackUnreadable

FAULTY = 1
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def pack_group(catalogue: Catalogue, events: Set[str]) -> click.Group:
    """Return the command group; the room above says which facts and events its rules know.

    Args:
        catalogue: the facts that conditions may look at.
        events: the moments that limits may count from.
    """

    @click.group()
    def pack() -> None:
        """Check a procedure pack, or read it in words.

        A procedure pack is a TOML file with the partnership's rules: which incident asks for
        which meeting, by when, who is asked, what a quorum is. No database is needed.
        """

    pack.add_command(_check_command(catalogue, events))
    pack.add_command(_show_command(catalogue))
    return pack


def _check_command(catalogue: Catalogue, events: Set[str]) -> click.Command:
    @click.command("check")
    @click.argument("file", type=_FILE)
    @click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
    def check(file: Path, *, as_json: bool) -> None:
        """Say what is wrong with the pack in FILE, each fault with its line.

        Statutory and locked rules are compared with the shipped pack: they may be tighter, never
        looser. Exit code 0 when nothing is wrong, 1 when something is, 2 when FILE cannot be read.
        """
        found = _faults(_read_text(file), catalogue, events)
        if as_json:
            said = {"file": str(file), "faults": [fault.to_dict() for fault in found]}
            click.echo(json.dumps(said))
        else:
            for fault in found:
                click.echo(f"{file}:{fault.line}: {fault.where}: {fault.words}")
            if not found:
                click.echo(f"{file}: nothing is wrong with this pack.")
        sys.exit(FAULTY if found else 0)

    return check


def _show_command(catalogue: Catalogue) -> click.Command:
    @click.command("show")
    @click.argument("section", required=False, type=click.Choice(tuple(SECTIONS)))
    @click.option("--file", type=_FILE, help="A pack's file; without it the shipped pack.")
    @click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
    def show(section: str | None, file: Path | None, *, as_json: bool) -> None:
        """Read a pack in words: each rule with its source and how sure that is.

        With SECTION only that part. Exit code 1 when the file is no pack.
        """
        text = _read_text(file) if file else default_text()
        pack = _pack_or_exit(text)
        if as_json:
            click.echo(json.dumps(_summary(pack, text, section or "")))
        else:
            click.echo("\n".join(lines(pack, catalogue=catalogue, section=section or "")))

    return show


def _read_text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as fault:
        raise click.BadParameter(f"{file} is not UTF-8 text") from fault


def _faults(text: str, catalogue: Catalogue, events: Set[str]) -> tuple[PackFault, ...]:
    try:
        pack = read_pack(text)
    except PackUnreadable as fault:
        return fault.faults
    return faults(pack, catalogue=catalogue, events=events, default=default_pack())


def _pack_or_exit(text: str) -> Pack:
    try:
        return read_pack(text)
    except PackUnreadable as fault:
        for one in fault.faults:
            click.echo(f"line {one.line}: {one.words}", err=True)
        sys.exit(FAULTY)


def _summary(pack: Pack, text: str, section: str) -> dict[str, object]:
    return {
        "name": pack.name,
        "number": pack.number,
        "words": pack.words,
        "effective_from": pack.effective_from.isoformat(),
        "sha256": digest(text),
        "sections": {
            name: [
                {
                    "id": item.id,
                    "words": item.words,
                    "source": item.source.text,
                    "source_date": item.source.on.isoformat(),
                    "force": item.source.force.value,
                    "confidence": item.source.confidence.value,
                    "locked": item.is_locked,
                    "line": item.line,
                }
                for item in pack.items(name)
            ]
            for name in SECTIONS
            if section in ("", name)
        },
    }
