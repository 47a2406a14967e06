"""Reads policies as a strict reviewer: what is missing, contradictory, unreachable or against the law."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import combinations, pairwise

from sqlglot import exp
from sqlglot.optimizer.simplify import simplify

from zhicheng.engines.incentives.amounts import amount_sql, expressions_of
from zhicheng.engines.incentives.compiling import columns_of, last_day
from zhicheng.engines.incentives.examples import run_examples
from zhicheng.engines.incentives.expressions import compile_expression, literals
from zhicheng.engines.incentives.rules import (
    Amount,
    Brackets,
    Choose,
    Clause,
    Fixed,
    Policy,
    Program,
    Rate,
    Table,
    Version,
)  # fmt: skip
from zhicheng.engines.incentives.stages import caps_of_version
from zhicheng.kernel.refusals import Refusal, Source
from zhicheng.kernel.regions import prefix as region_prefix

FAIR_COMPETITION = Source("公平竞争审查条例", "国务院令第783号", "第十条、第十八条", "2024-06-06")
GRANT_SUBSIDIES = Source("关于进一步严格规范专利申请行为的通知", "国知发保字〔2021〕1号", "", "2021-01-27")
PER_GRANT_FACTS = frozenset({"patents_granted", "patents"})
PER_GRANT_ENDS = date(2025, 12, 31)
LEAST_EXAMPLES = 3


@dataclass(frozen=True)
class Finding:
    """One remark: level error or warning, where, what is wrong, what to do, and on which source."""

    level: str
    code: str
    where: str
    text: str
    fix: str
    source: Source | None = None

    def __str__(self) -> str:
        mark = "错误" if self.level == "error" else "警告"
        tail = f"（依据：{self.source}）" if self.source else ""
        return f"{mark} [{self.code}] {self.where}：{self.text}{self.fix}{tail}"


def lint(program: Program, *, examples: bool = True) -> list[Finding]:
    """Check a program.

    Args:
        program: the loaded documents and clauses.
        examples: also run every clause's examples.

    Returns:
        Findings, errors first, then by place.

    Source:
        公平竞争审查条例; 国知发保字〔2021〕1号.
    """
    found: list[Finding] = []
    for policy in program.policies.values():
        found += _document(policy)
    for clause in program.clauses:
        broken = list(_expressions(clause, program))
        found += broken
        found += _versions(clause, program.policies[clause.policy])
        if not broken:
            found += _triggers(clause, program)
            found += _examples(clause, program) if examples else []
    if not any(one.code == "expression" for one in found):
        found += _matters(program)
    return sorted(set(found), key=lambda one: (one.level != "error", one.where, one.code, one.text))


def _document(policy: Policy) -> Iterator[Finding]:
    soft = policy.example or (policy.source is not None and policy.source.unverified)
    level = "warning" if soft else "error"
    if policy.source is None:
        yield Finding("error", "citation", policy.id, "政策没有写来源。", "请写标题、发布者和日期。")
    if policy.valid_from is None or policy.valid_to is None:
        yield Finding(level, "validity", policy.id, "政策没有写明起止有效期。", "请按文件补充。")
    if not policy.review:
        yield Finding(
            level, "fair_competition", policy.id, "没有公平竞争审查结论。", "发布前请完成审查。", FAIR_COMPETITION
        )  # fmt: skip


def _expressions(clause: Clause, program: Program) -> Iterator[Finding]:
    types = columns_of(program.facts[clause.fact])
    for version in clause.versions:
        texts = [version.when, *(one.when for one in version.requires), *expressions_of(version.amount)]
        try:
            for text in texts:
                compile_expression(text, types)
            amount_sql(version.amount, types)
        except Refusal as refusal:
            yield Finding("error", "expression", clause.id, refusal.what, refusal.fix)


def _versions(clause: Clause, policy: Policy) -> Iterator[Finding]:
    for place, version in enumerate(clause.versions):
        where = f"{clause.id} {version.since}"
        following = clause.versions[place + 1] if place + 1 < len(clause.versions) else None
        if version.source is None:
            yield Finding("error", "citation", where, "这一版没有写来源。", "请写标题、发布者和位置。")
        elif version.source.unverified or clause.effective_unverified:
            yield Finding(
                "warning", "unverified", where, "来源或生效日未经核实。", "请对照原文后去掉 unverified。"
            )
        if following and version.until and version.until >= following.since:
            yield Finding(
                "error",
                "overlap",
                where,
                f"与 {following.since} 版重叠（到 {version.until}）。",
                "请改起止日。",
            )
        last = last_day(version, following)
        starts = max(version.since, policy.valid_from or version.since)
        if (last and last < starts) or (policy.valid_to and policy.valid_to < version.since):
            yield Finding("error", "unreachable", where, "没有一天适用这一版。", "请改起止日或政策有效期。")
        yield from _amounts(version, policy, where)
        if version.sharing and not any(weight for _, weight in version.sharing):
            yield Finding("error", "sharing", where, "分担比例全为零。", "请写至少一个正数。")
        ends = min((one for one in (last, policy.valid_to) if one), default=None)
        if clause.fact in PER_GRANT_FACTS and (ends is None or ends > PER_GRANT_ENDS):
            yield Finding(
                "warning", "per_grant", where, "2025 年后仍按专利授权付款。", "请改为运用、保护等环节。",
                GRANT_SUBSIDIES,
            )  # fmt: skip


def _payable(amount: Amount) -> Iterator[tuple[str, Decimal]]:
    if isinstance(amount, Fixed):
        yield "定额", amount.amount
    elif isinstance(amount, Table):
        yield from ((f"“{key}”", value) for key, value in amount.rows.items())
    elif isinstance(amount, Choose):
        for _, inner in amount.cases:
            yield from _payable(inner)


def _shapes(amount: Amount) -> Iterator[str]:
    """Parts of an amount that can never apply."""
    if isinstance(amount, Rate) and amount.cap is not None and (amount.floor or 0) > amount.cap:
        yield f"保底 {amount.floor} 高于封顶 {amount.cap}"
    if isinstance(amount, Brackets):
        bounds = [one.up_to for one in amount.steps]
        for earlier, later in pairwise(bounds):
            if earlier is None or (later is not None and later <= earlier):
                yield f"分段上限 {later} 不高于前一段 {earlier}"
    if isinstance(amount, Choose):
        for place, (when, inner) in enumerate(amount.cases):
            if not when and place + 1 < len(amount.cases):
                yield f"第 {place + 1} 档没有条件，其后各档永远用不到"
            yield from _shapes(inner)


def _amounts(version: Version, policy: Policy, where: str) -> Iterator[Finding]:
    single = [cap.amount for (per, _, _), cap in caps_of_version(version, policy).items() if per != "all"]
    limit = min(single, default=None)
    for words, amount in _payable(version.amount):
        if limit is not None and amount > limit:
            yield Finding(
                "warning", "amount_unreachable", where, f"{words} {amount} 元高于封顶 {limit} 元，付不到。",
                "请调整金额或封顶。",
            )  # fmt: skip
    for words in _shapes(version.amount):
        yield Finding("error", "amount_unreachable", where, f"{words}。", "请调整金额。")


def _triggers(clause: Clause, program: Program) -> Iterator[Finding]:
    types = columns_of(program.facts[clause.fact])
    for version in clause.versions:
        where = f"{clause.id} {version.since}"
        tree = compile_expression(version.when, types).tree
        pinned = literals(tree)
        never = simplify(tree.copy()).sql().upper() in {"FALSE", "NULL"}
        if never or any(not values for values in pinned.values()):
            yield Finding("error", "unreachable", where, "触发条件永远不成立。", "请改触发条件。")
        if isinstance(version.amount, Table) and version.amount.by in pinned:
            for key in version.amount.rows:
                if key not in pinned[version.amount.by]:
                    yield Finding(
                        "error", "amount_unreachable", where, f"“{key}”不在触发条件内，付不到。", "请改表或触发条件。"
                    )  # fmt: skip
        for text in [version.when, *(one.when for one in version.requires), *expressions_of(version.amount)]:
            named = compile_expression(text, types)
            firms = [one for one in named.tree.find_all(exp.Literal) if one.is_string and "公司" in one.name]
            if firms or {"organisation", "person"} & set(_compared(named.tree)):
                yield Finding(
                    "error", "named_firms", where, f"条件“{text}”点名特定单位或个人。", "请改为普遍适用的条件。",
                    FAIR_COMPETITION,
                )  # fmt: skip


def _compared(tree: exp.Expr) -> Iterator[str]:
    """Columns that are compared with literal values."""
    for node in tree.find_all(exp.EQ, exp.NEQ, exp.In, exp.Like):
        if any(True for _ in node.find_all(exp.Literal)):
            yield from (one.name for one in node.find_all(exp.Column))


def _examples(clause: Clause, program: Program) -> Iterator[Finding]:
    if len(clause.examples) < LEAST_EXAMPLES:
        yield Finding(
            "error", "examples", clause.id, f"只有 {len(clause.examples)} 个示例。", f"至少写 {LEAST_EXAMPLES} 个。"
        )  # fmt: skip
    try:
        results = run_examples(program, clause)
    except Refusal as refusal:  # what only shows when it runs: a day compared with a text, say
        yield Finding("error", "expression", clause.id, refusal.what, refusal.fix)
        return
    for result in results:
        if not result.ok:
            text = f"示例“{result.example.why}”期望 {result.example.expect}，得到 {result.got}。"
            yield Finding(
                "error", "examples", f"{clause.id} 第 {result.example.line} 行", text, "请改条款或示例。"
            )


def _together(one: Policy, other: Policy) -> bool:
    """Whether two documents can pay for the same event."""
    if one.id == other.id:
        return True
    if not one.region or not other.region:
        return False
    first, second = region_prefix(one.region), region_prefix(other.region)
    apart = (one.valid_to and other.valid_from and one.valid_to < other.valid_from) or (
        other.valid_to and one.valid_from and other.valid_to < one.valid_from
    )
    return not apart and (first.startswith(second) or second.startswith(first))


def _matters(program: Program) -> Iterator[Finding]:
    """Two clauses that pay for one matter need a stacking rule, and one group needs one rule."""
    rules: dict[str, set[str]] = {}
    for clause in program.clauses:
        for version in clause.versions:
            if version.same_matter:
                rules.setdefault(version.same_matter.group, set()).add(version.same_matter.rule)
    for group, found in rules.items():
        if len(found) > 1:
            yield Finding(
                "error", "stacking", group, f"同一事项写了不同的叠加规则：{'、'.join(sorted(found))}。", "请统一。"
            )  # fmt: skip
    for one, other in combinations(program.clauses, 2):
        same = one.fact == other.fact
        if not (same and _together(program.policies[one.policy], program.policies[other.policy])):
            continue
        types = columns_of(program.facts[one.fact])
        for left in one.versions:
            for right in other.versions:
                if left.same_matter and right.same_matter:
                    continue
                if _may_meet(left, right, types):
                    yield Finding(
                        "error", "stacking", f"{one.id} 与 {other.id}", "可能为同一事项付两次，没有叠加规则。",
                        "请为两条写 same_matter：highest、difference 或 stack。",
                    )  # fmt: skip


def _may_meet(left: Version, right: Version, types: dict[str, str]) -> bool:
    first = literals(compile_expression(left.when, types).tree)
    second = literals(compile_expression(right.when, types).tree)
    return not any(not (first[name] & second[name]) for name in set(first) & set(second))
