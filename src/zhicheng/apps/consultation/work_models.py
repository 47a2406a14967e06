"""What is done about an item: the tasks of units, their reports and evidence, verdicts, letters and notices."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.consultation.item_models import Item, ItemEvent
from zhicheng.apps.consultation.session_models import Participant


class UnitTask(models.Model):
    """An item in the hands of a unit, from the day it was given to the day it left."""

    class Part(models.TextChoices):
        """Whether a unit leads or assists."""

        LEAD = "lead", _("主办")
        ASSIST = "assist", _("协办")

    class Ending(models.TextChoices):
        """How a task left a unit."""

        ANSWERED = "answered", _("已答复")
        HANDED_BACK = "handed_back", _("退回")
        REPLACED = "replaced", _("改派")
        TRANSFERRED = "transferred", _("移交外地")

    item = models.ForeignKey(
        Item, models.PROTECT, related_name="tasks", verbose_name=_("事项"), help_text=_("哪一项")
    )
    round = models.PositiveSmallIntegerField(_("轮次"), default=1, help_text=_("第几轮的任务"))
    unit = models.CharField(
        _("单位"), max_length=80, db_index=True, help_text=_("与人员账号的“单位部门”一致")
    )
    region_code = models.CharField(_("单位区划"), max_length=6, help_text=_("县市区单位承办时填其区划"))
    part = models.CharField(_("分工"), max_length=8, choices=Part.choices, help_text=_("主办或协办"))
    given_on = models.DateField(_("交办日"), help_text=_("交给单位的日子"))
    due_on = models.DateField(_("期限"), help_text=_("应办结的日子"))
    ended_on = models.DateField(_("结束日"), null=True, blank=True, help_text=_("离开该单位的日子"))
    ending = models.CharField(
        _("如何结束"),
        max_length=12,
        choices=Ending.choices,
        blank=True,
        default="",
        help_text=_("答复、退回或改派"),
    )
    why = models.CharField(_("理由"), max_length=300, blank=True, default="", help_text=_("退回或改派的理由"))

    class Meta:
        verbose_name = _("承办任务")
        ordering = ("id",)


class Report(models.Model):
    """What a unit or the supervision office says about an item."""

    class Kind(models.TextChoices):
        """What a report is."""

        PROGRESS = "progress", _("进展")
        INABILITY = "inability", _("难以按期")
        ANSWER = "answer", _("办理结果")
        URGE = "urge", _("催办")
        CHECK = "check", _("审结")

    item = models.ForeignKey(
        Item, models.PROTECT, related_name="reports", verbose_name=_("事项"), help_text=_("哪一项")
    )
    kind = models.CharField(_("类别"), max_length=12, choices=Kind.choices, help_text=_("进展、结果、催办等"))
    round = models.PositiveSmallIntegerField(_("轮次"), default=1, help_text=_("第几轮"))
    unit = models.CharField(_("单位"), max_length=80, help_text=_("谁报的"))
    text = models.TextField(_("内容"), help_text=_("做了什么、到了哪一步"))
    not_done = models.TextField(_("未办到的及原因"), blank=True, default="", help_text=_("没有则留空"))
    evidence = models.CharField(
        _("佐证"), max_length=200, blank=True, default="", help_text=_("文号、照片或链接")
    )
    signed_by = models.CharField(
        _("单位负责人"), max_length=60, blank=True, default="", help_text=_("办理结果须负责人签字")
    )
    rule = models.CharField(
        _("依据规则"), max_length=20, blank=True, default="", help_text=_("自动催办所依据的规则")
    )
    copied_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="copies", verbose_name=_("雷同于"),
        help_text=_("与哪一份答复几乎相同"),
    )  # fmt: skip
    copied_share = models.PositiveSmallIntegerField(_("雷同比例"), default=0, help_text=_("百分数"))
    reported_on = models.DateField(_("日期"), help_text=_("报告的日子"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("报告人"),
        help_text=_("自动催办为空"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("办理情况")
        ordering = ("reported_on", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["item", "rule", "reported_on"], condition=~models.Q(rule=""), name="one_urging_a_day"
            ),
        )


class Evidence(models.Model):
    """A file or reference that proves what was done, or what a speaker adds."""

    item = models.ForeignKey(
        Item, models.PROTECT, related_name="evidence", verbose_name=_("事项"), help_text=_("哪一项")
    )
    report = models.ForeignKey(
        Report, models.PROTECT, null=True, blank=True, related_name="files", verbose_name=_("办理情况"),
        help_text=_("证明哪一份报告"),
    )  # fmt: skip
    speaker = models.ForeignKey(
        Participant, models.PROTECT, null=True, blank=True, related_name="evidence", verbose_name=_("发言人"),
        help_text=_("发言人补充的新情况"),
    )  # fmt: skip
    name = models.CharField(_("名称"), max_length=160, help_text=_("文件名或文号"))
    file = models.FileField(
        _("文件"), upload_to="consultation/%Y", blank=True, help_text=_("没有文件时只写文号")
    )
    sha256 = models.CharField(_("文件摘要"), max_length=64, blank=True, default="", help_text=_("SHA-256"))
    added_on = models.DateField(_("日期"), help_text=_("提交的日子"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("提交人"),
        help_text=_("发言人提交的为空"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("佐证材料")
        ordering = ("id",)


class Judgement(models.Model):
    """The verdict of a speaker on what was done."""

    class Value(models.TextChoices):
        """How satisfied a speaker is."""

        SATISFIED = "satisfied", _("满意")
        FAIR = "fair", _("基本满意")
        DISSATISFIED = "dissatisfied", _("不满意")

    item = models.ForeignKey(
        Item, models.PROTECT, related_name="judgements", verbose_name=_("事项"), help_text=_("哪一项")
    )
    speaker = models.ForeignKey(
        Participant,
        models.PROTECT,
        related_name="judgements",
        verbose_name=_("发言人"),
        help_text=_("谁评价"),
    )
    round = models.PositiveSmallIntegerField(_("轮次"), help_text=_("第几轮的评价"))
    value = models.CharField(_("评价"), max_length=14, choices=Value.choices, help_text=_("满意程度"))
    text = models.TextField(_("意见"), blank=True, default="", help_text=_("不满意时请说明"))
    given_on = models.DateField(_("评价日"), help_text=_("评价的日子"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("代录人"),
        help_text=_("电话回访由政协办公室代录；发言人自己评价的为空"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("发言人评价")
        constraints = (
            models.UniqueConstraint(fields=["item", "speaker", "round"], name="one_verdict_a_round"),
        )


class Letter(models.Model):
    """A word to a speaker about exactly his or her items; kept whether or not e-mail went out."""

    class Mail(models.TextChoices):
        """What became of the e-mail."""

        NONE = "none", _("未留邮箱")
        WAITING = "waiting", _("待发送")
        SENT = "sent", _("已发送")
        FAILED = "failed", _("发送失败")

    speaker = models.ForeignKey(
        Participant, models.PROTECT, related_name="letters", verbose_name=_("收信人"), help_text=_("告知谁")
    )
    item = models.ForeignKey(
        Item, models.PROTECT, null=True, blank=True, related_name="letters", verbose_name=_("事项"),
        help_text=_("综合反馈函为空"),
    )  # fmt: skip
    event = models.ForeignKey(
        ItemEvent, models.PROTECT, null=True, blank=True, related_name="letters", verbose_name=_("经过"),
        help_text=_("因哪一步告知"),
    )  # fmt: skip
    subject = models.CharField(_("标题"), max_length=200, default="", help_text=_("信函标题"))
    text = models.TextField(_("正文"), help_text=_("写给发言人的话"))
    sent_on = models.DateField(_("日期"), help_text=_("写信的日子"))
    mail = models.CharField(
        _("邮件"), max_length=8, choices=Mail.choices, default=Mail.NONE, help_text=_("是否送达邮箱")
    )
    tries = models.PositiveSmallIntegerField(_("尝试次数"), default=0, help_text=_("发送邮件试了几次"))
    mailed_at = models.DateTimeField(_("发送时间"), null=True, blank=True, help_text=_("邮件发出的时间"))

    class Meta:
        verbose_name = _("反馈信函")
        ordering = ("sent_on", "id")
        indexes = (models.Index(fields=["mail"], name="letter_mail"),)


class Notice(models.Model):
    """A word inside the house: to an office of a region, or to one unit, that something moved."""

    role = models.CharField(_("办公室"), max_length=20, blank=True, default="", help_text=_("收到的角色"))
    region_code = models.CharField(_("区划"), max_length=6, help_text=_("收到的区划"))
    unit = models.CharField(_("单位"), max_length=80, blank=True, default="", help_text=_("只给一个单位时"))
    item = models.ForeignKey(
        Item, models.PROTECT, related_name="notices", verbose_name=_("事项"), help_text=_("哪一项")
    )
    text = models.CharField(_("内容"), max_length=400, help_text=_("发生了什么"))
    on = models.DateField(_("日期"), help_text=_("发生的日子"))
    seen_at = models.DateTimeField(_("阅读时间"), null=True, blank=True, help_text=_("谁先读了就记下"))

    class Meta:
        verbose_name = _("通知")
        ordering = ("-id",)
        indexes = (models.Index(fields=["role", "region_code"], name="notice_role_region"),)
