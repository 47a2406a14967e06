"""What a text is made of when it is compared: its words and its pairs of characters, weighted by how much they say."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

import rjieba

from zhicheng.engines.resemblance.subjects import subjects_of

# Words every suggestion holds; they tell nothing about its subject.
COMMON = frozenset(
    re.findall(
        r"\w+",
        "建议 希望 进一步 加强 加大 完善 推动 推进 支持 政府 部门 有关 相关 企业 我们 公司 工作 方面 问题 目前 现在 存在 需要 能够 "
        "可以 应当 应该 尽快 切实 提高 提升 促进 落实 开展 进行 实施 建立 机制 力度 措施 情况 一些 不少 很多 比较 非常 以及 "
        "对于 关于 通过 由于 因为 所以 但是 如果 已经 还是 还有 没有 不能 不够 不足 困难 能否 请求 呼吁 发展 我市 全市 本地 市里 "
        "时间 一个 一次 这样 这个 那么 如何 怎么 什么 给予 提供 出台 政策 帮助 解决 办法 统一 更多 更好",
    )
)
# Ways of saying one thing: the left word is read as the right one.
SAME = {
    "审查": "审批", "审核": "审批", "批得": "审批", "慢": "周期", "太长": "周期", "缩短": "周期", "提速": "周期", "加快": "周期", "快速": "周期",
    "贷款": "融资", "资金": "融资", "借钱": "融资", "授信": "融资", "质押": "融资", "抵押": "融资", "银行": "融资", "放款": "融资",
    "侵权": "维权", "假冒": "维权", "仿冒": "维权", "抄袭": "维权", "打假": "维权", "举证": "维权", "诉讼": "维权", "官司": "维权",
    "国外": "海外", "境外": "海外", "出海": "海外", "国际": "海外", "外国": "海外", "出口": "海外",
    "高校": "院校", "大学": "院校", "科研院所": "院校", "研究所": "院校", "院所": "院校",
    "检测": "检验", "测试": "检验", "实验室": "检验", "人员": "人才", "队伍": "人才", "招人": "人才", "专业人士": "人才",
    "转让": "转化", "落地": "转化", "产业化": "转化", "许可": "转化", "申报": "申请", "补助": "奖补", "补贴": "奖补", "奖励": "奖补", "资助": "奖补", "兑现": "奖补",
    "排污": "排放", "运费": "物流", "运输": "物流", "地标": "地理标志", "电费": "电价", "用电": "电价",
}  # fmt: skip
_OUTSIDE = re.compile(r"[^\w]+|_")


@dataclass(frozen=True)
class Terms:
    """A text taken apart: how often each word and each pair of characters occurs, and which subjects it names."""

    words: Counter[str]
    pairs: Counter[str]
    subjects: Counter[str]


def plain(text: str) -> str:
    """Return a text in one width and case without punctuation or blanks."""
    return _OUTSIDE.sub("", unicodedata.normalize("NFKC", text).lower())


def terms_of(text: str) -> Terms:
    """Take a text apart.

    Args:
        text: a title with its content, in Chinese.

    Returns:
        Words of two characters and more, read through `SAME`, without the common ones; pairs of neighbouring
        characters, without those of common words; and subjects.
    """
    clean = unicodedata.normalize("NFKC", text).lower()
    words: Counter[str] = Counter()
    pairs: Counter[str] = Counter()
    for part in _OUTSIDE.split(clean):
        kept: list[str] = []
        for word in rjieba.cut(part, False):
            meaning = SAME.get(word, word)
            if word in COMMON or (len(meaning) < 2 and not meaning.isalnum()):
                kept.append("\0")
                continue
            if len(meaning) >= 2:
                words[meaning] += 1
            kept.append(meaning)
        joined = "".join(kept)
        pairs.update(one for one in (joined[i : i + 2] for i in range(len(joined) - 1)) if "\0" not in one)
    return Terms(words, pairs, subjects_of(clean))
