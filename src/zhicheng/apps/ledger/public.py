"""The door of the ledger: its models for other rooms, its regions and its organisations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.db.models import Q

from zhicheng.apps.ledger.honours import HonourGrant, HonourScheme, HonourTier, honour_names
from zhicheng.apps.ledger.models import LedgerRegion, Organisation, OrganisationName, Patent, Person


def local_regions() -> list[tuple[str, str, str]]:
    """Code, name and short name of every region in the deployment's tree."""
    return list(LedgerRegion.objects.values_list("code", "name", "short_name"))


def known_organisations() -> Iterator[tuple[int, str, str, str, tuple[str, ...]]]:
    """Id, USCC, name, region and former names of every organisation."""
    former: dict[int, list[str]] = defaultdict(list)
    for organisation, name in OrganisationName.objects.values_list("organisation_id", "name"):
        former[organisation].append(name)
    rows = Organisation.objects.order_by().values_list("id", "uscc", "name", "region_code")
    for number, uscc, name, region in rows.iterator(chunk_size=20_000):
        yield number, uscc, name, region, tuple(former.get(number, ()))


def people_named(names: Iterable[str], *, within: Q) -> list[tuple[str, str, str, str]]:
    """Number, name, organisation and title of the people of those names that a reader may see."""
    rows = Person.objects.filter(within, name__in=list(names)).order_by("name", "number")
    return list(rows.values_list("number", "name", "organisation_name", "title"))


__all__ = [
    "HonourGrant",
    "HonourScheme",
    "HonourTier",
    "LedgerRegion",
    "Organisation",
    "Patent",
    "honour_names",
    "known_organisations",
    "local_regions",
    "people_named",
]
