"""The region tree of the city and its yearly statistics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from zhicheng.apps.records.fields import Amount, Choice, Count, Day, Money, Region, Text
from zhicheng.apps.records.record import Record
from zhicheng.apps.records.shapes import Related, record_type

if TYPE_CHECKING:
    import polars as pl


def at_home(frame: pl.DataFrame) -> pl.DataFrame:
    """A region lies in itself."""
    import polars as pl  # noqa: PLC0415 - only an import reads frames

    return frame.with_columns(pl.col("code").alias("region_code"))


@record_type(
    "regions",
    room="ledger",
    key=("code",),
    list_columns=("code", "name", "level", "parent_code", "valid_from", "valid_to"),
    filters=("level",),
    search=("code", "name"),
    derive=at_home,
    public=True,
    related=(
        Related("region_years", "region_code", "code"),
        Related("regions", "parent_code", "code"),
        Related("parks", "region_code", "code"),
        Related("designations", "subject", "name"),
        Related("assessments", "subject", "name"),
    ),
)
class LedgerRegion(Record):
    """A province, city, county or functional zone of the deployment's tree."""

    code = Text(
        _("区划代码"),
        max_length=6,
        help=_("六位；功能区可用本市自编代码"),
        synonyms="区划代码 行政区划代码 代码",
        source="GB/T 2260",
    )
    name = Text(_("名称"), help=_("区划全称"), synonyms="名称 区划名称")
    short_name = Text(_("简称"), help=_("图表上显示的短名"), synonyms="简称")
    level = Choice(
        _("级别"),
        choices=(("province", _("省")), ("city", _("市")), ("county", _("县市区")), ("zone", _("功能区"))),
        help=_("省、市、县市区或功能区"),
        synonyms="级别",
    )
    parent_code = Region(_("上级代码"), help=_("上级区划的代码"), synonyms="上级代码 上级区划")
    valid_from = Day(_("启用日"), help=_("代码启用的日期"), synonyms="启用日")
    valid_to = Day(_("停用日"), help=_("代码停用的日期"), synonyms="停用日")

    class Meta:
        db_table = "ledger_region"
        verbose_name = _("区划")
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


@record_type(
    "region_years",
    room="ledger",
    key=("region_code", "year", "basis"),
    list_columns=("region_code", "year", "basis", "resident_population", "gdp", "source_title"),
    filters=("region_code", "basis"),
    search=("source_title",),
    date="published_on",
    public=True,
    related=(Related("regions", "code", "region_code"),),
)
class RegionYear(Record):
    """Statistics of a region for a year, with the document they come from."""

    year = Count(_("年度"), help=_("统计年度"), synonyms="年度 年份")
    basis = Choice(
        _("口径"),
        choices=(("census", _("人口普查")), ("bulletin", _("统计公报")), ("estimate", _("演示估计"))),
        help=_("人口普查还是年度统计公报"),
        synonyms="口径 数据口径",
    )
    resident_population = Count(
        _("常住人口"), unit="人", help=_("年末常住人口"), synonyms="常住人口 年末常住人口"
    )
    gdp = Money(_("地区生产总值"), help=_("当年价"), synonyms="地区生产总值 GDP")
    rd_spending = Money(_("研发经费"), help=_("全社会研发经费支出"), synonyms="研发经费 R&D经费")
    ip_industry_value = Money(
        _("专利密集型产业增加值"), help=_("按统计分类核算"), synonyms="专利密集型产业增加值"
    )
    satisfaction = Amount(_("知识产权保护满意度"), unit="分", help=_("百分制"), synonyms="保护满意度 满意度")
    source_title = Text(_("来源"), help=_("公报或普查资料的标题"), synonyms="来源 来源文件")
    published_on = Day(_("发布日"), help=_("来源发布的日期"), synonyms="发布日 发布日期")

    class Meta:
        db_table = "ledger_regionyear"
        verbose_name = _("区划年度统计")
