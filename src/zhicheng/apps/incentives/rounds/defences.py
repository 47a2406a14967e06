"""Defences: the order is drawn by lot from a recorded seed, slots follow, and who came is written down."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction

from zhicheng.apps.accounts.public import User, record_event, require
from zhicheng.apps.incentives.models import AwardRound, DefenceSlot, StageRun
from zhicheng.apps.incentives.rounds.calls import Status, locked
from zhicheng.apps.incentives.rounds.drawing import drawn, slots
from zhicheng.apps.incentives.rounds.flow import run_of, standing
from zhicheng.apps.incentives.rounds.stages import DEFENCE
from zhicheng.apps.incentives.rounds.visits import in_stage
from zhicheng.kernel.refusals import Conflict, Refusal

LONGEST = 240


@transaction.atomic
def schedule_defence(
    *, award_round: AwardRound, starts_at: datetime, minutes: int, by: User, rest: int = 0, hall: str = "", seed: str = ""
) -> StageRun:  # fmt: skip
    """Draw the order of the defence and lay out its slots; done again it moves the slots, the order stays as drawn.

    Args:
        award_round: in a defence stage. starts_at: begin of the first slot. minutes: of a slot.
        rest: minutes between slots. hall: where. seed: of the lots, by default a random one; it is recorded.

    Raises:
        Refusal: a slot has no sensible length.
        Conflict: another stage runs, or another seed is named after the lots were drawn.
    """
    require(by, "policies.review", region=award_round.region_code)
    row = locked(award_round, Status.SCORING)
    if row.current.kind != DEFENCE:
        raise Conflict(f"“{row.title}”现在的环节是“{row.current.name}”，不是答辩。", fix="请刷新页面查看。")
    if not 1 <= minutes <= LONGEST or not 0 <= rest <= LONGEST:
        raise Refusal(
            f"每个时段 {minutes} 分钟、间隔 {rest} 分钟不对。",
            fix=f"时段 1 至 {LONGEST} 分钟，间隔不超过 {LONGEST} 分钟。",
        )
    run = run_of(row)
    if run.seed and seed.strip() and seed.strip() != run.seed:
        raise Conflict(f"答辩顺序已用种子“{run.seed}”抽定，不能另抽。", fix="可以改时间和地点，顺序不变。")
    run.seed = run.seed or seed.strip()[:64] or secrets.token_hex(8)
    run.starts_at, run.minutes, run.rest, run.hall = starts_at, minutes, rest, hall.strip()[:200]
    run.save()
    _lay_out(row, run)
    record_event(
        by=by, action="policies.schedule_defence", subject=f"round:{row.number}",
        after={"seed": run.seed, "starts_at": starts_at.isoformat(), "minutes": minutes},
    )  # fmt: skip
    return run


def _lay_out(row: AwardRound, run: StageRun) -> None:
    by_code = {one.code: one for one in standing(row)}
    order = drawn(list(by_code), run.seed)
    assert run.starts_at is not None
    times = slots(run.starts_at, run.minutes, len(order), run.rest)
    DefenceSlot.objects.bulk_create(
        [
            DefenceSlot(candidate=by_code[code], place=row.stage, order=number, starts_at=begin, ends_at=end)
            for number, (code, (begin, end)) in enumerate(zip(order, times, strict=True), start=1)
        ],
        update_conflicts=True, unique_fields=["candidate", "place"], update_fields=["order", "starts_at", "ends_at"],
    )  # fmt: skip


@transaction.atomic
def mark_attendance(*, slot: DefenceSlot, attended: bool, by: User, why: str = "") -> DefenceSlot:
    """Write down whether a candidate came; what was written may be corrected until marks were given.

    Raises:
        Refusal: an absence without its reason.
        Conflict: marks were given to somebody who is now said to be absent.
    """
    require(by, "policies.review", region=slot.candidate.award_round.region_code)
    row, one = in_stage(slot.candidate, DEFENCE)
    if not attended and not why.strip():
        raise Refusal(f"登记申报 {one.code} 缺席须写明情况。", fix="如：未到场且未说明、来函放弃。")
    if not attended and one.sheets.filter(stage=row.stage, total__isnull=False).exists():
        raise Conflict(f"申报 {one.code} 的答辩已有评分，不能登记缺席。", fix="请核对到场情况。")
    found = DefenceSlot.objects.select_for_update(of=("self",)).get(pk=slot.pk)
    found.attended, found.why = attended, why.strip()[:300]
    found.save(update_fields=["attended", "why"])
    record_event(
        by=by, action="policies.mark_attendance", subject=f"candidate:{one.pk}", why=found.why,
        after={"attended": attended},
    )  # fmt: skip
    return found
