"""What those who raised an item say: a verdict, new evidence; and the office that writes it down for them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from zhicheng.apps.accounts.public import User, record_event, require
from zhicheng.apps.consultation.answering import keep_files
from zhicheng.apps.consultation.models import Evidence, Item, Judgement, Letter, Participant
from zhicheng.apps.consultation.moving import locked, move, name_of, said
from zhicheng.apps.consultation.record_language import in_record_language
from zhicheng.apps.consultation.rules import rules_for
from zhicheng.apps.consultation.states import ItemState
from zhicheng.apps.consultation.supervising import reopen_tasks
from zhicheng.apps.consultation.telling import notify, write
from zhicheng.kernel.refusals import Conflict, NotAllowed, Refusal


@transaction.atomic
def judge(
    *, speaker: Participant, item: str, value: str, on: date, text: str = "", by: User | None = None
) -> Item:
    """Take a speaker's verdict; once every speaker has given one the item moves on, or re-opens.

    The same verdict sent again changes nothing.

    Args:
        by: the CPPCC officer who writes down what a speaker said on the telephone; None for the speaker.

    Raises:
        NotAllowed: the person did not raise this item.
        Refusal: a dissatisfied speaker does not say why.
        Conflict: there is no checked answer to judge yet, or another verdict was given in this round.
    """
    row = _own(speaker, item)
    if by is not None:
        require(by, "consultation.feedback", region=row.session.region_code)
    if value not in Judgement.Value.values:
        raise Refusal(f"评价“{value}”不认识。", fix="请选择满意、基本满意或不满意。")
    text = text.strip()
    earlier = row.judgements.filter(speaker=speaker).order_by("-round").first()
    if earlier and (earlier.value, earlier.text, earlier.given_on) == (value, text, on):
        return row
    if row.state != ItemState.CHECKED:
        raise Conflict(
            f"事项 {item} 现在处于“{row.get_state_display()}”，还不能评价。", fix="收到办理结果后再评价。"
        )
    if value == Judgement.Value.DISSATISFIED:
        text = said(text, "不满意的原因", "请写明哪里没有办到，事项会据此重新办理。")
    _given, made = Judgement.objects.get_or_create(
        item=row, speaker=speaker, round=row.round,
        defaults={"value": value, "text": text, "given_on": on, "recorded_by": by},
    )  # fmt: skip
    if not made:
        raise Conflict("本轮您已经评价过。", fix="如有新情况，请在专属页面提交新证据。")
    record_event(
        by=by, action="consultation.give_verdict", subject=f"item:{item}", why=text,
        after={"value": value, "speaker": speaker.pk, "round": row.round},
    )  # fmt: skip
    return _count(row, speaker, on=on, by=by)


@in_record_language
def _count(row: Item, speaker: Participant, *, on: date, by: User | None) -> Item:
    verdicts = list(row.judgements.filter(round=row.round).select_related("speaker"))
    if len({one.speaker_id for one in verdicts}) < row.raised_by.count():
        return row
    who = _("%(title)s（%(by)s代录）") % {"title": speaker.title, "by": name_of(by)} if by else speaker.title
    move(row, "judge", on=on, by=by, who=who, why="；".join(f"{one.speaker.title}：{one.get_value_display()}" for one in verdicts))  # fmt: skip
    unhappy = [one for one in verdicts if one.value == Judgement.Value.DISSATISFIED]
    if unhappy:
        words = "；".join(
            _("%(title)s不满意：%(text)s") % {"title": one.speaker.title, "text": one.text} for one in unhappy
        )
        work_again(row, on=on, by=by, who=who, why=words)
    return row


@transaction.atomic
def reopen(
    *, item: str, why: str, on: date, by: User | None = None, speaker: Participant | None = None,
    files: Iterable[UploadedFile[bytes]] = (),
) -> Item:  # fmt: skip
    """Re-open on new evidence within the window; a declined item is submitted once more.

    Args:
        speaker: the one who raised it, through the personal page; None when an office does it (`by`).

    Raises:
        NotAllowed: the speaker did not raise it.
        Conflict: the window is over, or the item is not one that can be re-opened.
    """
    if speaker is not None:
        row = _own(speaker, item)
    else:
        row = locked(item)
        require(by, "consultation.feedback", region=row.session.region_code)
    why = said(why, "新的情况", "请填写新证据或新情况。")
    last = row.entered_state_on + timedelta(days=rules_for(row.region_code).reopen_days)
    if on > last:
        raise Conflict(f"重新打开的期限已于 {last} 届满。", fix="请作为新事项提出，并与本项关联。")
    who = speaker.title if speaker else ""
    if speaker is not None:
        keep_files(row, files, on=on, by=None, speaker=speaker)
    if row.state == ItemState.DECLINED:
        return move(row, "resubmit", on=on, by=by, who=who, why=why, round=row.round + 1)
    return work_again(row, on=on, by=by, who=who, why=why)


def work_again(row: Item, *, on: date, by: User | None, who: str, why: str) -> Item:
    """Open the next round of an item that was judged, closed or parked: same units, a new day."""
    due = on + timedelta(days=rules_for(row.region_code).finish_days)
    # The tasks stand before the notices go out, so that the units hear of it.
    row.round, row.reopened, row.due_on = row.round + 1, row.reopened + 1, due
    reopen_tasks(row, on=on)
    return move(row, "reopen", on=on, by=by, who=who, why=why)


@transaction.atomic
@in_record_language
def add_evidence(
    *, item: str, speaker: Participant, text: str, on: date, files: Iterable[UploadedFile[bytes]] = ()
) -> Item:
    """Take what a speaker adds while the item is still on its way; the offices are told.

    Raises:
        NotAllowed: the speaker did not raise it.
        Refusal: there is neither a word nor a file.
    """
    row = _own(speaker, item)
    given = list(files)
    if not text.strip() and not given:
        raise Refusal("没有填写内容，也没有选择文件。", fix="请写明补充的情况或上传文件。")
    if text.strip():
        Evidence.objects.create(item=row, speaker=speaker, name=text.strip()[:160], added_on=on)
    keep_files(row, given, on=on, by=None, speaker=speaker)
    row.revision += 1
    row.save(update_fields=["revision"])
    record_event(by=None, action="consultation.add_evidence", subject=f"item:{item}", why=text, after={"speaker": speaker.pk, "files": len(given)})  # fmt: skip
    words = _("“%(item)s”：%(title)s补充情况。%(text)s") % {
        "item": row.title,
        "title": speaker.title,
        "text": text,
    }
    notify(row, words, on=on, role="supervision")
    notify(row, words, on=on, role="cppcc", region=row.session.region_code)
    for task in row.tasks.filter(ended_on__isnull=True):
        notify(row, words, on=on, unit=task.unit, region=task.region_code)
    return row


@transaction.atomic
@in_record_language
def write_summary(*, speaker: Participant, on: date, by: User) -> Letter:
    """Write a speaker one letter on all that he or she raised, as it stands.

    Raises:
        Refusal: the person raised nothing.
    """
    require(by, "consultation.feedback", region=speaker.session.region_code)
    rows = [link.item for link in speaker.raised.select_related("item").order_by("item__number")]
    if not rows:
        raise Refusal(f"{speaker.title}没有提出事项。", fix="只有提出过事项的人会收到反馈函。")
    named = {"topic": speaker.session.topic, "count": len(rows)}
    lines = [_("您在“%(topic)s”协商会上提出 %(count)d 项意见，办理情况如下。") % named]
    for number, row in enumerate(rows, 1):
        lines.append(f"{number}．{row.title}（{row.number}）：{row.get_state_display()}")
        lines += _standing(row.merged_into if row.merged_into_id and row.merged_into else row)
    record_event(by=by, action="consultation.write_summary", subject=f"participant:{speaker.pk}")
    return write(speaker, _("“%(topic)s”协商会意见办理情况反馈函") % named, "\n".join(lines), on=on)


def _standing(row: Item) -> list[str]:
    answer = row.reports.filter(kind="answer").last()
    shown = row.state in (ItemState.CHECKED, ItemState.JUDGED, ItemState.CLOSED, ItemState.PARKED)
    if answer is None or not shown:
        last = row.events.last()
        named = {"state": row.get_state_display(), "why": last.why if last else ""}
        if named["why"] and row.state in (ItemState.PARKED, ItemState.DECLINED):
            return [_("目前处于“%(state)s”：%(why)s") % named]
        return [_("目前处于“%(state)s”") % named]
    return [
        _("做了什么：%(text)s") % {"text": answer.text},
        _("没有做到的及原因：%(not_done)s") % {"not_done": answer.not_done or _("无")},
        _("佐证：%(evidence)s") % {"evidence": answer.evidence or _("见专属页面")},
    ]


def _own(speaker: Participant, item: str) -> Item:
    row = locked(item)
    if not row.raised_by.filter(speaker=speaker).exists():
        raise NotAllowed("这不是您提出的事项。", fix="请从您的专属页面进入。")
    return row
