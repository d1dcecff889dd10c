"""England's bank holidays as a calendar of working days, for one pack's own dates."""

from __future__ import annotations

from functools import lru_cache

import holidays

from procedures.rules.working_days import WorkingCalendar
from procedures.terms import Pack

FIRST_YEAR = 2010
LAST_YEAR = 2045
_KEPT = 16


@lru_cache(maxsize=_KEPT)
def calendar_for(pack: Pack) -> WorkingCalendar:
    """Return the working days of England with the pack's one-off holidays and closure days.

    Holidays proclaimed for one year, such as for a coronation, come from the pack when the
    library does not know them yet.
    """
    england = holidays.country_holidays(
        "GB", subdiv="ENG", years=range(FIRST_YEAR, LAST_YEAR + 1), expand=False
    )
    return WorkingCalendar(
        frozenset(england) | pack.one_off_holidays,
        first_year=FIRST_YEAR,
        last_year=LAST_YEAR,
        closures=pack.closure_days,
    )
