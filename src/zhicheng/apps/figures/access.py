"""Which region's figures, and which rows behind them, a person may see."""

from __future__ import annotations

from typing import Any

from zhicheng.apps.accounts.public import may, require, scope
from zhicheng.kernel.refusals import NotAllowed


def sees_figures(user: Any, region: str) -> bool:
    """Tell whether a person sees computed figures of a region.

    Officers see their region and below, and a county also its own city to compare with; everybody else
    sees what is published.
    """
    if not may(user, "figures.view"):
        return False
    seen = scope(user)
    above = region.endswith("00") and any(code.startswith(region[:4]) for code in seen.region_codes)
    return seen.covers_region(region) or above


def sees_rows(user: Any, region: str) -> bool:
    """Tell whether a person sees the rows behind the figures of a region: only inside their own."""
    return may(user, "figures.view") and scope(user).covers_region(region)


def require_figures(user: Any, region: str) -> None:
    """Refuse a person who does not see the figures of a region."""
    require(user, "figures.view")
    if not sees_figures(user, region):
        raise NotAllowed(
            f"区划 {region} 的数据不在您的查看范围内。", fix="可查看已公布的数据，或由该区划的人员办理。"
        )


def require_rows(user: Any, region: str) -> None:
    """Refuse a person who does not see the rows of a region."""
    require(user, "figures.view")
    if not sees_rows(user, region):
        raise NotAllowed(f"区划 {region} 的明细不在您的查看范围内。", fix="明细由该区划或其上级的人员查看。")
