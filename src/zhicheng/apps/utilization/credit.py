"""Credit lines that banks grant on rights (授信) and the money drawn on them (放款), never one figure."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.records.fields import Choice, Day, Identifier, Money, Text
from zhicheng.apps.records.record import Record
from zhicheng.apps.records.shapes import Related, record_type


@record_type(
    "credit_lines",
    room="utilization",
    key=("number",),
    list_columns=("number", "organisation_name", "bank", "programme", "approved_on", "amount", "region_code"),
    filters=("bank", "programme", "region_code"),
    search=("number", "organisation_name"),
    date="approved_on",
    organisation=("organisation_name", "uscc"),
    related=(Related("drawdowns", "credit_number", "number"),),
)
class CreditLine(Record):
    """A credit line a bank granted (授信); what was drawn is kept apart."""

    number = Text(_("授信编号"), max_length=60, help=_("银行授信编号"), synonyms="授信编号 编号")
    organisation_name = Text(_("受信企业"), help=_("企业全称"), synonyms="受信企业 企业名称 单位名称")
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
    bank = Text(_("银行"), help=_("授信银行"), synonyms="银行 授信银行")
    programme = Choice(
        _("产品"),
        choices=(("quality_loan", _("质量贷")), ("ip_loan", _("知识产权质押融资")), ("other", _("其他"))),
        help=_("质量贷或其他"),
        synonyms="产品 贷款产品",
    )
    approved_on = Day(_("授信日"), help=_("授信批复日期"), synonyms="授信日 授信日期 批复日期")
    cancelled_on = Day(_("取消日"), help=_("授信被取消的日期"), synonyms="取消日 取消日期")
    expires_on = Day(_("到期日"), help=_("授信到期日期"), synonyms="到期日 到期日期")
    amount = Money(_("授信额度"), help=_("授信不等于放款"), synonyms="授信额度 授信金额")

    class Meta:
        verbose_name = _("授信")


@record_type(
    "drawdowns",
    room="utilization",
    key=("number",),
    list_columns=("number", "credit_number", "drawn_on", "amount", "region_code"),
    filters=("region_code",),
    search=("number", "credit_number"),
    date="drawn_on",
    related=(Related("credit_lines", "number", "credit_number"),),
)
class Drawdown(Record):
    """Money actually drawn on a credit line (放款)."""

    number = Text(_("放款编号"), max_length=60, help=_("借据号"), synonyms="放款编号 借据号")
    credit_number = Text(_("授信编号"), max_length=60, db_index=True, help=_("所属授信"), synonyms="授信编号")
    drawn_on = Day(_("放款日"), help=_("放款日期"), synonyms="放款日 放款日期")
    amount = Money(_("放款金额"), help=_("实际放款金额"), synonyms="放款金额 金额")

    class Meta:
        verbose_name = _("放款")
