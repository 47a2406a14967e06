"""The lengths a region set for its loop: read everywhere, changed here."""

from __future__ import annotations

from django.db import transaction

from zhicheng.apps.accounts.public import User, record_event, require
from zhicheng.apps.consultation.models import LoopRules
from zhicheng.kernel.refusals import Refusal

NAMES = (
    "finish_days", "instruct_days", "urge_before_days", "urge_every_days", "judge_days", "reopen_days", "link_days",
)  # fmt: skip


def rules_for(region: str) -> LoopRules:
    """Return a region's rules, those written in the model where it set none."""
    return LoopRules.objects.filter(region_code=region).first() or LoopRules(region_code=region)


@transaction.atomic
def set_rules(*, region: str, values: dict[str, int], why: str, by: User) -> LoopRules:
    """Change a region's rules; deadlines already given stay as they are.

    Raises:
        Refusal: a length is not a positive number of days.
    """
    require(by, "consultation.supervise", region=region)
    wrong = [name for name in NAMES if not 1 <= int(values[name]) <= 3650]
    if wrong:
        label = next(one.verbose_name for one in LoopRules._meta.fields if one.name == wrong[0])
        raise Refusal(f"“{label}”为 {values[wrong[0]]} 天，不在 1 至 3650 天之间。", fix="请填写合理的天数。")
    row, _ = LoopRules.objects.select_for_update().get_or_create(region_code=region)
    before = {name: getattr(row, name) for name in NAMES}
    for name in NAMES:
        setattr(row, name, int(values[name]))
    row.save()
    record_event(
        by=by, action="consultation.set_rules", subject=f"region:{region}", why=why, before=before,
        after={name: values[name] for name in NAMES},
    )  # fmt: skip
    return row
