"""Trademarks, geographical indications and standards."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.records.fields import Choice, Count, Day, Identifier, Text
from zhicheng.apps.records.parts import rows_of
from zhicheng.apps.records.record import Record, RecordPart
from zhicheng.apps.records.shapes import Part, Related, record_type


@record_type(
    "trademarks",
    room="creation",
    key=("number", "nice_class"),
    list_columns=("number", "nice_class", "name", "owner_name", "registered_on", "expires_on", "region_code"),
    filters=("nice_class", "kind", "region_code"),
    search=("number", "name", "owner_name"),
    date="registered_on",
    organisation=("owner_name", "uscc"),
    public=True,
)
class Trademark(Record):
    """One class of a trademark; number and class together name it."""

    number = Identifier(
        _("注册号"),
        identifier="trademark",
        max_length=20,
        help=_("申请号即注册号"),
        synonyms="注册号 申请号/注册号 商标注册号 申请号",
    )
    nice_class = Count(
        _("类别"), help=_("尼斯分类 1–45"), synonyms="类别 国际分类 尼斯分类 商标类别", source="尼斯分类"
    )
    name = Text(_("商标名称"), help=_("文字或图形说明"), synonyms="商标名称 商标 名称")
    kind = Choice(
        _("种类"),
        choices=(
            ("ordinary", _("普通商标")),
            ("collective", _("集体商标")),
            ("certification", _("证明商标")),
        ),
        help=_("普通、集体或证明商标"),
        synonyms="种类 商标种类",
    )
    owner_name = Text(_("注册人"), help=_("商标注册人名称"), synonyms="注册人 申请人 商标注册人 申请人名称")
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
        related_name="trademarks",
        verbose_name=_("主体"),
    )
    applied_on = Day(_("申请日"), help=_("申请日期"), synonyms="申请日 申请日期")
    registered_on = Day(_("注册日"), help=_("注册公告日期"), synonyms="注册日 注册日期 注册公告日期")
    expires_on = Day(
        _("专用权期限至"), help=_("期满日；续展后为新的期满日"), synonyms="专用权期限至 有效期至 到期日"
    )
    ended_on = Day(_("失效日"), help=_("注销、撤销或宣告无效的日期"), synonyms="失效日 注销日期 撤销日期")
    madrid_number = Text(
        _("马德里注册号"), max_length=40, help=_("国际注册号"), synonyms="马德里注册号 国际注册号"
    )
    madrid_registered_on = Day(
        _("马德里注册日"), help=_("国际注册日期"), synonyms="国际注册日期 马德里注册日"
    )

    class Meta:
        verbose_name = _("商标")


class GiUser(RecordPart):
    """An enterprise licensed to use the special sign of a geographical indication."""

    gi = models.ForeignKey("ledger.GeographicalIndication", models.CASCADE, related_name="users")
    name = Text(_("用标企业"), help=_("合法使用人"))
    uscc = Identifier(_("统一社会信用代码"), identifier="uscc", max_length=18, help=_("专用标志须标注"))
    organisation = models.ForeignKey(
        "ledger.Organisation",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("主体"),
    )
    from_on = Day(_("核准日"), help=_("核准使用专用标志的日期"))
    until_on = Day(_("注销日"), help=_("停止使用的日期"))

    class Meta:
        verbose_name = _("用标企业")


@record_type(
    "geographical_indications",
    room="quality",
    key=("kind", "number", "name"),
    list_columns=("name", "kind", "number", "approved_on", "revoked_on", "region_code"),
    filters=("kind", "region_code"),
    search=("name", "number"),
    date="approved_on",
    parts=(Part(GiUser, "gi", rows_of("users", uscc="", from_on=None, until_on=None), ("name", "uscc")),),
    virtual={"users": ("用标企业", "用标企业 专用标志使用人 使用企业", "list")},
    public=True,
)
class GeographicalIndication(Record):
    """A geographical indication in one of its three kinds, which are never added up."""

    name = Text(_("产品名称"), help=_("公告上的名称"), synonyms="产品名称 地理标志名称 名称")
    kind = Choice(
        _("种类"),
        choices=(
            ("product", _("地理标志保护产品")),
            ("trademark", _("地理标志集体、证明商标")),
            ("agricultural", _("农产品地理标志")),
        ),
        help=_("三种分别统计"),
        synonyms="种类 地理标志种类 类别",
        source="局令第80号、第79号",
    )
    number = Text(
        _("公告号或注册号"),
        max_length=60,
        help=_("保护公告号、商标注册号或 AGI 编号"),
        synonyms="公告号 公告号或注册号 注册号 编号",
    )
    approved_on = Day(
        _("批准日"), help=_("批准保护或核准注册的日期"), synonyms="批准日 批准日期 注册日期 公告日期"
    )
    revoked_on = Day(_("撤销日"), help=_("撤销保护或注销的日期"), synonyms="撤销日 撤销日期")
    applicant = Text(_("申请人"), help=_("申请人或注册人"), synonyms="申请人 注册人")
    area = Text(_("产地范围"), max_length=500, help=_("公告的产地范围"), synonyms="产地范围 保护范围")

    class Meta:
        verbose_name = _("地理标志")


class StandardDrafter(RecordPart):
    """An organisation that drafted a standard, in its order."""

    standard = models.ForeignKey("ledger.Standard", models.CASCADE, related_name="drafters")
    name = Text(_("起草单位"), help=_("标准前言中的名称"))
    uscc = Identifier(_("统一社会信用代码"), identifier="uscc", max_length=18, help=_("18 位"))
    organisation = models.ForeignKey(
        "ledger.Organisation",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("主体"),
    )
    position = Count(_("位次"), help=_("第几起草单位"))

    class Meta:
        verbose_name = _("起草单位")


@record_type(
    "standards",
    room="quality",
    key=("number",),
    list_columns=("number", "title", "level", "published_on", "abolished_on", "region_code"),
    filters=("level", "region_code"),
    search=("number", "title"),
    date="published_on",
    parts=(
        Part(
            StandardDrafter, "standard", rows_of("drafters", position="position", uscc=""), ("name", "uscc")
        ),
    ),
    virtual={"drafters": ("起草单位", "起草单位 主要起草单位", "list")},
    public=True,
    related=(
        Related("honours", "object_number", "number"),
        Related("standards", "number", "replaced_by"),
        Related("standards", "replaced_by", "number"),
    ),
)
class Standard(Record):
    """A standard that organisations of the city wrote or declared."""

    number = Identifier(
        _("标准号"),
        identifier="standard",
        max_length=60,
        help=_("如 GB/T 42748-2023"),
        synonyms="标准号 标准编号",
    )
    title = Text(_("标准名称"), max_length=300, help=_("中文名称"), synonyms="标准名称 名称")
    level = Choice(
        _("级别"),
        choices=(
            ("international", _("国际标准")),
            ("national", _("国家标准")),
            ("industry", _("行业标准")),
            ("local", _("地方标准")),
            ("association", _("团体标准")),
            ("enterprise", _("企业标准")),
        ),
        help=_("留空时由标准号判断"),
        synonyms="级别 标准级别 标准类别",
        source="标准化法",
    )
    published_on = Day(_("发布日"), help=_("发布日期"), synonyms="发布日 发布日期")
    implemented_on = Day(_("实施日"), help=_("实施日期"), synonyms="实施日 实施日期")
    abolished_on = Day(_("废止日"), help=_("废止或被代替的日期"), synonyms="废止日 废止日期")
    replaced_by = Text(_("被代替为"), max_length=60, help=_("代替它的标准号"), synonyms="被代替为 代替标准")

    class Meta:
        verbose_name = _("标准")
