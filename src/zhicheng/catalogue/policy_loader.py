"""Loads policies from YAML folders into one program of rules, refusing what is not exactly understood."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from zhicheng.catalogue.policy_models import ClauseModel, FactModel, PolicyModel, checked
from zhicheng.catalogue.policy_yaml import CatalogueError, line_of, read_yaml
from zhicheng.engines.incentives.rules import Clause, Example, FactShape, Payee, Policy, Program
from zhicheng.engines.incentives.tables import STANDING

HERE = Path(__file__).parent
POLICIES = HERE / "policies"
EXAMPLES = HERE / "example_policies"
FACTS_FILE = "facts.yaml"
MOST_FILES = 2000
ASIDE = ("expect", "because", "why", "as_of", "before", "payments", "negative_list", "owners")


def _facts(path: Path) -> dict[str, FactShape]:
    content, node = read_yaml(path)
    found = {}
    for name, one in content.items():
        found[name] = shape = checked(FactModel, one, _at(node, name), path.name).build(name)
        taken = [column for column in shape.columns if column.startswith("z_") or column in STANDING]
        lacking = [column for column in (shape.date, shape.ended) if column and column not in shape.columns]
        if taken or lacking:
            raise CatalogueError(
                path.name, line_of(node, (name,)), f"事实“{name}”的列“{'、'.join(taken or lacking)}”"
                + ("是保留的名字。" if taken else "没有声明。"), fix="请改 columns。",
            )  # fmt: skip
    return found


def _at(node: yaml.Node, key: str) -> yaml.Node:
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            if name.value == key:
                return value  # type: ignore[no-any-return]
    return node


def _example(raw: Mapping[str, Any], node: yaml.Node, place: int, file: str) -> Example:
    line = line_of(node, ("examples", place))
    if "expect" not in raw:
        raise CatalogueError(file, line, "示例没有写 expect。", fix="请写期望的金额或结论。")
    own = {key: value for key, value in raw.items() if key not in ASIDE}
    before = raw.get("before", [])
    given = tuple(_fact(one) for one in [*before, *([own] if own else [])])
    tables = {name: tuple(raw[name]) for name in ("payments", "negative_list", "owners") if name in raw}
    expect = raw["expect"]
    shown = (
        " ".join(str(one) for one in expect) if isinstance(expect, list)
        else " ".join(f"{key}={value}" for key, value in expect.items()) if isinstance(expect, dict)
        else str(expect)
    )  # fmt: skip
    asked = raw.get("as_of")
    return Example(
        given=given,
        expect=shown + (f" because {raw['because']}" if "because" in raw else ""),
        tables=tables,
        as_of=asked if isinstance(asked, date) else None,
        why=str(raw.get("why", "")),
        line=line,
    )


def _fact(raw: Mapping[str, Any]) -> dict[str, object]:
    """A fact of an example; `holder` is short for holder_kind, and a holder needs no name."""
    fact = {("holder_kind" if key == "holder" else key): value for key, value in raw.items()}
    if fact.get("holder_kind") == "person":
        fact.setdefault("person", "示例个人")
    elif "organisation" not in fact and "person" not in fact:
        fact["organisation"] = "示例单位"
        fact.setdefault("holder_kind", "enterprise")
    return fact


def _clause(path: Path) -> Clause:
    content, node = read_yaml(path)
    _named(content, node, path)
    return build_clause(content, node, str(path))


def _named(content: Mapping[str, Any], node: yaml.Node, path: Path) -> None:
    """The id of an entry is the name of its file."""
    if content.get("id") != path.stem:
        raise CatalogueError(
            path.name, line_of(node, ("id",)), f"id“{content.get('id')}”与文件名不同。", fix="请让二者一致。"
        )


def build_clause(content: Mapping[str, Any], node: yaml.Node, file: str) -> Clause:
    """Check the content of a clause file and build the clause.

    Raises:
        CatalogueError: a key is unknown, missing or of the wrong type.
    """
    name = Path(file).name
    model = checked(ClauseModel, content, node, name)
    try:
        versions = tuple(model.versions[day].build(day) for day in sorted(model.versions))
    except ValueError as error:
        raise CatalogueError(
            name, line_of(node, ("versions",)), f"{error}。", fix="请对照 docs/policies.md 改正。"
        ) from error
    return Clause(
        id=model.id,
        policy=model.id.split(".")[0],
        name=model.name.zh,
        name_en=model.name.en,
        fact=model.fact,
        object=model.object,
        payee=Payee(model.payee.mode, tuple(model.payee.kinds), model.payee.split),
        versions=versions,
        examples=tuple(_example(one, node, i, name) for i, one in enumerate(model.examples)),
        file=file,
        effective_unverified=model.effective_unverified,
    )


def _files(folder: Path) -> list[Path]:
    found = sorted(folder.rglob("*.yaml"))
    if len(found) > MOST_FILES:
        raise CatalogueError(folder.name, 1, f"文件超过 {MOST_FILES} 个。", fix="请分成几个目录。")
    return found


def load_policies(folders: Iterable[Path] = (POLICIES,)) -> Program:
    """Load one program from folders; a later folder replaces entries of an earlier one by id.

    Args:
        folders: each holds policy documents (`weifang.yaml`), clauses (`weifang.china_patent_gold.yaml`)
            and the shapes of facts (`facts.yaml`).

    Returns:
        The program, clauses in order of id.

    Raises:
        CatalogueError: a file is not exactly understood; names file and line.
    """
    facts = _facts(POLICIES / FACTS_FILE)
    policies: dict[str, Policy] = {}
    clauses: dict[str, Clause] = {}
    for folder in folders:
        for path in _files(folder):
            if path.name == FACTS_FILE:
                facts.update(_facts(path))
            elif "." in path.stem:
                clauses[path.stem] = _clause(path)
            else:
                policies[path.stem] = _policy(path)
    _joined(facts, policies, clauses)
    return Program(facts, policies, tuple(clauses[key] for key in sorted(clauses)))


def _policy(path: Path) -> Policy:
    content, node = read_yaml(path)
    _named(content, node, path)
    return build_policy(content, node, str(path))


def build_policy(content: Mapping[str, Any], node: yaml.Node, file: str) -> Policy:
    """Check the content of a policy file and build the document.

    Raises:
        CatalogueError: a key is unknown, missing or of the wrong type.
    """
    return checked(PolicyModel, content, node, Path(file).name).build(file)


def _joined(
    facts: Mapping[str, FactShape], policies: Mapping[str, Policy], clauses: Mapping[str, Clause]
) -> None:
    """Every clause belongs to a document and stands on a fact that is declared."""
    for clause in clauses.values():
        file = Path(clause.file).name
        if clause.policy not in policies:
            raise CatalogueError(
                file, 1, f"没有政策文件“{clause.policy}.yaml”。", fix="请先写政策文件，或改条款 id。"
            )
        if clause.fact not in facts:
            raise CatalogueError(
                file, 1, f"没有声明事实“{clause.fact}”。", fix=f"已声明：{'、'.join(facts)}。"
            )
        shape = facts[clause.fact]
        columns = [clause.object, *(one.application for one in clause.versions)]
        for column in columns:
            if column and column not in shape.columns and column not in ("organisation", "person"):
                raise CatalogueError(
                    file,
                    1,
                    f"事实“{shape.label}”没有列“{column}”。",
                    fix=f"可用：{'、'.join(shape.columns)}。",
                )
    for policy in policies.values():
        for name in policy.scope:
            if name not in facts:
                raise CatalogueError(
                    Path(policy.file).name, 1, f"没有声明事实“{name}”。", fix=f"已声明：{'、'.join(facts)}。"
                )


__all__ = ["EXAMPLES", "POLICIES", "CatalogueError", "load_policies"]
