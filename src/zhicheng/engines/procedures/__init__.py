"""事项: matters as data, and how a case runs along one: actions, guards, limits, lights. Values in, values out."""

from zhicheng.engines.procedures.clocks import (
    NotStarted,
    Readings,
    Reminder,
    Standing,
    deadline,
    lights,
    phase_of,
    reminders,
    worst,
)
from zhicheng.engines.procedures.definition import Action, Effect, Example, Matter, Stage
from zhicheng.engines.procedures.limits import TimeLimit
from zhicheng.engines.procedures.parts import Field, Material, Outcome, Role, Template
from zhicheng.engines.procedures.running import (
    Automatic,
    GuardRefused,
    Incomplete,
    Offer,
    allowed_actions,
    apply,
    automatics,
    begin,
    counted_as,
    facts_of,
    findings,
    missing_fields,
    missing_materials,
    needed_materials,
)
from zhicheng.engines.procedures.state import (
    ClockEvent,
    DocumentOrder,
    Done,
    Notice,
    State,
    Step,
    Task,
    Visit,
)

__all__ = [
    "Action", "Automatic", "ClockEvent", "DocumentOrder", "Done", "Effect", "Example", "Field", "GuardRefused",
    "Incomplete", "Material", "Matter", "NotStarted", "Notice", "Offer", "Outcome", "Readings", "Reminder", "Role",
    "Stage", "Standing", "State", "Step", "Task", "Template", "TimeLimit", "Visit", "allowed_actions", "apply",
    "automatics", "begin", "counted_as", "deadline", "facts_of", "findings", "lights", "missing_fields", "missing_materials", "needed_materials",
    "phase_of", "reminders", "worst",
]  # fmt: skip
