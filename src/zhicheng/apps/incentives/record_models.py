"""Payments other levels have made, as they are imported from award lists and finance notices."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.incentives import record_words
from zhicheng.apps.records.fields import Choice, Day, Identifier, Money, Text
from zhicheng.apps.records.record import Record
from zhicheng.apps.records.shapes import record_type

LEVELS = (("nation", _("国家")), ("province", _("省")), ("city", _("市")), ("county", _("县")))


@record_type(
    "received_payments",
    room="incentives",
    key=("document", "payee_name", "matter", "object_number"),
    list_columns=("payee_name", "matter", "object_number", "level", "amount", "paid_on", "region_code"),
    filters=("level", "matter", "region_code"),
    search=("payee_name", "object_number"),
    date="paid_on",
    organisation=("payee_name", "uscc"),
)
class ReceivedPayment(Record):
    """Money a beneficiary has received from any level, also before this software."""

    document = Text(_("拨付文件"), help=_("文号或通知标题"), synonyms="拨付文件 文号 资金文件")
    payee_name = Text(_("收款单位"), help=_("到账单位的全称"), synonyms="收款单位 单位名称 企业名称")
    uscc = Identifier(
        _("统一社会信用代码"), identifier="uscc", max_length=18, help=_("18 位"), synonyms="统一社会信用代码 信用代码"
    )  # fmt: skip
    organisation = models.ForeignKey(
        "ledger.Organisation", models.SET_NULL, null=True, blank=True, related_name="received_payments",
        verbose_name=_("主体"),
    )  # fmt: skip
    matter = Text(
        _("事项"),
        max_length=80,
        help=_("就高不重复的事项组，或条款编号"),
        synonyms="事项 事项组 奖补事项",
        says=record_words.matter,
    )
    object_number = Text(
        _("对象编号"), max_length=80, help=_("专利号、标准号、贷款编号等"), synonyms="对象编号 对象 专利号"
    )
    level = Choice(_("级别"), choices=LEVELS, help=_("哪一级财政支付"), synonyms="级别 拨付级别")
    amount = Money(_("金额"), help=_("实际到账，元"), synonyms="金额 到账金额 奖补金额")
    paid_on = Day(_("到账日"), help=_("银行到账的日期"), synonyms="到账日 到账日期 拨付日期")

    class Meta:
        verbose_name = _("已到账的奖补")


@record_type(
    "application_facts",
    room="incentives",
    key=("case_number", "item"),
    list_columns=(
        "organisation_name",
        "clause",
        "fact",
        "item",
        "stated",
        "applied_on",
        "case_number",
        "region_code",
    ),
    filters=("fact_kind", "region_code"),
    search=("organisation_name", "fact", "case_number"),
    date="applied_on",
    organisation=("organisation_name", "uscc"),
)
class ApplicationFact(Record):
    """One thing an accepted application has established: the day of application, or a value the ledger lacked."""

    case_number = Text(_("办件编号"), max_length=80, help=_("审核通过的申报办件"), synonyms="办件编号")
    clause = Text(
        _("条款"),
        max_length=120,
        help=_("申报的条款编号"),
        synonyms="条款 条款编号",
        says=record_words.clause,
    )
    fact_kind = Text(
        _("事实种类"),
        max_length=60,
        help=_("条款所依据的事实，如 pledges"),
        synonyms="事实种类",
        says=record_words.fact_kind,
    )
    fact = Text(_("事实编号"), max_length=300, help=_("合同号、保单号等"), synonyms="事实编号")
    organisation_name = Text(_("申报单位"), help=_("单位全称"), synonyms="申报单位 单位名称")
    uscc = Identifier(
        _("统一社会信用代码"), identifier="uscc", max_length=18, help=_("18 位"), synonyms="统一社会信用代码 信用代码"
    )  # fmt: skip
    organisation = models.ForeignKey(
        "ledger.Organisation", models.SET_NULL, null=True, blank=True, related_name="application_facts",
        verbose_name=_("主体"),
    )  # fmt: skip
    item = Text(
        _("核定项目"),
        max_length=60,
        help=_("事实的列名；申报日写 applied"),
        synonyms="核定项目",
        says=record_words.item,
    )
    stated = Text(_("核定值"), help=_("审核通过的值"), synonyms="核定值", says=record_words.stated)
    applied_on = Day(_("申报日"), help=_("提交申报的日期"), synonyms="申报日 申报日期")

    class Meta:
        verbose_name = _("申报核定的事实")
