"""The door of the room: file and follow cases, the demo play, what waits for a person."""

from zhicheng.apps.cases.creating import PartyGiven
from zhicheng.apps.cases.demo_play import build_demo
from zhicheng.apps.cases.filing import Application, Receipt, file_case
from zhicheng.apps.cases.hooks import lay_ready
from zhicheng.apps.cases.telling import write_mail

__all__ = ["Application", "PartyGiven", "Receipt", "build_demo", "file_case", "lay_ready", "write_mail"]
