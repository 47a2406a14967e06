"""Outcomes in words: status, every step of the amount, and every reason with the value found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from zhicheng.engines.incentives.amounts import matches_of
from zhicheng.engines.incentives.compiled import FIRST, NEWLY, ONCE, Compiled, Rule
from zhicheng.engines.incentives.evaluation import Row, Run
from zhicheng.engines.incentives.rules import (
    KINDS,
    Amount,
    Brackets,
    Choose,
    Clause,
    Fixed,
    Match,
    Program,
    Rate,
    Table,
)  # fmt: skip
from zhicheng.engines.incentives.stages import SLOT_WORDS, SLOTS, budget_of, caps_of
from zhicheng.kernel.money import split

ENTITLED, NOT_ENTITLED, CANNOT_TELL, NO_RULE = "entitled", "not_entitled", "cannot_tell", "no_rule"
STATUS_WORDS = {ENTITLED: "应予兑付", NOT_ENTITLED: "不予兑付", CANNOT_TELL: "无法判定", NO_RULE: "没有条款"}
HISTORY = {FIRST: ("first_time", "首次"), NEWLY: ("newly_awarded", "新获评"), ONCE: ("once", "一次性")}
ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Step:
    """One step of the calculation, in the fixed order, with the amount before and after in 元."""

    step: str
    text: str
    before: Decimal | None
    after: Decimal
    parts: tuple[tuple[str, Decimal], ...] = ()


@dataclass(frozen=True)
class Reason:
    """One reason: its code, the words, the value found, and who could supply what is missing."""

    code: str
    text: str
    found: str = ""
    supplied_by: str = ""
    amount: Decimal | None = None


@dataclass(frozen=True)
class Outcome:
    """A complete answer about one fact and one beneficiary under one clause."""

    clause: str
    version: str
    beneficiary: str
    kind: str
    fact: str
    event_date: date | None
    status: str
    amount: Decimal
    steps: tuple[Step, ...]
    reasons: tuple[Reason, ...]
    region: str = ""
    object: str = ""

    def as_json(self) -> dict[str, Any]:
        """The answer as plain values; amounts are exact strings."""
        return {
            "clause": self.clause,
            "version": self.version,
            "beneficiary": self.beneficiary,
            "kind": self.kind,
            "fact": self.fact,
            "event_date": self.event_date.isoformat() if self.event_date else None,
            "status": self.status,
            "amount": f"{self.amount:.2f}",
            "steps": [_step_json(one) for one in self.steps],
            "reasons": [_reason_json(one) for one in self.reasons],
        }


def _step_json(step: Step) -> dict[str, Any]:
    return {
        "step": step.step,
        "text": step.text,
        "before": None if step.before is None else f"{step.before:.2f}",
        "after": f"{step.after:.2f}",
        **({"parts": {payer: f"{part:.2f}" for payer, part in step.parts}} if step.parts else {}),
    }


def _reason_json(reason: Reason) -> dict[str, Any]:
    return {
        "code": reason.code,
        "text": reason.text,
        **({"found": reason.found} if reason.found else {}),
        **({"supplied_by": reason.supplied_by} if reason.supplied_by else {}),
        **({"amount": f"{reason.amount:.2f}"} if reason.amount is not None else {}),
    }


def yuan(amount: Decimal) -> str:
    """An amount as officers write it."""
    return f"{amount:,.2f} 元"


def amount_words(amount: Amount, base: Decimal | None) -> str:
    """How an amount was set, in words."""
    match amount:
        case Fixed():
            return f"定额 {yuan(amount.amount)}"
        case Table():
            return f"按“{amount.by}”查表"
        case Rate():
            divisor = f" ÷ {amount.divisor}" if amount.divisor != 1 else ""
            bounds = f"，最高 {yuan(amount.cap)}" if amount.cap is not None else ""
            bounds += f"，最低 {yuan(amount.floor)}" if amount.floor is not None else ""
            return f"基数 {_plain(base)} × {amount.rate}{divisor}{bounds}"
        case Brackets():
            bounds = f"，最高 {yuan(amount.cap)}" if amount.cap is not None else ""
            return f"基数 {_plain(base)} 分段累进{bounds}"
        case Match():
            return f"上级（{amount.level}）实际到账 {_plain(base)} × {amount.share}"
        case Choose():
            return "按条件选档"


def _plain(value: Decimal | None) -> str:
    return "—" if value is None else f"{value.normalize():,f}"


def status_of(row: Row) -> str:
    """Which of the four answers a row is."""
    if row.rule < 0 or (row.rule >= 0 and row.fail & 1):
        return NO_RULE
    if row.fail:
        return NOT_ENTITLED
    if row.missing:
        return CANNOT_TELL
    return ENTITLED if row.after_budget > 0 else NOT_ENTITLED


def steps_of(row: Row, rule: Rule) -> tuple[Step, ...]:
    """The calculation sheet of an entitled row: every step, also those that changed nothing."""
    amount = row.amount or ZERO
    gross = row.gross if row.gross is not None else amount
    passed = "、".join(one.words for one in rule.checks)
    share = "" if amount == gross else f"，封顶、保底或分配后 {yuan(amount)}"
    words = amount_words(rule.version.amount, row.base)
    steps = [
        Step("eligibility", f"条件均成立：{passed}", None, ZERO),
        Step("amount", f"{words}，算得 {yuan(gross)}{share}", None, amount),
        Step("same_matter", _matter_words(row, rule), amount, row.after_matter),
        Step("caps", _caps_words(row, rule), row.after_matter, row.after_caps),
        Step("budget", _budget_words(row, rule), row.after_caps, row.after_budget),
    ]
    return (*steps, _sharing_step(row, rule))


def _matter_words(row: Row, rule: Rule) -> str:
    matter = rule.version.same_matter
    if matter is None or matter.rule == "stack":
        return "无就高不重复规定"
    words = "补足差额" if matter.rule == "difference" else "不补差额"
    if row.counted <= 0:
        return f"就高不重复（{words}）：同一事项没有其他兑付"
    return f"就高不重复（{words}）：同一事项已有 {yuan(row.counted)}"


def _caps_words(row: Row, rule: Rule) -> str:
    caps = caps_of(rule)
    if not caps:
        return "无封顶"
    parts = [
        f"{SLOT_WORDS[slot]} {yuan(caps[slot].amount)}{'（已截减）' if row.cut >> i & 1 else ''}"
        for i, slot in enumerate(SLOTS)
        if slot in caps
    ]
    return "；".join(parts)


def _budget_words(row: Row, rule: Rule) -> str:
    drawn = budget_of(rule)
    if drawn is None or row.budget is None:
        return "无预算上限"
    method = "按比例兑付" if drawn[1].method == "pro_rata" else "先到先得"
    return f"预算 {yuan(row.budget)}，{method}"


def _sharing_step(row: Row, rule: Rule) -> Step:
    payers = rule.version.sharing
    if not payers:
        return Step("sharing", "不分担", row.after_budget, row.after_budget)
    shares = split(row.after_budget, [weight for _, weight in payers])
    parts = tuple((payer, part) for (payer, _), part in zip(payers, shares, strict=True))
    words = "、".join(f"{payer} {yuan(part)}" for payer, part in parts)
    return Step("sharing", f"分担：{words}", row.after_budget, row.after_budget, parts)


def reasons_of(row: Row, rule: Rule, program: Program) -> tuple[Reason, ...]:
    """Why a row is not entitled or cannot be told: every condition that failed, with the value found."""
    values = iter(row.found.split("\x1f"))
    shape = program.facts[rule.clause.fact]
    reasons: list[Reason] = []
    for bit, check in enumerate(rule.checks):
        if not (row.fail | row.missing) >> bit & 1:
            continue
        found = next(values, "")
        if row.fail >> bit & 1:
            reasons.append(Reason(check.code, f"不符合：{check.words}", _kind_words(check.code, found)))
        else:
            supplied = _supplier(check.code, rule, shape.supplied_by)
            reasons.append(
                Reason("missing", f"缺少事实，无法判断：{check.words}", found, supplied_by=supplied)
            )
    for bit, (code, words) in HISTORY.items():
        if row.fail >> bit & 1:
            reasons.append(Reason(code, f"不符合：{words}", f"最早一次 {next(values, '')}"))
    if status_of(row) == NOT_ENTITLED and not row.fail:
        reasons.append(_used_up(row, rule))
    if rule.version.clawback and row.fail and row.paid_before > 0:
        reasons.append(Reason("clawback", "已兑付，应予追回", amount=row.paid_before))
    return tuple(reasons)


def _kind_words(code: str, found: str) -> str:
    return KINDS.get(found, found) if code == "kind" else found


def _supplier(code: str, rule: Rule, usual: str) -> str:
    if code == "negative_list":
        return "信用、专利、质量监管部门"
    if code == "window":
        return rule.policy.issuer
    return "财政部门" if code == "amount" and matches_of(rule.version.amount) else usual


def _used_up(row: Row, rule: Rule) -> Reason:
    if row.after_matter <= 0:
        return Reason("same_matter", _matter_words(row, rule), yuan(row.counted))
    if row.after_caps <= 0:
        return Reason("caps", f"封顶额度已用尽：{_caps_words(row, rule)}")
    return Reason("budget", f"预算已用尽：{_budget_words(row, rule)}")


def answer(row: Row, compiled: Compiled) -> Outcome:
    """Put one row into words."""
    if row.rule < 0:
        policy = list(compiled.program.policies.values())[-1 - row.rule]
        reason = Reason("no_clause", f"政策《{policy.title}》没有针对这一事实的条款", row.found)
        return _outcome(row, policy.id, "", NO_RULE, (), (reason,))
    rule = compiled.rules[row.rule]
    status = status_of(row)
    steps = steps_of(row, rule) if not row.fail and not row.missing else ()
    reasons = reasons_of(row, rule, compiled.program)
    if status == NO_RULE:
        since = rule.clause.versions[0].since
        text = f"奖励条款“{rule.clause.name}”没有适用版本：事件日 {row.event_date} 早于最早生效日 {since} 或在两版之间"
        reasons = (Reason("no_version", text, str(row.event_date)),)
    return _outcome(row, rule.clause.id, rule.version.since.isoformat(), status, steps, reasons)


def _outcome(
    row: Row, clause: str, version: str, status: str, steps: tuple[Step, ...], reasons: tuple[Reason, ...]
) -> Outcome:
    amount = row.after_budget if status == ENTITLED else ZERO
    return Outcome(
        clause=clause,
        version=version,
        beneficiary=row.beneficiary or "",
        kind=row.kind or "",
        fact=row.fact,
        event_date=row.event_date,
        status=status,
        amount=amount,
        steps=steps,
        reasons=reasons,
        region=row.region or "",
        object=row.object or "",
    )


def untold_outcome(clause: Clause, lacking: tuple[str, ...], program: Program) -> Outcome:
    """The answer for a clause whose fact table was not supplied at all."""
    reasons = tuple(
        Reason(
            "missing",
            f"缺少事实表“{program.facts[name].label if name in program.facts else name}”",
            supplied_by=program.facts[name].supplied_by if name in program.facts else "财政部门",
        )
        for name in lacking
    )
    return Outcome(clause.id, "", "", "", "", None, CANNOT_TELL, ZERO, (), reasons)


def answers(
    run: Run, *, where: str = "true", untold: bool = True, limit: int | None = None
) -> Iterator[Outcome]:
    """All answers of a run in a fixed order, those about whole clauses last."""
    for row in run.rows(where, limit=limit):
        yield answer(row, run.compiled)
    if untold:
        for clause, lacking in run.untold:
            yield untold_outcome(clause, lacking, run.compiled.program)
