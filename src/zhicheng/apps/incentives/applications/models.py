"""Applications of firms under a clause: what they say, their proofs until they are handed in, and where they went."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.incentives.files.models import HandedFile
from zhicheng.apps.incentives.payment.models import PayeeAccount

PERSON = settings.AUTH_USER_MODEL
MATERIALS = (("proof", _("事实证明")), ("invoice", _("费用凭证")), ("other", _("其他材料")))


class PolicyApplication(models.Model):
    """What a firm applies for under one clause (快申快享).

    Where it stands is said by its case in the cases room alone; before it has one it is a draft. `live` only says whether
    it still holds its matter: after a refusal or a withdrawal the same fact may be applied for again.
    """

    organisation = models.ForeignKey(
        "ledger.Organisation", models.PROTECT, related_name="policy_applications", verbose_name=_("主体"),
        help_text=_("申报的单位"),
    )  # fmt: skip
    identity = models.CharField(_("身份"), max_length=220, help_text=_("与兑付事项相同的身份"))
    region_code = models.CharField(_("区划"), max_length=6, db_index=True, help_text=_("单位所在的区划"))
    policy = models.CharField(_("政策"), max_length=80, help_text=_("政策编号"))
    clause = models.CharField(_("条款"), max_length=120, db_index=True, help_text=_("条款编号"))
    clause_name = models.CharField(_("条款名称"), max_length=200, help_text=_("申报时的名称"))
    version = models.CharField(_("版本"), max_length=10, blank=True, help_text=_("事件日适用的条款版本"))
    fact_kind = models.CharField(_("事实种类"), max_length=60, help_text=_("条款所依据的事实"))
    fact = models.CharField(_("事实编号"), max_length=300, blank=True, help_text=_("草稿可以为空"))
    held = models.BooleanField(_("台账已有"), default=False, help_text=_("选自台账，还是由单位描述"))
    values = models.JSONField(_("填写内容"), default=dict, help_text=_("按事实的列填写的值"))
    matter = models.CharField(_("兑付事项"), max_length=64, blank=True, help_text=_("与批次中的事项相同"))
    live = models.BooleanField(_("占用事项"), default=True, help_text=_("不予通过或撤回后可以重新申报"))
    declared = models.BooleanField(_("已声明"), default=False, help_text=_("单位声明所填属实、没有重复申报"))
    account = models.ForeignKey(
        PayeeAccount, models.PROTECT, null=True, blank=True, related_name="applications", verbose_name=_("收款账户"),
        help_text=_("撤回或不予通过后删除"),
    )  # fmt: skip
    case_number = models.CharField(_("办件编号"), max_length=80, blank=True, help_text=_("提交后的编号"))
    applied_on = models.DateField(_("申报日"), null=True, blank=True, help_text=_("提交的日期"))
    change_set = models.CharField(
        _("变更集"), max_length=40, blank=True, help_text=_("通过后送台账复核的变更集")
    )
    synthetic = models.BooleanField(_("演示数据"), default=False, editable=False)
    made_by = models.ForeignKey(
        PERSON, models.PROTECT, related_name="+", verbose_name=_("填写人"), help_text=_("开始填写的人")
    )
    submitted_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("提交人"),
        help_text=_("不能审核自己提交的申报"),
    )  # fmt: skip
    made_at = models.DateTimeField(_("开始时间"), auto_now_add=True)
    saved_at = models.DateTimeField(_("保存时间"), auto_now=True)
    revision = models.PositiveIntegerField(_("版次"), default=1, editable=False)

    class Meta:
        verbose_name = _("政策申报")
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=["matter", "identity"], condition=models.Q(live=True) & ~models.Q(matter=""),
                name="one_application_per_matter",
            ),
            models.UniqueConstraint(
                fields=["case_number"], condition=~models.Q(case_number=""), name="one_application_per_case"
            ),
        )  # fmt: skip
        indexes = (models.Index(fields=["organisation", "-id"], name="applications_of_firm"),)

    def __str__(self) -> str:
        return f"{self.clause_name} {self.fact}"

    @property
    def draft(self) -> bool:
        """True until it is handed in."""
        return not self.case_number


class ApplicationProof(HandedFile):
    """A file laid beside an application that is still a draft; handing in moves it into the case."""

    application = models.ForeignKey(
        PolicyApplication,
        models.CASCADE,
        related_name="proofs",
        verbose_name=_("申报"),
        help_text=_("所属申报"),
    )
    material = models.CharField(_("材料"), max_length=20, choices=MATERIALS, help_text=_("哪一类证明"))

    class Meta(HandedFile.Meta):
        abstract = False
        verbose_name = _("申报证明")
        constraints = (
            models.UniqueConstraint(fields=["application", "material", "sha256"], name="one_proof_once"),
        )
