"""The API's door: the same verbs by programs with a person's bearer token."""

from __future__ import annotations

from tests.stories.programs.home import HomeProgram
from tests.stories.programs.incidents import IncidentProgram
from tests.stories.programs.meetings import MeetingProgram
from tests.stories.programs.plans import PlanProgram
from tests.stories.programs.records import RecordProgram


class Api(IncidentProgram, MeetingProgram, RecordProgram, PlanProgram, HomeProgram):
    """The whole story through ``/api/v1``."""

    name = "api"
