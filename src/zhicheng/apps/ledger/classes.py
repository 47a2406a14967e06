"""Classifications a city loads itself: which IPC symbols belong to a strategic emerging industry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from zhicheng.apps.records.fields import Day, Text
from zhicheng.apps.records.record import Record
from zhicheng.apps.records.shapes import record_type

if TYPE_CHECKING:
    import polars as pl


def tidied(frame: pl.DataFrame) -> pl.DataFrame:
    """Write patterns without blanks and in capitals, so that `h01l 21/02` and `H01L21/02` are one."""
    import polars as pl  # noqa: PLC0415 - only an import reads frames

    return frame.with_columns(pl.col("ipc_pattern").str.replace_all(r"\s", "").str.to_uppercase())


@record_type(
    "sei_patterns",
    room="creation",
    key=("sei_code", "ipc_pattern"),
    list_columns=("sei_code", "sei_name", "ipc_pattern", "source_title"),
    filters=("sei_code",),
    search=("sei_code", "ipc_pattern"),
    derive=tidied,
    public=True,
)
class SeiPattern(Record):
    """An IPC pattern that belongs to a class of the strategic emerging industries (SEI).

    A subclass (`H01L`) or a main group (`H01L21`) stands for all below it, a subgroup (`H01L21/02`) for itself,
    and one that ends in `*` for whatever begins so.
    """

    sei_code = Text(
        _("战新产业代码"),
        max_length=20,
        help=_("战略性新兴产业分类代码，如 1.2.1"),
        synonyms="战新产业代码 战略性新兴产业代码 战略性新兴产业分类代码 产业代码",
        source="战略性新兴产业分类（2018）（国家统计局令第23号）",
    )
    sei_name = Text(
        _("战新产业名称"), help=_("分类名称"), synonyms="战新产业名称 战略性新兴产业分类名称 产业名称"
    )
    ipc_pattern = Text(
        _("IPC 式样"),
        max_length=30,
        help=_("小类、大组代表其下全部，小组只代表自己；以 * 结尾的按开头匹配"),
        synonyms="IPC式样 IPC 国际专利分类 国际专利分类号 IPC分类号",
    )
    source_title = Text(_("来源"), help=_("参照关系表的标题和年份"), synonyms="来源 来源文件")
    published_on = Day(_("发布日"), help=_("参照关系表发布的日期"), synonyms="发布日 发布日期")

    class Meta:
        db_table = "ledger_seipattern"
        verbose_name = _("战新产业与 IPC 对照")

    def __str__(self) -> str:
        return f"{self.sei_code} {self.ipc_pattern}"
