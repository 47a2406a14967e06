"""Award rounds up to scoring: a call is opened, organisations apply, officers check who may stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from zhicheng.apps.accounts.public import User, record_event, region_prefix, require, scope
from zhicheng.apps.incentives.batches.actions import payout_settings
from zhicheng.apps.incentives.models import AwardRound, Candidate, PayoutSettings, RoundExpert
from zhicheng.apps.incentives.rounds.eligibility import CHECKS, check, checked_conditions
from zhicheng.apps.incentives.rounds.stages import (
    MATERIAL,
    Stage,
    Usual,
    completed,
    wrong_numbers,
    wrong_order,
)
from zhicheng.apps.incentives.runs.evaluations import current_evaluation
from zhicheng.apps.ledger.public import HonourGrant, HonourScheme, HonourTier, Organisation
from zhicheng.kernel.refusals import Conflict, NotAllowed, Refusal

Status = AwardRound.Status
Standing = Candidate.Status


@dataclass(frozen=True)
class Plan:
    """What a round is made of.

    Args:
        scheme_code: award of the ledger. title: as people call the round. round: number of the session.
        opens_on, closes_on: first and last day of applications.
        tiers: tier and seats, best first. criteria: name and full mark, summing to 100.
        stages: in their order; weights of the scored ones sum to 100. What a stage leaves open the settings fill.
        conditions: checks of eligibility with their years. holder_kinds: kinds of organisations, empty for all.
        tie: criterion, both, earlier. trimmed, least_scores, freed_seat: of the city's settings when None.
    """

    scheme_code: str
    title: str
    round: int | None
    opens_on: date
    closes_on: date
    tiers: list[tuple[str, int]]
    criteria: list[tuple[str, int]]
    stages: Sequence[Stage] = (Stage(MATERIAL, "材料评审", 100),)
    conditions: list[dict[str, Any]] = field(default_factory=list)
    holder_kinds: list[str] = field(default_factory=list)
    tie: str = AwardRound.Tie.CRITERION
    trimmed: int | None = None
    least_scores: int | None = None
    freed_seat: str | None = None


def _checked(plan: Plan) -> None:
    if plan.closes_on < plan.opens_on:
        raise Refusal(f"申报截止 {plan.closes_on} 早于开始 {plan.opens_on}。", fix="请核对日期。")
    if not HonourScheme.objects.filter(code=plan.scheme_code).exists():
        raise Refusal(f"台账没有荣誉项目“{plan.scheme_code}”。", fix="请先在荣誉项目台账登记。")
    if not plan.tiers or any(tier not in HonourTier.values or seats < 1 for tier, seats in plan.tiers):
        raise Refusal("等次与名额不对。", fix="请选择等次并填大于零的名额。")
    if sum(mark for _, mark in plan.criteria) != 100 or any(mark < 1 for _, mark in plan.criteria):
        total = sum(mark for _, mark in plan.criteria)
        raise Refusal(f"评分项满分合计 {total}，应为 100。", fix="请核对各项满分。")
    if wrong := wrong_order(plan.stages):
        raise Refusal(f"{wrong}。", fix="请核对环节的种类、次序和权重。")


def tiers_never_given(row: AwardRound) -> list[str]:
    """Tiers of a call that no honour of its award in the ledger has; empty where the award was never given."""
    grants = HonourGrant.objects.filter(scheme_code=row.scheme_code)
    given = set(grants.order_by().values_list("tier", flat=True).distinct())
    return [tier for tier, _ in row.tiers if tier not in given] if given else []


def usual_stage(row: PayoutSettings) -> Usual:
    """What a stage is told by the city's settings."""
    return Usual(
        quorum=row.quorum, threshold=row.threshold, base=row.vote_base, equals=row.equal_votes, absent=row.absent,
        shown=row.votes_shown, when=row.decision_when,
    )  # fmt: skip


