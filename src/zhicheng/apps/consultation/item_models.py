"""An item from its first mention to the verdict of the one who raised it, and every step on the way."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.consultation.session_models import Participant, Session
from zhicheng.apps.consultation.states import ItemState


class Item(models.Model):
    """A problem, suggestion, pledge or conference task."""

    class Kind(models.TextChoices):
        """On which list an item stands."""

        PROBLEM = "problem", _("问题")
        SUGGESTION = "suggestion", _("建议")
        PLEDGE = "pledge", _("表态承诺")
        TASK = "task", _("会议任务")

    class Rhythm(models.TextChoices):
        """How often the lead unit reports."""

        WEEKLY = "weekly", _("每周")
        MONTHLY = "monthly", _("每月")

    session = models.ForeignKey(
        Session, models.PROTECT, related_name="items", verbose_name=_("协商会"), help_text=_("在哪一场提出")
    )
    region_code = models.CharField(_("办理地"), max_length=6, db_index=True, help_text=_("移交后为接收地"))
    number = models.CharField(_("事项编号"), max_length=48, unique=True, help_text=_("场次编号加序号"))
    kind = models.CharField(_("类别"), max_length=12, choices=Kind.choices, help_text=_("列入哪张清单"))
    title = models.CharField(_("事项"), max_length=200, help_text=_("一句话说明"))
    text = models.TextField(_("内容"), help_text=_("问题或建议的内容"))
    state = models.CharField(
        _("状态"), max_length=12, choices=ItemState.choices, default=ItemState.COLLECTED, db_index=True,
        help_text=_("走到了哪一步"),
    )  # fmt: skip
    round = models.PositiveSmallIntegerField(_("轮次"), default=1, help_text=_("重新批示或重开即新一轮"))
    ordinary = models.BooleanField(_("一般办理"), default=False, help_text=_("没有批示、按一般事项办理"))
    lead_unit = models.CharField(
        _("主办单位"), max_length=80, blank=True, default="", help_text=_("牵头办理")
    )
    assisting_units = models.CharField(
        _("协办单位"), max_length=200, blank=True, default="", help_text=_("以顿号分隔")
    )
    measure = models.CharField(
        _("衡量办法"), max_length=200, blank=True, default="", help_text=_("表态和会议任务做到什么算完成")
    )
    rhythm = models.CharField(
        _("报告频次"),
        max_length=8,
        choices=Rhythm.choices,
        default=Rhythm.MONTHLY,
        help_text=_("主办单位多久报一次"),
    )
    due_on = models.DateField(_("办结期限"), null=True, blank=True, help_text=_("由督考办交办时确定"))
    raised_on = models.DateField(_("提出日"), help_text=_("从发言中立项的日子"))
    entered_state_on = models.DateField(_("进入本状态日"), help_text=_("用来计算停留天数"))
    reopened = models.PositiveSmallIntegerField(
        _("重开次数"), default=0, help_text=_("销号、挂账或评价后又打开")
    )
    handed_over = models.PositiveSmallIntegerField(
        _("转手次数"), default=0, help_text=_("主办单位更换的次数")
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("并入"),
        help_text=_("并入哪一项"),
    )  # fmt: skip
    revision = models.PositiveIntegerField(
        _("修订号"), default=1, help_text=_("每变一次加一，防止两人互相覆盖")
    )

    class Meta:
        verbose_name = _("协商事项")
        ordering = ("number",)
        indexes = (
            models.Index(fields=["state", "due_on"], name="item_state_due"),
            models.Index(fields=["region_code", "state"], name="item_region_state"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class ItemSpeaker(models.Model):
    """A speaker behind an item; merging items keeps every one of them."""

    item = models.ForeignKey(
        Item, models.PROTECT, related_name="raised_by", verbose_name=_("事项"), help_text=_("哪一项")
    )
    speaker = models.ForeignKey(
        Participant, models.PROTECT, related_name="raised", verbose_name=_("发言人"), help_text=_("谁提出的")
    )

    class Meta:
        verbose_name = _("提出人")
        constraints = (models.UniqueConstraint(fields=["item", "speaker"], name="speaker_once_per_item"),)


class Package(models.Model):
    """A list frozen under a number and submitted for decision; its content is what was submitted, for ever."""

    session = models.ForeignKey(
        Session, models.PROTECT, related_name="packages", verbose_name=_("协商会"), help_text=_("哪一场")
    )
    number = models.CharField(_("清单编号"), max_length=60, unique=True, help_text=_("场次编号、清单和次序"))
    kind = models.CharField(_("清单"), max_length=12, choices=Item.Kind.choices, help_text=_("问题或建议"))
    items = models.ManyToManyField(
        Item, related_name="packages", verbose_name=_("事项"), help_text=_("列入的事项")
    )
    content = models.JSONField(
        _("呈报内容"), default=list, help_text=_("呈报时每项的编号、事项、内容和提出人")
    )
    content_hash = models.CharField(_("内容摘要"), max_length=64, help_text=_("呈报内容的 SHA-256"))
    submitted_on = models.DateField(_("呈报日"), help_text=_("呈报领导的日子"))
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("呈报人"),
        help_text=_("谁呈报"),
    )

    class Meta:
        verbose_name = _("清单")
        ordering = ("submitted_on", "id")

    def __str__(self) -> str:
        return self.number


class Instruction(models.Model):
    """A leader's written instruction (批示) on one or several items."""

    items = models.ManyToManyField(
        Item, related_name="instructions", verbose_name=_("事项"), help_text=_("批示覆盖的事项")
    )
    text = models.TextField(_("批示"), help_text=_("批示原文"))
    by = models.CharField(_("批示人"), max_length=60, help_text=_("职务即可"))
    given_on = models.DateField(_("批示日"), help_text=_("批示的日期"))
    round = models.PositiveSmallIntegerField(_("轮次"), default=1, help_text=_("开启的轮次"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("录入人"),
        help_text=_("谁录入"),
    )

    class Meta:
        verbose_name = _("批示")
        ordering = ("given_on", "id")


class ItemEvent(models.Model):
    """One step of an item: who, when, why, from where to where, and how long it had stood there."""

    item = models.ForeignKey(
        Item, models.PROTECT, related_name="events", verbose_name=_("事项"), help_text=_("哪一项")
    )
    step = models.CharField(_("步骤"), max_length=20, help_text=_("做了什么"))
    state_before = models.CharField(
        _("原状态"), max_length=12, choices=ItemState.choices, blank=True, default="", help_text=_("从哪里来")
    )
    state_after = models.CharField(
        _("新状态"), max_length=12, choices=ItemState.choices, help_text=_("到哪里去")
    )
    stayed = models.PositiveIntegerField(_("停留天数"), default=0, help_text=_("在原状态停留了几天"))
    round = models.PositiveSmallIntegerField(_("轮次"), default=1, help_text=_("发生在第几轮"))
    on = models.DateField(_("日期"), help_text=_("办理的日子"))
    at = models.DateTimeField(_("录入时间"), auto_now_add=True, help_text=_("系统时间"))
    by = models.CharField(_("办理人"), max_length=120, help_text=_("谁"))
    why = models.TextField(_("说明"), blank=True, default="", help_text=_("理由或内容"))

    class Meta:
        verbose_name = _("事项经过")
        ordering = ("on", "id")
