"""Many people writing one record at once: no text is lost that nobody was shown."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select

from core.db import session, unit_of_work
from core.errors import Conflict
from meetings.models.records import Record, RecordSection
from meetings.record_terms import SectionWords
from meetings.service import records
from people.terms import Actor
from tests.factories.records import Room, make_room

ROUNDS = 5


def test_eight_writers_in_eight_places_lose_nothing(app: Flask) -> None:
    with app.app_context(), unit_of_work():
        room = make_room()
        headings = list(room.headings.values())[:8]
        writer, record_id, at = room.writer, room.record.id, room.now

    def write(place: int) -> None:
        heading = headings[place]
        for turn in range(ROUNDS):
            with app.app_context(), unit_of_work():
                records.save_section(
                    session.get_one(Record, record_id),
                    heading,
                    SectionWords(heading.key, f"Place {place}, turn {turn}"),
                    seen_version=turn,
                    actor=writer,
                    now=at,
                )

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))

    with app.app_context():
        rows = session.scalars(select(RecordSection)).all()
        assert sorted(row.text for row in rows) == [
            f"Place {place}, turn {ROUNDS - 1}" for place in range(8)
        ]
        assert session.get_one(Record, record_id).version == 1 + 8 * ROUNDS


@pytest.mark.parametrize("seed", range(4))
def test_a_text_is_only_ever_replaced_by_somebody_who_saw_it(database: Flask, seed: int) -> None:
    room = make_room()
    dice = random.Random(seed)  # noqa: S311 - a repeatable test, no secret
    keys = list(room.headings)[:5]
    people = (room.writer, room.chair)
    seen: dict[str, dict[str, tuple[int, str]]] = {person.name: {} for person in people}
    stands: dict[str, tuple[int, str]] = {}

    for step in range(120):
        person, key = dice.choice(people), dice.choice(keys)
        if dice.random() < 0.3:
            seen[person.name] = dict(stands)
            continue
        version, _ = seen[person.name].get(key, (0, ""))
        text = f"{person.name} {step}"
        shown = _save(room, key, text, version, person)
        if shown is not None:
            assert (shown.theirs["text"], shown.yours["text"]) == (stands[key][1], text)
            continue
        assert seen[person.name].get(key) == stands.get(key)
        stands[key] = (version + 1, text)
        seen[person.name][key] = stands[key]

    kept = {row.key: row.text for row in session.scalars(select(RecordSection))}
    assert kept == {key: text for key, (_, text) in stands.items()}


def _save(room: Room, key: str, text: str, version: int, person: Actor) -> Conflict | None:
    """Save, or return the clash that was shown instead."""
    try:
        records.save_section(
            room.record,
            room.headings[key],
            SectionWords(key, text),
            seen_version=version,
            actor=person,
            now=room.now,
        )
    except Conflict as clash:
        return clash
    return None
