"""The lines of a notice an upheld objection may strike, to choose from: searched, paged, the chosen ones kept apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from zhicheng.apps.accounts.public import require, scope
from zhicheng.apps.incentives import seen
from zhicheng.apps.incentives.models import Batch, Entitlement, Objection
from zhicheng.apps.incentives.paging import Page, page_of
from zhicheng.kernel.refusals import Conflict, NotAllowed, NotFound, Refusal

MOST_CHOSEN = 900  # a form carries a thousand fields
LARGEST_ID = 2**63


@dataclass(frozen=True)
class Choice:
    """What can be struck, and what is chosen so far.

    Args:
        objection: it answers. page: lines not chosen yet, under the search. chosen: lines that are.
    """

    objection: Objection
    page: Page
    chosen: list[Entitlement]


def objection_to_choose_for(batch: Batch, number: int, user: Any) -> Objection:
    """An objection against a whole notice whose consequence can still be named, for whoever may review the batch.

    Raises:
        NotAllowed: the person does not review this batch. NotFound: there is no such objection.
        Conflict: it concerns one line only, or what becomes of the notice is decided.
    """
    require(user, "policies.review", region=batch.region_code)
    if not scope(user).covers_region(batch.region_code):
        raise NotAllowed("公示的异议由付款的一级核查答复。", fix="请联系编制批次的单位。")
    found = Objection.objects.filter(batch=batch, pk=number).first()
    if found is None:
        raise NotFound("没有这件异议。", fix="请刷新批次页面。")
    waiting = found.status == Objection.Status.OPEN or found.consequence == Objection.Consequence.PENDING
    if not found.whole_notice or not waiting:
        raise Conflict("这件异议不再需要选择剔除的事项。", fix="请返回批次页面查看结论。")
    return found


def choice_of(
    batch: Batch, objection: Objection, user: Any, *, chosen: Sequence[int] = (), q: str = "", after: str = ""
) -> Choice:
    """What can be struck of a notice; persons are named only for whoever pays.

    Args:
        batch: on notice. objection: it answers. user: who reads. chosen: keys of lines chosen so far.
        q: part of a name, a clause, a fact, or the number of a line. after: cursor of the page before.

    Raises:
        Refusal: more is chosen than one form carries.
    """
    rows = batch.entitlements.filter(live=True)
    persons = seen.sees_persons(user)
    if len(chosen) > MOST_CHOSEN:
        raise Refusal(
            f"选了 {len(chosen)} 项，一次最多剔除 {MOST_CHOSEN} 项。", fix="请撤下公示，复核后重新公示。"
        )
    taken = list(rows.filter(pk__in=[one for one in chosen if one < LARGEST_ID]).order_by("pk"))
    left = rows.exclude(pk__in=[one.pk for one in taken])
    if q:
        named = Q(name__icontains=q) if persons else Q(name__icontains=q) & ~Q(kind="person")
        numbered = Q(pk=int(q)) if q.isdigit() and int(q) < LARGEST_ID else Q(pk__in=())
        left = left.filter(named | numbered | Q(clause_name__icontains=q) | Q(fact__icontains=q))
    page = page_of(left, after, falling=False)
    for one in (*taken, *page.rows):
        one.shown = seen.name_for(one.name, one.kind, persons=persons)
    return Choice(objection, page, taken)
