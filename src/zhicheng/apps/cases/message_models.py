"""What goes out: notices in the application, e-mail waiting to be sent, webhooks and their deliveries."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.accounts.public import EncryptedText
from zhicheng.apps.cases.handling_models import Handling


class Notice(models.Model):
    """Something a person is told in the application."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="case_notices",
        verbose_name=_("收件人"), help_text=_("告知谁"),
    )  # fmt: skip
    case = models.ForeignKey(
        Handling,
        models.CASCADE,
        null=True,
        related_name="notices",
        verbose_name=_("办件"),
        help_text=_("关于哪一件"),
    )
    text = models.CharField(_("内容"), max_length=300, help_text=_("一句话"))
    on = models.DateField(_("日期"), help_text=_("发生的日期"))
    at = models.DateTimeField(_("时间"), auto_now_add=True)
    read_at = models.DateTimeField(_("阅读时间"), null=True, blank=True, help_text=_("未读为空"))
    digested = models.BooleanField(_("已列入日报"), default=False, help_text=_("每天一封邮件汇总"))

    class Meta:
        verbose_name = _("通知")
        ordering = ("-pk",)
        indexes = (
            models.Index(fields=["person", "-id"], name="unread_of_person", condition=models.Q(read_at=None)),
            models.Index(fields=["person"], name="undigested", condition=models.Q(digested=False)),
        )


class OutboxMail(models.Model):
    """An e-mail waiting to be sent; it was written in the transaction of what it tells."""

    to = EncryptedText(_("收件地址"), help_text=_("加密保存"))
    subject = models.CharField(_("主题"), max_length=200, help_text=_("邮件主题"))
    body = models.TextField(_("正文"), help_text=_("纯文本"))
    made_at = models.DateTimeField(_("写入时间"), auto_now_add=True)
    sent_at = models.DateTimeField(_("发出时间"), null=True, blank=True, help_text=_("未发为空"))
    tries = models.PositiveSmallIntegerField(_("尝试次数"), default=0, help_text=_("失败后重试"))
    problem = models.CharField(_("失败原因"), max_length=300, blank=True, default="", help_text=_("最近一次"))

    class Meta:
        verbose_name = _("待发邮件")
        indexes = (models.Index(fields=["id"], name="mail_to_send", condition=models.Q(sent_at=None)),)


class Endpoint(models.Model):
    """An address that is told of case events, with the secret its messages are signed with."""

    url = models.URLField(_("地址"), max_length=500, help_text=_("https 地址"))
    secret = EncryptedText(_("签名密钥"), help_text=_("加密保存，只在建立时显示一次"))
    events = models.CharField(
        _("事件"), max_length=300, blank=True, default="", help_text=_("以逗号分隔；空为全部事件")
    )
    region_code = models.CharField(_("区划"), max_length=6, help_text=_("只通知该区划及下级的案件"))
    active = models.BooleanField(_("启用"), default=True, help_text=_("停用后不再通知"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("建立人"),
        help_text=_("谁建立的"),
    )
    made_at = models.DateTimeField(_("建立时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("事件推送地址")
        ordering = ("pk",)


class Delivery(models.Model):
    """One message to one endpoint, tried until it is taken or given up."""

    class State(models.TextChoices):
        """How far a delivery is."""

        WAITING = "waiting", _("待发")
        DONE = "done", _("已送达")
        GIVEN_UP = "given_up", _("已放弃")

    endpoint = models.ForeignKey(Endpoint, models.PROTECT, related_name="deliveries", verbose_name=_("地址"))
    event = models.CharField(_("事件"), max_length=60, help_text=_("事件名称"))
    body = models.TextField(_("内容"), help_text=_("JSON"))
    state = models.CharField(
        _("状态"), max_length=10, choices=State.choices, default=State.WAITING, help_text=_("是否送达")
    )
    tries = models.PositiveSmallIntegerField(_("尝试次数"), default=0, help_text=_("失败后隔一段时间重试"))
    next_at = models.DateTimeField(_("下次尝试"), help_text=_("到时重试"))
    problem = models.CharField(_("失败原因"), max_length=300, blank=True, default="", help_text=_("最近一次"))
    made_at = models.DateTimeField(_("写入时间"), auto_now_add=True)
    done_at = models.DateTimeField(_("送达时间"), null=True, blank=True, help_text=_("对方接收的时间"))

    class Meta:
        verbose_name = _("事件推送")
        ordering = ("-pk",)
        indexes = (
            models.Index(fields=["next_at"], name="delivery_due", condition=models.Q(state="waiting")),
        )


class PublicFiling(models.Model):
    """A case filed without an account: sent twice it is filed once, and one address cannot flood the office."""

    once = models.CharField(_("表单标记"), max_length=32, unique=True, help_text=_("每张打开的表单一个"))
    address = models.CharField(
        _("来源"), max_length=64, blank=True, default="", help_text=_("来源地址的摘要，一天后清除")
    )
    case = models.OneToOneField(
        Handling,
        models.CASCADE,
        related_name="public_filing",
        verbose_name=_("办件"),
        help_text=_("所提交的办件"),
    )
    at = models.DateTimeField(_("时间"), auto_now_add=True, help_text=_("提交的时间"))

    class Meta:
        verbose_name = _("公众提交")
        indexes = (models.Index(fields=["address", "at"], name="filed_by_address"),)


class TraceTry(models.Model):
    """A failed attempt to trace a case without sign-in, so that guessing is slowed down."""

    number = models.CharField(_("案号"), max_length=80, help_text=_("输入的案号"))
    address = models.CharField(_("来源"), max_length=64, help_text=_("来源地址的摘要"))
    at = models.DateTimeField(_("时间"), auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = _("查询失败")
        indexes = (
            models.Index(fields=["number", "at"], name="trace_by_number"),
            models.Index(fields=["address", "at"], name="trace_by_address"),
        )


class VersionMove(models.Model):
    """Running cases moved to another version of their definition, and what undoing it needs."""

    case = models.ForeignKey(Handling, models.PROTECT, related_name="moves", verbose_name=_("办件"))
    batch = models.UUIDField(_("批次"), db_index=True, help_text=_("一次迁移的全部案件"))
    from_version = models.PositiveSmallIntegerField(_("原版本"), help_text=_("迁移前的定义版本"))
    to_version = models.PositiveSmallIntegerField(_("新版本"), help_text=_("迁移后的定义版本"))
    from_stage = models.CharField(_("原环节"), max_length=60, help_text=_("迁移前的环节"))
    to_stage = models.CharField(_("新环节"), max_length=60, help_text=_("迁移后的环节"))
    revision = models.PositiveIntegerField(_("版次"), help_text=_("迁移之后的版次；此后有人办理则不能撤销"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("办理人"),
        help_text=_("谁迁移的"),
    )
    at = models.DateTimeField(_("时间"), auto_now_add=True)
    undone_at = models.DateTimeField(_("撤销时间"), null=True, blank=True, help_text=_("未撤销为空"))

    class Meta:
        verbose_name = _("定义迁移")
