"""Honours: the schemes that give them and each grant with its tier, round, holder and revocation."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.records.fields import Choice, Count, Day, Identifier, LongText, Text
from zhicheng.apps.records.record import Record
from zhicheng.apps.records.shapes import Related, record_type


class HonourTier(models.TextChoices):
    """What exactly was given; awards and nominations are never one thing."""

    AWARD = "award", _("奖")
    NOMINATION = "nomination", _("提名奖")
    GOLD = "gold", _("金奖")
    SILVER = "silver", _("银奖")
    EXCELLENCE = "excellence", _("优秀奖")
    DESIGN_GOLD = "design_gold", _("外观设计金奖")
    DESIGN_SILVER = "design_silver", _("外观设计银奖")
    DESIGN_EXCELLENCE = "design_excellence", _("外观设计优秀奖")
    BRAND = "brand", _("品牌")
    LEADER = "leader", _("领跑者")
    DESIGNATION = "designation", _("认定")
    FIRST = "first", _("一等奖")
    SECOND = "second", _("二等奖")
    THIRD = "third", _("三等奖")


class HolderKind(models.TextChoices):
    """Who holds an honour."""

    ENTERPRISE = "enterprise", _("企业")
    INSTITUTION = "institution", _("机构")
    PERSON = "person", _("个人")


LEVELS = (("national", _("国家级")), ("provincial", _("省级")), ("city", _("市级")), ("county", _("县级")))


@record_type(
    "honour_schemes",
    room="quality",
    key=("code",),
    list_columns=("code", "name", "level", "issuer", "cycle"),
    filters=("level",),
    search=("code", "name"),
    public=True,
    related=(Related("honours", "scheme_code", "code"),),
)
class HonourScheme(Record):
    """A scheme under which honours are given."""

    code = Text(
        _("代码"), max_length=60, help=_("小写英文，如 china_quality_award"), synonyms="代码 奖项代码"
    )
    name = Text(_("名称"), help=_("奖项或名单的名称"), synonyms="名称 奖项名称")
    level = Choice(_("级别"), choices=LEVELS, help=_("国家、省、市、县"), synonyms="级别")
    issuer = Text(_("授予机关"), help=_("批准或授予的机关"), synonyms="授予机关 主办单位")
    cycle = Text(_("周期"), max_length=60, help=_("如每两年一届"), synonyms="周期")
    basis = LongText(_("依据"), help=_("管理办法的名称和文号"), synonyms="依据 依据文件")

    class Meta:
        verbose_name = _("荣誉项目")


@record_type(
    "honours",
    room="quality",
    key=("scheme_code", "round", "tier", "holder_name", "object_number"),
    list_columns=("scheme_code", "tier", "round", "granted_on", "holder_name", "revoked_on", "region_code"),
    filters=("scheme_code", "tier", "holder_kind", "region_code"),
    search=("holder_name", "object_number", "object_name"),
    date="granted_on",
    organisation=("holder_name", "uscc"),
    public=True,
    related=(
        Related("honour_schemes", "code", "scheme_code", names="name"),
        Related("patents", "application_number", "object_number"),
        Related("standards", "number", "object_number"),
    ),
)
class HonourGrant(Record):
    """One honour given to one holder on one day."""

    scheme_code = Text(
        _("荣誉项目"),
        max_length=60,
        db_index=True,
        help=_("荣誉项目的代码"),
        synonyms="荣誉项目 奖项代码 项目代码",
    )
    tier = Choice(
        _("等次"),
        choices=HonourTier.choices,
        help=_("奖、提名奖、金、银、优秀等"),
        synonyms="等次 奖项等级 奖级",
    )
    round = Count(_("届次"), help=_("第几届；没有届次留空"), synonyms="届次 届 批次")
    level = Choice(_("级别"), choices=LEVELS, help=_("国家、省、市、县"), synonyms="级别")
    granted_on = Day(_("授予日"), help=_("公布或授予的日期"), synonyms="授予日 公布日期 获奖日期 授予日期")
    valid_until = Day(_("有效期至"), help=_("到期日；长期有效留空"), synonyms="有效期至 到期日")
    revoked_on = Day(_("撤销日"), help=_("撤销或退出名单的日期"), synonyms="撤销日 撤销日期 退出日期")
    revoked_reason = Text(_("撤销原因"), help=_("撤销的理由"), synonyms="撤销原因")
    holder_kind = Choice(
        _("获得者类别"),
        choices=HolderKind.choices,
        help=_("企业、机构或个人"),
        synonyms="获得者类别 获奖者类别",
    )
    holder_name = Text(
        _("获得者"), help=_("单位名称，个人填人员编号"), synonyms="获得者 获奖单位 获奖者 企业名称 单位名称"
    )
    uscc = Identifier(
        _("统一社会信用代码"),
        identifier="uscc",
        max_length=18,
        help=_("单位填 18 位代码"),
        synonyms="统一社会信用代码 信用代码",
    )
    organisation = models.ForeignKey(
        "ledger.Organisation",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="honours",
        verbose_name=_("主体"),
    )
    object_number = Text(
        _("对象编号"),
        max_length=60,
        help=_("专利奖填申请号，领跑者填标准号，其余可空"),
        synonyms="对象编号 专利号 标准号",
    )
    object_name = Text(
        _("对象名称"), help=_("专利、品牌或产品的名称"), synonyms="对象名称 专利名称 品牌名称 产品名称"
    )
    document = Text(_("公布文件"), help=_("文号或公告名称"), synonyms="公布文件 文号")

    class Meta:
        verbose_name = _("荣誉")


def honour_names() -> dict[str, str]:
    """Codes of honour schemes with their names."""
    return dict(HonourScheme.objects.values_list("code", "name"))
