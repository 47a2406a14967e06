"""The Chinese fonts of the machine: found before a PDF is set, and asked for in words when there are none."""

from __future__ import annotations

from functools import lru_cache

from zhicheng.kernel.refusals import Refusal

SERIF = ("Noto Serif CJK SC", "Source Han Serif SC", "FangSong", "STFangsong", "SimSun")
SANS = ("Noto Sans CJK SC", "Source Han Sans SC", "SimHei", "STHeiti", "Microsoft YaHei")


class NoChineseFont(Refusal):
    """The machine has no font with Chinese characters."""

    code = "no_chinese_font"


@lru_cache(maxsize=1)
def installed() -> frozenset[str]:
    """Names of the font families that the typesetter sees."""
    import typst  # noqa: PLC0415 - reads every font of the machine, only a PDF pays for it

    return frozenset(typst.Fonts().families())


def chosen(families: frozenset[str]) -> tuple[str, str]:
    """Return the family for the text and the one for headings.

    Args:
        families: those installed.

    Raises:
        NoChineseFont: neither kind is there.
    """
    serif = next((one for one in SERIF if one in families), "")
    sans = next((one for one in SANS if one in families), "")
    if not serif and not sans:
        raise NoChineseFont(
            "这台机器没有中文字体，PDF 里的汉字会变成方框。",
            fix="请安装 Debian 的 fonts-noto-cjk（apt-get install fonts-noto-cjk），或改出 Word、HTML。",
        )
    return serif or sans, sans or serif
