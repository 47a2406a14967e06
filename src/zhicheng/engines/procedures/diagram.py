"""Draws a matter as SVG text, the stage of a case marked, and tells the same in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from zhicheng.engines.procedures.definition import Matter, Stage
from zhicheng.engines.procedures.layout import COLUMN, Arrow, Box, Layout, Point, lay_out
from zhicheng.engines.procedures.limits import TimeLimit
from zhicheng.engines.procedures.speaking import in_language
from zhicheng.kernel.clock import UNIT_WORDS

SHOWN = 2
# What the drawing itself says, beside the names of the definition.
Says = Mapping[str, str]
SAYS: dict[str, Says] = {
    "zh": {"here": "{}（当前）", "ends": "⇥ 办结：{}", "more": "{} 等{}项", "list": "、", "back": "；返回：{}",
           "way": "{} → {}：{}", "title": "{}流程图，{} 个环节", "now": "，当前在“{}”", "parts": "；", **{str(unit): words for unit, words in UNIT_WORDS.items()}},
    "en": {"here": "{} (now)", "ends": "⇥ Ends: {}", "more": "{} and more, {} in all", "list": ", ", "back": "; back: {}",
           "way": "{} → {}: {}", "title": "{}: {} stages", "now": ", now at “{}”", "parts": "; ", "working_days": " working days",
           "days": " days", "months": " months"},
}  # fmt: skip
# Colours are the page's own, so that the drawing fits a light and a dark theme and needs no style of its own.
INK = 'fill="currentColor"'
LINE = 'fill="none" stroke="currentColor"'


@dataclass(frozen=True, slots=True)
class _Way:
    """A line: its arrow, the actions that take it, and those that come back along it."""

    arrow: Arrow
    names: list[str]
    opposite: list[str]


def draw(matter: Matter, *, current: str = "", passed: tuple[str, ...] = (), language: str = "zh") -> str:
    """Draw a definition as SVG.

    No styles are written, only classes and attributes in the colour of the surrounding text: `flow`, `flow-stage`,
    `flow-stage-final`, `flow-stage-waiting`, `flow-stage-current`, `flow-stage-passed`, `flow-arrow`. It keeps its
    size, so that a narrow page scrolls it inside its card.

    Args:
        matter: the definition.
        current: stage a case is in; empty for the definition alone.
        passed: stages the case has been in.
        language: language of the page; names come in it, tasks in Chinese alone.

    Returns:
        The text of one `svg` element.
    """
    matter, says = in_language(matter, language), SAYS["en" if language.startswith("en") else "zh"]
    laid = lay_out(matter)
    mark = f"flow-arrowhead-{matter.code}-{matter.version}"
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="flow" role="img" width="{laid.width}" '
            f'height="{laid.height}" viewBox="0 0 {laid.width} {laid.height}" aria-label={quoteattr(_title(matter, current, says))}>'
        ),
        (
            f'<defs><marker id="{mark}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
            f'orient="auto-start-reverse"><path d="M0 0 8 4 0 8z" {INK}/></marker></defs>'
        ),
    ]
    ways, told = _ways(matter, laid)
    taken: dict[str, int] = {}
    parts += [_arrow(one, laid, mark, taken, says) for one in ways]
    parts += [
        _stage(matter, one, says, current=current, passed=passed, ends=told.get(key, []))
        for key, one in laid.boxes.items()
    ]
    return "".join([*parts, "</svg>"])


def in_words(matter: Matter, *, current: str = "") -> list[str]:
    """The drawing in words: each stage with its role and limits, each action with who may take it and where it leads."""
    lines = []
    for stage in matter.stages:
        here = "（当前环节）" if stage.id == current else ""
        role = f"，由{matter.role(stage.role).name}：{stage.task}" if stage.role else "，办结"
        lines.append(f"【{stage.name}】{here}{role}")
        lines += [f"  时限 {_limit(one)}（{one.source}）" for one in _limits_begun(matter, stage)]
        for action in matter.actions_from(stage.id):
            who = "、".join(str(matter.role(one).name) for one in action.roles)
            to = f"→ {matter.stage(action.to_stage).name}" if action.to_stage else "（不换环节）"
            when = f"，条件：{action.guard_words}" if action.guard_words else ""
            lines.append(f"  {action.name}（{who}）{to}{when}")
    return lines


def _title(matter: Matter, current: str, says: Says) -> str:
    where = says["now"].format(matter.stage(current).name) if current else ""
    return says["title"].format(matter.name, len(matter.stages)) + where


def _limits_begun(matter: Matter, stage: Stage) -> list[TimeLimit]:
    """Limits that begin when a case comes into a stage."""
    begun = [
        effect.target
        for action in matter.actions
        if action.to_stage == stage.id
        for effect in action.effects
        if effect.kind == "start_clock"
    ]
    return [one for one in matter.limits if one.id in begun]


def _limit(limit: TimeLimit) -> str:
    if limit.day_field:
        return f"{limit.name}：对方指定之日"
    promised = f"，承诺 {limit.promised}" if limit.promised else ""
    own = "，本机关规则" if limit.configuration else ""
    return f"{limit.name} {limit.amount} {UNIT_WORDS[limit.unit]}{promised}{own}"


def _stage(
    matter: Matter, box: Box, says: Says, *, current: str, passed: tuple[str, ...], ends: list[str]
) -> str:
    stage = box.stage
    here = stage.id == current
    classes = ["flow-stage", f"flow-stage-{stage.kind}"]
    classes += ["flow-stage-current"] if here else ["flow-stage-passed"] if stage.id in passed else []
    dash = ' stroke-dasharray="6 4"' if stage.kind == "waiting" else ""
    fill = "0.16" if here else "0.07" if stage.id in passed else "0.02"
    limits = _limits_begun(matter, stage)
    notes = [str(matter.role(stage.role).name)] if stage.role else []
    notes += [_short(one, says) for one in limits[:SHOWN]]
    notes += [says["ends"].format(_some(ends, says))] if ends else []
    middle = box.x + box.width // 2
    lines = [
        f'<text x="{middle}" y="{box.y + 42 + at * 15}" text-anchor="middle" font-size="11" {INK} '
        f'fill-opacity="0.8">{escape(words)}</text>'
        for at, words in enumerate(notes)
    ]
    name = f"▶ {says['here'].format(stage.name)}" if here else str(stage.name)
    full = says["parts"].join([str(stage.name), *notes, *([stage.task] if stage.task else []), *ends])
    return (
        f'<g class="{" ".join(classes)}"><title>{escape(full)}</title>'
        f'<rect x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}" '
        f'rx="{28 if stage.kind in ("start", "final") else 8}" fill="currentColor" fill-opacity="{fill}" '
        f'stroke="currentColor" stroke-width="{3 if here else 1}"{dash}/>'
        f'<text x="{middle}" y="{box.y + 24}" text-anchor="middle" font-size="14" font-weight="600" {INK}>'
        f"{escape(name)}</text>{''.join(lines)}</g>"
    )


def _short(limit: TimeLimit, says: Says) -> str:
    if limit.day_field:
        return f"{limit.name}"
    return f"{limit.name} {limit.amount}{says[limit.unit]}"


def _ways(matter: Matter, laid: Layout) -> tuple[list[_Way], dict[str, list[str]]]:
    """The lines to draw, and for each box the ways to an end that would cross others and are told inside it instead."""
    by_pair: dict[tuple[str, str], Arrow] = {}
    told: dict[str, list[str]] = {}
    for one in laid.arrows:
        if matter.stage(one.end).kind == "final" and laid.boxes[one.end].x - laid.boxes[one.start].x > COLUMN:
            told.setdefault(one.start, []).extend(str(each.name) for each in one.actions)
        else:
            by_pair[one.start, one.end] = one
    ways: list[_Way] = []
    for (start, end), arrow in by_pair.items():
        names = [str(one.name) for one in arrow.actions]
        opposite = by_pair.get((end, start))
        if opposite is not None and (arrow.back, start) > (opposite.back, end):
            continue  # drawn once with two heads
        ways.append(_Way(arrow, names, [str(one.name) for one in opposite.actions] if opposite else []))
    return ways, told


def _arrow(way: _Way, laid: Layout, mark: str, taken: dict[str, int], says: Says) -> str:
    arrow = way.arrow
    start, end = laid.boxes[arrow.start], laid.boxes[arrow.end]
    both = f' marker-start="url(#{mark})"' if way.opposite else ""
    path, (x, y), anchor = _path(arrow, start, end, taken)
    there, back = _some(way.names, says, 1 if way.opposite else SHOWN), _some(way.opposite, says, 1)
    words = f"{there} ⇄ {back}" if way.opposite else there
    full = says["way"].format(start.stage.name, end.stage.name, says["list"].join(way.names))
    full += says["back"].format(says["list"].join(way.opposite)) if way.opposite else ""
    # a line that leads back crosses boxes: its words stand in its title and in the words beside the drawing
    label = (
        ""
        if arrow.back and start.x != end.x
        else (
            f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="11" {INK} fill-opacity="0.8">{escape(words)}</text>'
        )
    )
    return (
        f'<g class="flow-arrow{" flow-arrow-back" if arrow.back else ""}"><title>{escape(full)}</title>'
        f'<path d="{path}" {LINE} stroke-opacity="{0.35 if arrow.back else 0.6}" marker-end="url(#{mark})"{both}/>'
        f"{label}</g>"
    )


def _some(names: list[str], says: Says, shown: int = SHOWN) -> str:
    first = says["list"].join(names[:shown])
    return says["more"].format(first, len(names)) if len(names) > shown else first


def _path(arrow: Arrow, start: Box, end: Box, taken: dict[str, int]) -> tuple[str, Point, str]:
    """The line and where its words stand: forward before its target, back below, in a column beside."""
    if start.x == end.x:
        x, y1, y2 = start.x + start.width, start.right[1], end.right[1]
        reach = 26 + abs(y2 - y1) // 8
        return (
            f"M{x} {y1}C{x + reach} {y1} {x + reach} {y2} {x} {y2}",
            (x + reach - 4, (y1 + y2) // 2),
            "start",
        )
    if not arrow.back:
        (x1, y1), (x2, y2) = start.right, end.left
        bend = (x2 - x1) // 2
        curve = f"M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"
        if end.stage.kind == "final":
            return curve, (x1 + 10, y1 - 8), "start"
        row = taken[arrow.end] = taken.get(arrow.end, 0) + 1
        return curve, (x2 - 12, y2 + 5 - 13 * row), "end"
    row = taken["back"] = taken.get("back", 0) + 1
    x1, y1 = start.x + start.width // 2 - 30, start.y + start.height
    x2, y2 = end.x + end.width // 2 + 30, end.y + end.height
    low = max(y1, y2) + 20 + (row % 3) * 10
    return f"M{x1} {y1}C{x1} {low} {x2} {low} {x2} {y2}", ((x1 + x2) // 2, low - 2), "middle"
