"""Windows of application: which are open, which open soon, and the refusal outside of them with its days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from zhicheng.apps.incentives.applications.fields import can_apply, shape_of
from zhicheng.engines.incentives.rules import Policy, Program, Version
from zhicheng.engines.incentives.rules import Window as Days
from zhicheng.kernel.refusals import Refusal

SOON = timedelta(days=60)
CLOSING = 15


class OutsideWindow(Refusal):
    """An application comes before or after the window of its year."""

    code = "outside_window"


@dataclass(frozen=True)
class Window:
    """An application window that is open or opens soon, with the days left.

    Args:
        policy_id, policy: the document. year: of the events it is for, None where one may always apply.
        opens, closes: its days, None where one may always apply. days: until it closes, or until it opens.
        open: whether it is open. example: a document for demonstration.
        clauses: id and name of the clauses that can be applied for.
    """

    policy_id: str
    policy: str
    year: int | None
    opens: date | None
    closes: date | None
    days: int | None
    open: bool
    example: bool
    clauses: tuple[tuple[str, str], ...]

    @property
    def closing(self) -> bool:
        """Whether little time is left."""
        return self.open and self.days is not None and self.days <= CLOSING


def windows(program: Program, on: date) -> list[Window]:
    """Windows that are open, or open within sixty days, those that close first on top; what is always open comes last."""
    found: list[Window] = []
    for policy in program.policies.values():
        clauses = [one for one in program.clauses if one.policy == policy.id]
        bound = tuple((one.id, one.name) for one in clauses if one.versions[-1].application)
        free = tuple(
            (one.id, one.name) for one in clauses
            if not (one.versions[-1].application and policy.windows)
            and can_apply(one, one.versions[-1], shape_of(program, one)) and _standing(policy, on)
        )  # fmt: skip
        found += [
            _shown(policy, days, on, bound)
            for days in policy.windows
            if bound and days.closes >= on and days.opens <= on + SOON
        ]
        if free:
            found.append(Window(policy.id, policy.title, None, None, None, None, True, policy.example, free))
    return sorted(found, key=lambda one: (not one.open, one.closes or date.max, one.policy_id))


def _standing(policy: Policy, on: date) -> bool:
    return (policy.valid_from is None or policy.valid_from <= on) and (
        policy.valid_to is None or on <= policy.valid_to
    )


def _shown(policy: Policy, days: Days, on: date, clauses: tuple[tuple[str, str], ...]) -> Window:
    is_open = days.opens <= on
    left = (days.closes - on).days if is_open else (days.opens - on).days
    return Window(
        policy.id,
        policy.title,
        days.year,
        days.opens,
        days.closes,
        left,
        is_open,
        policy.example,
        clauses,
    )


def window_for(policy: Policy, version: Version, event: date | None) -> Days | None:
    """The window for events of a day's year; None where the version asks for none."""
    if not version.application or event is None:
        return None
    return next((one for one in policy.windows if one.year == event.year), None)


def refuse_outside(policy: Policy, version: Version, event: date, on: date) -> None:
    """Refuse an application that comes outside the window of its event's year.

    Raises:
        OutsideWindow: names the window's days, and the next one there is.
    """
    if not version.application or not policy.windows:
        return
    own = window_for(policy, version, event)
    if own is not None and own.opens <= on <= own.closes:
        return
    following = min(
        (one for one in policy.windows if one.opens > on), key=lambda one: one.opens, default=None
    )
    coming = (
        f"下一个申报期为 {following.opens} 至 {following.closes}（{following.year} 年的事实）"
        if following
        else "尚未公布下一个申报期"
    )
    if own is None:
        what = f"《{policy.title}》没有公布 {event.year} 年事实的申报期"
    elif on < own.opens:
        what = f"《{policy.title}》{event.year} 年事实的申报期自 {own.opens} 起，今天是 {on}"
        coming = "届时再提交，草稿已保存"
    else:
        what = f"《{policy.title}》{event.year} 年事实的申报期为 {own.opens} 至 {own.closes}，今天是 {on}，已经截止"
    raise OutsideWindow(f"{what}。", fix=f"{coming}。", source=None)


def as_plain(one: Window) -> dict[str, Any]:
    """A window as plain values."""
    return {
        "policy": one.policy, "policy_id": one.policy_id, "year": one.year, "open": one.open, "days": one.days, "example": one.example,
        "opens": one.opens.isoformat() if one.opens else None, "closes": one.closes.isoformat() if one.closes else None,
        "clauses": [{"clause": clause, "name": name} for clause, name in one.clauses],
    }  # fmt: skip
