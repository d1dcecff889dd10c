"""The tables of plans."""

from plans.models.actions import (
    Action,
    ActionEvent,
    ActionLink,
    DateRequest,
    HandOver,
    LadderStepTaken,
)
from plans.models.plans import Order, Plan, PlanEntry, PlanVersion, Strand, Voice

__all__ = [
    "Action",
    "ActionEvent",
    "ActionLink",
    "DateRequest",
    "HandOver",
    "LadderStepTaken",
    "Order",
    "Plan",
    "PlanEntry",
    "PlanVersion",
    "Strand",
    "Voice",
]
