"""The default ladder and the working days of England, as the rule tests use them."""

from __future__ import annotations

from datetime import date

from plans.terms import Ladder, LadderStep, Listener
from procedures.rules.working_days import WorkingCalendar

HOLIDAYS = frozenset(
    {
        date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1), date(2027, 3, 26),
        date(2027, 3, 29), date(2027, 5, 3), date(2027, 5, 31), date(2027, 8, 30),
        date(2027, 12, 27), date(2027, 12, 28), date(2028, 1, 3),
    }
)  # fmt: skip
CALENDAR = WorkingCalendar(HOLIDAYS, first_year=2026, last_year=2028)
LADDER = Ladder(
    (
        LadderStep("T-5", -5, (Listener.OWNER,)),
        LadderStep("T-1", -1, (Listener.OWNER,)),
        LadderStep("T+1", 1, (Listener.OWNER, Listener.MANAGER)),
        LadderStep("T+3", 3, (Listener.LEAD_PRACTITIONER,)),
        LadderStep("T+5", 5, (Listener.AGENCY_LEAD, Listener.CHAIR)),
        LadderStep("T+10", 10, (Listener.HEAD_OF_SERVICE,)),
        LadderStep("T+15", 15, (Listener.PARTNERSHIP,)),
    )
)
