"""Loads policies from YAML folders into one program of rules, refusing what is not exactly understood."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from zhicheng.catalogue.policy_models import ClauseModel, FactsModel, PolicyModel, checked
from zhicheng.catalogue.policy_yaml import CatalogueError, line_of, read_yaml
from zhicheng.catalogue.wording import Place, say, shown
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
    found = {
        name: one.build(name) for name, one in checked(FactsModel, content, node, path.name).root.items()
    }
    for name, shape in found.items():
        for column in shape.columns:
            if column.startswith("z_") or column in STANDING:
                words = say("事实“%(fact)s”的列“%(column)s”是保留的名字。", fact=name, column=column)
                raise _wrong(path, (name, "columns", column), words, say("请改列名。"))
        for key, column in (("date", shape.date), ("ended", shape.ended)):
            if column and column not in shape.columns:
                words = say("事实“%(fact)s”的列“%(column)s”没有声明。", fact=name, column=column)
                raise _wrong(path, (name, key), words, say("请改 columns。"))
    return found


def _wrong(path: Path, place: Place, what: str, fix: str) -> CatalogueError:
    """An error at a place of a file; the file is read again for the line, which nobody needs otherwise."""
    line = line_of(read_yaml(path)[1], place) if path.is_file() else 1
    return CatalogueError(path.name, line, what, fix=fix, place=place)


def _example(raw: Mapping[str, Any], node: yaml.Node, place: int) -> Example:
    line = line_of(node, ("examples", place))
    own = {key: value for key, value in raw.items() if key not in ASIDE}
    before = raw.get("before", [])
    given = tuple(_fact(one) for one in [*before, *([own] if own else [])])
    tables = {name: tuple(raw[name]) for name in ("payments", "negative_list", "owners") if name in raw}
    expect = raw["expect"]
    wanted = (
        " ".join(str(one) for one in expect) if isinstance(expect, list)
        else " ".join(f"{key}={value}" for key, value in expect.items()) if isinstance(expect, dict)
        else str(expect)
    )  # fmt: skip
    asked = raw.get("as_of")
    return Example(
        given=given,
        expect=wanted + (f" because {raw['because']}" if "because" in raw else ""),
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
        words = say("id“%(id)s”与文件名不同。", id=shown(content.get("id")))
        raise CatalogueError(
            path.name, line_of(node, ("id",)), words, fix=say("请让二者一致。"), place=("id",)
        )


def build_clause(content: Mapping[str, Any], node: yaml.Node, file: str) -> Clause:
    """Check the content of a clause file and build the clause.

    Raises:
        CatalogueError: a key is unknown, missing or of the wrong type.
    """
    name = Path(file).name
    model = checked(ClauseModel, content, node, name)
    return Clause(
        id=model.id,
        policy=model.id.split(".")[0],
        name=model.name.zh,
        name_en=model.name.en,
        fact=model.fact,
        object=model.object,
        payee=Payee(model.payee.mode, tuple(model.payee.kinds), model.payee.split),
        versions=tuple(model.versions[day].build(day) for day in sorted(model.versions)),
        examples=tuple(_example(one, node, i) for i, one in enumerate(content.get("examples", ()))),
        file=file,
        effective_unverified=model.effective_unverified,
    )


def _files(folder: Path) -> list[Path]:
    found = sorted(folder.rglob("*.yaml"))
    if len(found) > MOST_FILES:
        words = say("文件超过 %(most)s 个。", most=MOST_FILES)
        raise CatalogueError(folder.name, 1, words, fix=say("请分成几个目录。"))
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
        if clause.policy not in policies:
            words = say("没有政策文件“%(name)s.yaml”。", name=clause.policy)
            raise _wrong(Path(clause.file), ("id",), words, say("请先写政策文件，或改条款 id。"))
        if clause.fact not in facts:
            raise _undeclared(Path(clause.file), ("fact",), clause.fact, facts)
        _columns(clause, facts[clause.fact])
    for policy in policies.values():
        for name in policy.scope:
            if name not in facts:
                raise _undeclared(Path(policy.file), ("scope", name), name, facts)


def _undeclared(path: Path, place: Place, fact: str, facts: Mapping[str, FactShape]) -> CatalogueError:
    words = say("没有声明事实“%(name)s”。", name=fact)
    return _wrong(path, place, words, say("已声明：%(names)s。", names="、".join(facts)))


def _columns(clause: Clause, shape: FactShape) -> None:
    """Every column a clause or an example of it names is one of its fact."""
    named: list[tuple[Place, str, set[str]]] = [(("object",), clause.object, {"organisation", "person"})]
    named += [
        (("versions", one.since.isoformat(), "application"), one.application, {"organisation", "person"})
        for one in clause.versions
    ]
    named += [
        (("examples", number), column, set(STANDING))
        for number, one in enumerate(clause.examples) for fact in one.given for column in fact
    ]  # fmt: skip
    for place, column, besides in named:
        if column and column not in shape.columns and column not in besides:
            words = say("事实“%(fact)s”没有列“%(column)s”。", fact=shape.label, column=column)
            known = say("可用：%(names)s。", names="、".join(shape.columns))
            raise _wrong(Path(clause.file), place, words, known)


__all__ = ["EXAMPLES", "POLICIES", "CatalogueError", "load_policies"]
