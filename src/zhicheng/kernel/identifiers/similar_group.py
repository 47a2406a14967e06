"""类似群: the groups of alike goods or services inside a Nice class, and their names (2018 edition)."""

from __future__ import annotations

import csv
import gzip
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

from zhicheng.kernel.refusals import Source
from zhicheng.kernel.verdicts import Verdict, judge, refuse, squeeze

SOURCE = Source("类似商品和服务区分表", number="基于尼斯分类第十一版", date="2018-01-01")
NAME = "类似群"
_SHAPE = re.compile(r"[0-9]{4}", re.ASCII)


@dataclass(frozen=True, slots=True)
class SimilarGroup:
    """A group, its class, and its name in the packaged edition (empty when it is not there)."""

    normal: str
    nice_class: int
    name: str
    warning: str = ""


@cache
def names() -> dict[str, str]:
    """Group → name, edition 2018."""
    packed = resources.files("zhicheng.kernel.data").joinpath("similar_groups.csv.gz").read_bytes()
    lines = (line for line in gzip.decompress(packed).decode().splitlines() if not line.startswith("#"))
    return {row["group"]: row["name"] for row in csv.DictReader(lines)}


def normalise(text: str) -> str:
    """Four digits."""
    return squeeze(text).removesuffix("类似群").removesuffix("群")


def parse(text: str) -> SimilarGroup:
    """Read a group.

    Raises:
        IdentifierError: not four digits, or a class outside 1 to 45.
    """
    normal = normalise(text)
    fix = "请写成 0301 的形式，前两位是类别。"
    if not _SHAPE.fullmatch(normal):
        raise refuse(NAME, text, "应为四位数字", fix=fix, source=SOURCE)
    if not 1 <= int(normal[:2]) <= 45:
        raise refuse(NAME, text, f"类别 {normal[:2]} 不在 01 至 45 之间", fix=fix, source=SOURCE)
    name = names().get(normal, "")
    warning = "" if name else f"{NAME}“{normal}”不在 2018 年版区分表中。请核对所用版本。"
    return SimilarGroup(normal, int(normal[:2]), name, warning)


def validate(text: str) -> Verdict:
    """Error for a wrong shape; warning for a group that the packaged edition does not hold."""
    return judge(parse, normalise, text)


def explain(text: str) -> list[str]:
    """Class and name."""
    one = parse(text)
    return [f"{one.normal}：第 {one.nice_class} 类，{one.name or '名称不在 2018 年版中'}", "类似群没有校验位"]
