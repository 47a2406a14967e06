"""What the engine's tests share: facts called claims, a document without limits, and several documents as one program."""

from __future__ import annotations

from zhicheng.engines.incentives.rules import FactColumn, FactShape, Policy, Program

COLUMNS = {
    one.name: one
    for one in (
        FactColumn("day", "date", "日期"), FactColumn("ended_on", "date", "撤销日"), FactColumn("applied_on", "date", "申报日"),
        FactColumn("base", "money", "基数"), FactColumn("rate", "number", "利率"), FactColumn("days", "integer", "天数"),
        FactColumn("kind", "text", "种类"), FactColumn("grade", "text", "等次"), FactColumn("object", "text", "对象"),
    )
}  # fmt: skip


def shape(*names: str) -> FactShape:
    """Claims of a day with these further columns; they can be revoked where `ended_on` is one of them."""
    ended = "ended_on" if "ended_on" in names else ""
    return FactShape(
        "claims", "申请", "day", ended, "某局", {name: COLUMNS[name] for name in ("day", *names)}
    )


def document(name: str = "demo", **more: object) -> Policy:
    """A policy document; it limits nothing but what is given."""
    return Policy(name, "试", "", "某局", "", None, None, "x", {}, **more)


def joined(programs: list[Program]) -> Program:
    """Several documents over the same facts as one program, for one run."""
    return Program(
        programs[0].facts,
        {key: one for own in programs for key, one in own.policies.items()},
        tuple(one for own in programs for one in own.clauses),
    )
