"""Names of the regions a person may switch between."""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps

from zhicheng.apps.accounts.public import Scope, city, region_prefix
from zhicheng.kernel import regions as standard
from zhicheng.kernel.refusals import Refusal


@dataclass(frozen=True)
class RegionChoice:
    """A region in the switch."""

    code: str
    name: str
    short_name: str


def region_choices(scope: Scope) -> list[RegionChoice]:
    """Return the city and its counties as far as the person sees them; the public sees all of them.

    The city's own tree (台账·区划) comes first, since it holds its functional zones; before it is loaded,
    GB/T 2260 answers.
    """
    row = city()
    if row is None:
        return []
    found = _of_ledger(row.region_code) or _of_standard(row.region_code)
    if scope.region_codes:
        found = [choice for choice in found if scope.covers_region(choice.code)]
    return found


def region_name(code: str) -> str:
    """Return the name of a region, its code when nobody knows it."""
    if found := _ledger_name(code):
        return found
    try:
        return standard.region(code).name
    except Refusal:
        return code


def short_region_name(name: str) -> str:
    """Return a region's name without its kind: 寿光市 → 寿光."""
    return standard.short_name(name)


def _ledger_name(code: str) -> str:
    if not apps.is_installed("zhicheng.apps.ledger"):
        return ""
    rows = apps.get_model("ledger", "LedgerRegion").objects.filter(code=code, valid_to__isnull=True)
    return next(iter(rows.order_by().values_list("name", flat=True)[:1]), "")


def _of_ledger(city_code: str) -> list[RegionChoice]:
    if not apps.is_installed("zhicheng.apps.ledger"):
        return []
    rows = (
        apps.get_model("ledger", "LedgerRegion")
        .objects.filter(code__startswith=region_prefix(city_code), valid_to__isnull=True)
        .order_by("code")
        .values_list("code", "name", "short_name")
    )
    return [RegionChoice(code, name, short or standard.short_name(name)) for code, name, short in rows]


def _of_standard(city_code: str) -> list[RegionChoice]:
    try:
        found = [standard.region(city_code), *standard.children(city_code)]
    except Refusal:
        return []
    return [RegionChoice(one.code, one.name, standard.short_name(one.name)) for one in found]
