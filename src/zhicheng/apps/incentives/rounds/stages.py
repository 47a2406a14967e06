"""Stages of an award round as values: their kinds, what each kind is told, how they are stored, which order is a round."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

MATERIAL, ON_SITE, DEFENCE, VOTE, DECISION = "material", "on_site", "defence", "vote", "decision"
SCORED = (MATERIAL, ON_SITE, DEFENCE)
NAMES = {
    MATERIAL: "材料评审",
    ON_SITE: "现场评审",
    DEFENCE: "答辩",
    VOTE: "评审委员会表决",
    DECISION: "政府审定",
}
OUT, ZERO = "out", "zero"
BEFORE, AFTER = "before", "after"
MOST = 12
NUMBERS, LARGEST = ("weight", "keep", "least", "trimmed"), 1000
# What is stored of each kind, beside its kind and name.
KEPT: dict[str, tuple[str, ...]] = {
    MATERIAL: ("weight", "keep", "least", "trimmed"),
    ON_SITE: ("weight", "keep", "least", "trimmed", "named"),
    DEFENCE: ("weight", "keep", "least", "trimmed", "absent"),
    VOTE: ("quorum", "threshold", "base", "equals", "shown"),
    DECISION: ("when",),
}


@dataclass(frozen=True)
class Stage:
    """One stage of a round.

    Args:
        kind: material (blind), on_site, defence, vote or decision. name: as people call it.
        weight: of its mean in the total, 0 to 100; 0 where nothing is scored.
        keep: how many go on after it, 0 for all.
        least, trimmed: sheets asked for and highest and lowest left out; None as the round says.
        named: whether experts of an on-site stage see who the candidate is.
        absent: what becomes of who does not come to the defence: out, or zero marks.
        quorum, threshold: shares as `ballots` names them. base: present or members.
        equals: what parts equal votes about a seat: score, or second (a second ballot).
        shown: whether the totals of the vote stand in the public notice.
        when: whether the government decides before or after the public notice.
    """

    kind: str
    name: str
    weight: int = 0
    keep: int = 0
    least: int | None = None
    trimmed: int | None = None
    named: bool = False
    absent: str = ""
    quorum: str = ""
    threshold: str = ""
    base: str = ""
    equals: str = ""
    shown: bool | None = None
    when: str = ""

    @property
    def scored(self) -> bool:
        """Whether experts give marks in it."""
        return self.kind in SCORED

    @property
    def blind(self) -> bool:
        """Whether its experts know candidates by their codes only."""
        return self.kind == MATERIAL or (self.kind == ON_SITE and not self.named)

    @property
    def after_notice(self) -> bool:
        """Whether it stands behind the public notice."""
        return self.kind == DECISION and self.when == AFTER

    def as_json(self) -> dict[str, Any]:
        """As it is stored: only what its kind is told."""
        return {"kind": self.kind, "name": self.name, **{one: getattr(self, one) for one in KEPT[self.kind]}}


@dataclass(frozen=True)
class Usual:
    """What a stage is told where a call leaves it open: the settings of the city."""

    quorum: str = "two_thirds"
    threshold: str = "half"
    base: str = "present"
    equals: str = "score"
    absent: str = OUT
    shown: bool = False
    when: str = BEFORE


def parsed(stored: Sequence[Any]) -> tuple[Stage, ...]:
    """Stages as they are stored; lists of name, weight, shortlist are rounds opened before there were kinds."""
    return tuple(_one(item) for item in stored)


def _one(item: Any) -> Stage:
    if isinstance(item, Mapping):
        return Stage(**item)
    name, weight, *rest = item
    return Stage(MATERIAL, str(name), int(weight), int(rest[0]) if rest else 0)


def completed(stages: Sequence[Stage], usual: Usual) -> tuple[Stage, ...]:
    """Stages with what was left open filled from the settings, so that a running round keeps its rules."""
    found = []
    for one in stages:
        open_fields = {
            name: getattr(usual, name)
            for name in KEPT.get(one.kind, ())
            if hasattr(usual, name) and getattr(one, name) in {"", None}
        }
        found.append(replace(one, name=one.name.strip() or NAMES.get(one.kind, ""), **open_fields))
    return tuple(found)


def wrong_order(stages: Sequence[Stage]) -> str:
    """What is wrong with a sequence of stages, in words naming place and value; empty when it is a round."""
    return next(_problems(stages), "")


def _problems(stages: Sequence[Stage]) -> Iterator[str]:
    if not 1 <= len(stages) <= MOST:
        yield f"评选有 {len(stages)} 个环节，应为 1 至 {MOST} 个"
    for one in stages:
        if one.kind not in NAMES:
            yield f"没有环节种类“{one.kind}”，可用：{'、'.join(NAMES)}"
    total = sum(one.weight for one in stages)
    if total != 100:
        yield f"评分环节权重合计 {total}，应为 100"
    yield from _wrong_values(stages)
    named_before, over = "", ""
    for place, one in enumerate(stages, start=1):
        where = f"第 {place} 个环节“{one.name}”"
        if one.scored and one.weight < 1:
            yield f"{where}要打分，权重是 {one.weight}，应大于零"
        if not one.scored and (one.weight or one.keep):
            yield f"{where}不打分，不能有权重和入围数"
        if one.scored and over:
            yield f"{where}在“{over}”之后：打分的环节须在表决和审定之前"
        if one.blind and named_before:
            yield f"{where}是盲评，前面的“{named_before}”专家已知道单位：盲评须在前"
        named_before = named_before or (one.name if one.scored and not one.blind else "")
        over = over or ("" if one.scored else one.name)
    if [one.kind for one in stages if not one.scored] not in ([], [VOTE], [DECISION], [VOTE, DECISION]):
        yield "表决和审定各至多一次，先表决、后审定"


ALLOWED: dict[str, tuple[str, ...]] = {
    "quorum": ("half", "two_thirds", "three_quarters", "all"),
    "threshold": ("half", "two_thirds", "three_quarters", "all"),
    "base": ("present", "members"),
    "equals": ("score", "second"),
    "absent": (OUT, ZERO),
    "when": (BEFORE, AFTER),
}


def _wrong_values(stages: Sequence[Stage]) -> Iterator[str]:
    for place, one in enumerate(stages, start=1):
        for name in KEPT[one.kind]:
            value = getattr(one, name)
            if name in ALLOWED and value not in ALLOWED[name]:
                yield f"第 {place} 个环节“{one.name}”的 {name} 没有“{value}”，可用：{'、'.join(ALLOWED[name])}"
            if name in NUMBERS and value is not None and not 0 <= value <= LARGEST:
                yield f"第 {place} 个环节“{one.name}”的 {name} 是 {value}，应在 0 至 {LARGEST} 之间"


def wrong_numbers(stages: Sequence[Stage], *, least: int, trimmed: int) -> str:
    """What is wrong with the numbers of sheets of each scored stage; empty when means can be taken."""
    for place, one in enumerate(stages, start=1):
        if not one.scored:
            continue
        asked, cut = needed_sheets(one, least, trimmed)
        if asked < 2:
            return f"第 {place} 个环节“{one.name}”最少 {asked} 人评分，每份申报至少要有两位专家评分"
        if asked <= 2 * cut:
            return f"第 {place} 个环节“{one.name}”最少 {asked} 人评分，去掉高低各 {cut} 个后没有剩下"
    return ""


def needed_sheets(stage: Stage, least: int, trimmed: int) -> tuple[int, int]:
    """How many sheets a stage asks for and how many it leaves out at each end; the round's numbers unless it says."""
    return (
        least if stage.least is None else stage.least,
        trimmed if stage.trimmed is None else stage.trimmed,
    )
