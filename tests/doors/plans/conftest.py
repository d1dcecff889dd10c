"""A committed world for the pages: one child, one plan, one action, and browsers to open it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from webtest import TestApp

from core.db import unit_of_work
from people.models.accounts import Account
from tests.factories.plans import START, World, make_action, make_world
from tests.rooms.plans.mails import last_to, link_in

OWNER = "noor.amadi@camhs.example"


@dataclass(frozen=True, slots=True)
class Seen:
    """What the pages show: the world, the action's reference, the owner's link."""

    app: Flask
    world: World
    ref: str
    child: str
    link: str
    open: Callable[[Account], TestApp]


@pytest.fixture
def seen(app: Flask, the_clock: Any, browse: Callable[..., TestApp]) -> Seen:
    """A child with a plan opened by a meeting's one action, seen the same day."""
    the_clock.at = START
    with app.app_context(), unit_of_work():
        world = make_world()
        action = make_action(world)
        return Seen(app, world, action.ref, world.child.ref, link_in(last_to(OWNER)), browse)
