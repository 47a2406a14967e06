"""Targets, quoted ranks and the reporting calendar: entered with a source and approved like any record."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhicheng.apps.records.fields import Amount, Choice, Count, Day, Entry, Text
from zhicheng.apps.records.record import Record
from zhicheng.apps.records.shapes import record_type, registry
from zhicheng.catalogue.loader import load_catalogue


def indicator_names() -> dict[str, str]:
    """Indicators of the catalogue by id."""
    return {one.id: one.name_zh for one in load_catalogue().indicators.values()}


def type_names() -> dict[str, str]:
    """Kinds of records by id."""
    return {one.id: one.label for one in registry}


@record_type(
    "targets",
    room="administration",
    key=("indicator", "region_code", "year"),
    list_columns=("indicator", "region_code", "year", "value", "source_title"),
    filters=("indicator", "region_code", "year"),
    search=("indicator",),
    date="set_on",
    public=True,
)
class Target(Record):
    """What a figure should reach by the end of a year, and the document that says so."""

    indicator = Entry(
        _("指标"), among=indicator_names, db_index=True, help=_("指标目录中的编号"), synonyms="指标 指标编号"
    )
    year = Count(_("年度"), help=_("目标年度"), synonyms="年度 目标年度")
    value = Amount(_("目标值"), help=_("按指标单位"), synonyms="目标值 目标")
    source_title = Text(_("依据"), help=_("下达目标的文件"), synonyms="依据 依据文件 来源")
    set_on = Day(_("下达日"), help=_("文件印发的日期"), synonyms="下达日 印发日期")

    class Meta:
        verbose_name = _("目标")


@record_type(
    "quoted_ranks",
    room="administration",
    key=("indicator", "region_code", "as_of", "scope"),
    list_columns=("indicator", "region_code", "as_of", "rank_text", "scope", "source_title"),
    filters=("indicator", "region_code"),
    search=("indicator", "source_title"),
    date="as_of",
    public=True,
)
class QuotedRank(Record):
    """A rank that somebody else published; quoted, never computed here."""

    indicator = Entry(
        _("指标"), among=indicator_names, db_index=True, help=_("指标目录中的编号"), synonyms="指标 指标编号"
    )
    as_of = Day(_("截至"), help=_("排名所指的日期"), synonyms="截至 截至日期")
    rank = Count(_("位次"), help=_("名次；只说前列时留空"), synonyms="位次 名次")
    rank_text = Text(_("原文说法"), max_length=60, help=_("如 全省第三位、前列"), synonyms="原文说法 说法")
    scope = Text(_("范围"), max_length=60, help=_("全省、全国等"), synonyms="范围 排名范围")
    source_title = Text(_("来源"), help=_("发布者与标题"), synonyms="来源 出处")
    source_span = Text(_("原文位置"), max_length=60, help=_("原文中的起止字符"), synonyms="原文位置")

    class Meta:
        verbose_name = _("引用位次")


@record_type(
    "source_schedules",
    room="administration",
    key=("record_type", "region_code"),
    list_columns=("record_type", "region_code", "frequency", "due_day", "contact"),
    filters=("record_type", "region_code", "frequency"),
    search=("record_type",),
)
class SourceSchedule(Record):
    """When a county owes which data; who is late follows from it."""

    record_type = Entry(
        _("台账"), among=type_names, max_length=60, help=_("台账编号，如 patents"), synonyms="台账 台账编号"
    )
    frequency = Choice(
        _("频次"),
        choices=(("monthly", _("每月")), ("quarterly", _("每季")), ("yearly", _("每年"))),
        help=_("每月、每季、每年"),
        synonyms="频次",
    )
    due_day = Count(_("报送日"), help=_("期满后第几日前报送"), synonyms="报送日")
    contact = Text(_("责任单位"), help=_("负责报送的单位"), synonyms="责任单位 报送单位")

    class Meta:
        verbose_name = _("报送日历")
