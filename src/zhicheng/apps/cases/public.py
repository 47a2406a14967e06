"""The door of the room: file and follow cases, decide those another room opened, the demo play."""

from zhicheng.apps.cases.actions import act
from zhicheng.apps.cases.creating import PartyGiven
from zhicheng.apps.cases.demo_play import build_demo
from zhicheng.apps.cases.filing import Application, Receipt, file_case
from zhicheng.apps.cases.for_rooms import Ended, Standing, handling_of, open_cases, standings_of, when_ended
from zhicheng.apps.cases.hooks import lay_ready
from zhicheng.apps.cases.telling import write_mail
from zhicheng.apps.cases.tracing import Traced, trace

__all__ = [
    "Application", "Ended", "PartyGiven", "Receipt", "Standing", "Traced", "act", "build_demo", "file_case", "handling_of",
    "lay_ready", "open_cases", "standings_of", "trace", "when_ended", "write_mail",
]  # fmt: skip
