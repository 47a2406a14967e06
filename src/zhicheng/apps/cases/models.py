"""What the room of cases stores, gathered for Django."""

from zhicheng.apps.cases.clock_models import ClockEvent, HolidayDay, LimitStanding, Reminder
from zhicheng.apps.cases.handling_models import CaseEvent, Channel, FieldValue, Handling, StageVisit, Task
from zhicheng.apps.cases.imported import Case, CaseDocument, CaseMatter, CaseParty, CaseRight
from zhicheng.apps.cases.message_models import (
    Delivery,
    Endpoint,
    Notice,
    OutboxMail,
    PublicFiling,
    TraceTry,
    VersionMove,
)
from zhicheng.apps.cases.paper_models import (
    CaseDraft,
    Counter,
    DraftFile,
    DraftValue,
    Level,
    Material,
    Paper,
    PaperVersion,
)
from zhicheng.apps.cases.people_models import Assignment, CaseLink, Comment, Leave, Party

__all__ = [
    "Assignment",
    "Case",
    "CaseDocument",
    "CaseDraft",
    "CaseEvent",
    "CaseLink",
    "CaseMatter",
    "CaseParty",
    "CaseRight",
    "Channel",
    "ClockEvent",
    "Comment",
    "Counter",
    "Delivery",
    "DraftFile",
    "DraftValue",
    "Endpoint",
    "FieldValue",
    "Handling",
    "HolidayDay",
    "Leave",
    "Level",
    "LimitStanding",
    "Material",
    "Notice",
    "OutboxMail",
    "Paper",
    "PaperVersion",
    "Party",
    "PublicFiling",
    "Reminder",
    "StageVisit",
    "Task",
    "TraceTry",
    "VersionMove",
]
