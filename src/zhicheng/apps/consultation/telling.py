"""Tells everybody concerned what became of an item: a letter to each speaker, a notice to the offices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.db import transaction

from zhicheng.apps.accounts.public import Role
from zhicheng.apps.consultation.mailing import deliver_soon
from zhicheng.apps.consultation.models import Item, ItemEvent, Letter, Notice, Participant
from zhicheng.apps.consultation.states import STEPS, ItemState

WORDS: dict[str, Callable[[Item, str], str]] = {
    "submit": lambda item, why: f"您提出的“{item.title}”已列入清单，呈报领导决策。",
    "instruct": lambda item, why: f"您提出的“{item.title}”已得到领导批示，将交有关单位办理。",
    "instruct_again": lambda item, why: f"您提出的“{item.title}”得到新的批示，开始第 {item.round} 轮办理。",
    "assign": lambda item, why: f"您提出的“{item.title}”已交{item.lead_unit}办理，期限 {item.due_on}。",
    "ordinary": lambda item, why: (
        f"您提出的“{item.title}”按一般事项交{item.lead_unit}办理，期限 {item.due_on}。"
    ),
    "reassign": lambda item, why: f"您提出的“{item.title}”改由{item.lead_unit}办理，期限 {item.due_on}。",
    "answer": lambda item, why: f"您提出的“{item.title}”已由{item.lead_unit}报送办理结果，正由督考办审核。",
    "return": lambda item, why: f"您提出的“{item.title}”的办理结果未通过审核，已退回重办。原因：{why}",
    "judge": lambda item, why: f"“{item.title}”的评价已收齐，谢谢您。",
    "park": lambda item, why: f"您提出的“{item.title}”暂时无法解决，已挂账继续跟踪。原因：{why}",
    "decline": lambda item, why: (
        f"您提出的“{item.title}”未予采纳。理由：{why}。如有新的情况，可在专属页面提出。"
    ),
    "merge": lambda item, why: (
        f"您提出的“{item.title}”并入“{item.merged_into.title if item.merged_into else ''}”一并办理。"
    ),
    "transfer": lambda item, why: f"您提出的“{item.title}”经双方同意移交办理。{why}",
    "close": lambda item, why: f"您提出的“{item.title}”已销号。期限内如有新情况，可在专属页面重新打开。",
    "reopen": lambda item, why: f"您提出的“{item.title}”已重新打开，开始第 {item.round} 轮办理。原因：{why}",
    "resubmit": lambda item, why: f"您提出的“{item.title}”因新的情况重新呈报。{why}",
}
# The supervision office is told where it has to act next.
TO_SUPERVISION = frozenset({"instruct", "instruct_again", "answer", "judge", "reopen", "transfer"})
TO_UNITS = frozenset({"assign", "ordinary", "reassign", "return", "reopen"})


def tell(row: Item, event: ItemEvent, *, on: date, letter: str = "") -> None:
    """Write to every speaker of an item and to the offices about one step."""
    words = WORDS.get(event.step)
    text = letter or (
        words(row, event.why) if words else f"您提出的“{row.title}”进入“{ItemState(row.state).label}”环节。"
    )
    if event.step != "list":
        for link in row.raised_by.select_related("speaker"):
            write(link.speaker, f"关于“{row.title}”", text, on=on, item=row, event=event)
    _tell_offices(row, event, on=on)


def write(
    speaker: Participant, subject: str, text: str, *, on: date, item: Item | None = None, event: ItemEvent | None = None
) -> Letter:  # fmt: skip
    """Keep a letter and send it once the transaction stands."""
    mail = Letter.Mail.WAITING if speaker.email else Letter.Mail.NONE
    made = Letter.objects.create(
        speaker=speaker, item=item, event=event, subject=subject[:200], text=text, sent_on=on, mail=mail
    )
    if mail == Letter.Mail.WAITING:
        number = made.pk
        transaction.on_commit(lambda: deliver_soon(number))
    return made


def notify(row: Item, text: str, *, on: date, role: str = "", unit: str = "", region: str = "") -> None:
    """Leave a word for an office, or for one unit."""
    Notice.objects.create(
        role=role, unit=unit, region_code=region or row.region_code, item=row, text=text[:400], on=on
    )


def _tell_offices(row: Item, event: ItemEvent, *, on: date) -> None:
    step = STEPS[event.step].label if event.step in STEPS else event.step
    text = f"“{row.title}”：{step}，现处于“{ItemState(row.state).label}”。{event.why}"
    notify(row, text, on=on, role=Role.CPPCC, region=row.session.region_code)
    if row.region_code != row.session.region_code:
        notify(row, text, on=on, role=Role.CPPCC)
    if event.step in TO_SUPERVISION:
        notify(row, text, on=on, role=Role.SUPERVISION)
    if event.step in {"submit", "resubmit"}:
        notify(row, text, on=on, role=Role.LEADER)
    if event.step in TO_UNITS:
        for task in row.tasks.filter(ended_on__isnull=True):
            notify(row, text, on=on, unit=task.unit, region=task.region_code)
