"""What a unit does with an item in its hands: progress, inability before the deadline, the answer, handing back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from pathlib import PurePath

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext

from zhicheng.apps.accounts.public import Role, User, require
from zhicheng.apps.consultation.access import require_unit
from zhicheng.apps.consultation.models import Evidence, Item, Participant, Report, UnitTask
from zhicheng.apps.consultation.moving import locked, move, said
from zhicheng.apps.consultation.packages import note
from zhicheng.apps.consultation.record_language import in_record_language
from zhicheng.apps.consultation.states import ItemState
from zhicheng.apps.consultation.telling import notify
from zhicheng.engines.resemblance import most_copied
from zhicheng.kernel.refusals import Conflict, Refusal

LARGEST_FILE = 10 * 1024 * 1024
MOST_FILES = 10
SUFFIXES = (".pdf", ".docx", ".xlsx", ".png", ".jpg", ".jpeg", ".txt", ".csv", ".zip")
# An answer is compared with the latest of its region; from this share on it is shown as copied.
COMPARED_WITH = 500
COPIED_FROM = 60


@transaction.atomic
@in_record_language
def report(
    *, item: str, kind: str, text: str, on: date, by: User, evidence: str = "", files: Iterable[UploadedFile[bytes]] = ()
) -> Report:  # fmt: skip
    """Report progress, or before the deadline that it cannot be kept; the item stays where it is.

    Raises:
        NotAllowed: the person's unit does not work on the item.
        Conflict: the item is not in hand, or inability is reported only after the deadline.
    """
    require(by, "consultation.answer")
    row = locked(item)
    if kind not in (Report.Kind.PROGRESS, Report.Kind.INABILITY):
        raise Refusal(f"报告类别“{kind}”不认识。", fix="请选择进展或难以按期。")
    _in_hand(row, "报告进展")
    unit = require_unit(row, by, lead=kind == Report.Kind.INABILITY)
    text = said(text, "报告内容", "请写明进展，或难以按期的原因和打算。")
    if kind == Report.Kind.INABILITY and row.due_on and on > row.due_on:
        raise Conflict(
            f"期限 {row.due_on} 已过，难以按期须在到期前报告。", fix="请提交办理结果，或由督考办决定挂账。"
        )
    made = Report.objects.create(
        item=row, kind=kind, round=row.round, unit=unit, text=text, evidence=evidence, reported_on=on, by=by
    )
    keep_files(row, files, on=on, by=by, report=made)
    note(row, f"report_{kind}", by=by, why=text)
    label = Report.Kind(kind).label
    named = {"title": row.title, "unit": unit, "label": label, "text": text}
    words = gettext("“%(title)s”：%(unit)s报%(label)s。%(text)s") % named
    notify(row, words, on=on, role=Role.SUPERVISION)
    notify(row, words, on=on, role=Role.CPPCC, region=row.session.region_code)
    return made


@transaction.atomic
def answer(
    *, item: str, text: str, signed_by: str, on: date, by: User, not_done: str = "", evidence: str = "",
    files: Iterable[UploadedFile[bytes]] = (),
) -> Item:  # fmt: skip
    """Record the lead unit's answer, signed by its head; the supervision office checks it next.

    Raises:
        Refusal: the head's signature or the answer is missing.
        NotAllowed: the person's unit does not lead.
    """
    require(by, "consultation.answer")
    row = locked(item)
    _in_hand(row, "报送办理结果")
    unit = require_unit(row, by, lead=True)
    text = said(text, "办理结果", "请写明做了什么、没做什么及原因。")
    signed_by = said(signed_by, "负责人签字", "办理结果须由单位负责人签字，请填写其姓名或职务。")
    made = Report.objects.create(
        item=row, kind=Report.Kind.ANSWER, round=row.round, unit=unit, text=text, not_done=not_done.strip(),
        evidence=evidence, signed_by=signed_by, reported_on=on, by=by,
    )  # fmt: skip
    _note_copying(made, row)
    keep_files(row, files, on=on, by=by, report=made)
    row.tasks.filter(ended_on__isnull=True).update(ended_on=on, ending=UnitTask.Ending.ANSWERED)
    return move(row, "answer", on=on, by=by, why=text)


def _note_copying(made: Report, row: Item) -> None:
    others = dict(
        Report.objects.filter(kind=Report.Kind.ANSWER, item__region_code=row.region_code)
        .exclude(item=row)
        .order_by("-pk")
        .values_list("pk", "text")[:COMPARED_WITH]
    )
    copy = most_copied(made.text, others)
    if copy is not None and round(copy.share * 100) >= COPIED_FROM:
        made.copied_from_id, made.copied_share = copy.key, round(copy.share * 100)
        made.save(update_fields=["copied_from", "copied_share"])


@transaction.atomic
def hand_back(*, item: str, why: str, on: date, by: User) -> UnitTask:
    """Say that an item is not this unit's; it stays in hand until the supervision office hands it to another.

    Raises:
        NotAllowed: the person's unit does not lead.
        Conflict: the unit has said so already.
    """
    require(by, "consultation.answer")
    row = locked(item)
    _in_hand(row, "退回")
    unit = require_unit(row, by, lead=True)
    why = said(why, "退回的理由", "请写明为什么不归本单位办理、应归谁办理。")
    task = row.tasks.filter(unit=unit, part=UnitTask.Part.LEAD, ended_on__isnull=True).last()
    if task is None:
        raise Conflict(f"{unit}没有正在主办的任务。", fix="请刷新页面。")
    task.ended_on, task.ending, task.why = on, UnitTask.Ending.HANDED_BACK, why[:300]
    task.save(update_fields=["ended_on", "ending", "why"])
    note(row, "hand_back", by=by, why=why, unit=unit)
    notify(row, f"“{row.title}”：{unit}退回。{why}", on=on, role=Role.SUPERVISION)
    return task


def _in_hand(row: Item, what: str) -> None:
    if row.state != ItemState.IN_HAND:
        raise Conflict(
            f"事项 {row.number} 现在处于“{row.get_state_display()}”，不在办理中。",
            fix=f"只有办理中的事项可以{what}。",
        )


def keep_files(
    row: Item, files: Iterable[UploadedFile[bytes]], *, on: date, by: User | None, report: Report | None = None,
    speaker: Participant | None = None,
) -> None:  # fmt: skip
    """Keep what was handed in with a report, or added by a speaker, with its hash.

    Raises:
        Refusal: too many files, too large a one, or a kind that is not taken.
    """
    given = list(files)
    if len(given) > MOST_FILES:
        raise Refusal(f"一次上传了 {len(given)} 个文件。", fix=f"最多 {MOST_FILES} 个。")
    for one in given:
        name = PurePath(one.name or "file").name[-150:]
        if PurePath(name).suffix.lower() not in SUFFIXES:
            raise Refusal(f"文件“{name}”的类型不接收。", fix=f"可用：{' '.join(SUFFIXES)}。")
        if one.size is None or one.size > LARGEST_FILE:
            raise Refusal(f"文件“{name}”超过 10 MB。", fix="请压缩或分开上传。")
        digest = hashlib.sha256(b"".join(one.chunks())).hexdigest()
        one.seek(0)
        Evidence.objects.create(
            item=row, report=report, speaker=speaker, name=name, file=one, sha256=digest, added_on=on, by=by
        )
