"""What the room stores, gathered: sessions, items, work on them, and what follows."""

import secrets

from zhicheng.apps.consultation.correction_models import Correction
from zhicheng.apps.consultation.follow_models import (
    LoopRules,
    PolicyLink,
    Recurrence,
    Transfer,
    Verification,
)
from zhicheng.apps.consultation.item_models import Instruction, Item, ItemEvent, ItemSpeaker, Package
from zhicheng.apps.consultation.session_models import (
    GroupMember,
    HeldRole,
    Participant,
    Passage,
    RegionGroup,
    Session,
    Speech,
)
from zhicheng.apps.consultation.work_models import Evidence, Judgement, Letter, Notice, Report, UnitTask


def new_token() -> str:
    """Return nothing of use any more: the first migration names it, links are signed since the second."""
    return secrets.token_urlsafe(24)


__all__ = [
    "Correction",
    "Evidence",
    "GroupMember",
    "HeldRole",
    "Instruction",
    "Item",
    "ItemEvent",
    "ItemSpeaker",
    "Judgement",
    "Letter",
    "LoopRules",
    "Notice",
    "Package",
    "Participant",
    "Passage",
    "PolicyLink",
    "Recurrence",
    "RegionGroup",
    "Report",
    "Session",
    "Speech",
    "Transfer",
    "UnitTask",
    "Verification",
]
