"""What a freeze would list and leave out, told before anybody freezes; writes nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from zhicheng.apps.accounts.public import User, require
from zhicheng.apps.incentives.batches.held_back import Left, what_is_left
from zhicheng.apps.incentives.models import Entitlement
from zhicheng.apps.incentives.runs.evaluations import Asked, Evaluation
from zhicheng.engines.incentives.answers import ENTITLED
from zhicheng.kernel.refusals import NotFound


@dataclass(frozen=True)
class Preview:
    """What a freeze would do.

    Args:
        count, total: amounts it would list, and their sum in 元.
        reduced: how many of them are less than the rules give.
        left_out: why others are not listed, and how many for each reason, most often first.
    """

    count: int
    total: Decimal
    reduced: int
    left_out: tuple[tuple[str, int], ...]

    @property
    def seal(self) -> str:
        """Count and sum, to hold the batch against what was seen."""
        return f"{self.count}/{self.total:.2f}"


def _why(one: Left) -> str:
    """Why an amount is left out, in words that are the same for all of its kind."""
    if one.twin is not None:
        return _("同一事项在这次应得中重复，只兑付一次")
    if one.holder is None:
        return one.words
    if one.holder.status == Entitlement.Status.PAID:
        return _("同一事项已经兑付")
    if one.holder.status == Entitlement.Status.RECOVERED:
        return _("同一事项已经追回")
    return _("同一事项已列入其他批次")


def preview_freeze(*, policy: str, year: int, evaluation: Evaluation, by: User) -> Preview:
    """What freezing a policy's year would list, read from an evaluation; as many queries however much is due.

    Raises:
        NotFound: there is no such policy.
    """
    document = evaluation.program.policies.get(policy)
    if document is None:
        raise NotFound(f"没有政策“{policy}”。", fix=f"现有：{'、'.join(evaluation.program.policies)}。")
    place = document.region or by.region_code
    require(by, "policies.prepare", region=place)
    asked = Asked(policy=policy, status=ENTITLED, year=year, regions=(place,) if place else None)
    lefts = what_is_left(list(evaluation.all(asked)), evaluation, policy=policy)
    listed = [one for one in lefts if one.amount > 0]
    out = Counter(_why(one) for one in lefts if one.amount <= 0)
    return Preview(
        len(listed), sum((one.amount for one in listed), Decimal("0.00")), sum(bool(one.words) for one in listed),
        tuple(out.most_common()),
    )  # fmt: skip
