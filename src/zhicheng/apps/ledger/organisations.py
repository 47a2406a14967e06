"""Organisations with their names and dated roles, parks, and people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.records.fields import Choice, Day, Identifier, Money, Text
from zhicheng.apps.records.parts import rows_of
from zhicheng.apps.records.record import Record, RecordPart
from zhicheng.apps.records.shapes import Part, Related, record_type

if TYPE_CHECKING:
    import polars as pl


class OrganisationKind(models.TextChoices):
    """What an organisation is, as the register of its kind says."""

    ENTERPRISE = "enterprise", _("企业")
    UNIVERSITY = "university", _("高等院校")
    INSTITUTE = "research_institute", _("科研院所")
    PUBLIC_INSTITUTION = "public_institution", _("事业单位")
    GOVERNMENT = "government", _("机关")
    ASSOCIATION = "association", _("社会组织")
    BANK = "bank", _("银行")
    AGENCY = "agency", _("知识产权服务机构")
    SELF_EMPLOYED = "self_employed", _("个体工商户")
    COOPERATIVE = "cooperative", _("农民专业合作社")
    OTHER = "other", _("其他")


class OrganisationSize(models.TextChoices):
    """Size class of 统计上大中小微型企业划分办法（2017）."""

    LARGE = "large", _("大型")
    MEDIUM = "medium", _("中型")
    SMALL = "small", _("小型")
    MICRO = "micro", _("微型")


# What registers of market regulation write as the kind of a market entity; the first part that fits counts.
REGISTERED_KINDS = {
    "个体": "self_employed",
    "合作社": "cooperative",
    "专业合作": "cooperative",
    "事业": "public_institution",
    "机关": "government",
    "社会团体": "association",
    "社会组织": "association",
    "民办非企业": "association",
    **dict.fromkeys(
        (
            "公司",
            "企业",
            "独资",
            "合伙",
            "集体",
            "国有",
            "全民",
            "股份",
            "联营",
            "分支机构",
            "营业",
            "经营单位",
            "外商",
            "法人",
        ),
        "enterprise",
    ),
}


class OrganisationName(RecordPart):
    """A name an organisation bears or bore."""

    organisation = models.ForeignKey("ledger.Organisation", models.CASCADE, related_name="former_names")
    name = Text(_("曾用名"), help=_("更名前登记的全称"))
    from_on = Day(_("启用日"), help=_("该名称登记的日期，不详留空"))
    until_on = Day(_("停用日"), help=_("更名登记的日期，不详留空"))

    class Meta:
        verbose_name = _("曾用名")
        indexes = (models.Index(fields=["name"], name="organisation_former_name"),)


def with_key(frame: pl.DataFrame) -> pl.DataFrame:
    """An organisation without a USCC is known by its name."""
    import polars as pl  # noqa: PLC0415 - only an import reads frames

    name = pl.when(pl.col("uscc").fill_null("") == "").then(pl.col("name")).otherwise(pl.lit(""))
    return frame.with_columns(name.alias("name_key"), pl.col("uscc").fill_null(""))


@record_type(
    "organisations",
    room="ledger",
    key=("uscc", "name_key"),
    list_columns=("name", "uscc", "kind", "region_code", "industry_code", "established_on"),
    filters=("kind", "region_code", "size"),
    search=("name", "uscc"),
    date="established_on",
    parts=(Part(OrganisationName, "organisation", rows_of("former_names", from_on=None, until_on=None)),),
    virtual={"former_names": ("曾用名", "曾用名 历史名称 原名称", "list")},
    derive=with_key,
    public=True,
)
class Organisation(Record):
    """A legal person or other organisation of the city, or one the city deals with."""

    uscc = Identifier(
        _("统一社会信用代码"),
        identifier="uscc",
        max_length=18,
        db_index=True,
        help=_("18 位；没有代码的单位留空，以名称识别"),
        synonyms="统一社会信用代码 社会信用代码 信用代码 工商统一社会信用代码 USCC",
        source="GB 32100-2015",
    )
    name = Text(
        _("名称"),
        help=_("登记证照上的全称"),
        synonyms="名称 企业名称 单位名称 主体名称 公司名称 机构名称",
        db_index=True,
    )
    name_key = Text(_("识别名"), help=_("没有信用代码时用来识别的名称；有代码时为空"), editable=False)
    kind = Choice(
        _("类别"),
        choices=OrganisationKind.choices,
        readings=REGISTERED_KINDS,
        help=_("单位的性质"),
        synonyms="类别 主体类型 单位类型 企业类型",
    )
    industry_code = Identifier(
        _("行业代码"),
        identifier="industry",
        max_length=5,
        help=_("国民经济行业分类代码"),
        synonyms="行业代码 国民经济行业 行业 所属行业",
        source="GB/T 4754-2017",
    )
    size = Choice(
        _("规模"),
        choices=OrganisationSize.choices,
        help=_("大型、中型、小型、微型"),
        synonyms="规模 企业规模",
    )
    established_on = Day(
        _("成立日期"), help=_("登记成立的日期"), synonyms="成立日期 注册日期 登记日期 成立时间"
    )
    dissolved_on = Day(_("注销日期"), help=_("注销或吊销的日期，存续留空"), synonyms="注销日期 吊销日期")
    capital = Money(_("注册资本"), help=_("以元计"), synonyms="注册资本 注册资金")
    address = Text(_("住所"), max_length=300, help=_("登记的住所"), synonyms="住所 地址 注册地址")
    park = Text(_("所在园区"), help=_("园区名称，不在园区留空"), synonyms="园区 所在园区")

    class Meta:
        verbose_name = _("主体")
        ordering = ("name",)
        indexes = (models.Index(fields=["-established_on", "-id"], name="organisation_by_founding"),)

    def __str__(self) -> str:
        return self.name


class OrganisationRoleKind(models.TextChoices):
    """What an organisation has been named."""

    CHAIN_LEADER = "chain_leader", _("链主企业")
    SINGLE_CHAMPION = "single_champion", _("制造业单项冠军")
    LITTLE_GIANT = "little_giant", _("专精特新“小巨人”")
    HIGH_TECH = "high_tech", _("高新技术企业")
    IP_ADVANTAGE = "ip_advantage", _("知识产权优势企业")
    IP_DEMONSTRATION = "ip_demonstration", _("知识产权示范企业")
    UNIVERSITY = "university", _("高校")
    INSTITUTE = "institute", _("科研院所")
    DISHONEST = "dishonest", _("严重失信主体")
    QUALITY_ACCIDENT = "quality_accident", _("重大质量安全事故责任主体")
    OTHER = "other", _("其他")


@record_type(
    "organisation_roles",
    room="ledger",
    key=("organisation_name", "uscc", "role", "from_on"),
    list_columns=("organisation_name", "role", "from_on", "until_on", "source_document"),
    filters=("role", "region_code"),
    search=("organisation_name", "uscc"),
    date="from_on",
    organisation=("organisation_name", "uscc"),
    public=True,
)
class OrganisationRole(Record):
    """A role of an organisation with the days it holds."""

    organisation_name = Text(
        _("单位名称"), help=_("证书或文件上的名称"), synonyms="单位名称 企业名称 主体名称"
    )
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
        related_name="roles",
        verbose_name=_("主体"),
    )
    role = Choice(
        _("身份"),
        choices=OrganisationRoleKind.choices,
        help=_("链主、单项冠军、高校、科研院所等"),
        synonyms="身份 称号 角色",
    )
    from_on = Day(_("起始日"), help=_("认定或公布的日期"), synonyms="起始日 认定日期 公布日期")
    until_on = Day(
        _("终止日"), help=_("到期或撤销的日期，仍有效留空"), synonyms="终止日 到期日 撤销日期 有效期至"
    )
    source_document = Text(_("依据文件"), help=_("认定文件的文号或标题"), synonyms="依据文件 文号 认定文件")

    class Meta:
        verbose_name = _("主体身份")


@record_type(
    "parks",
    room="ledger",
    key=("name",),
    list_columns=("name", "level", "region_code", "founded_on", "ended_on"),
    filters=("level", "region_code"),
    search=("name",),
    date="founded_on",
    public=True,
    related=(
        Related("organisations", "park", "name"),
        Related("designations", "subject", "name"),
    ),
)
class Park(Record):
    """An industrial park or development zone."""

    name = Text(_("园区名称"), help=_("批复文件上的名称"), synonyms="园区名称 名称")
    level = Choice(
        _("级别"),
        choices=(
            ("national", _("国家级")),
            ("provincial", _("省级")),
            ("city", _("市级")),
            ("county", _("县级")),
        ),
        help=_("批准设立的级别"),
        synonyms="级别 园区级别",
    )
    founded_on = Day(_("设立日期"), help=_("批复日期"), synonyms="设立日期 批复日期")
    ended_on = Day(_("撤销日期"), help=_("撤销或并入的日期"), synonyms="撤销日期")

    class Meta:
        verbose_name = _("园区")


@record_type(
    "people",
    room="ledger",
    key=("number",),
    list_columns=("number", "name", "organisation_name", "title", "region_code"),
    filters=("region_code",),
    search=("number", "name", "organisation_name"),
    organisation=("organisation_name", "uscc"),
    related=(Related("person_roles", "person_number", "number"), Related("honours", "holder_name", "number")),
)
class Person(Record):
    """A person who appears in the programme in some role; only the least that is needed."""

    number = Text(_("人员编号"), max_length=40, help=_("本市自编，不用身份证号"), synonyms="人员编号 编号")
    name = Text(_("姓名"), personal=True, help=_("姓名"), synonyms="姓名")
    organisation_name = Text(_("所在单位"), help=_("单位全称"), synonyms="所在单位 单位名称 工作单位")
    uscc = Identifier(
        _("单位信用代码"),
        identifier="uscc",
        max_length=18,
        help=_("18 位"),
        synonyms="统一社会信用代码 单位信用代码",
    )
    organisation = models.ForeignKey(
        "ledger.Organisation",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="people",
        verbose_name=_("主体"),
    )
    title = Text(_("职务职称"), help=_("现任职务或职称"), synonyms="职务 职称 职务职称")
    phone = Text(
        _("联系电话"), personal=True, max_length=40, help=_("按角色脱敏显示"), synonyms="联系电话 手机 电话"
    )

    class Meta:
        verbose_name = _("人员")


@record_type(
    "person_roles",
    room="ledger",
    key=("person_number", "role", "from_on"),
    list_columns=("person_number", "role", "organisation_name", "from_on", "until_on"),
    filters=("role", "region_code"),
    search=("person_number", "organisation_name"),
    date="from_on",
    related=(Related("people", "number", "person_number"),),
)
class PersonRole(Record):
    """A role a person bears for some time."""

    person_number = Text(_("人员编号"), max_length=40, help=_("人员台账中的编号"), synonyms="人员编号")
    role = Text(_("身份"), help=_("政协委员、专家、调解员、负责人等"), synonyms="身份 角色")
    organisation_name = Text(_("所属机构"), help=_("以何机构名义"), synonyms="所属机构 单位")
    from_on = Day(_("起始日"), help=_("任职起始"), synonyms="起始日 任职日期")
    until_on = Day(_("终止日"), help=_("任职终止，现任留空"), synonyms="终止日 离任日期")

    class Meta:
        verbose_name = _("人员身份")
