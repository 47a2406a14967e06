"""Numbers of cases and documents: one series per office and year, without gaps made by a refused request."""

from __future__ import annotations

from datetime import date

from django.db.models import F

from zhicheng.apps.cases.models import Case, Counter
from zhicheng.apps.web.public import region_name


def next_number(*, office: str, series: str, pattern: str, on: date) -> str:
    """Return the next number of a series; inside the transaction that uses it.

    Args:
        office: region code of the office.
        series: name of the series.
        pattern: with `{office}`, `{year}` and `{n}`.
        on: the day, whose year counts.
    """
    where = Counter.objects.filter(office=office, series=series, year=on.year)
    if not where.update(last=F("last") + 1):
        Counter.objects.get_or_create(office=office, series=series, year=on.year)
        where.update(last=F("last") + 1)
    return pattern.format(office=region_name(office), year=on.year, n=where.values_list("last", flat=True)[0])


def next_case_number(*, office: str, series: str, pattern: str, on: date) -> str:
    """Return the next case number that no imported case bears already."""
    while True:
        number = next_number(office=office, series=series, pattern=pattern, on=on)
        if not Case.objects.filter(number=number).exists():
            return number
