"""Targets and quoted ranks: entered from the figure's page with their source, approved by somebody else."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.accounts.public import User
from zhicheng.apps.records.public import ChangeSet, Draft, propose
from zhicheng.apps.web.public import Place


class TargetForm(forms.Form):
    """What a figure should reach by the end of a year."""

    year = forms.IntegerField(label=_("年度"), min_value=2000, max_value=2100)
    value = forms.DecimalField(label=_("目标值"), max_digits=15, decimal_places=4, help_text=_("按指标单位"))
    source_title = forms.CharField(label=_("依据"), max_length=200, help_text=_("下达目标的文件"))
    set_on = forms.DateField(
        label=_("下达日"), widget=forms.DateInput(attrs={"type": "date"}), help_text=_("文件印发的日期")
    )


class RankForm(forms.Form):
    """A rank that somebody else published."""

    rank_text = forms.CharField(label=_("原文说法"), max_length=60, help_text=_("如 全省第三位、前列"))
    rank = forms.IntegerField(label=_("位次"), min_value=1, required=False, help_text=_("只说前列时留空"))
    scope = forms.CharField(label=_("范围"), max_length=60, help_text=_("全省、全国等"))
    as_of = forms.DateField(
        label=_("截至"), widget=forms.DateInput(attrs={"type": "date"}), help_text=_("排名所指的日期")
    )
    source_title = forms.CharField(label=_("来源"), max_length=200, help_text=_("发布者与标题"))
    source_span = forms.CharField(
        label=_("原文位置"), max_length=60, required=False, help_text=_("原文中的起止字符")
    )


def enter(*, kind: str, indicator: str, place: Place, values: dict[str, object], by: User) -> ChangeSet:
    """Propose a target or a quoted rank for a figure of a region; it stands once somebody else approved it.

    Args:
        kind: `targets` or `quoted_ranks`.
        indicator: the figure.
        place: region (and day) it is about.
        values: cleaned values of its form.
        by: who enters it.
    """
    written = {name: "" if value is None else str(value) for name, value in values.items()}
    draft = Draft(kind, {"indicator": indicator, "region_code": place.region, **written})
    return propose(draft=draft, by=by, why=f"{written['source_title']}")
