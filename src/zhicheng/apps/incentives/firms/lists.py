"""The lists behind an organisation's page, each paged and whole: had, received elsewhere, missed, applications, disputes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.incentives.applications import queries as application_queries
from zhicheng.apps.incentives.batches.matters import who_of
from zhicheng.apps.incentives.models import Entitlement, FactDispute, PolicyApplication, ReceivedPayment
from zhicheng.apps.incentives.paging import Page, page_of, page_of_values
from zhicheng.apps.incentives.runs.evaluations import current_evaluation
from zhicheng.apps.incentives.runs.queries import Answer, shown
from zhicheng.apps.ledger.public import Organisation
from zhicheng.engines.incentives.answers import NOT_ENTITLED
from zhicheng.kernel.refusals import NotFound

SETTLED = frozenset({Entitlement.Status.PAID, Entitlement.Status.RECOVERED})


@dataclass(frozen=True)
class Kind:
    """One list of an organisation.

    Args:
        title: its heading. told: what is counted in it.
    """

    title: str | Promise
    told: str | Promise


KINDS = {
    "had": Kind(_("本市已兑付的"), _("本市按条款兑付并已到账的，后来追回的仍列出并注明；新的在前。")),
    "received": Kind(
        _("其他来源到账的"),
        _("台账“已到账的奖补”中本单位的记录：其他部门、其他级别，或系统启用以前拨付的；新的在前。"),
    ),
    "missed": Kind(_("差一点的"), _("有事实对应条款，但至少一个条件不符合的；不符合的条件少的在前。")),
    "applications": Kind(_("本单位的申报"), _("本单位提交过的申报和未提交的草稿；新的在前。")),
    "disputes": Kind(_("提出过的事实异议"), _("本单位对台账事实提出的异议和核实结论；新的在前。")),
}


def had(organisation: Organisation) -> QuerySet[Entitlement]:
    """What this city has paid to an organisation, also what came back since."""
    rows = Entitlement.objects.filter(organisation=organisation, status__in=SETTLED)
    return rows.select_related("batch")


def received(organisation: Organisation) -> QuerySet[ReceivedPayment]:
    """What an organisation has received from elsewhere."""
    return ReceivedPayment.objects.filter(organisation=organisation)


def disputes(organisation: Organisation) -> QuerySet[FactDispute]:
    """What an organisation said is wrong about it."""
    return FactDispute.objects.filter(organisation=organisation).select_related("answered_by")


def applications(organisation: Organisation) -> QuerySet[PolicyApplication]:
    """What an organisation has applied for, drafts among them."""
    return PolicyApplication.objects.filter(organisation=organisation).select_related("organisation")


def narrowly_missed(answers: list[Answer]) -> list[Answer]:
    """Answers where a fact reached the clause and a condition kept it out, those with the fewest such conditions first."""
    found = [one for one in answers if one.outcome.status == NOT_ENTITLED and one.outcome.fact]
    return sorted(
        found,
        key=lambda one: (
            len(one.outcome.reasons), -(one.outcome.event_date or date.min).toordinal(), one.outcome.clause, one.outcome.fact,
        ),
    )  # fmt: skip


def applications_page(organisation: Organisation, on: date, after: str) -> Page:
    """One page of an organisation's applications with where each stands."""
    page = page_of(applications(organisation), after)
    return Page(application_queries.with_standings(page.rows, on), page.count, page.next, page.back)


def _missed_page(organisation: Organisation, as_of: date, after: str) -> Page:
    found = current_evaluation(as_of)
    answers = [shown(one, found, persons=False) for one in found.explain(who_of(organisation))]
    return page_of_values(
        narrowly_missed(answers), after, key=lambda one: f"{one.outcome.clause}|{one.outcome.fact}"
    )


def list_page(organisation: Organisation, kind: str, *, as_of: date, on: date, after: str = "") -> Page:
    """One page of one list of an organisation; the caller has asked who may see it.

    Args:
        organisation: whose. kind: one of `KINDS`. as_of: the day the facts are asked for. on: today, for terms.
        after: cursor of the page before.

    Raises:
        NotFound: there is no such list.
    """
    pages: dict[str, Callable[[], Any]] = {
        "had": lambda: page_of(had(organisation), after),
        "received": lambda: page_of(received(organisation), after),
        "missed": lambda: _missed_page(organisation, as_of, after),
        "applications": lambda: applications_page(organisation, on, after),
        "disputes": lambda: page_of(disputes(organisation), after),
    }
    if kind not in pages:
        raise NotFound(f"没有列表“{kind[:20]}”。", fix=f"可选：{'、'.join(KINDS)}。")
    found: Page = pages[kind]()
    return found


__all__ = [
    "KINDS",
    "SETTLED",
    "Kind",
    "applications",
    "disputes",
    "had",
    "list_page",
    "narrowly_missed",
    "received",
]
