"""Which mechanism is used by which clause: the table in docs/policies.md is generated here."""

from __future__ import annotations

from collections.abc import Callable

from zhicheng.engines.incentives.rules import (
    Amount,
    Brackets,
    Choose,
    Clause,
    Fixed,
    Match,
    Policy,
    Program,
    Rate,
    Table,
    Version,
)  # fmt: skip
from zhicheng.engines.incentives.stages import caps_of_version

Test = Callable[[Clause, Version, Policy], bool]


def _forms(amount: Amount) -> list[Amount]:
    inner = [form for _, one in amount.cases for form in _forms(one)] if isinstance(amount, Choose) else []
    return [amount, *inner]


def _has(kind: type) -> Test:
    return lambda clause, version, policy: any(isinstance(one, kind) for one in _forms(version.amount))


def _rate(attribute: str) -> Test:
    return lambda clause, version, policy: any(
        getattr(one, attribute) is not None for one in _forms(version.amount) if isinstance(one, Rate)
    )


def _matter(rule: str) -> Test:
    return lambda clause, version, policy: bool(version.same_matter and version.same_matter.rule == rule)


def _cap(position: int, value: str) -> Test:
    return lambda clause, version, policy: any(
        slot[position] == value for slot in caps_of_version(version, policy)
    )


def _budget(method: str) -> Test:
    return lambda clause, version, policy: any(
        one.method == method for one in (version.budget, policy.budget) if one
    )


MECHANISMS: dict[str, Test] = {
    "定额": _has(Fixed),
    "查表": _has(Table),
    "按比例": _has(Rate),
    "比例封顶": _rate("cap"),
    "比例保底": _rate("floor"),
    "按条件选档": _has(Choose),
    "分段累进": _has(Brackets),
    "配套": _has(Match),
    "一次性": lambda clause, version, policy: version.once,
    "首次": lambda clause, version, policy: version.first_time,
    "新获评": lambda clause, version, policy: version.newly_awarded,
    "就高不重复（不补差额）": _matter("highest"),
    "就高不重复（差额补足）": _matter("difference"),
    "可叠加": _matter("stack"),
    "跨级就高": lambda clause, version, policy: bool(version.same_matter and version.same_matter.levels),
    "年度封顶": _cap(2, "year"),
    "累计封顶": _cap(2, "ever"),
    "按主体封顶": _cap(0, "beneficiary"),
    "按对象封顶": _cap(0, "object"),
    "条款总额封顶": _cap(0, "all"),
    "政策总封顶": _cap(1, "policy"),
    "预算按比例兑付": _budget("pro_rata"),
    "预算先到先得": _budget("first_come"),
    "市县分担": lambda clause, version, policy: bool(version.sharing),
    "负面清单": lambda clause, version, policy: version.negative_list is not None,
    "申报期": lambda clause, version, policy: bool(version.application and policy.windows),
    "追回": lambda clause, version, policy: version.clawback,
    "分版施行": lambda clause, version, policy: len(clause.versions) > 1,
    "付单位": lambda clause, version, policy: bool({"enterprise", "institution"} & set(clause.payee.kinds)),
    "付个人": lambda clause, version, policy: "person" in clause.payee.kinds,
    "单位与个人分配": lambda clause, version, policy: clause.payee.mode == "split",
    "权利人按份额": lambda clause, version, policy: clause.payee.mode == "owners",
}


def coverage(program: Program) -> dict[str, tuple[str, ...]]:
    """Per mechanism, the clauses that use it."""
    return {
        name: tuple(
            clause.id
            for clause in program.clauses
            if any(test(clause, version, program.policies[clause.policy]) for version in clause.versions)
        )
        for name, test in MECHANISMS.items()
    }


def table_markdown(program: Program) -> str:
    """The table mechanism × clause for the documentation."""
    rows = [f"| {name} | {'、'.join(f'`{one}`' for one in ids)} |" for name, ids in coverage(program).items()]
    return "\n".join(["| 机制 | 条款 |", "|---|---|", *rows])
