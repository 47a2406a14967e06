"""The door of the room: file and follow cases, decide those another room opened, the demo play."""

from zhicheng.apps.cases.actions import act, act_for_room
from zhicheng.apps.cases.creating import PartyGiven
from zhicheng.apps.cases.demo_play import build_demo
from zhicheng.apps.cases.filing import Application, Receipt, file_case
from zhicheng.apps.cases.for_rooms import (
    Ended,
    LimitDays,
    PaperLine,
    Standing,
    entered_in,
    handling_of,
    limits_of,
    numbers_where,
    open_cases,
    papers_in,
    standings_of,
    when_ended,
    when_taken,
)
from zhicheng.apps.cases.hooks import lay_ready
from zhicheng.apps.cases.papers import check_file, hand_in
from zhicheng.apps.cases.telling import write_mail
from zhicheng.apps.cases.tracing import Traced, trace

__all__ = [
    "Application", "Ended", "LimitDays", "PaperLine", "PartyGiven", "Receipt", "Standing", "Traced", "act", "act_for_room", "build_demo",
    "check_file", "entered_in", "file_case", "hand_in", "handling_of", "lay_ready", "limits_of", "numbers_where", "open_cases",
    "papers_in", "standings_of", "trace", "when_ended", "when_taken", "write_mail",
]  # fmt: skip
