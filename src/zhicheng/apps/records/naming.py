"""Which rows carry a name, and which organisation of the register a person means."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count

from zhicheng.apps.records.models import MatchQuestion
from zhicheng.apps.records.relinking import naming_models
from zhicheng.kernel.refusals import Refusal


@dataclass(frozen=True)
class Named:
    """Rows of one kind in one region that carry a name.

    Args:
        kind: name of the kind of row.
        region: region code of the rows, empty when they say none.
        count: how many.
    """

    kind: str
    region: str
    count: int


def rows_naming(name: str) -> list[Named]:
    """Rows that carry a name, by kind and region; one query for each kind that names organisations."""
    found = []
    for model, (column, _code) in naming_models():
        rows = model._default_manager.filter(**{column: name}).order_by()
        if not any(one.name == "region_code" for one in model._meta.fields):
            if count := rows.count():
                found.append(Named(str(model._meta.verbose_name), "", count))
            continue
        for region, count in rows.values_list("region_code").annotate(n=Count("pk")):
            found.append(Named(str(model._meta.verbose_name), region, count))
    return sorted(found, key=lambda one: (-one.count, one.kind, one.region))


def find_organisation(number: str, written: str) -> int:
    """The organisation a person chose by its id, or wrote by its code or full name.

    Raises:
        Refusal: none or several are called so.
    """
    register = MatchQuestion._meta.get_field("organisation").related_model
    for column, text in (("pk", number), ("uscc", written.strip()), ("name", written.strip())):
        if not text:
            continue
        found = list(register._default_manager.filter(**{column: text}).values_list("pk", flat=True)[:2])
        if len(found) == 1:
            return int(found[0])
    raise Refusal(
        f"没有找到唯一的主体“{written[:60]}”。",
        fix="请填写完整名称或统一社会信用代码，或选“都不是本地主体”。",
    )
