"""Who sees what of the room: regions of an officer, organisations of an agent, names of persons for payers only."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from zhicheng.apps.accounts.public import city, may, require, scope
from zhicheng.apps.incentives.models import Batch, Entitlement, EvaluationRun
from zhicheng.kernel import regions
from zhicheng.kernel.refusals import NotAllowed, NotFound, Refusal

HIDDEN = "＊＊＊"


def city_region() -> str | None:
    """The region of the city this installation belongs to: its budget and its settings are nobody else's."""
    row = city()
    return row.region_code if row else None


def above(code: str) -> list[str]:
    """The regions a region lies in."""
    try:
        return [one.code for one in regions.ancestors(code)]
    except Refusal:
        return []


def narrowed(user: Any, region: str) -> tuple[str, ...]:
    """The regions an officer looks at: the chosen one, or all of the scope.

    Raises:
        NotAllowed: the chosen region lies outside the scope.
    """
    seen = scope(user)
    if not region:
        return seen.region_codes
    if not seen.covers_region(region):
        raise NotAllowed(f"您的范围不含区划 {region}。", fix="请选择本级或下级区划。")
    return (region,)


def runs(user: Any) -> QuerySet[EvaluationRun]:
    """Kept runs of an officer's region, of regions below it, and of those it lies in."""
    require(user, "policies.view")
    seen = scope(user)
    upward = Q(region_code__in=above(user.region_code)) if user.region_code else Q(pk__in=())
    return EvaluationRun.objects.filter(seen.regions_q() | upward)


def run(number: int, user: Any) -> EvaluationRun:
    """One kept run."""
    found = runs(user).filter(pk=number).select_related("made_by").first()
    if found is None:
        raise NotFound(f"没有编号 {number} 的测算。", fix="请返回测算列表。")
    return found


def batches(user: Any) -> QuerySet[Batch]:
    """Batches of an officer's region, and those of the levels above that pay somebody in it."""
    require(user, "policies.view")
    seen = scope(user)
    here = Entitlement.objects.filter(seen.regions_q(), batch=OuterRef("pk"))
    return Batch.objects.filter(seen.regions_q() | Q(Exists(here)))


def batch(number: str, user: Any) -> Batch:
    """One batch by its number."""
    found = (
        batches(user)
        .filter(number=number)
        .select_related("prepared_by", "reviewed_by", "approved_by")
        .first()
    )
    if found is None:
        raise NotFound(f"没有批次“{number}”，或不在您的范围内。", fix="请返回批次列表。")
    return found


def entitlements(batch: Batch, user: Any) -> QuerySet[Entitlement]:
    """Amounts of a batch that lie in an officer's regions; all of them for the level that pays."""
    rows = batch.entitlements.all()
    return rows if scope(user).covers_region(batch.region_code) else rows.filter(scope(user).regions_q())


def sees_persons(user: Any) -> bool:
    """Tell whether names of person payees are shown."""
    return may(user, "policies.pay")


def name_for(name: str, kind: str, *, persons: bool) -> str:
    """A beneficiary's name; a person's only for whoever pays."""
    return name if kind != "person" or persons else HIDDEN
