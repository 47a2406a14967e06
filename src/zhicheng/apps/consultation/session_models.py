"""A consultation session: who took part, in which role, what was said, and what became of each passage."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class RegionGroup(models.Model):
    """Regions that hold consultations together and share one board, e.g. two provinces of one economic circle."""

    code = models.SlugField(_("区域组代码"), max_length=40, unique=True, help_text=_("出现在网址中"))
    name = models.CharField(_("区域组"), max_length=80, help_text=_("如 两地协同组"))
    synthetic = models.BooleanField(_("演示数据"), default=False, help_text=_("由程序生成"))

    class Meta:
        verbose_name = _("区域组")
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class GroupMember(models.Model):
    """A region of a group."""

    group = models.ForeignKey(
        RegionGroup, models.CASCADE, related_name="members", verbose_name=_("区域组"), help_text=_("所属的组")
    )
    region_code = models.CharField(_("区划"), max_length=6, db_index=True, help_text=_("六位区划代码"))

    class Meta:
        verbose_name = _("区域组成员")
        ordering = ("region_code",)
        constraints = (
            models.UniqueConstraint(fields=["group", "region_code"], name="region_once_per_group"),
        )


class Session(models.Model):
    """A consultation between government and enterprises (政企协商会)."""

    number = models.CharField(
        _("场次编号"), max_length=40, unique=True, help_text=_("区划代码加年度序号，如 370700-2025-01")
    )
    region_code = models.CharField(_("区划"), max_length=6, db_index=True, help_text=_("主办地"))
    group = models.ForeignKey(
        RegionGroup, models.PROTECT, null=True, blank=True, related_name="sessions", verbose_name=_("区域组"),
        help_text=_("两地联合举办时选择；组内各地都能看到本场"),
    )  # fmt: skip
    topic = models.CharField(_("议题"), max_length=200, help_text=_("会议主题"))
    research = models.TextField(_("前期调研"), blank=True, default="", help_text=_("调研报告及要点"))
    held_on = models.DateField(_("举办日"), help_text=_("会议日期"))
    synthetic = models.BooleanField(_("演示数据"), default=False, help_text=_("由程序生成，不代表真实情况"))

    class Meta:
        verbose_name = _("协商会")
        ordering = ("-held_on", "-id")

    def __str__(self) -> str:
        return f"{self.number} {self.topic}"


class Participant(models.Model):
    """Somebody who took part, in the role of that day; speakers get a personal link.

    The link is signed from `link_version`, not stored: a stolen database opens no speaker's page.
    """

    class Kind(models.TextChoices):
        """On whose side a participant speaks."""

        ENTREPRENEUR = "entrepreneur", _("企业家")
        MEMBER = "member", _("政协委员")
        EXPERT = "expert", _("专家学者")
        OFFICIAL = "official", _("部门负责人")

    session = models.ForeignKey(
        Session,
        models.PROTECT,
        related_name="participants",
        verbose_name=_("协商会"),
        help_text=_("所在场次"),
    )
    kind = models.CharField(_("身份类别"), max_length=20, choices=Kind.choices, help_text=_("企业家、委员等"))
    title = models.CharField(_("称谓"), max_length=120, help_text=_("会议当日的身份，如 高端装备企业负责人"))
    organisation = models.ForeignKey(
        "ledger.Organisation", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("单位"),
        help_text=_("台账中的主体；其代理人登录后也能看到本单位提出的事项"),
    )  # fmt: skip
    email = models.EmailField(
        _("电子邮箱"), blank=True, default="", help_text=_("用于告知进展；不填则只留存信函")
    )
    link_version = models.PositiveIntegerField(
        _("链接版本"), default=1, help_text=_("每换发一次加一，旧链接失效")
    )
    link_expires_on = models.DateField(_("链接到期日"), null=True, blank=True, help_text=_("到期后链接失效"))
    link_revoked_at = models.DateTimeField(
        _("链接收回时间"), null=True, blank=True, help_text=_("收回后不能再打开")
    )
    link_opened_at = models.DateTimeField(
        _("最近打开"), null=True, blank=True, help_text=_("发言人最近一次打开专属页")
    )

    revision = models.PositiveIntegerField(
        _("修订号"), default=1, help_text=_("每更正一次加一，防止两人互相覆盖")
    )

    class Meta:
        verbose_name = _("参会人")
        ordering = ("id",)

    def __str__(self) -> str:
        return self.title


class HeldRole(models.Model):
    """A post a participant held, from when until when: titles change while items are still open."""

    participant = models.ForeignKey(
        Participant, models.CASCADE, related_name="roles", verbose_name=_("参会人"), help_text=_("谁")
    )
    title = models.CharField(_("职务"), max_length=120, help_text=_("如 企业负责人"))
    from_on = models.DateField(_("起"), help_text=_("任职起始日"))
    until_on = models.DateField(_("止"), null=True, blank=True, help_text=_("仍在任则留空"))

    class Meta:
        verbose_name = _("任职")
        ordering = ("from_on", "id")


class Speech(models.Model):
    """What one participant said, as recorded."""

    session = models.ForeignKey(
        Session, models.PROTECT, related_name="speeches", verbose_name=_("协商会"), help_text=_("所在场次")
    )
    speaker = models.ForeignKey(
        Participant, models.PROTECT, related_name="speeches", verbose_name=_("发言人"), help_text=_("谁说的")
    )
    position = models.PositiveSmallIntegerField(_("次序"), help_text=_("发言次序"))
    text = models.TextField(_("发言"), help_text=_("发言记录，一段一行"))
    recording = models.CharField(
        _("录音编号"), max_length=80, blank=True, default="", help_text=_("录音或视频编号")
    )
    reply = models.TextField(_("现场回应"), blank=True, default="", help_text=_("部门当场的答复"))

    revision = models.PositiveIntegerField(
        _("修订号"), default=1, help_text=_("每更正一次加一，防止两人互相覆盖")
    )

    class Meta:
        verbose_name = _("发言")
        ordering = ("position", "id")


class Passage(models.Model):
    """A stretch of a speech and what became of it, so that nothing said is lost."""

    class Fate(models.TextChoices):
        """What became of a passage."""

        ITEM = "item", _("立为事项")
        MERGED = "merged", _("并入事项")
        SET_ASIDE = "set_aside", _("不立项")

    speech = models.ForeignKey(
        Speech, models.PROTECT, related_name="passages", verbose_name=_("发言"), help_text=_("哪一篇发言")
    )
    start = models.PositiveIntegerField(_("起"), help_text=_("第一个字的位置，从 0 起"))
    end = models.PositiveIntegerField(_("止"), help_text=_("最后一个字之后的位置"))
    fate = models.CharField(_("处置"), max_length=12, choices=Fate.choices, help_text=_("立项、并入或不立项"))
    item = models.ForeignKey(
        "consultation.Item", models.PROTECT, null=True, blank=True, related_name="passages",
        verbose_name=_("事项"), help_text=_("成为或并入的事项"),
    )  # fmt: skip
    reason = models.CharField(
        _("理由"), max_length=200, blank=True, default="", help_text=_("不立项须写明理由")
    )

    needs_look = models.BooleanField(
        _("待复核"), default=False, help_text=_("标记之后原话有更正，需要有人再看一次")
    )

    class Meta:
        verbose_name = _("发言段落")
        ordering = ("speech_id", "start")

    @property
    def words(self) -> str:
        """Return the words themselves."""
        return self.speech.text[self.start : self.end]
