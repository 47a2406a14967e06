"""Loads matters: the built-in ones, and over them a city's own; none is accepted before it is proved."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from zhicheng.catalogue.loader import folders
from zhicheng.catalogue.matter_building import Builder, in_force
from zhicheng.catalogue.matter_models import MatterModel, checked
from zhicheng.catalogue.matter_settings import SETTINGS_ENDING, apply_settings, read_settings
from zhicheng.catalogue.policy_yaml import CatalogueError, line_of, read_yaml
from zhicheng.engines.procedures.definition import Matter
from zhicheng.engines.procedures.playing import play
from zhicheng.engines.procedures.proving import prove
from zhicheng.kernel.calendar import Calendar
from zhicheng.kernel.refusals import NotFound

Matters = tuple[Matter, ...]


def read_matter(path: Path) -> Matter:
    """Read and prove one definition.

    Args:
        path: a YAML file named `code.yaml`, or `code.vN.yaml` for a version kept beside it.

    Returns:
        The definition.

    Raises:
        CatalogueError: a key is unknown, missing or of the wrong type, or the definition cannot be proved; names
            file and line.
    """
    content, node = read_yaml(path)
    model = checked(MatterModel, content, node, path.name)
    names = (model.code, f"{model.code}.v{model.version}")
    if path.name.removesuffix(".yaml") not in names:
        raise CatalogueError(
            path.name, line_of(node, ("code",)), f"文件名与 code“{model.code}”、版本 {model.version} 不符。",
            fix=f"请取名 {names[0]}.yaml 或 {names[1]}.yaml。",
        )  # fmt: skip
    matter = Builder(model, node, path.name).build()
    for problem in prove(matter):
        raise CatalogueError(
            path.name, line_of(node, problem.place), f"{problem.words}。", fix=f"{problem.fix}。"
        )
    return matter


def check_matter(path: Path, calendar: Calendar | None = None) -> Matter:
    """Read and prove one definition, and play its examples.

    Raises:
        CatalogueError: as `read_matter`, or an example comes out otherwise than it states.
    """
    matter = read_matter(path)
    for one in play(matter, calendar or Calendar.official()):
        raise CatalogueError(
            path.name, one.line, f"示例“{one.example}”{one.words}。", fix="请改正定义或示例。"
        )
    return matter


def load_matters(places: Iterable[Path] | None = None) -> Matters:
    """Load every version of every matter.

    Args:
        places: catalogue folders, later over earlier; by default the built-in one and the city's.

    Returns:
        The definitions by code and version.

    Raises:
        CatalogueError: a file cannot be used, or two versions of a matter hold on the same day.
    """
    return _load(tuple(places) if places is not None else tuple(folders()))


@lru_cache(maxsize=8)
def _load(places: tuple[Path, ...]) -> Matters:
    found: dict[tuple[str, int], Matter] = {}
    for place in places:
        folder = place / "matters"
        files = sorted(folder.glob("*.yaml"))
        for path in files:
            if not path.name.endswith(SETTINGS_ENDING):
                matter = read_matter(path)
                found[matter.code, matter.version] = matter
        for path in files:
            if path.name.endswith(SETTINGS_ENDING):
                settings, node = read_settings(path)
                known = found.get((settings.code, settings.version))
                if known is None:
                    raise CatalogueError(
                        path.name, 1, f"没有事项“{settings.code}”第 {settings.version} 版。", fix="请核对。"
                    )
                found[settings.code, settings.version] = apply_settings(known, settings, node, path.name)
    matters = tuple(found[key] for key in sorted(found))
    _refuse_overlap(matters)
    return matters


def forget_matters() -> None:
    """Read the catalogue again next time."""
    _load.cache_clear()


def matter_of(code: str, version: int, matters: Matters | None = None) -> Matter:
    """One version of a matter, as a running case keeps it.

    Raises:
        NotFound: the catalogue holds no such version.
    """
    for one in matters if matters is not None else load_matters():
        if (one.code, one.version) == (code, version):
            return one
    raise NotFound(f"事项目录中没有“{code}”第 {version} 版。", fix="仍有办件在用的版本须留在目录中，请放回。")


def _refuse_overlap(matters: Matters) -> None:
    for before, after in pairwise(matters):
        if before.code != after.code:
            continue
        if before.until is None or after.since is None or after.since <= before.until:
            raise CatalogueError(
                after.file, 1, f"事项“{after.code}”第 {before.version}、{after.version} 版的适用日期重叠或不明。",
                fix="旧版须写 until，新版须写 since，且在其后。",
            )  # fmt: skip


__all__ = [
    "Matters", "check_matter", "forget_matters", "in_force", "load_matters", "matter_of", "read_matter",
]  # fmt: skip
