"""Visits to enterprises, institutes and people, and the problems solved on the way."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.records.fields import Choice, Day, Identifier, Text
from zhicheng.apps.records.parts import rows_of
from zhicheng.apps.records.record import Record, RecordPart
from zhicheng.apps.records.shapes import Part, record_type


class VisitPerson(RecordPart):
    """A professional met on a visit, by number: people are counted once however often they are met."""

    visit = models.ForeignKey("public_service.Visit", models.CASCADE, related_name="people")
    person_number = Text(_("人员编号"), max_length=40, db_index=True, help=_("本市自编，不用身份证号"))

    class Meta:
        verbose_name = _("走访人才")


@record_type(
    "visits",
    room="public_service",
    key=("number",),
    list_columns=(
        "number",
        "programme",
        "organisation_name",
        "organisation_kind",
        "visited_on",
        "region_code",
    ),
    filters=("programme", "organisation_kind", "region_code"),
    search=("number", "organisation_name"),
    date="visited_on",
    organisation=("organisation_name", "uscc"),
    parts=(Part(VisitPerson, "visit", rows_of("people", into="person_number"), identity=("person_number",)),),
    virtual={"people": ("走访人员编号", "走访人员编号 人员编号 对接人才", "list")},
)
class Visit(Record):
    """One visit on one day; several visits to one enterprise are one enterprise visited."""

    number = Text(_("走访编号"), max_length=60, help=_("走访记录编号"), synonyms="走访编号 编号")
    programme = Choice(
        _("行动"),
        choices=(
            ("onsite_assistance", _("现场帮扶")),
            ("service_tour", _("“十院百企千人”服务行")),
            ("other", _("其他走访")),
        ),
        help=_("现场帮扶与服务行分别统计"),
        synonyms="行动 活动名称 走访类型",
    )
    organisation_name = Text(
        _("走访单位"), help=_("单位全称；只走访个人时留空"), synonyms="走访单位 单位名称 企业名称"
    )
    uscc = Identifier(
        _("统一社会信用代码"),
        identifier="uscc",
        max_length=18,
        help=_("18 位"),
        synonyms="统一社会信用代码 信用代码",
    )
    organisation = models.ForeignKey(
        "ledger.Organisation",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("主体"),
    )
    organisation_kind = Choice(
        _("单位类别"),
        choices=(("institute", _("高校院所")), ("enterprise", _("企业")), ("other", _("其他"))),
        help=_("高校院所、企业或其他"),
        synonyms="单位类别 走访对象类别",
    )
    visited_on = Day(_("走访日"), help=_("走访日期"), synonyms="走访日 走访日期 帮扶日期")
    cancelled_on = Day(_("取消日"), help=_("未成行的走访填取消日期"), synonyms="取消日 取消日期")

    class Meta:
        verbose_name = _("走访")


@record_type(
    "problems",
    room="public_service",
    key=("number",),
    list_columns=("number", "topic", "organisation_name", "raised_on", "solved_on", "region_code"),
    filters=("region_code",),
    search=("number", "topic", "organisation_name"),
    date="raised_on",
    organisation=("organisation_name", "uscc"),
)
class Problem(Record):
    """A problem raised on a visit; it counts on the day it is solved."""

    number = Text(_("问题编号"), max_length=60, help=_("问题编号"), synonyms="问题编号 编号")
    visit_number = Text(_("走访编号"), max_length=60, help=_("提出问题的走访"), synonyms="走访编号")
    topic = Text(_("问题"), max_length=300, help=_("一句话说明"), synonyms="问题 问题描述")
    organisation_name = Text(_("提出单位"), help=_("单位全称"), synonyms="提出单位 单位名称")
    uscc = Identifier(
        _("统一社会信用代码"),
        identifier="uscc",
        max_length=18,
        help=_("18 位"),
        synonyms="统一社会信用代码 信用代码",
    )
    organisation = models.ForeignKey(
        "ledger.Organisation",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("主体"),
    )
    raised_on = Day(_("提出日"), help=_("提出日期"), synonyms="提出日 提出日期")
    solved_on = Day(_("解决日"), help=_("解决日期，未解决留空"), synonyms="解决日 解决日期 办结日期")
    reopened_on = Day(_("重开日"), help=_("解决后又重新打开的日期"), synonyms="重开日")

    class Meta:
        verbose_name = _("疑难问题")


@record_type(
    "handbooks",
    room="public_service",
    key=("number",),
    list_columns=("number", "organisation_name", "kind", "issued_on", "withdrawn_on", "region_code"),
    filters=("kind", "region_code"),
    search=("number", "organisation_name"),
    date="issued_on",
    organisation=("organisation_name", "uscc"),
)
class Handbook(Record):
    """A handbook that experts wrote for one enterprise."""

    number = Text(_("手册编号"), max_length=60, help=_("手册编号"), synonyms="手册编号 编号")
    kind = Choice(
        _("种类"),
        choices=(("one_enterprise_one_policy", _("“一企一策”培育手册")), ("general", _("通用手册"))),
        help=_("一企一策或通用"),
        synonyms="种类 手册种类",
    )
    organisation_name = Text(_("企业名称"), help=_("企业全称"), synonyms="企业名称 单位名称")
    uscc = Identifier(
        _("统一社会信用代码"),
        identifier="uscc",
        max_length=18,
        help=_("18 位"),
        synonyms="统一社会信用代码 信用代码",
    )
    organisation = models.ForeignKey(
        "ledger.Organisation",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("主体"),
    )
    issued_on = Day(_("出具日"), help=_("出具日期"), synonyms="出具日 出具日期")
    withdrawn_on = Day(_("收回日"), help=_("作废收回的日期"), synonyms="收回日 作废日期")

    class Meta:
        verbose_name = _("培育手册")
