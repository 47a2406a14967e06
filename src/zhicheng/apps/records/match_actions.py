"""Decides which organisation a name means, once for all its rows or region by region; every decision is remembered."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models, transaction

from zhicheng.apps.accounts.public import User, record_event, require
from zhicheng.apps.records.models import MatchQuestion
from zhicheng.apps.records.relinking import link_rows, naming_models
from zhicheng.apps.records.versions import tables_moved_on
from zhicheng.kernel.refusals import Refusal


@transaction.atomic
def decide_match(*, question: MatchQuestion, organisation: int | None, by: User) -> MatchQuestion:
    """Remember which organisation a name means, or that it means none of the city's, and link its rows."""
    return _decide(question, by=by, organisation=organisation, by_region={})


@transaction.atomic
def split_match(*, question: MatchQuestion, by_region: Mapping[str, int | None], by: User) -> MatchQuestion:
    """Remember that one name means different organisations in different regions, and link its rows so.

    Args:
        question: the name.
        by_region: region code → organisation, None for one that is not of the city.
        by: who decides.

    Raises:
        Refusal: fewer than two regions are told apart.
    """
    if len(by_region) < 2:
        raise Refusal("拆分至少要分清两个区划。", fix="只有一个主体时请直接选定它。")
    return _decide(question, by=by, organisation=None, by_region=dict(by_region))


@transaction.atomic
def reopen_match(*, question: MatchQuestion, by: User) -> MatchQuestion:
    """Take back what was decided about a name; its rows lose their link until it is decided anew."""
    require(by, "records.approve")
    row = MatchQuestion.objects.select_for_update().get(pk=question.pk)
    before = {"organisation": row.organisation_id, "by_region": row.by_region}
    row.decided, row.organisation_id, row.by_region, row.decided_by = False, None, {}, by
    row.save()
    rows = _link_everywhere(row)
    record_event(
        by=by, action="records.reopen_match", subject=f"name:{row.name}", before=before, after={"rows": rows}
    )
    return row


def _decide(
    question: MatchQuestion, *, by: User, organisation: int | None, by_region: dict[str, int | None]
) -> MatchQuestion:
    require(by, "records.approve", region=question.region_code or None)
    row = MatchQuestion.objects.select_for_update().get(pk=question.pk)
    before = {"organisation": row.organisation_id, "by_region": row.by_region, "decided": row.decided}
    row.decided, row.organisation_id, row.by_region, row.decided_by = True, organisation, by_region, by
    row.save()
    linked = _link_everywhere(row)
    record_event(
        by=by, action="records.decide_match", subject=f"name:{row.name}", before=before,
        after={"organisation": organisation, "by_region": by_region, "rows": linked},
    )  # fmt: skip
    return row


def _link_everywhere(row: MatchQuestion) -> int:
    chosen = row.by_region or {"": row.organisation_id}
    register = MatchQuestion._meta.get_field("organisation").related_model
    assert isinstance(register, type)
    assert issubclass(register, models.Model)
    places = dict(
        register._default_manager.filter(pk__in=[one for one in chosen.values() if one]).values_list(
            "pk", "region_code"
        )
    )
    count, touched = 0, set()
    for model, (name, _code) in naming_models():
        known = {one.name for one in model._meta.fields}
        for region, organisation in chosen.items():
            rows = model._default_manager.filter(**{name: row.name})
            if region and "region_code" in known:
                rows = rows.filter(region_code=region)
            linked = link_rows(model, rows, organisation, places.get(organisation, ""))
            count += linked
            touched |= {model._meta.db_table} if linked else set()
    tables_moved_on(touched)
    return count
