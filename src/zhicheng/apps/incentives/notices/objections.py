"""Objections against a public notice: taken down from anybody, filed as a case, decided there or on the notice's page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from zhicheng.apps.accounts.public import User, may, record_event, require
from zhicheng.apps.cases.public import (
    Application,
    PartyGiven,
    Receipt,
    act,
    file_case,
    handling_of,
    standings_of,
)
from zhicheng.apps.incentives.batches.actions import locked
from zhicheng.apps.incentives.batches.reviewing import excluded
from zhicheng.apps.incentives.days import in_cases, last_day_in_cases
from zhicheng.apps.incentives.models import Batch, Entitlement, Objection
from zhicheng.apps.incentives.notices.consequences import drawn, needs_choice
from zhicheng.apps.incentives.notices.open_objections import MATTER
from zhicheng.apps.incentives.rounds.succession import drop_candidate
from zhicheng.kernel.refusals import Conflict, NotAllowed, NotFound, Refusal

Status = Batch.Status
UPHELD, PARTLY, REJECTED = "upheld", "partly", "rejected"
STANDS = {UPHELD: Objection.Status.UPHELD, PARTLY: Objection.Status.PARTLY, REJECTED: Objection.Status.DISMISSED}  # fmt: skip


@transaction.atomic
def object_to(
    *, batch: Batch, said_by: str, text: str, on: date, contact: str = "", entitlement: Entitlement | None = None,
    by: User | None = None,
) -> tuple[Objection, str]:  # fmt: skip
    """Take down an objection against a notice and file it as a case; anybody may object while it stands.

    Returns:
        The objection and the code by which the objector traces the case.
    """
    row = locked(batch, Status.NOTICE)
    may_object(row.notice_until, said_by=said_by, text=text, on=on)
    if entitlement is not None and entitlement.batch_id != row.pk:
        raise Refusal("所指的事项不在这一批次。", fix="请在公示页上选择事项。")
    item = f"{entitlement.clause_name} {entitlement.amount} 元" if entitlement else ""
    made = Objection(
        batch=row, entitlement=entitlement, said_by=said_by, contact=contact, text=text, said_on=on
    )
    code = file_as_case(
        made, number=row.number, title=f"{row.title}（{row.year}）", until=row.notice_until, item=item, region=row.region_code,
        synthetic=row.synthetic, by=by,
    )  # fmt: skip
    record_event(
        by=by, action="policies.object", subject=f"batch:{row.number}",
        after={"objection": made.pk, "case": made.case_number},
    )  # fmt: skip
    return made, code


def file_as_case(
    made: Objection, *, number: str, title: str, until: date | None, item: str, region: str, synthetic: bool, by: User | None
) -> str:  # fmt: skip
    """File a new objection in the cases room and store it under its number; returns the tracing code."""
    filer = by if by is not None and not by.is_officer and may(by, "cases.apply") else None
    values = {
        "applicant_name": made.said_by, "notice_number": number, "notice_title": title, "objection_text": made.text,
        "notice_until": last_day_in_cases(until).isoformat() if until else "", "notice_item": item,
    }  # fmt: skip
    receipt: Receipt = file_case(
        application=Application(
            matter=MATTER, region=region, title=f"对“{title}”公示的异议", values=values,
            parties=(PartyGiven("applicant", made.said_by, phone=made.contact),),
        ),
        by=filer, on=in_cases(made.said_on), synthetic=synthetic,
    )  # fmt: skip
    made.case_number = receipt.case.number
    made.save()
    return receipt.code


@transaction.atomic
def answer_objection(
    *, objection: Objection, finding: str, answer: str, by: User, on: date | None = None, take_out: bool | None = None,
    strike: Sequence[int] = (), republish: bool = False,
) -> Objection:  # fmt: skip
    """Decide an objection on the page of its notice, by acting on its case.

    Args:
        objection: one that is open.
        finding: upheld, partly or rejected.
        answer: the reply to the objector.
        by: who examined it.
        on: the day, by default today.
        take_out: whether the item objected to is taken out; asked only where it is partly upheld.
        strike: of an upheld objection against the whole notice, keys of the lines or candidates to strike.
        republish: of an upheld objection, whether the notice is taken down and published anew.

    Raises:
        Refusal: no finding is given, or an upheld objection against the whole notice says neither what to strike
            nor to publish anew.
        Conflict: it has been answered before.
    """
    place = objection.batch or objection.award_round
    if place is None:
        raise NotFound("这一异议不属于任何公示。", fix="请刷新页面。")
    require(by, "policies.review", region=place.region_code)
    if finding not in STANDS:
        raise Refusal(f"没有“{finding[:20]}”这种决定。", fix="请选择成立、部分成立或不成立。")
    if not answer.strip():
        raise Refusal("答复须写明核查结论。", fix="请填写核查结论。")
    row = Objection.objects.select_for_update(of=("self",)).get(pk=objection.pk)
    if row.status != Objection.Status.OPEN:
        raise Conflict("这一异议已经答复。", fix="请刷新页面。")
    out = finding == UPHELD or (finding == PARTLY and bool(take_out))
    if out and row.whole_notice:
        needs_choice(strike, republish)
    elif strike or (republish and not out):
        raise Refusal("只有成立的异议可以剔除事项或重新公示。", fix="请核对决定和后果。")
    day = on or timezone.localdate()
    if row.case_number:
        _decide(row, finding, answer, by=by, on=day, out=out)
    else:
        # noted before objections were cases: answered where it stands
        conclude(row, finding, answer, by=by, on=day, out=out)
    row.refresh_from_db()
    if out and (row.whole_notice or republish):
        drawn(row, strike, republish, by=by, on=day)
    return row


def _decide(row: Objection, finding: str, answer: str, *, by: User, on: date, out: bool) -> None:
    case = handling_of(row.case_number)
    standing = standings_of([row.case_number])[row.case_number]
    day = max(in_cases(on), standing.since)
    if standing.stage_id == "received":
        try:
            act(case=case, action="examine", by=by, on=day, values={"examined_text": answer})
        except NotFound as refusal:
            unit = by.department or by.display_name
            raise NotAllowed(
                f"办件 {row.case_number} 没有交给{unit}，不能答复这件异议。",
                fix="请经办人员在办件中分派给本部门的承办人。",
            ) from refusal
    act(
        case=case, action="decide", by=by, on=day,
        values={"finding": finding, "consequence": "take_out" if out else "keep", "answer_text": answer},
    )  # fmt: skip


def conclude(row: Objection, finding: str, answer: str, *, by: User | None, on: date, out: bool) -> None:
    """Write what became of an objection and draw the consequence for what it was said against."""
    row.status, row.answer = STANDS[finding], answer
    effect = Objection.Consequence
    row.consequence = effect.KEPT if not out else effect.PENDING if row.whole_notice else effect.TAKEN_OUT
    row.answered_by, row.answered_at = by, timezone.now()
    row.save()
    why = f"异议{row.get_status_display()}：{answer}"
    if out and by is not None and row.entitlement is not None and row.entitlement.live:
        batch = Batch.objects.select_for_update().get(pk=row.entitlement.batch_id)
        if batch.status in {Status.DRAFT, Status.REVIEW, Status.REVIEWED, Status.NOTICE}:
            excluded(batch, row.entitlement, why, by)
    if out and row.candidate is not None and row.award_round is not None:
        drop_candidate(row.award_round, row.candidate, why=why, on=on)
    place = (
        f"batch:{row.batch.number}"
        if row.batch
        else f"round:{row.award_round.number if row.award_round else ''}"
    )
    record_event(
        by=by, action="policies.answer_objection", subject=place, why=answer,
        after={"objection": row.pk, "status": row.status, "case": row.case_number},
    )  # fmt: skip


def may_object(until: date | None, *, said_by: str, text: str, on: date) -> None:
    """Refuse an objection that comes too late, or from nobody, or says nothing."""
    if until and on > until:
        raise Refusal(f"公示期已于 {until} 届满。", fix="请向主管部门书面反映。")
    if not text.strip() or not said_by.strip():
        raise Refusal("异议须写明提出人和内容。", fix="请填写后再提交。")
