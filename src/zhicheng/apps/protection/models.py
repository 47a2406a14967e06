"""Seized lots, their destruction, and the experts who help to protect rights."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.records.fields import Amount, Choice, Day, Identifier, Text
from zhicheng.apps.records.record import Record
from zhicheng.apps.records.shapes import record_type

UNITS = (
    ("piece", _("件")),
    ("box", _("箱")),
    ("kilogram", _("公斤")),
    ("bottle", _("瓶")),
    ("tonne", _("吨")),
)


@record_type(
    "seized_lots",
    room="protection",
    key=("number",),
    list_columns=("number", "case_number", "goods", "quantity", "unit", "seized_on", "region_code"),
    filters=("unit", "region_code"),
    search=("number", "case_number", "goods"),
    date="seized_on",
)
class SeizedLot(Record):
    """Infringing or counterfeit goods taken in one seizure."""

    number = Text(_("批次号"), max_length=60, help=_("扣押批次号"), synonyms="批次号 扣押批次")
    case_number = Text(_("案号"), max_length=80, help=_("所属案件"), synonyms="案号 案件编号")
    goods = Text(_("物品"), help=_("物品名称"), synonyms="物品 物品名称 产品名称")
    quantity = Amount(_("数量"), help=_("按所填单位计"), synonyms="数量")
    unit = Choice(_("单位"), choices=UNITS, help=_("不同单位不相加"), synonyms="单位 计量单位")
    seized_on = Day(_("扣押日"), help=_("扣押日期"), synonyms="扣押日 扣押日期")

    class Meta:
        verbose_name = _("扣押物品")


@record_type(
    "destructions",
    room="protection",
    key=("number",),
    list_columns=("number", "lot_number", "goods", "quantity", "unit", "destroyed_on", "region_code"),
    filters=("unit", "region_code"),
    search=("number", "lot_number", "goods"),
    date="destroyed_on",
)
class Destruction(Record):
    """Goods destroyed on a day, in the unit they were counted in."""

    number = Text(_("销毁编号"), max_length=60, help=_("销毁记录编号"), synonyms="销毁编号 编号")
    lot_number = Text(_("批次号"), max_length=60, help=_("扣押批次号"), synonyms="批次号 扣押批次")
    goods = Text(_("物品"), help=_("物品名称"), synonyms="物品 物品名称 产品名称")
    quantity = Amount(_("数量"), help=_("按所填单位计"), synonyms="数量 销毁数量")
    unit = Choice(_("单位"), choices=UNITS, help=_("不同单位不相加"), synonyms="单位 计量单位")
    destroyed_on = Day(_("销毁日"), help=_("销毁日期"), synonyms="销毁日 销毁日期")

    class Meta:
        verbose_name = _("销毁记录")


@record_type(
    "experts",
    room="protection",
    key=("number",),
    list_columns=("number", "name", "field", "organisation_name", "from_on", "until_on"),
    filters=("field", "region_code"),
    search=("number", "name", "organisation_name"),
    date="from_on",
    organisation=("organisation_name", "uscc"),
)
class Expert(Record):
    """A member of the protection experts' panel."""

    number = Text(_("专家编号"), max_length=40, help=_("专家库编号"), synonyms="专家编号 编号")
    name = Text(_("姓名"), personal=True, help=_("姓名"), synonyms="姓名")
    field = Text(_("领域"), help=_("技术或法律领域"), synonyms="领域 专业领域")
    organisation_name = Text(_("所在单位"), help=_("单位全称"), synonyms="所在单位 单位名称")
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
    from_on = Day(_("聘任日"), help=_("入库日期"), synonyms="聘任日 入库日期")
    until_on = Day(_("解聘日"), help=_("出库日期，在聘留空"), synonyms="解聘日 出库日期")

    class Meta:
        verbose_name = _("保护专家")
