"""Tells everybody concerned what became of an item: a letter to each speaker, a notice to the offices."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhicheng.apps.accounts.public import Role
from zhicheng.apps.consultation.mailing import deliver_soon
from zhicheng.apps.consultation.models import Item, ItemEvent, Letter, Notice, Participant
from zhicheng.apps.consultation.record_language import in_record_language
from zhicheng.apps.consultation.states import STEPS, ItemState

WORDS = {
    "submit": gettext_noop("您提出的“%(title)s”已列入清单，呈报领导决策。"),
    "instruct": gettext_noop("您提出的“%(title)s”已得到领导批示，将交有关单位办理。"),
    "instruct_again": gettext_noop("您提出的“%(title)s”得到新的批示，开始第 %(round)s 轮办理。"),
    "assign": gettext_noop("您提出的“%(title)s”已交%(unit)s办理，期限 %(due)s。"),
    "ordinary": gettext_noop("您提出的“%(title)s”按一般事项交%(unit)s办理，期限 %(due)s。"),
    "reassign": gettext_noop("您提出的“%(title)s”改由%(unit)s办理，期限 %(due)s。"),
    "extend": gettext_noop("您提出的“%(title)s”的办理期限延长到 %(due)s。原因：%(why)s"),
    "answer": gettext_noop("您提出的“%(title)s”已由%(unit)s报送办理结果，正由督考办审核。"),
    "return": gettext_noop("您提出的“%(title)s”的办理结果未通过审核，已退回重办。原因：%(why)s"),
    "judge": gettext_noop("“%(title)s”的评价已收齐，谢谢您。"),
    "park": gettext_noop("您提出的“%(title)s”暂时无法解决，已挂账继续跟踪。原因：%(why)s"),
    "decline": gettext_noop("您提出的“%(title)s”未予采纳。理由：%(why)s。如有新的情况，可在专属页面提出。"),
    "merge": gettext_noop("您提出的“%(title)s”并入“%(into)s”一并办理。"),
    "transfer": gettext_noop("您提出的“%(title)s”经双方同意移交办理。%(why)s"),
    "close": gettext_noop("您提出的“%(title)s”已销号。期限内如有新情况，可在专属页面重新打开。"),
    "reopen": gettext_noop("您提出的“%(title)s”已重新打开，开始第 %(round)s 轮办理。原因：%(why)s"),
    "resubmit": gettext_noop("您提出的“%(title)s”因新的情况重新呈报。%(why)s"),
}
UNNAMED = gettext_noop("您提出的“%(title)s”进入“%(state)s”环节。")
# The supervision office is told where it has to act next.
TO_SUPERVISION = frozenset({"instruct", "instruct_again", "answer", "judge", "reopen", "transfer"})
TO_UNITS = frozenset({"assign", "extend", "ordinary", "reassign", "return", "reopen"})


@in_record_language
def tell(row: Item, event: ItemEvent, *, on: date, letter: str = "") -> None:
    """Write to every speaker of an item and to the offices about one step."""
    text = letter or _(WORDS.get(event.step, UNNAMED)) % _named(row, event)
    if event.step != "list":
        for link in row.raised_by.select_related("speaker"):
            write(link.speaker, about(row), text, on=on, item=row, event=event)
    _tell_offices(row, event, on=on)


def _named(row: Item, event: ItemEvent) -> dict[str, Any]:
    return {
        "title": row.title, "round": row.round, "unit": row.lead_unit, "due": row.due_on, "why": event.why,
        "into": row.merged_into.title if row.merged_into else "", "state": ItemState(row.state).label,
    }  # fmt: skip


def about(row: Item) -> str:
    """Return the subject of a letter on one item."""
    return _("关于“%(title)s”") % {"title": row.title}


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
    named = {"title": row.title, "step": step, "state": ItemState(row.state).label, "why": event.why}
    text = _("“%(title)s”：%(step)s，现处于“%(state)s”。%(why)s") % named
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
