"""Time promised: stage plans (1年、3年、5年为限; 一年打基础、两年达标准), terms of a programme, time limits of work."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from zhicheng.kernel.quantities import parse_quantity

_N = r"(?:(?<!\d)\d{1,3}(?:\.\d+)?|[一二三四五六七八九十两]+)"
# 近两年, 三年来 look back; what is promised lies ahead
_BACK = r"(?<![近去这前每第])"
_AHEAD = r"(?!以来|来|间|前|内|底|度|初|末)"
_UNIT = r"(?:个工作日|个月|年|天|日|小时|周)"
_STAGE_LIST = re.compile(
    rf"{_N}{_UNIT}(?:\s?[、,，和]\s?{_N}{_UNIT})+(?=\s?(?:为限|为期|为界|为节点|的?(?:时间|目标|阶段|规划|期限)|分阶段|分步))"
)
_STAGES = re.compile(
    rf"{_BACK}{_N}年{_AHEAD}[\u4e00-\u9fff]{{2,8}}(?:\s?[、,，；]\s?(?:{_N}年|[再又]用?{_N}年){_AHEAD}[\u4e00-\u9fff]{{2,8}})+"
)
_STAGE = re.compile(rf"(?P<number>{_N})(?P<unit>{_UNIT})(?P<what>[\u4e00-\u9fff]*)")
_TERM = re.compile(
    rf"(?P<what>(?:建设|试点|创建|示范|实施|规划|培育|服务|履约|合同|有效|保护|资助|执行|攻关|行动|申报|公示)?(?:周期|期限|任期|工期|时限|有效期|建设期|公示期|期))(?:一般|原则上)?(?:均?为|是|：|:|不超过|不少于)(?P<number>{_N})(?P<unit>{_UNIT})"
)
_WITHIN = re.compile(
    rf"(?P<number>{_N})(?P<unit>{_UNIT})(?:之?内|以内)(?P<what>(?:[\u4e00-\u9fff]{{0,12}}?(?:办结|完成|答复|反馈|办理|受理|审结|建成|落实|整改|审核|公示|拨付|兑现|实现|作出|送达)))"
)
_USING = re.compile(
    rf"(?:力争|争取|计划|利用|通过|用|再用|经过)(?:约|大约)?(?P<number>{_N})(?:至\d|[-—~]\d)?(?P<unit>年|个月|天)(?:左右)?的?(?:时间|努力|奋斗)"
)


@dataclass(frozen=True, slots=True)
class Commitment:
    """A time promised; ``what`` is to be reached within it."""

    start: int
    end: int
    value: Decimal
    unit: str
    what: str
    listed: bool


def commitments(plain: str, start: int, end: int) -> list[Commitment]:
    """Time commitments of one sentence, in order."""
    text = plain[start:end]
    if not re.search(_UNIT, text):
        return []
    found: dict[int, Commitment] = {}
    for listing in (_STAGES, _STAGE_LIST):
        for m in listing.finditer(text):
            for one in _STAGE.finditer(m.group()):
                _add(found, one, start + m.start(), listed=True)
    for pattern in (_TERM, _WITHIN, _USING):
        for m in pattern.finditer(text):
            _add(found, m, start, listed=False)
    return [found[at] for at in sorted(found)]


def _add(found: dict[int, Commitment], m: re.Match[str], offset: int, *, listed: bool) -> None:
    at = offset + m.start("number")
    what = m.groupdict().get("what") or ""
    value = parse_quantity(m["number"]).base_value
    found.setdefault(at, Commitment(at, offset + m.end("number"), value, m["unit"], what, listed))
