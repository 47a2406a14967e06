"""Writes a draft version of a clause: the clause's file as it stands, with one more version that is changed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from zhicheng.catalogue.policy_loader import build_clause
from zhicheng.catalogue.policy_yaml import content_of, read_yaml_text, write_yaml
from zhicheng.engines.incentives.rules import Clause

HEAD = "# 草案：由模拟方案“{why}”起草。正式印发前须补上文号、公布日和公平竞争审查结论，并为新版本增写示例。\n"


def draft_text(clause: Clause, changed: dict[str, Any], *, since: date, why: str) -> str:
    """Return the text of a clause file with a further version.

    Args:
        clause: as it stands.
        changed: content of its file with the differences applied to its latest version.
        since: day from which the new version is to hold.
        why: name of the scenario, for the head of the file.

    Returns:
        The text; it can be read again as a clause.

    Raises:
        CatalogueError: the differences do not make a clause.
    """
    standing = content_of(Path(clause.file))
    latest = clause.versions[-1].since.isoformat()
    fresh = dict(changed["versions"][latest])
    fresh["source"] = {"title": f"草案：{why}"[:200], "unverified": True}
    content = dict(standing)
    content["versions"] = {
        **{date.fromisoformat(day): one for day, one in standing["versions"].items()},
        since: fresh,
    }
    text = HEAD.format(why=" ".join(why.split())) + write_yaml(content)
    again, node = read_yaml_text(text, Path(clause.file).name)
    build_clause(again, node, Path(clause.file).name)
    return text
