"""Policies and clauses as the catalogue has them, for reading."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as words

from zhicheng.apps.accounts.public import require
from zhicheng.apps.incentives.runs.evaluations import current_program
from zhicheng.engines.incentives.answers import STATUS_WORDS
from zhicheng.engines.incentives.linting import Finding, lint
from zhicheng.engines.incentives.rules import (
    FRAUD,
    KINDS,
    LISTED,
    Budget,
    Cap,
    Clause,
    FactColumn,
    FactShape,
    Policy,
    Program,
    Version,
)  # fmt: skip
from zhicheng.engines.incentives.saying import amount_lines, condition_words, money, value_words
from zhicheng.engines.incentives.tables import STANDING
from zhicheng.kernel.refusals import NotFound

FEW = 3
ANYBODY = ("示例单位", "示例个人")
MODES = {"holder": words("事实的持有者"), "split": words("单位与个人分配"), "owners": words("权利人按份额")}
PERIODS = {"year": words("每年"), "ever": words("累计")}
PER = {"object": words("每一对象"), "beneficiary": words("每一主体"), "all": words("合计")}
OVER = {"clause": words("本条款"), "policy": words("整个政策")}
MATTER = {
    "highest": words("就高不重复，不补差额"),
    "difference": words("就高不重复，补足差额"),
    "stack": words("可叠加"),
}
BECAUSE = {
    "amount": words("没有对应的金额"),
    "budget": words("预算已用尽"),
    "caps": words("封顶额度已用尽"),
    "clawback": words("已付的应予追回"),
    "ended": words("已被撤销或失效"),
    "first_time": words("不是首次"),
    "kind": words("不属于奖励对象"),
    "missing": words("缺少事实"),
    "negative_list": words("在负面清单内"),
    "newly_awarded": words("不是新获评"),
    "once": words("同一事项已奖过一次"),
    "region": words("不在本辖区"),
    "requirement": words("不符合还须具备的条件"),
    "same_matter": words("同一事项已有兑付"),
    "window": words("不在申报期"),
}


@dataclass(frozen=True)
class Spoken:
    """One dated version in the words of the trade.

    Args:
        version: as the engine runs it. trigger: its trigger in words.
        amounts: how much, one line per case. rows: every further rule, with its name. now: True for the one in force.
    """

    version: Version
    trigger: str
    amounts: tuple[str, ...]
    rows: tuple[tuple[str, str], ...]
    now: bool


@dataclass(frozen=True)
class Shown:
    """One clause with its versions in words, and the example cases."""

    clause: Clause
    policy: Policy
    fact: FactShape
    limits: list[tuple[str, str]]
    payees: str
    object: str
    versions: tuple[Spoken, ...]
    examples: tuple[tuple[str, str, str], ...]
    remarks: tuple[Finding, ...]


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
    fact = program.facts[clause.fact]
    versions = tuple(spoken(one, fact, on) for one in reversed(clause.versions))
    examples = tuple((one.why, _given(one.given, fact), _expected(one.expect)) for one in clause.examples)
    columns = {**STANDING, **fact.columns}
    about = columns[clause.object].label if clause.object else ""
    policy = program.policies[clause.policy]
    remarks = remarks_on(clause, program)
    return Shown(clause, policy, fact, document_limits(policy), payees, about, versions, examples, remarks)


def remarks_on(clause: Clause, program: Program) -> tuple[Finding, ...]:
    """What the reviewer of the catalogue has to say about a clause and its document; examples are not run."""
    mine = program.only(frozenset({clause.policy}))
    found = lint(mine, examples=False)
    return tuple(one for one in found if one.where == clause.policy or clause.id in one.where.split())


def amount_in_words(version: Version, fact: FactShape) -> str:
    """How much a version pays, short enough for a list: the first cases, and how many more there are."""
    lines = amount_lines(version.amount, fact)
    more = _("等 %(count)s 档") % {"count": len(lines)} if len(lines) > FEW else ""
    return "；".join(lines[:FEW]) + more


def spoken(version: Version, fact: FactShape, on: date) -> Spoken:
    """One version in the words of the trade, each with the one meaning it has."""
    said = (
        (version.first_time, _("首次"), _("受益人历史上第一次符合，系统启用以前的也算")),
        (version.newly_awarded, _("新获评"), _("同一受益人、同一对象第一次获得，复评不算")),
        (version.once, _("一次性"), _("同一受益人、同一对象只付一次")),
        (version.clawback, _("追回"), _("付款后荣誉被撤销或条件不再成立的，收回已付的")),
    )
    rows = [(word, str(meaning)) for holds, word, meaning in said if holds]
    rows += [(_("还须"), f"{one.words}（{condition_words(one.when, fact)}）") for one in version.requires]
    if version.application:
        rows.append((_("申报期"), _("须在政策规定的窗口内申报")))
    rows += _limits(version)
    now = version.since <= on and (version.until is None or on <= version.until)
    return Spoken(
        version, condition_words(version.when, fact), amount_lines(version.amount, fact), tuple(rows), now
    )


def _limits(version: Version) -> list[tuple[str, str]]:
    """Every rule that takes from an amount or shares it, in the order it is applied."""
    rows: list[tuple[str, str]] = []
    if negative := version.negative_list:
        kinds = "、".join(LISTED.get(one, one) for one in negative.kinds)
        if negative.years:
            kinds = _("%(kinds)s，移出（骗取的自查实）后 %(years)s 年内仍不予兑付") % {
                "kinds": kinds, "years": negative.years,
            }  # fmt: skip
        elif negative.years is None and FRAUD in negative.kinds:
            kinds = _("%(kinds)s，骗取的停止申报年数按本市兑付设置") % {"kinds": kinds}
        rows.append((_("负面清单"), kinds))
    if version.same_matter:
        rows.append((_("同一事项"), str(MATTER[version.same_matter.rule])))
    rows += [
        (_("封顶"), f"{OVER[one.over]}{PER[one.per]}{PERIODS[one.period]} {money(one.amount)}")
        for one in version.caps
    ]
    if version.budget:
        how = _("按比例兑付") if version.budget.method == "pro_rata" else _("先到先得")
        rows += [
            (
                _("预算"),
                _("%(year)s 年 %(amount)s，%(how)s") % {"year": year, "amount": money(amount), "how": how},
            )
            for year, amount in sorted(version.budget.years.items())
        ]
    if version.sharing:
        rows.append((_("分担"), " : ".join(f"{payer} {weight}" for payer, weight in version.sharing)))
    return rows


def _cap(cap: Cap) -> str:
    return f"{OVER[cap.over]}{PER[cap.per]}{PERIODS[cap.period]} {money(cap.amount)}"


def _budget(budget: Budget | None) -> list[str]:
    """The budget of each year and how it is drawn on."""
    if budget is None:
        return []
    how = _("按比例兑付") if budget.method == "pro_rata" else _("先到先得")
    return [
        _("%(year)s 年 %(amount)s，%(how)s") % {"year": year, "amount": money(amount), "how": how}
        for year, amount in sorted(budget.years.items())
    ]


def document_limits(policy: Policy) -> list[tuple[str, str]]:
    """Caps and budgets a document sets over all its clauses."""
    return [(_("封顶"), _cap(one)) for one in policy.caps] + [
        (_("预算"), one) for one in _budget(policy.budget)
    ]


def _given(facts: tuple[Any, ...], shape: FactShape) -> str:
    """The facts of an example, each on its own; the beneficiary that only stands for anybody is left out."""
    columns = {**STANDING, **shape.columns}
    return "；".join(
        "，".join(
            f"{columns[name].label} {_value(value, columns[name])}" if name in columns else f"{name} {value}"
            for name, value in fact.items()
            if value not in (None, "", *ANYBODY)
        )
        for fact in facts
    )


def _value(value: object, column: FactColumn) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return value_words(value, column).strip()


def _expected(text: str) -> str:
    """What an example expects: an amount, an amount per fact or per payee, or an answer with its reason."""
    found, _sign, because = text.partition(" because ")
    words = "；".join(_one_expected(part) for part in found.split(" "))
    return f"{words}（{BECAUSE.get(because, because)}）" if because else words


def _one_expected(part: str) -> str:
    payee, _sign, value = part.rpartition("=")
    amount = f"{Decimal(value):,f} {_('元')}" if value.replace(".", "").isdigit() else value
    return f"{payee} {STATUS_WORDS.get(value, amount)}".strip()