@transaction.atomic
def open_round(*, plan: Plan, by: User, synthetic: bool = False) -> AwardRound:
    """Open a call for an award.

    Raises:
        Refusal: the award is not in the ledger, or marks, weights, seats or days do not fit.
    """
    require(by, "policies.prepare", region=by.region_code)
    usual = payout_settings()
    stages = completed(plan.stages, usual_stage(usual))
    _checked(replace(plan, stages=stages))
    trimmed = usual.trimmed if plan.trimmed is None else plan.trimmed
    least = usual.least_scores if plan.least_scores is None else plan.least_scores
    if wrong := wrong_numbers(stages, least=least, trimmed=trimmed):
        raise Refusal(f"{wrong}。", fix="请增加评分人数，或少去掉几个高低分。")
    count = AwardRound.objects.filter(scheme_code=plan.scheme_code).count()
    level = HonourScheme.objects.get(code=plan.scheme_code).level or "city"
    made = AwardRound.objects.create(
        number=f"{plan.scheme_code}-{plan.opens_on.year}-{count + 1:02d}", scheme_code=plan.scheme_code, title=plan.title,
        round=plan.round, level=level, region_code=by.region_code, opens_on=plan.opens_on, closes_on=plan.closes_on,
        tiers=[list(one) for one in plan.tiers], criteria=[list(one) for one in plan.criteria],
        stages=[one.as_json() for one in stages], conditions=checked_conditions(plan.conditions),
        holder_kinds=plan.holder_kinds, tie=plan.tie, trimmed=trimmed, least_scores=least,
        freed_seat=plan.freed_seat or usual.freed_seat, synthetic=synthetic, opened_by=by,
    )  # fmt: skip
    record_event(
        by=by, action="policies.open_round", subject=f"round:{made.number}",
        after={"title": made.title, "stages": made.stages},
    )  # fmt: skip
    return made


def locked(award_round: AwardRound, *wanted: str) -> AwardRound:
    """The round locked for a change, refused when it stands elsewhere than wanted."""
    row = AwardRound.objects.select_for_update().get(pk=award_round.pk)
    if row.status not in wanted:
        raise Conflict(
            f"“{row.title}”现在是“{row.get_status_display()}”，不能这样处理。", fix="请刷新页面查看。"
        )
    return row


def acting_for(organisation: Organisation, by: User) -> None:
    """Refuse whoever has no letter of the organisation."""
    if organisation.pk not in scope(by).organisation_ids:
        raise NotAllowed(f"您没有“{organisation.name}”的有效授权。", fix="请先提交授权书并等待批准。")


def names_told(text: str, organisation: Organisation) -> str:
    """The first name or code of an organisation that a text tells, empty when it tells none."""
    names = [organisation.name, organisation.uscc, *(one.name for one in organisation.former_names.all())]
    return next((one for one in names if one and one in text), "")


def _blind(statement: str, organisation: Organisation) -> None:
    """Experts read the statement: it must not say who wrote it."""
    if told := names_told(statement, organisation):
        raise Refusal(f"申报材料里写有“{told}”，专家盲评看得到。", fix="请改用“本单位”，再保存。")


@transaction.atomic
def save_application(
    *, award_round: AwardRound, organisation: Organisation, statement: str, by: User, object_name: str = ""
) -> Candidate:
    """Write an application, or change one that was not handed in."""
    require(by, "policies.apply")
    acting_for(organisation, by)
    row = locked(award_round, Status.OPEN)
    _blind(statement, organisation)
    found = row.candidates.filter(organisation=organisation, status=Standing.DRAFT).first()
    if found is not None:
        found.statement, found.object_name = statement, object_name
        found.save(update_fields=["statement", "object_name"])
        return found
    number = row.candidates.count() + 1
    try:
        with transaction.atomic():
            made = Candidate.objects.create(
                award_round=row, code=f"{row.round or row.opens_on.year}-{number:03d}", organisation=organisation,
                name=organisation.name, statement=statement, object_name=object_name, applied_by=by,
            )  # fmt: skip
    except IntegrityError as error:
        raise Conflict(f"“{organisation.name}”已申报这一项。", fix="请先撤回原来的申报。") from error
    record_event(
        by=by,
        action="policies.draft_application",
        subject=f"candidate:{made.pk}",
        after={"round": row.number},
    )
    return made


@transaction.atomic
def submit_application(*, candidate: Candidate, on: date, by: User) -> Candidate:
    """Hand an application in, within the days of the call; handing it in twice changes nothing."""
    require(by, "policies.apply")
    acting_for(candidate.organisation, by)
    row = locked(candidate.award_round, Status.OPEN)
    if not row.opens_on <= on <= row.closes_on:
        raise Refusal(
            f"申报期为 {row.opens_on} 至 {row.closes_on}，{on} 不在其内。", fix="请在申报期内提交。"
        )
    one = Candidate.objects.select_for_update(of=("self",)).get(pk=candidate.pk)
    if one.status == Standing.APPLIED:
        return one
    if one.status != Standing.DRAFT:
        raise Conflict(f"这份申报现在是“{one.get_status_display()}”。", fix="请刷新页面。")
    if len(one.statement.strip()) < 10:
        raise Refusal("申报材料还没有写。", fix="请至少写十个字，说明符合哪些条件、有什么成效。")
    one.status, one.submitted_at = Standing.APPLIED, timezone.now()
    one.save(update_fields=["status", "submitted_at"])
    record_event(by=by, action="policies.apply", subject=f"candidate:{one.pk}", after={"round": row.number})
    return one


