"""Patents: applications with dated owners and legal events, from which follows what is in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.records.fields import Choice, Count, Day, Identifier, Region, Text
from zhicheng.apps.records.record import Record, RecordPart
from zhicheng.apps.records.shapes import Part, Related, record_type

if TYPE_CHECKING:
    import polars as pl


class PatentKind(models.TextChoices):
    """The three kinds of 专利法 第二条."""

    INVENTION = "invention", _("发明")
    UTILITY_MODEL = "utility_model", _("实用新型")
    DESIGN = "design", _("外观设计")


class LegalEvent(models.TextChoices):
    """What can happen to a patent after its grant; each with its day."""

    LAPSED = "lapsed", _("未缴年费终止")
    RESTORED = "restored", _("恢复权利")
    EXPIRED = "expired", _("期限届满")
    INVALIDATED = "invalidated", _("宣告全部无效")
    ABANDONED = "abandoned", _("放弃专利权")


# Import columns that carry the day of an event: virtual column → event
EVENT_COLUMNS = {
    "lapsed_on": LegalEvent.LAPSED,
    "restored_on": LegalEvent.RESTORED,
    "expired_on": LegalEvent.EXPIRED,
    "invalidated_on": LegalEvent.INVALIDATED,
    "abandoned_on": LegalEvent.ABANDONED,
}


class PatentOwner(RecordPart):
    """An owner of a patent for some time; a county counts the patents its owners hold on a day."""

    patent = models.ForeignKey("ledger.Patent", models.CASCADE, related_name="owners")
    name = Text(_("专利权人"), help=_("登记簿上的名称"))
    uscc = Identifier(_("统一社会信用代码"), identifier="uscc", max_length=18, help=_("18 位"))
    organisation = models.ForeignKey(
        "ledger.Organisation",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="patents",
        verbose_name=_("主体"),
    )
    region_code = Region(_("所属区划"), help=_("该权利人所在的县市区"))
    position = Count(_("位次"), help=_("第几权利人"))
    from_on = Day(_("起始日"), help=_("成为权利人的日期；原始权利人留空"))
    until_on = Day(_("终止日"), help=_("转让登记的日期；仍持有留空"))

    class Meta:
        verbose_name = _("专利权人")
        indexes = (models.Index(fields=["region_code", "patent"], name="patent_owner_region"),)


class PatentEvent(RecordPart):
    """A dated legal event of a patent."""

    patent = models.ForeignKey("ledger.Patent", models.CASCADE, related_name="events")
    kind = Choice(_("法律事件"), choices=LegalEvent.choices, help=_("终止、恢复、届满、无效、放弃"))
    on_date = Day(_("日期"), help=_("事件生效的日期"))

    class Meta:
        verbose_name = _("法律事件")


def owners(frame: pl.DataFrame) -> pl.DataFrame:
    """One row for each owner in the cell; USCCs and county codes pair with names by position where given."""
    import polars as pl  # noqa: PLC0415 - only an import reads frames

    columns = ["owners", "owner_usccs", "owner_regions"]
    rows = frame.select("__row__", *columns).with_columns(
        [pl.col(one).fill_null([]) for one in columns],
    )
    count = pl.col("owners").list.len()
    padded = rows.with_columns(
        [
            pl.concat_list(
                pl.col(one), pl.lit("").repeat_by((count - pl.col(one).list.len()).clip(lower_bound=0))
            ).list.head(count)
            for one in columns[1:]
        ],
    ).with_columns(pl.int_ranges(1, count + 1).alias("position"))
    return (
        padded.filter(count > 0)
        .explode("owners", "owner_usccs", "owner_regions", "position")
        .select(
            "__row__",
            pl.col("owners").alias("name"),
            pl.col("owner_usccs").alias("uscc"),
            pl.col("owner_regions").alias("region_code"),
            "position",
            pl.lit(None, pl.Date).alias("from_on"),
            pl.lit(None, pl.Date).alias("until_on"),
        )
    )


def events(frame: pl.DataFrame) -> pl.DataFrame:
    """One row for each dated legal event that the file carries in columns."""
    import polars as pl  # noqa: PLC0415 - only an import reads frames

    return pl.concat(
        [
            frame.filter(pl.col(column).is_not_null()).select(
                "__row__", pl.lit(str(kind)).alias("kind"), pl.col(column).alias("on_date")
            )
            for column, kind in EVENT_COLUMNS.items()
        ]
    )


def completed(frame: pl.DataFrame) -> pl.DataFrame:
    """The kind from the application number and the region from the first owner, where left blank."""
    import polars as pl  # noqa: PLC0415 - only an import reads frames

    number = pl.col("application_number")
    old = number.str.len_chars() <= 9  # YY + kind + serial + check digit, before October 2003
    digit = pl.when(old).then(number.str.slice(2, 1)).otherwise(number.str.slice(4, 1))
    kinds = {"1": "invention", "2": "utility_model", "3": "design", "8": "invention", "9": "utility_model"}
    kind = digit.replace_strict(list(kinds), list(kinds.values()), default="")
    first = pl.col("owner_regions").list.first().fill_null("")
    return frame.with_columns(
        pl.when(pl.col("kind").fill_null("") == "").then(kind).otherwise(pl.col("kind")).alias("kind"),
        pl.when(pl.col("region_code").fill_null("") == "")
        .then(first)
        .otherwise("region_code")
        .alias("region_code"),
    )


@record_type(
    "patents",
    room="creation",
    key=("application_number",),
    list_columns=("application_number", "title", "kind", "filed_on", "granted_on", "main_ipc", "region_code"),
    filters=("kind", "region_code", "filed_on", "granted_on", "sei_code"),
    search=("application_number", "title"),
    date="filed_on",
    parts=(
        Part(PatentOwner, "patent", owners, ("name", "uscc")),
        Part(PatentEvent, "patent", events, identity=("kind", "on_date"), additive=True),
    ),
    region_through="owners__region_code",
    derive=completed,
    virtual={
        "owners": (
            "专利权人",
            (
                "专利权人 申请人 申请（专利权）人 申请(专利权)人 [标]当前申请(专利权)人 "
                "当前申请(专利权)人 权利人 申请（专利）权人 第一申请人"
            ),
            "list",
        ),
        "owner_usccs": ("权利人信用代码", "权利人信用代码 工商统一社会信用代码 统一社会信用代码", "list"),
        "owner_regions": ("权利人区划", "权利人区划 权利人区划代码 权利人所在县市区", "list"),
        "lapsed_on": ("终止日", "终止日 失效日 专利权终止日", "date"),
        "restored_on": ("恢复日", "恢复日 权利恢复日", "date"),
        "expired_on": ("届满日", "届满日 期限届满日", "date"),
        "invalidated_on": ("无效日", "无效日 宣告无效日", "date"),
        "abandoned_on": ("放弃日", "放弃日", "date"),
    },
    public=True,
    related=(
        Related("patent_owner_changes", "application_number", "application_number"),
        Related("patent_legal_events", "application_number", "application_number"),
        Related("pool_patents", "application_number", "application_number"),
        Related("licences", "patents__application_number", "application_number"),
        Related("transfers", "patents__application_number", "application_number"),
        Related("pledges", "patents__application_number", "application_number"),
        Related("honours", "object_number", "application_number"),
    ),
)
class Patent(Record):
    """A patent application and, once granted, the patent."""

    application_number = Identifier(
        _("申请号"),
        identifier="patent_application",
        max_length=20,
        help=_("国家申请号，带不带 ZL、CN、小数点都可以"),
        synonyms="申请号 申请（专利）号 申请(专利)号 专利号 专利申请号",
        source="ZC 0006-2003",
        unique=True,
    )
    kind = Choice(
        _("类型"),
        choices=PatentKind.choices,
        help=_("留空时由申请号第 5 位判断"),
        synonyms="类型 专利类型 种类",
    )
    title = Text(
        _("名称"),
        max_length=500,
        help=_("发明创造名称"),
        synonyms="名称 标题 专利名称 发明名称 标题(中文) 标题 (中文)",
    )
    filed_on = Day(
        _("申请日"), help=_("申请日，期限自此起算"), synonyms="申请日 申请日期", source="专利法 第四十二条"
    )
    publication_number = Identifier(
        _("公开（公告）号"),
        identifier="patent_publication",
        max_length=30,
        help=_("公布号或授权公告号"),
        synonyms="公开(公告)号 公开（公告）号 公开号 公告号 公开公告号",
    )
    published_on = Day(
        _("公开（公告）日"), help=_("公布或公告的日期"), synonyms="公开(公告)日 公开（公告）日 公开日 公告日"
    )
    granted_on = Day(
        _("授权日"), help=_("授权公告的日期；未授权留空"), synonyms="授权日 授权公告日 颁证日 授权日期"
    )
    main_ipc = Identifier(
        _("主分类号"),
        identifier="ipc|locarno",
        max_length=40,
        help=_("IPC 主分类；外观设计为洛迦诺分类"),
        synonyms="主分类号 IPC主分类号 IPC主分类号(小类) 主分类",
    )
    ipc = Text(_("分类号"), max_length=1000, help=_("全部分类号，分号隔开"), synonyms="分类号 IPC分类号 IPC")
    sei_code = Text(
        _("战略新兴产业"),
        max_length=60,
        help=_("战略性新兴产业分类代码，导出表有则填"),
        synonyms="战略新兴产业分类 战略性新兴产业分类 战新产业",
    )
    overseas_family = Count(
        _("海外已授权同族"),
        unit="件",
        help=_("境外已授权的同族专利数；不详留空，不填 0"),
        synonyms="海外同族 海外同族授权数 海外已授权同族",
    )
    pct_number = Text(_("PCT 申请号"), max_length=40, help=_("国际申请号"), synonyms="PCT申请号 国际申请号")
    pct_filed_on = Day(_("PCT 申请日"), help=_("国际申请日"), synonyms="PCT申请日 国际申请日")
    family_number = Text(
        _("同族号"), max_length=60, help=_("检索库的同族编号"), synonyms="同族号 简单同族 INPADOC同族"
    )
    agency = Text(_("代理机构"), help=_("专利代理机构"), synonyms="代理机构 专利代理机构")
    agent = Text(_("代理人"), help=_("代理师"), synonyms="代理人 代理师")
    inventors = Text(
        _("发明人"),
        max_length=500,
        personal=False,
        help=_("发明人或设计人，分号隔开"),
        synonyms="发明人 发明（设计）人 设计人",
    )
    address = Text(_("地址"), max_length=300, help=_("第一权利人地址"), synonyms="地址 申请人地址")
    abnormal_on = Day(
        _("认定非正常日"), help=_("被认定为非正常申请的日期"), synonyms="非正常认定日", source="局令第77号"
    )

    class Meta:
        verbose_name = _("专利")
        ordering = ("-filed_on", "-id")
        indexes = (
            models.Index(fields=["-filed_on", "-id"], name="patent_by_filing"),
            models.Index(fields=["region_code", "-filed_on", "-id"], name="patent_by_region_filing"),
        )

    def __str__(self) -> str:
        return f"{self.application_number} {self.title}"


@record_type(
    "patent_owner_changes",
    room="creation",
    key=("application_number", "name", "from_on"),
    list_columns=("application_number", "name", "from_on", "until_on", "region_code"),
    filters=("region_code",),
    search=("application_number", "name"),
    date="from_on",
    organisation=("name", "uscc"),
    related=(Related("patents", "application_number", "application_number"),),
)
class PatentOwnerChange(Record):
    """A recorded change of owner, with the days somebody held the right.

    The patents fact reads these beside the owners of the patent's own row: an owner named in both has the
    days given here, and a newcomer is an owner from `from_on` on.
    """

    application_number = Identifier(
        _("申请号"),
        identifier="patent_application",
        max_length=20,
        db_index=True,
        help=_("国家申请号"),
        synonyms="申请号 专利号",
    )
    name = Text(_("权利人"), help=_("登记簿上的名称"), synonyms="权利人 专利权人 受让人")
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
        related_name="+",
        verbose_name=_("主体"),
    )
    from_on = Day(_("起始日"), help=_("变更登记生效日"), synonyms="起始日 生效日 权利转移生效日")
    until_on = Day(_("终止日"), help=_("失去权利的日期"), synonyms="终止日 转出日")

    class Meta:
        verbose_name = _("专利权人变更")


@record_type(
    "patent_legal_events",
    room="creation",
    key=("application_number", "kind", "on_date"),
    list_columns=("application_number", "kind", "on_date"),
    filters=("kind",),
    search=("application_number",),
    date="on_date",
    related=(Related("patents", "application_number", "application_number"),),
)
class PatentLegalEvent(Record):
    """A legal event from a file of its own; the patents fact reads it beside those of the patent's row."""

    application_number = Identifier(
        _("申请号"),
        identifier="patent_application",
        max_length=20,
        db_index=True,
        help=_("国家申请号"),
        synonyms="申请号 专利号",
    )
    kind = Choice(
        _("法律事件"),
        choices=LegalEvent.choices,
        help=_("终止、恢复、届满、无效、放弃"),
        synonyms="法律事件 法律状态 事件",
    )
    on_date = Day(_("日期"), help=_("事件生效的日期"), synonyms="日期 生效日 事件日期")

    class Meta:
        verbose_name = _("专利法律事件")
