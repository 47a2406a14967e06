"""The government's decision: its day and document, and who is struck with the reason; before or after the notice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from zhicheng.apps.accounts.public import User, record_event, require
from zhicheng.apps.incentives.models import AwardRound, Candidate
from zhicheng.apps.incentives.notices.open_objections import refuse_while_open
from zhicheng.apps.incentives.rounds.calls import Status, locked
from zhicheng.apps.incentives.rounds.flow import go_on, remember, standing
from zhicheng.apps.incentives.rounds.stages import DECISION
from zhicheng.apps.incentives.rounds.succession import drop_candidate, notice_ends
from zhicheng.kernel.refusals import Conflict, Refusal


@transaction.atomic
def decide(
    *, award_round: AwardRound, decided_on: date, document: str, by: User, today: date,
    struck: Mapping[int, str] | None = None,
) -> AwardRound:  # fmt: skip
    """Enter what the government decided.

    Args:
        award_round: in its decision stage, or behind its notice where the city decides after it.
        decided_on: day of the decision, not after today. document: number of the document or of the minutes.
        struck: reasons by key of the candidates who are struck. today: the day it is entered.

    Raises:
        Refusal: no document, a day to come, a candidate struck without a reason or who has no seat, a notice that stands.
        Conflict: another stage runs, or the decision was entered.
    """
    require(by, "policies.approve", region=award_round.region_code)
    row = locked(award_round, Status.SCORING, Status.NOTICE)
    after = _in_turn(row, today)
    if not document.strip():
        raise Refusal("登记审定须写明审定文件。", fix="请填写文号或会议纪要。")
    if decided_on > today:
        raise Refusal(f"审定日期 {decided_on} 晚于今天 {today}。", fix="请核对日期。")
    candidates = standing(row)
    seated = {one.pk: one for one in candidates if one.tier}
    for key, why in (struck or {}).items():
        if key not in seated:
            raise Refusal(f"编号 {key} 的申报不在拟授予之列，不能剔除。", fix="请从列出的申报中选。")
        if not why.strip():
            raise Refusal(f"剔除“{seated[key].name}”须写明理由。", fix="请逐个填写理由。")
    run = remember(row, candidates, by)
    run.decided_on, run.document = decided_on, document.strip()[:200]
    run.save(update_fields=["decided_on", "document"])
    for key, why in (struck or {}).items():
        drop_candidate(
            row, seated[key], why=f"政府审定未通过：{why.strip()}", on=today if after else None,
            status=Candidate.Status.STRUCK,
        )  # fmt: skip
    if not after:
        go_on(row)
    record_event(
        by=by, action="policies.decide", subject=f"round:{row.number}", why=document,
        after={"on": decided_on.isoformat(), "struck": {seated[key].code: why for key, why in (struck or {}).items()}},
    )  # fmt: skip
    return row


def _in_turn(row: AwardRound, today: date) -> bool:
    """Whether the decision stands behind the notice; refused when it is not its turn."""
    stage = row.current
    if row.status == Status.SCORING and stage.kind == DECISION:
        return False
    if not row.waits_for_decision:
        raise Conflict(f"“{row.title}”现在的环节是“{stage.name}”，不待审定。", fix="请刷新页面查看。")
    until = notice_ends(row)
    if until is None or today <= until:
        raise Refusal(f"“{row.title}”公示至 {until}，尚未届满，不能登记审定。", fix="请在次日以后登记。")
    refuse_while_open(row)
    return True
