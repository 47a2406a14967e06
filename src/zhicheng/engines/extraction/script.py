"""Traditional to simplified, including what a one-to-one conversion left as a mixture (著力 but 顯著)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from zhicheng.engines.extraction.commonness import is_han
from zhicheng.engines.extraction.mapped import CERTAIN, Edit
from zhicheng.engines.extraction.simplifying import simplify

# Above this share of characters with a simplified form the file is a traditional or a converted one.
_TRADITIONAL = 0.03
# These are right in simplified texts too, as names or as words of their own.
_BOTH = frozenset("昇於餘乾瞭藉徵著鍾夥彷迺釐崙甯")
# 著 is read zhù in these; everywhere else it is the 着 that a one-to-one conversion wrote as 著.
_ZHU_BEFORE = frozenset("显卓昭名原编译论专巨遗土合拙大新所软较最撰")
_ZHU_AFTER = frozenset("名作述者称书录有权译文《〈)）")
_ZHAO_AFTER = frozenset("力眼手重实落陆装想急火色墨力迷凉慌")
_ZHE_BEFORE = frozenset("沿随接朝向看本伴对顺跟围味冒坐站靠试")
_HAN = re.compile(r"[\u3400-\u9fff]")
_LOW = Decimal("0.95")
_ZHU = re.compile("著")
_MIXED = "繁简混排：此处“著”读 zhāo、zháo 或 zhe，简体作“着”"


def simplified(text: str) -> Iterator[Edit]:
    """Edits to simplified characters, one per stretch of neighbouring changes."""
    han = len(_HAN.findall(text))
    plain = simplify(text)
    changed = [at for at, (old, new) in enumerate(zip(text, plain, strict=True)) if old != new]
    traditional = len(changed) > _TRADITIONAL * han
    if not traditional:
        changed = [at for at in changed if text[at] not in _BOTH]
    edits = list(_stretches(text, plain, changed))
    edits += (Edit(at, at + 1, "着", "script", _MIXED, _LOW) for at in _zhao(plain, traditional))
    return iter(sorted(edits, key=lambda edit: edit.start))


def _stretches(text: str, plain: str, changed: list[int]) -> Iterator[Edit]:
    start = end = -1
    for at in changed:
        if at != end and start >= 0:
            yield Edit(start, end, plain[start:end], "script", "繁体改为简体", CERTAIN)
            start = -1
        if start < 0:
            start = at
        end = at + 1
    if start >= 0:
        yield Edit(start, end, plain[start:end], "script", "繁体改为简体", CERTAIN)


def _zhao(plain: str, traditional: bool) -> Iterator[int]:
    """Where 著 stands for 着."""
    for one in _ZHU.finditer(plain):
        before = plain[one.start() - 1 : one.start()]
        after = plain[one.end() : one.end() + 1]
        if after in _ZHU_AFTER or (before in _ZHU_BEFORE and after not in _ZHAO_AFTER):
            continue
        if after in _ZHAO_AFTER or before in _ZHE_BEFORE or (traditional and is_han(before or " ")):
            yield one.start()
