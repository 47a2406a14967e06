"""Time limits of a case as rows: each running limit, and every start, stop, resumption and extension of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.cases.handling_models import Handling

UNITS = (("working_days", _("个工作日")), ("days", _("日")), ("months", _("个月")))


class ClockEvent(models.Model):
    """Something that happened to a time limit: the only rows that move a due day, and nobody edits them."""

    class Kind(models.TextChoices):
        """What happened to the clock."""

        STARTED = "started", _("起算")
        STOPPED = "stopped", _("停止计算")
        RESUMED = "resumed", _("恢复计算")
        EXTENDED = "extended", _("延长")
        MET = "met", _("完成")
        VOIDED = "voided", _("不再适用")

    case = models.ForeignKey(Handling, models.PROTECT, related_name="clock_events", verbose_name=_("办件"))
    limit = models.CharField(_("时限"), max_length=60, help_text=_("事项定义中的时限编号"))
    kind = models.CharField(
        _("种类"), max_length=10, choices=Kind.choices, help_text=_("起算、停止、恢复、延长")
    )
    day = models.DateField(_("日期"), help_text=_("起算日不计入；停止日与恢复日都不计入"))
    ground = models.CharField(
        _("事由"), max_length=60, blank=True, default="", help_text=_("补正、中止、鉴定等")
    )
    amount = models.PositiveSmallIntegerField(_("延长数"), default=0, help_text=_("延长的数目"))
    unit = models.CharField(
        _("延长单位"), max_length=12, choices=UNITS, default="days", help_text=_("延长的单位")
    )
    approved_by = models.CharField(
        _("批准"), max_length=80, blank=True, default="", help_text=_("批准的角色")
    )
    reason = models.CharField(_("理由"), max_length=300, blank=True, default="", help_text=_("为什么"))
    action = models.CharField(_("动作"), max_length=60, blank=True, default="", help_text=_("引起它的动作"))
    until = models.DateField(_("指定届满日"), null=True, blank=True, help_text=_("由对方机关指定的最后一日"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        verbose_name=_("登记人"), help_text=_("空为系统"),
    )  # fmt: skip
    at = models.DateTimeField(_("登记时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("计时事件")
        ordering = ("pk",)


class LimitStanding(models.Model):
    """How one limit of a case stands, computed from its clock events so that lists can be sorted by it."""

    class State(models.TextChoices):
        """Whether a limit runs, and how it ended."""

        RUNNING = "running", _("计时中")
        STOPPED = "stopped", _("停止计算")
        MET = "met", _("按期完成")
        LATE = "late", _("逾期完成")
        VOIDED = "voided", _("不再适用")

    case = models.ForeignKey(Handling, models.PROTECT, related_name="limits", verbose_name=_("办件"))
    limit = models.CharField(_("时限"), max_length=60, help_text=_("事项定义中的时限编号"))
    name = models.CharField(_("名称"), max_length=120, help_text=_("时限的名称"))
    of_party = models.BooleanField(_("当事人的期限"), default=False, help_text=_("应由当事人完成"))
    started_on = models.DateField(_("起算日"), help_text=_("第 0 日"))
    due_on = models.DateField(_("法定届满日"), null=True, blank=True, help_text=_("由计算得出；停止期间为空"))
    promised_due_on = models.DateField(_("承诺届满日"), null=True, blank=True, help_text=_("由计算得出"))
    warn_on = models.DateField(_("临期日"), null=True, blank=True, help_text=_("自该日起亮黄灯"))
    provisional = models.BooleanField(_("暂定"), default=False, help_text=_("落在尚无放假通知的年份"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, help_text=_("是否仍在计时"))
    ended_on = models.DateField(_("完成日"), null=True, blank=True, help_text=_("完成或终止的日期"))

    class Meta:
        verbose_name = _("时限")
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=["case", "limit"], name="one_standing_per_limit"),)
        indexes = (
            models.Index(fields=["due_on", "id"], name="running_by_due", condition=models.Q(state="running")),
            models.Index(
                fields=["id"],
                name="running_provisional",
                condition=models.Q(provisional=True, state="running"),
            ),
        )


class HolidayDay(models.Model):
    """A day of a holiday notice the city loaded after the software was delivered."""

    day = models.DateField(_("日期"), unique=True, help_text=_("放假或调休上班的日期"))
    kind = models.CharField(
        _("类别"),
        max_length=4,
        choices=(("rest", _("放假")), ("work", _("调休上班"))),
        help_text=_("放假或上班"),
    )
    name = models.CharField(_("节日"), max_length=40, help_text=_("节日名称"))
    source = models.CharField(_("通知"), max_length=120, help_text=_("通知的文件名或文号"))

    class Meta:
        verbose_name = _("放假安排")
        ordering = ("day",)


class Reminder(models.Model):
    """A reminder, escalation or urging that went out once for one limit."""

    case = models.ForeignKey(Handling, models.PROTECT, related_name="reminders", verbose_name=_("办件"))
    limit = models.CharField(_("时限"), max_length=60, help_text=_("事项定义中的时限编号"))
    due_on = models.DateField(_("届满日"), help_text=_("提醒时的届满日；改变后重新提醒"))
    key = models.CharField(_("哪一次"), max_length=60, help_text=_("如 -5 或 overdue:1:head"))
    on = models.DateField(_("日期"), help_text=_("发出的日期"))

    class Meta:
        verbose_name = _("提醒")
        constraints = (
            models.UniqueConstraint(fields=["case", "limit", "due_on", "key"], name="one_reminder_each"),
        )
