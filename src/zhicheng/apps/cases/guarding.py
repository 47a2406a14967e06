"""A case handled here is changed by its actions only, never as a row of a list."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet
from django.urls import reverse

from zhicheng.apps.cases.models import CaseDocument, Handling
from zhicheng.kernel.refusals import Conflict, Refusal

NAMED = 3


def handled_here(cases: Sequence[int]) -> Refusal | None:
    """Return the refusal for rows of the ledger that are cases handled here; None for imported history."""
    return _refusal(Handling.objects.filter(pk__in=cases))


def documents_handled_here(documents: Sequence[int]) -> Refusal | None:
    """Return the refusal for rows of documents that belong to cases handled here."""
    numbers = CaseDocument.objects.filter(pk__in=documents).values("case_number")
    return _refusal(Handling.objects.filter(number__in=numbers))


def _refusal(rows: QuerySet[Handling]) -> Refusal | None:
    found = list(rows.order_by("pk").values_list("pk", "number")[: NAMED + 1])
    if not found:
        return None
    named = "、".join(number for _pk, number in found[:NAMED]) + ("等" if len(found) > NAMED else "")
    page = reverse("cases:case", args=[found[0][0]])
    return Conflict(
        f"案件 {named} 正在本系统中办理，不能在台账中改动、合并、删除或用文件覆盖。",
        fix=f"请在办件页面办理：{page}。导入文件请去掉这些行；历史案件仍可在台账中改正。",
    )
