"""Brand pools and speciality products."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.records.fields import Choice, Day, Identifier, LongText, Text
from zhicheng.apps.records.record import Record
from zhicheng.apps.records.shapes import record_type


@record_type(
    "brand_pool",
    room="quality",
    key=("pool", "organisation_name", "uscc", "entered_on"),
    list_columns=("organisation_name", "pool", "tier", "entered_on", "left_on", "region_code"),
    filters=("pool", "tier", "region_code"),
    search=("organisation_name", "uscc"),
    date="entered_on",
    organisation=("organisation_name", "uscc"),
    public=True,
)
class BrandPoolEntry(Record):
    """A place of an enterprise in a brand cultivation pool (品牌培育库), with its days."""

    pool = Choice(
        _("培育库"),
        choices=(
            ("high_end_brand", _("高端品牌培育企业")),
            ("city_brand", _("市级品牌培育库")),
            ("county_brand", _("县级品牌培育库")),
        ),
        help=_("哪一级的培育库"),
        synonyms="培育库 库别",
    )
    tier = Text(_("层次"), max_length=40, help=_("培育层次"), synonyms="层次 梯次 培育层次")
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
    entered_on = Day(_("入库日期"), help=_("公布入库的日期"), synonyms="入库日期 公布日期")
    left_on = Day(_("出库日期"), help=_("退出的日期，在库留空"), synonyms="出库日期 退出日期")

    class Meta:
        verbose_name = _("品牌培育库")


@record_type(
    "speciality_products",
    room="quality",
    key=("number",),
    list_columns=(
        "number",
        "name",
        "kind",
        "organisation_name",
        "improved_on",
        "withdrawn_on",
        "region_code",
    ),
    filters=("kind", "region_code"),
    search=("number", "name", "organisation_name"),
    date="improved_on",
    organisation=("organisation_name", "uscc"),
    public=True,
)
class SpecialityProduct(Record):
    """A local speciality that was found or improved."""

    number = Text(_("产品编号"), max_length=60, help=_("本市自编"), synonyms="产品编号 编号")
    name = Text(_("产品名称"), help=_("产品名称"), synonyms="产品名称 名称")
    kind = Choice(
        _("类别"),
        choices=(
            ("gi", _("地理标志")),
            ("handmade", _("手造")),
            ("heritage", _("非遗")),
            ("creative", _("文创")),
            ("agricultural", _("农产品")),
            ("time_honoured", _("老字号")),
        ),
        help=_("地标、手造、非遗、文创、农产品、老字号"),
        synonyms="类别 产品类别",
    )
    improvement = LongText(
        _("提升内容"), help=_("文化内涵、外观、品质、销路等"), synonyms="提升内容 提升措施"
    )
    organisation_name = Text(_("生产单位"), help=_("单位全称"), synonyms="生产单位 企业名称 单位名称")
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
    improved_on = Day(_("提升日期"), help=_("纳入提升的日期"), synonyms="提升日期 纳入日期 入选日期")
    withdrawn_on = Day(_("退出日期"), help=_("撤出名录的日期"), synonyms="退出日期")

    class Meta:
        verbose_name = _("特色产品")
