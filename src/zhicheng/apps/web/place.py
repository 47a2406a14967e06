"""Where and when a page looks: region, as-of date and period, taken from its address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.accounts.public import Scope, User, city, opening_date, scope
from zhicheng.kernel.refusals import Refusal

PERIODS: dict[str, Promise | str] = {
    "ytd": _("今年以来"),
    "month": _("本月"),
    "quarter": _("本季度"),
    "year": _("近一年"),
}
CARRIED = ("region", "as_of", "period")


class BadAddress(Refusal):
    """An address names a region, date or period that cannot be."""

    code = "bad_address"
    status = 422


@dataclass(frozen=True)
class Place:
    """The region, date and period a page shows.

    Args:
        region: six-digit code, empty before the city was made.
        as_of: figures show the state on this Beijing calendar day.
        period: one of PERIODS.
    """

    region: str
    as_of: date
    period: str

    @property
    def period_name(self) -> str:
        """Return the period in words."""
        return str(PERIODS[self.period])


def place_of(request: HttpRequest) -> Place:
    """Read the place from the address; what the address leaves out comes from the person and the city."""
    given = request.GET
    region = given.get("region", "") or default_region(request)
    if region and not (len(region) == 6 and region.isdigit()):
        raise BadAddress(f"地址中的区划“{region}”不是六位代码。", fix="请在页面上方重新选择区划。")
    period = given.get("period", "") or "ytd"
    if period not in PERIODS:
        raise BadAddress(f"地址中的时段“{period}”不认识。", fix="可选 ytd、month、quarter、year。")
    return Place(region=region, as_of=_day(given.get("as_of", "")), period=period)


def default_place(request: HttpRequest) -> Place:
    """Return the place of a page whose address names none."""
    return Place(region=default_region(request), as_of=opening_date(), period="ytd")


def default_region(request: HttpRequest) -> str:
    """Return the person's own region, or the city's."""
    user = getattr(request, "user", None)
    if isinstance(user, User) and user.region_code:
        return user.region_code
    row = city()
    return row.region_code if row else ""


def scope_of(request: HttpRequest) -> Scope:
    """Return what the person at the other end may see."""
    return scope(getattr(request, "user", None))


def _day(text: str) -> date:
    if not text:
        return opening_date()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadAddress(
            f"地址中的截至日期“{text}”不是有效日期。", fix="请按 2025-12-16 的格式填写。"
        ) from error
