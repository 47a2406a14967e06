"""Begins a city: its row, its region tree from GB/T 2260, its first line in the audit trail."""

from __future__ import annotations

from datetime import date

from django.apps import apps
from django.db import transaction

from zhicheng.apps.accounts.public import City, city, set_city
from zhicheng.apps.records.versions import tables_moved_on
from zhicheng.kernel import regions
from zhicheng.kernel.refusals import Conflict


@transaction.atomic
def begin_city(
    *, region_code: str, one_person: bool = False, demo: bool = False, opens_on: date | None = None
) -> City:
    """Write the city's row and its tree of regions; beginning the same city again changes nothing.

    Raises:
        Conflict: the data folder already holds another city.
    """
    place = regions.region(region_code)
    standing = city()
    if standing and standing.region_code != region_code:
        raise Conflict(
            f"数据文件夹里已经是{standing.name}（{standing.region_code}）。",
            fix="请用 ZHICHENG_HOME 指定另一个文件夹。",
        )
    model = apps.get_model("ledger", "LedgerRegion")
    below = [one for one in regions.children(region_code) if one.valid_to is None]
    for one in (*regions.ancestors(region_code), place, *below):
        model.objects.get_or_create(
            code=one.code,
            defaults={
                "name": one.name,
                "short_name": regions.short_name(one.name),
                "level": one.level,
                "parent_code": one.parent,
                "region_code": one.code,
            },
        )
    tables_moved_on([model._meta.db_table])
    return set_city(
        region_code=region_code, name=place.name, one_person=one_person, demo=demo, opens_on=opens_on
    )
