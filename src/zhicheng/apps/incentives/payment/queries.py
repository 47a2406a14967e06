"""The budget, clawbacks and disputes as officers read them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from zhicheng.apps.accounts.public import require, scope
from zhicheng.apps.incentives import seen
from zhicheng.apps.incentives.models import BudgetEntry, Clawback, FactDispute
from zhicheng.apps.incentives.paging import Page, page_of
from zhicheng.apps.incentives.payment import budgets
from zhicheng.kernel.refusals import NotFound


def pots(user: Any, *, policy: str = "", year: str = "") -> list[budgets.Line]:
    """Every pot of the budget with its state."""
    require(user, "policies.budget", region=seen.city_region())
    return budgets.lines(policy=policy or None, year=int(year) if year.isdigit() and len(year) == 4 else None)


def entries_page(user: Any, *, policy: str = "", year: str = "", after: str = "") -> Page:
    """The lines the pots are made of, the latest first."""
    require(user, "policies.budget", region=seen.city_region())
    rows = BudgetEntry.objects.select_related("batch", "order", "entered_by")
    if policy:
        rows = rows.filter(policy=policy)
    if year.isdigit() and len(year) == 4:
        rows = rows.filter(year=int(year))
    return page_of(rows, after)


def clawbacks(user: Any) -> QuerySet[Clawback]:
    """Clawbacks of an officer's regions."""
    require(user, "policies.view")
    return Clawback.objects.filter(scope(user).regions_q("entitlement__region_code")).select_related(
        "entitlement__batch", "entitlement__organisation", "opened_by"
    )


def clawbacks_page(user: Any, *, status: str = "", after: str = "") -> Page:
    """One page of clawbacks; persons are named only for whoever pays."""
    rows = clawbacks(user)
    if status == "standing":
        rows = rows.filter(status__in=("open", "notified"))
    elif status:
        rows = rows.filter(status=status)
    page = page_of(rows, after)
    persons = seen.sees_persons(user)
    for one in page.rows:
        one.shown = seen.name_for(one.entitlement.name, one.entitlement.kind, persons=persons)
        one.left = one.amount - one.recovered
    return page


def clawback(number: int, user: Any) -> Clawback:
    """One clawback."""
    found = clawbacks(user).filter(pk=number).first()
    if found is None:
        raise NotFound("没有这一追回，或不在您的范围内。", fix="请返回追回列表。")
    return found


def disputes(user: Any) -> QuerySet[FactDispute]:
    """Disputes about organisations of an officer's regions."""
    require(user, "policies.view")
    return FactDispute.objects.filter(scope(user).regions_q()).select_related(
        "organisation", "entitlement__batch", "raised_by", "answered_by"
    )


def disputes_page(user: Any, *, status: str = "", after: str = "") -> Page:
    """One page of disputes."""
    rows = disputes(user)
    page = page_of(rows.filter(status=status) if status else rows, after)
    persons = seen.sees_persons(user)
    for one in page.rows:
        one.shown = (
            seen.name_for(one.entitlement.name, "person", persons=persons)
            if one.entitlement
            else one.organisation.name
        )
    return page


def dispute(number: int, user: Any) -> FactDispute:
    """One dispute."""
    found = disputes(user).filter(pk=number).first()
    if found is None:
        raise NotFound("没有这件异议，或不在您的范围内。", fix="请返回异议列表。")
    return found
