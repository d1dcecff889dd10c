"""The browser's door: every verb as presses on pages a person was shown."""

from __future__ import annotations

from tests.stories.pages.home import HomePages
from tests.stories.pages.incidents import IncidentPages
from tests.stories.pages.meetings import MeetingPages
from tests.stories.pages.plans import PlanPages
from tests.stories.pages.records import RecordPages


class Pages(IncidentPages, MeetingPages, RecordPages, PlanPages, HomePages):
    """The whole story in a browser."""

    name = "pages"
