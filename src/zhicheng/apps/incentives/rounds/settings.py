"""The city's rules for votes, defences and decisions of new award rounds, as fields of the payout settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Field

from zhicheng.apps.incentives.batches.models import PayoutSettings
from zhicheng.kernel.refusals import Refusal

HOW_PAID = ("notice_days", "trimmed", "least_scores", "fraud_years", "freed_seat")
RULES = ("quorum", "threshold", "vote_base", "equal_votes", "absent", "decision_when")
SWITCHES = ("votes_shown",)


def checked_rules(given: Mapping[str, Any]) -> dict[str, Any]:
    """Rules given, refused by name and value where one cannot be.

    Raises:
        Refusal: no such rule, or a value that is none of its choices.
    """
    found: dict[str, Any] = {}
    for name, value in given.items():
        if name in SWITCHES:
            found[name] = bool(value)
            continue
        if name not in RULES:
            raise Refusal(f"没有评选规则“{name}”。", fix=f"可用：{'、'.join((*RULES, *SWITCHES))}。")
        field = PayoutSettings._meta.get_field(name)
        assert isinstance(field, Field), f"{name} is a column of the settings"
        choices = dict(field.flatchoices)
        if value not in choices:
            raise Refusal(
                f"“{field.verbose_name}”没有“{str(value)[:20]}”这种处理。",
                fix=f"请选择：{'、'.join(str(one) for one in choices.values())}。",
            )
        found[name] = value
    return found
