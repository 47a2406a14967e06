"""Why a build stops: each number that cannot be written, with its line and what to do."""

from __future__ import annotations

from dataclasses import dataclass

from zhicheng.engines.bulletins.formats import plain
from zhicheng.engines.bulletins.locked import FigureKey, Known
from zhicheng.kernel.refusals import Refusal

SHOWN = 12


@dataclass(frozen=True)
class Problem:
    """One number that cannot be written.

    Args:
        line: of the template.
        about: the placeholder, or the id of the figure.
        state: unknown, missing, unsigned, prepared, withdrawn, changed, no_rank, no_base, no_names, no_children, format, no_title.
        what: in words, with the values. fix: what to do.
        key: the figure, where it is about one.
    """

    line: int
    about: str
    state: str
    what: str
    fix: str
    key: FigureKey | None = None

    def __str__(self) -> str:
        return f"第 {self.line} 行：{self.what}{self.fix}"


class BuildStopped(Refusal):
    """A bulletin cannot be built as long as a number of it is not signed and unchanged."""

    code = "bulletin_stopped"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        shown = "\n".join(f"  {one}" for one in problems[:SHOWN])
        more = f"\n  另有 {len(problems) - SHOWN} 处。" if len(problems) > SHOWN else ""
        super().__init__(
            f"通稿不能成稿，{len(problems)} 处数据有问题：\n{shown}{more}\n", fix="逐项处理后重新成稿。"
        )
        self.problems = problems


def problem_of(key: FigureKey, known: Known | None, line: int, raw: str) -> Problem | None:
    """Say why a figure cannot be written; None when it stands signed and unchanged."""
    state = known.state if known else "unknown"
    if state == "signed":
        return None
    where = f"{key.region}，截至 {key.as_of}"
    name = f"“{known.name}”（{key.id}，{where}）" if known and known.name else f"“{key.id}”"
    if known is None or state == "unknown":
        near = f"相近的有：{'、'.join(known.near)}。" if known and known.near else "请从指标目录中选择。"
        return Problem(line, key.id, state, f"占位“{raw[:60]}”：没有指标“{key.id}”。", near, key)
    now = f"{plain(known.now)}" if known.now is not None else "没有数值"
    what, fix = {
        "missing": (f"{name}没有数值：{known.missing}。", "请先导入数据，或删去这个数。"),
        "unsigned": (f"{name}还没有签发，现在算得 {now}。", "请先编制并由另一人签发。"),
        "prepared": (f"{name}已编制，等待签发，现在算得 {now}。", "请由另一位有签发权限的人员签发。"),
        "withdrawn": (f"{name}签发后已撤回：{known.withdrawn}。", "请查明原因，重新签发或删去这个数。"),
        "changed": (
            f"{name}签发的是 {_signed(known)}，现在算得 {now}（口径 v{known.version}）。",
            "请先在该指标页更正，或恢复被改动的数据。",
        ),
    }[state]
    return Problem(line, key.id, state, what, fix, key)


def _signed(known: Known) -> str:
    one = known.signed
    return f"{plain(one.value)}{one.unit}（口径 v{one.version}）" if one else ""