@transaction.atomic
def withdraw_application(*, candidate: Candidate, by: User) -> Candidate:
    """Take an application back before scoring begins."""
    require(by, "policies.apply")
    acting_for(candidate.organisation, by)
    locked(candidate.award_round, Status.OPEN)
    one = Candidate.objects.select_for_update(of=("self",)).get(pk=candidate.pk)
    one.status = Standing.WITHDRAWN
    one.save(update_fields=["status"])
    record_event(by=by, action="policies.withdraw_application", subject=f"candidate:{one.pk}")
    return one


@transaction.atomic
def check_candidates(*, award_round: AwardRound, on: date, by: User) -> int:
    """Hold every application against the facts; what holds everywhere is eligible, the rest waits for an officer."""
    require(by, "policies.review", region=award_round.region_code)
    row = locked(award_round, Status.OPEN)
    evaluation = current_evaluation(on)
    rows = list(row.candidates.filter(status=Standing.APPLIED).select_related("organisation"))
    for one in rows:
        found = check(
            one.organisation, conditions=row.conditions, region=region_prefix(row.region_code), kinds=row.holder_kinds,
            scheme=row.scheme_code, on=on, evaluation=evaluation,
        )  # fmt: skip
        one.checked = {"on": on.isoformat(), "found": [item.as_json() for item in found]}
        if all(item.holds for item in found):
            one.status = Standing.ELIGIBLE
        one.save(update_fields=["checked", "status"])
    record_event(
        by=by,
        action="policies.check_candidates",
        subject=f"round:{row.number}",
        after={"candidates": len(rows)},
    )
    return len(rows)


@transaction.atomic
def qualify(*, candidate: Candidate, eligible: bool, why: str, by: User) -> Candidate:
    """Say by hand whether a candidate may stand, with the reason; before scoring it may be said anew."""
    require(by, "policies.review", region=candidate.award_round.region_code)
    if not why.strip():
        raise Refusal("资格结论须写明理由。", fix="请填写理由，申报单位会看到。")
    row = locked(candidate.award_round, Status.OPEN)
    one = Candidate.objects.select_for_update(of=("self",)).get(pk=candidate.pk)
    if one.status not in {Standing.APPLIED, Standing.ELIGIBLE, Standing.INELIGIBLE}:
        raise Conflict(f"这份申报现在是“{one.get_status_display()}”。", fix="请刷新页面。")
    one.status, one.why = Standing.ELIGIBLE if eligible else Standing.INELIGIBLE, why
    one.save(update_fields=["status", "why"])
    record_event(
        by=by, action="policies.qualify", subject=f"candidate:{one.pk}", why=why,
        after={"round": row.number, "status": one.status},
    )  # fmt: skip
    return one


@transaction.atomic
def call_expert(*, award_round: AwardRound, username: str, works_for: str, by: User) -> RoundExpert:
    """Call an expert to a round, with where the expert works; calling twice corrects the employer."""
    require(by, "policies.prepare", region=award_round.region_code)
    row = locked(award_round, Status.OPEN)
    expert = User.objects.filter(username=username, role="expert", is_active=True).first()
    if expert is None:
        raise Refusal(f"没有专家用户“{username}”。", fix="请先由系统管理员开通专家账号。")
    made, _ = RoundExpert.objects.update_or_create(
        award_round=row, expert=expert, defaults={"works_for": works_for.strip()[:200], "called_by": by}
    )
    record_event(
        by=by, action="policies.call_expert", subject=f"round:{row.number}", after={"expert": username}
    )
    return made


@transaction.atomic
def cancel_round(*, award_round: AwardRound, why: str, by: User) -> AwardRound:
    """Give a round up before anything was granted."""
    require(by, "policies.approve", region=award_round.region_code)
    if not why.strip():
        raise Refusal("取消评选须写明理由。", fix="请填写理由。")
    row = locked(award_round, Status.OPEN, Status.SCORING, Status.RANKED, Status.NOTICE)
    row.status = Status.CANCELLED
    row.save(update_fields=["status"])
    record_event(by=by, action="policies.cancel_round", subject=f"round:{row.number}", why=why)
    return row


def condition_words(condition: dict[str, Any]) -> str:
    """A condition of eligibility in words."""
    years = condition.get("years")
    return CHECKS[condition["check"]] + (f"（{years} 年）" if years else "")
