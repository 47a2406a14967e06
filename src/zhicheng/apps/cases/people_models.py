"""People of a case: parties and agents, who handles it, hand-overs, leave, comments, links between cases."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.accounts.public import EncryptedText
from zhicheng.apps.cases.handling_models import Handling


class Party(models.Model):
    """Somebody a case is about, with the way to reach them; shown masked."""

    class Role(models.TextChoices):
        """In which place a party stands."""

        APPLICANT = "applicant", _("请求人")
        RESPONDENT = "respondent", _("被请求人")
        THIRD = "third", _("第三人")
        AGENT = "agent", _("代理人")
        WITNESS = "witness", _("证人与鉴定人")

    case = models.ForeignKey(Handling, models.PROTECT, related_name="parties", verbose_name=_("办件"))
    role = models.CharField(_("地位"), max_length=40, help_text=_("事项定义中的当事人角色"))
    name = models.CharField(_("名称"), max_length=200, help_text=_("单位全称或个人姓名"))
    uscc = models.CharField(
        _("统一社会信用代码"), max_length=18, blank=True, default="", help_text=_("18 位")
    )
    organisation = models.ForeignKey(
        "ledger.Organisation", models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("主体"), help_text=_("台账中的主体"),
    )  # fmt: skip
    agent_for = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="agents",
        verbose_name=_("代理谁"), help_text=_("代理人代理的当事人"),
    )  # fmt: skip
    contact = EncryptedText(_("联系人"), blank=True, default="", help_text=_("加密保存"))
    phone = EncryptedText(_("联系电话"), blank=True, default="", help_text=_("加密保存，按角色脱敏显示"))
    email = EncryptedText(_("电子邮箱"), blank=True, default="", help_text=_("加密保存；用于告知进展"))
    served_on = models.DateField(_("送达日"), null=True, blank=True, help_text=_("受送达之后可以查看案件"))
    joined_from = models.CharField(
        _("原案号"), max_length=80, blank=True, default="", help_text=_("合并而来时原来的案号")
    )

    class Meta:
        verbose_name = _("办件当事人")
        ordering = ("pk",)
        indexes = (models.Index(fields=["organisation", "case"], name="party_of_organisation"),)

    @property
    def place(self) -> str:
        """Return the place a party stands in, in words where the definition does not say."""
        return str(dict(self.Role.choices).get(self.role, self.role))


class Assignment(models.Model):
    """Who handles a case, in which part, from when to when; a hand-over waits for its receipt."""

    class Part(models.TextChoices):
        """In which part somebody works on a case."""

        HANDLER = "handler", _("承办人")
        MEMBER = "member", _("合议组成员")
        MEDIATOR = "mediator", _("调解员")
        EXPERT = "expert", _("专家")
        ASSISTANT = "assistant", _("协办人")
        APPROVER = "approver", _("审批人")

    class State(models.TextChoices):
        """Whether the hand-over was taken."""

        OFFERED = "offered", _("待签收")
        TAKEN = "taken", _("已签收")
        REFUSED = "refused", _("已退回")
        ENDED = "ended", _("已结束")

    case = models.ForeignKey(Handling, models.PROTECT, related_name="assignments", verbose_name=_("办件"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="case_assignments",
        verbose_name=_("人员"), help_text=_("由谁办理"),
    )  # fmt: skip
    part = models.CharField(
        _("职责"), max_length=10, choices=Part.choices, default=Part.HANDLER, help_text=_("承办、合议等")
    )
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, help_text=_("是否签收"))
    unit = models.CharField(_("单位"), max_length=80, blank=True, default="", help_text=_("所在单位"))
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        verbose_name=_("交办人"), help_text=_("谁分派的"),
    )  # fmt: skip
    given_on = models.DateField(_("交办日"), help_text=_("分派的日期"))
    answered_on = models.DateField(_("签收日"), null=True, blank=True, help_text=_("签收或退回的日期"))
    ended_on = models.DateField(_("结束日"), null=True, blank=True, help_text=_("不再承办的日期"))
    why = models.TextField(_("说明"), blank=True, default="", help_text=_("分派说明或退回理由"))

    class Meta:
        verbose_name = _("分派")
        ordering = ("pk",)
        indexes = (models.Index(fields=["person", "state", "case"], name="assignments_of_person"),)


class Leave(models.Model):
    """Days on which somebody is away and who acts for them."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="leaves", verbose_name=_("人员"),
        help_text=_("离岗的人"),
    )  # fmt: skip
    substitute = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="substitutions", verbose_name=_("代理人"),
        help_text=_("离岗期间由谁代为办理"),
    )  # fmt: skip
    first = models.DateField(_("首日"), help_text=_("离岗的第一天"))
    last = models.DateField(_("末日"), help_text=_("离岗的最后一天"))
    why = models.CharField(_("事由"), max_length=120, blank=True, default="", help_text=_("休假、出差等"))
    cancelled_on = models.DateField(_("撤销日"), null=True, blank=True, help_text=_("提前返岗的日期"))

    class Meta:
        verbose_name = _("离岗代理")
        ordering = ("-first", "-pk")


class Comment(models.Model):
    """A remark on a case: among officers, or said to the party."""

    case = models.ForeignKey(Handling, models.PROTECT, related_name="comments", verbose_name=_("办件"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("留言人"),
        help_text=_("谁写的"),
    )
    at = models.DateTimeField(_("时间"), auto_now_add=True)
    text = models.TextField(_("内容"), help_text=_("留言内容"))
    to_party = models.BooleanField(_("告知当事人"), default=False, help_text=_("不勾选则只有工作人员可见"))

    class Meta:
        verbose_name = _("留言")
        ordering = ("pk",)


class CaseLink(models.Model):
    """Two cases that belong together."""

    class Kind(models.TextChoices):
        """How two cases belong together."""

        RELATED = "related", _("关联")
        MERGED = "merged", _("并案")
        FOLLOWS = "follows", _("后续")

    case = models.ForeignKey(Handling, models.PROTECT, related_name="links", verbose_name=_("办件"))
    other = models.ForeignKey(Handling, models.PROTECT, related_name="linked_from", verbose_name=_("另一件"))
    kind = models.CharField(_("关系"), max_length=8, choices=Kind.choices, help_text=_("关联、并案或后续"))
    why = models.CharField(_("理由"), max_length=300, blank=True, default="", help_text=_("为什么放在一起"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("登记人"),
        help_text=_("谁登记的"),
    )
    on = models.DateField(_("登记日"), help_text=_("登记的日期"))

    class Meta:
        verbose_name = _("关联办件")
        constraints = (models.UniqueConstraint(fields=["case", "other"], name="one_link_each"),)
