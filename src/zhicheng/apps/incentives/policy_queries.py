"""Policies and clauses as the catalogue has them, for reading."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from zhicheng.apps.accounts.public import require
from zhicheng.apps.incentives.evaluations import current_program
from zhicheng.engines.incentives.answers import STATUS_WORDS, amount_words
from zhicheng.engines.incentives.rules import KINDS, Clause, FactShape, Fixed, Policy, Program, Table, Version
from zhicheng.kernel.money import shown
from zhicheng.kernel.refusals import NotFound

MODES = {"holder": "事实的持有者", "split": "单位与个人分配", "owners": "权利人按份额"}
PERIODS = {"year": "每年", "ever": "累计"}
PER = {"object": "每一对象", "beneficiary": "每一主体", "all": "合计"}
OVER = {"clause": "本条款", "policy": "整个政策"}
MATTER = {"highest": "就高不重复，不补差额", "difference": "就高不重复，补足差额", "stack": "可叠加"}


@dataclass(frozen=True)
class Spoken:
    """One dated version in the words of the trade."""

    version: Version
    amount: str
    rows: tuple[tuple[str, str], ...]
    now: bool


@dataclass(frozen=True)
class Shown:
    """One clause with its versions in words, and the example cases."""

    clause: Clause
    policy: Policy
    fact: FactShape
    payees: str
    versions: tuple[Spoken, ...]
    examples: tuple[tuple[str, str, str], ...]


def program_for(user: Any, *, examples: bool = False) -> Program:
    """The catalogue in force, for whoever may read policies."""
    require(user, "policies.view")
    return current_program(examples=examples)


def policy_of(policy_id: str, user: Any, *, examples: bool = False) -> tuple[Policy, list[Clause]]:
    """One document with its clauses.

    Raises:
        NotFound: there is none.
    """
    program = program_for(user, examples=examples)
    policy = program.policies.get(policy_id)
    if policy is None:
        raise NotFound(f"没有政策“{policy_id}”。", fix="请返回政策列表。")
    return policy, [one for one in program.clauses if one.policy == policy_id]


def clause_of(clause_id: str, user: Any, *, on: date) -> Shown:
    """One clause with every version, its citation and its examples.

    Raises:
        NotFound: there is none.
    """
    program = program_for(user, examples=True)
    clause = program.clause(clause_id)
    if clause is None:
        raise NotFound(f"没有条款“{clause_id}”。", fix="请返回政策列表。")
    payees = f"{MODES[clause.payee.mode]}：{'、'.join(KINDS[one] for one in clause.payee.kinds)}"
    spoken = tuple(_spoken(one, on) for one in reversed(clause.versions))
    fact = program.facts[clause.fact]
    examples = tuple(
        (one.why, _given(one.given[-1:], fact), _expected(one.expect)) for one in clause.examples
    )
    return Shown(clause, program.policies[clause.policy], fact, payees, spoken, examples)


def amount_in_words(version: Version) -> str:
    """How much a version pays, short enough for a list."""
    amount = version.amount
    if isinstance(amount, Fixed):
        return shown(amount.amount)
    if isinstance(amount, Table):
        return "、".join(f"{key} {shown(value)}" for key, value in list(amount.rows.items())[:4])
    return amount_words(amount, None)


def _spoken(version: Version, on: date) -> Spoken:
    rows: list[tuple[str, str]] = []
    words = (
        (version.first_time, "首次"),
        (version.newly_awarded, "新获评"),
        (version.once, "一次性"),
        (version.clawback, "追回"),
    )
    if said := "、".join(word for holds, word in words if holds):
        rows.append(("限定", said))
    rows += [("还须", one.words) for one in version.requires]
    if version.application:
        rows.append(("申报期", "须在政策规定的窗口内申报"))
    if version.negative_list:
        after = (
            f"，移出后 {version.negative_list.years} 年内仍不予兑付" if version.negative_list.years else ""
        )
        rows.append(("负面清单", "、".join(version.negative_list.kinds) + after))
    if version.same_matter:
        rows.append(("同一事项", MATTER[version.same_matter.rule]))
    rows += [
        ("封顶", f"{OVER[one.over]}{PER[one.per]}{PERIODS[one.period]} {shown(one.amount)}")
        for one in version.caps
    ]
    if version.budget:
        how = "按比例兑付" if version.budget.method == "pro_rata" else "先到先得"
        rows += [
            ("预算", f"{year} 年 {shown(amount)}，{how}")
            for year, amount in sorted(version.budget.years.items())
        ]
    if version.sharing:
        rows.append(("分担", " : ".join(f"{payer} {weight}" for payer, weight in version.sharing)))
    now = version.since <= on and (version.until is None or on <= version.until)
    return Spoken(version, amount_in_words(version), tuple(rows), now)


def _given(facts: tuple[Any, ...], shape: FactShape) -> str:
    labels = {name: one.label for name, one in shape.columns.items()}
    plain = {"holder_kind": "类别", "organisation": "主体", "person": "个人", "region": "区划"}
    parts = []
    for fact in facts:
        for name, value in fact.items():
            if value in (None, "", "示例单位", "示例个人"):
                continue
            parts.append(f"{labels.get(name) or plain.get(name, name)} {KINDS.get(str(value), value)}")
    return "，".join(parts)


def _expected(text: str) -> str:
    first, _, because = text.partition(" because ")
    words = STATUS_WORDS.get(first, f"{first} 元" if first.replace(".", "").isdigit() else first)
    return f"{words}（{because}）" if because else words
