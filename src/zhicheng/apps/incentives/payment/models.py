"""Money: accounts of payees, payment orders, bank files and their results, the budget, and clawbacks."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.accounts.public import EncryptedText
from zhicheng.apps.incentives.batches.models import Batch, Entitlement, money

PERSON = settings.AUTH_USER_MODEL


class PayeeAccount(models.Model):
    """Where a beneficiary wants to be paid; encrypted, and gone once consent is withdrawn."""

    identity = models.CharField(_("身份"), max_length=220, db_index=True)
    organisation = models.ForeignKey(
        "ledger.Organisation",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("主体"),
    )
    holder = EncryptedText(_("户名"), blank=True)
    bank = EncryptedText(_("开户银行"), blank=True)
    account = EncryptedText(_("账号"), blank=True)
    id_number = EncryptedText(_("身份证件号"), blank=True)
    given_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("提供人"))
    given_at = models.DateTimeField(_("提供时间"), auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("撤回同意时间"), null=True)

    class Meta:
        verbose_name = _("收款账户")
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.identity} {self.masked}"

    @property
    def masked(self) -> str:
        """The account number as pages show it: its last four digits."""
        return f"**** {self.account[-4:]}" if len(self.account) > 4 else "****" if self.account else ""


class Confirmation(models.Model):
    """A beneficiary says yes to an amount (免申即享), and may take the yes back until it is paid."""

    matter = models.CharField(_("兑付事项"), max_length=64)
    identity = models.CharField(_("身份"), max_length=220)
    organisation = models.ForeignKey(
        "ledger.Organisation",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("主体"),
    )
    clause = models.CharField(_("条款"), max_length=120)
    fact = models.CharField(_("事实"), max_length=300)
    amount = money(_("确认时的金额"))
    account = models.ForeignKey(PayeeAccount, models.PROTECT, null=True, related_name="confirmations")
    confirmed_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("确认人"))
    confirmed_at = models.DateTimeField(_("确认时间"), auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True)

    class Meta:
        verbose_name = _("确认领取")
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=["matter", "identity"], condition=models.Q(withdrawn_at__isnull=True), name="one_live_confirmation"
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.clause} {self.fact}"


class FactDispute(models.Model):
    """A beneficiary says that a fact the city holds about it is wrong."""

    class Status(models.TextChoices):
        """Where a dispute stands."""

        OPEN = "open", _("待核实")
        CORRECTED = "corrected", _("已更正")
        KEPT = "kept", _("维持原记录")

    organisation = models.ForeignKey(
        "ledger.Organisation", models.CASCADE, null=True, blank=True, related_name="fact_disputes", verbose_name=_("主体"),
        help_text=_("提出的单位；个人提出的为空"),
    )  # fmt: skip
    entitlement = models.ForeignKey(
        Entitlement, models.PROTECT, null=True, blank=True, related_name="fact_disputes", verbose_name=_("个人的兑付事项"),
        help_text=_("个人提出的异议针对哪一项，由经办人员代为登记"),
    )  # fmt: skip
    region_code = models.CharField(_("区划"), max_length=6)
    fact = models.CharField(_("事实"), max_length=300)
    clause = models.CharField(_("条款"), max_length=120, blank=True)
    text = models.TextField(_("异议内容"))
    raised_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("提出人"))
    raised_at = models.DateTimeField(_("提出时间"), auto_now_add=True)
    status = models.CharField(_("状态"), max_length=10, choices=Status.choices, default=Status.OPEN)
    answer = models.TextField(_("核实结论"), blank=True)
    answered_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, related_name="+", verbose_name=_("核实人")
    )

    class Meta:
        verbose_name = _("事实异议")
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(organisation__isnull=False) ^ models.Q(entitlement__isnull=False), name="dispute_of_a_firm_or_a_person"
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.fact}：{self.text[:30]}"


class BankFile(models.Model):
    """A file handed to a bank, with the hash of what was in it."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="bank_files")
    number = models.CharField(_("文件号"), max_length=80, unique=True)
    payer = models.CharField(_("付款方"), max_length=40)
    payer_region = models.CharField(_("付款区划"), max_length=6)
    form = models.CharField(_("格式"), max_length=4)
    orders = models.PositiveIntegerField(_("笔数"))
    total = money(_("合计"))
    sha256 = models.CharField(_("摘要"), max_length=64)
    made_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("导出人"))
    made_at = models.DateTimeField(_("导出时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("银行文件")
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.number


class PaymentOrder(models.Model):
    """One payer's payment to one beneficiary; a failed one is replaced by a new attempt, never edited."""

    class Status(models.TextChoices):
        """Where an order stands."""

        READY = "ready", _("待支付")
        SENT = "sent", _("已送银行")
        PAID = "paid", _("已到账")
        FAILED = "failed", _("支付失败")
        CANCELLED = "cancelled", _("已取消")

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="orders")
    entitlement = models.ForeignKey(Entitlement, models.PROTECT, related_name="orders")
    number = models.CharField(_("指令编号"), max_length=80, unique=True)
    attempt = models.PositiveSmallIntegerField(_("第几次"), default=1)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    payer = models.CharField(_("付款方"), max_length=40)
    payer_region = models.CharField(_("付款区划"), max_length=6)
    amount = money(_("金额"))
    account = models.ForeignKey(PayeeAccount, models.PROTECT, null=True, blank=True, related_name="orders")
    status = models.CharField(_("状态"), max_length=10, choices=Status.choices, default=Status.READY)
    bank_file = models.ForeignKey(BankFile, models.PROTECT, null=True, blank=True, related_name="lines")
    paid_on = models.DateField(_("到账日"), null=True, blank=True)
    bank_reference = models.CharField(_("银行流水号"), max_length=80, blank=True)
    failure = models.CharField(_("失败原因"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("支付指令")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=["entitlement", "payer"], condition=models.Q(status__in=("ready", "sent", "paid")),
                name="one_live_order_per_payer",
            ),
            models.UniqueConstraint(
                fields=["bank_reference"], condition=~models.Q(bank_reference=""), name="one_order_per_bank_reference"
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.number


class ResultFile(models.Model):
    """A bank's answer as it was imported, with every row it did not take."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="result_files")
    name = models.CharField(_("文件名"), max_length=200)
    sha256 = models.CharField(_("摘要"), max_length=64)
    read = models.PositiveIntegerField(_("行数"))
    paid = models.PositiveIntegerField(_("到账"))
    failed = models.PositiveIntegerField(_("失败"))
    unchanged = models.PositiveIntegerField(_("不变"))
    refused = models.JSONField(_("未采纳的行"), default=list)
    total_paid = money(_("到账金额"))
    imported_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("导入人"))
    imported_at = models.DateTimeField(_("导入时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("支付结果")
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.name


class BudgetEntry(models.Model):
    """One line of the budget ledger; lines are added, never changed."""

    class Kind(models.TextChoices):
        """What a line does."""

        APPROPRIATED = "appropriated", _("安排")
        COMMITTED = "committed", _("批准占用")
        RELEASED = "released", _("释放")
        PAID = "paid", _("支付")
        RECOVERED = "recovered", _("追回入库")

    policy = models.CharField(_("政策"), max_length=80, db_index=True)
    clause = models.CharField(_("条款"), max_length=120, blank=True, help_text=_("空为整个政策"))
    year = models.PositiveSmallIntegerField(_("年度"))
    payer = models.CharField(_("付款方"), max_length=40)
    kind = models.CharField(_("类别"), max_length=14, choices=Kind.choices)
    amount = money(_("金额"))
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="budget_entries")
    order = models.ForeignKey(
        PaymentOrder, models.PROTECT, null=True, blank=True, related_name="budget_entries"
    )
    document = models.CharField(_("依据"), max_length=200, blank=True)
    entered_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("登记人"))
    entered_at = models.DateTimeField(_("登记时间"), auto_now_add=True)
    synthetic = models.BooleanField(_("演示数据"), default=False)

    class Meta:
        verbose_name = _("预算记录")
        ordering = ("id",)
        indexes = (models.Index(fields=["policy", "year", "payer"], name="budget_of"),)
        constraints = (
            models.UniqueConstraint(
                fields=["order"], condition=models.Q(kind="paid"), name="one_paid_entry_per_order"
            ),
        )

    def __str__(self) -> str:
        return f"{self.policy} {self.year} {self.get_kind_display()} {self.amount}"


class Clawback(models.Model):
    """Money to be paid back: how much, from whom and why; opened by the software or by an officer."""

    class Reason(models.TextChoices):
        """Why money comes back."""

        REVOKED = "revoked", _("荣誉或资格被撤销")
        LAPSED = "lapsed", _("专利权终止")
        ABNORMAL = "abnormal", _("认定为非正常专利申请")
        WRONG_PAYEE = "wrong_payee", _("付错对象")
        DUPLICATE = "duplicate", _("同一事项重复兑付")
        FRAUD = "fraud", _("弄虚作假骗取")

    class Status(models.TextChoices):
        """Where a clawback stands."""

        OPEN = "open", _("待追回")
        NOTIFIED = "notified", _("已通知")
        RECOVERED = "recovered", _("已追回")
        CLOSED = "closed", _("不再追回")

    entitlement = models.ForeignKey(Entitlement, models.PROTECT, related_name="clawbacks")
    reason = models.CharField(_("原因"), max_length=12, choices=Reason.choices)
    words = models.TextField(_("说明"))
    amount = money(_("应追回"))
    recovered = money(_("已追回金额"), default=0)
    found_on = models.DateField(_("发现日"))
    barred_until = models.DateField(_("停止申报至"), null=True, blank=True)
    status = models.CharField(_("状态"), max_length=10, choices=Status.choices, default=Status.OPEN)
    why = models.TextField(_("处理说明"), blank=True)
    opened_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, related_name="+", verbose_name=_("发起人")
    )
    opened_at = models.DateTimeField(_("发起时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("追回")
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=["entitlement"], condition=~models.Q(status="closed"), name="one_standing_clawback"
            ),
        )

    def __str__(self) -> str:
        return f"{self.entitlement.name} {self.get_reason_display()} {self.amount}"
