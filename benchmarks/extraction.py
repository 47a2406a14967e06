"""Measures reading and extraction of public texts beside a plain regular-expression pass over the same files.

Run: python benchmarks/extraction.py [--articles 200] [--runs 7] [--texts FOLDER_OF_ITEMS.json]
Both sides work on one core and on the same bytes, in turn, run after run. The peer decodes UTF-8, strips tags and
collects `number + unit` by one pattern: what a script of an afternoon does, without repair, cutting, names, periods,
ranks, traps or offsets in the raw file. By default the articles are generated from invented sentences; with --texts
the `text` fields of a JSON list are read instead.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from zhicheng.catalogue.alias_loader import load_aliases
from zhicheng.engines.extraction.extracting import extract
from zhicheng.engines.extraction.repairing import read_bytes

_NUMBER = re.compile(
    r"(\d[\d,]*(?:\.\d+)?)(多|余)?(万亿|万|亿)?(个百分点|人次|%|元|件|项|家|个|笔|份|次|场|人|名)"
)
_TAG = re.compile(r"<[^>]*>")
SENTENCES = (
    "今年以来，{city}市有效发明专利拥有量达到{a}件，同比增长{p}%，居全省第三位。",
    "办理专利权质押登记{b}笔、金额{m}亿元，累计为{c}家企业授信{n}亿元。",
    "新增地理标志保护产品{d}件，总量达到{e}件，数量居全省前列。",
    "对首次获得市长质量奖的单位，市财政给予一次性奖励{d}万元。",
    "一是完善机制。会议强调，要深入实施知识产权战略，推动质量、标准、品牌协同发展，服务高质量发展大局。",
    "“十五五”以来，该市连续{d}年开展专项行动，查处专利商标违法案件{b}件，接受咨询{a}多人次。",
    "市市场监督管理局党组书记、局长王某表示，将持续优化营商环境，健全保护体系，完善公共服务。",
    "据介绍，该市坚持企业主体、市场导向，推动创新链产业链深度融合，涌现出一批知名品牌和“百年老店”。",
)


def invented(count: int) -> list[bytes]:
    """Articles of some 1,000 characters from invented sentences, a menu before and links behind."""
    dice = random.Random(20311106)
    articles = []
    for number in range(count):
        city = dice.choice(("清溪", "石屏湾", "东川口"))
        lines = [
            dice.choice(SENTENCES).format(
                city=city, a=dice.randint(1000, 40000), b=dice.randint(20, 900), c=dice.randint(20, 200), d=dice.randint(2, 30),
                e=dice.randint(31, 99), p=dice.randint(10, 300) / 10, m=dice.randint(100, 9000) / 100, n=dice.randint(100, 9000) / 10,
            )
            for _ in range(24)
        ]  # fmt: skip
        body = "\n".join("".join(lines[at : at + 4]) for at in range(0, 24, 4))
        articles.append(
            f"首页 新闻 政务 服务\n{city}市召开知识产权工作会议{number}\n来源：{city}日报 2031-11-06\n{body}\n相关阅读\n• 邻市专利达到{number}件\n".encode()
        )
    return articles


def plain(article: bytes) -> int:
    """The peer: numbers with a unit, nothing else."""
    return len(_NUMBER.findall(_TAG.sub("", article.decode("utf-8"))))


def ours(aliases: dict[str, str]) -> Callable[[bytes], int]:
    """Read, repair, cut, extract: everything `zhicheng news extract` does but print."""
    return lambda article: len(extract(read_bytes(article, name="a.txt"), aliases=aliases).figures)


def pass_over(articles: list[bytes], work: Callable[[bytes], int]) -> tuple[float, int]:
    """Processor seconds of one pass (what else the machine does stays out of it) and how many numbers it found."""
    start = time.process_time()
    found = sum(map(work, articles))
    return time.process_time() - start, found


def main() -> None:
    """Print articles per second of both sides: median, fastest and slowest run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--texts", type=Path)
    given = parser.parse_args()
    articles = (
        [one["text"].encode() for one in json.loads(given.texts.read_text(encoding="utf-8"))]
        if given.texts
        else invented(given.articles)
    )
    sides = {"zhicheng": ours(load_aliases()), "regular expression": plain}
    for work in sides.values():
        pass_over(articles[:5], work)
    times: dict[str, list[float]] = {name: [] for name in sides}
    found: dict[str, int] = {}
    for _ in range(given.runs):
        for name, work in sides.items():
            seconds, found[name] = pass_over(articles, work)
            times[name].append(seconds)
    size = sum(map(len, articles)) / len(articles)
    print(
        f"{len(articles)} articles, {size:.0f} bytes each on average, {given.runs} interleaved runs, one core"
    )
    for name, seconds in times.items():
        rates = sorted(len(articles) / one for one in seconds)
        print(
            f"{name:20} {statistics.median(rates):10.1f} articles/s  (slowest {rates[0]:.1f}, fastest {rates[-1]:.1f})  {found[name]} numbers"
        )


if __name__ == "__main__":
    main()
