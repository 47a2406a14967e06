"""Lays the stages of a matter out in columns, by how far each is from the start; one line for each pair of stages."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from zhicheng.engines.procedures.definition import Action, Matter, Stage

BOX_WIDTH, BOX_HEIGHT = 186, 100
COLUMN, ROW, MARGIN = 372, 150, 28
Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Box:
    """Where a stage stands."""

    stage: Stage
    x: int
    y: int
    width: int = BOX_WIDTH
    height: int = BOX_HEIGHT

    @property
    def left(self) -> Point:
        """Middle of the left side."""
        return self.x, self.y + self.height // 2

    @property
    def right(self) -> Point:
        """Middle of the right side."""
        return self.x + self.width, self.y + self.height // 2


@dataclass(frozen=True, slots=True)
class Arrow:
    """The way from one stage to another, and every action that takes it; `back` leads to an earlier column or row."""

    start: str
    end: str
    actions: tuple[Action, ...]
    back: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """Boxes by stage, arrows between them, and the size of it all."""

    boxes: dict[str, Box]
    arrows: tuple[Arrow, ...]
    width: int
    height: int


def lay_out(matter: Matter) -> Layout:
    """Lay a definition out; the same definition always lies the same way.

    Args:
        matter: the definition.
    """
    depth = _depths(matter)
    columns: dict[int, list[Stage]] = {}
    for stage in matter.stages:
        columns.setdefault(depth[stage.id], []).append(stage)
    tallest = max(len(one) for one in columns.values())
    boxes = {}
    for column, stages in columns.items():
        offset = (tallest - len(stages)) * ROW // 2
        for row, stage in enumerate(stages):
            boxes[stage.id] = Box(stage, MARGIN + column * COLUMN, MARGIN + offset + row * ROW)
    pairs: dict[tuple[str, str], list[Action]] = {}
    for action in matter.actions:
        for stage_id in action.from_stages:
            if action.to_stage and action.to_stage != stage_id:
                pairs.setdefault((stage_id, action.to_stage), []).append(action)
    arrows = tuple(
        Arrow(start, end, tuple(actions), depth[end] <= depth[start])
        for (start, end), actions in pairs.items()
    )
    width = MARGIN * 2 + max(columns) * COLUMN + BOX_WIDTH
    return Layout(boxes, arrows, width, MARGIN * 2 + (tallest - 1) * ROW + BOX_HEIGHT + 40)


def _depths(matter: Matter) -> dict[str, int]:
    """Steps from the start; every end stands in the last column."""
    depth = {matter.start.id: 0}
    waiting = deque([matter.start.id])
    while waiting:
        here = waiting.popleft()
        for action in matter.actions_from(here):
            ends = action.to_stage and matter.stage(action.to_stage).kind == "final"
            if action.to_stage and action.to_stage not in depth and not ends:
                depth[action.to_stage] = depth[here] + 1
                waiting.append(action.to_stage)
    last = max(depth.values()) + 1
    return {one.id: depth.get(one.id, last) for one in matter.stages}
