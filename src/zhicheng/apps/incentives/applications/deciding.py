"""What an officer does with an application: accept, send back once, refuse, end unpaid; each is a step of its case."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from zhicheng.apps.accounts.public import User, record_event, require
from zhicheng.apps.cases.public import act, handling_of
from zhicheng.apps.incentives.applications.cases import stage_facts
from zhicheng.apps.incentives.applications.checks import standing_of
from zhicheng.apps.incentives.days import in_cases
from zhicheng.apps.incentives.models import PolicyApplication
from zhicheng.apps.records.public import ChangeSet
from zhicheng.kernel.refusals import Conflict, NotFound, Refusal

# what an officer may do → the action of the case, the field its words go to, what is said when they are missing
STEPS: dict[str, tuple[str, str, str]] = {
    "accept": ("accept", "finding", "审核通过须写明核对了哪些材料。"),
    "return": ("ask_correction", "missing", "退回补正须一次写全需要补正的内容。"),
    "refuse": ("refuse", "refusal_reason", "不予通过须写明不符合哪一条件。"),
    "end": ("end_unpaid", "unpaid_reason", "不兑付须写明理由。"),
}


@transaction.atomic
def decide(*, application: PolicyApplication, step: str, words: str, by: User, on: date) -> PolicyApplication:
    """Take one step of an application's case; what follows in this room follows from the case.

    Args:
        application: one that was handed in.
        step: accept, return, refuse or end.
        words: the finding, the complete list of what is missing, or the reason.
        by: who decides; never who handed it in.
        on: the day.

    Raises:
        NotFound: there is no such step, or it is still a draft.
        Refusal: the words are missing, or the engine says that nothing would be due.
        Conflict: it stands elsewhere.
    """
    require(by, "policies.review", region=application.region_code)
    if step not in STEPS:
        raise NotFound(f"没有“{step[:20]}”这一步。", fix=f"可选：{'、'.join(STEPS)}。")
    action, field, lacking = STEPS[step]
    if not words.strip():
        raise Refusal(lacking, fix="请填写后再办理。")
    row = PolicyApplication.objects.select_for_update(of=("self",)).get(pk=application.pk)
    standing = standing_of(row)
    if standing is None:
        raise NotFound("这份申报还没有提交。", fix="请返回申报列表。")
    act(
        case=handling_of(row.case_number), action=action, by=by, on=max(in_cases(on), standing.since), values={field: words.strip()}
    )  # fmt: skip
    record_event(
        by=by, action=f"policies.{step}_application", subject=f"application:{row.pk}", why=words,
        after={"case": row.case_number},
    )  # fmt: skip
    row.refresh_from_db()
    return row


@transaction.atomic
def stage_again(*, application: PolicyApplication, by: User) -> PolicyApplication:
    """Send the established facts to the ledger's review again, where the first change set was thrown away.

    Raises:
        Conflict: it is not accepted, or its change set still stands.
    """
    require(by, "policies.review", region=application.region_code)
    row = (
        PolicyApplication.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .get(pk=application.pk)
    )
    standing = standing_of(row)
    if standing is None or standing.stage_id != "accepted":
        raise Conflict("申报没有审核通过，不能送台账复核。", fix="请先审核。")
    gone = (ChangeSet.Status.DISCARDED, ChangeSet.Status.UNDONE, ChangeSet.Status.FAILED)
    standing_set = ChangeSet.objects.filter(key=row.change_set).exclude(status__in=gone).first()
    if standing_set is not None:
        raise Conflict(f"变更集“{standing_set.get_status_display()}”，不必再送。", fix="请打开变更集查看。")
    stage_facts(row, by=by)
    record_event(
        by=by, action="policies.stage_application", subject=f"application:{row.pk}", after={"change_set": row.change_set}
    )  # fmt: skip
    return row
