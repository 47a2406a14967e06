"""What happens to an amount after eligibility: same matter, caps, budget, each a step of SQL."""

# ruff: noqa: S608 - every part of the SQL is a checked expression, a number or a quoted text

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from zhicheng.engines.incentives.amounts import MONEY, money_sql
from zhicheng.engines.incentives.compiled import COLUMNS, JUDGED, Compiled, Rule, with_changed
from zhicheng.engines.incentives.compiling import day_sql
from zhicheng.engines.incentives.rules import Budget, Cap, Policy, Version
from zhicheng.engines.incentives.tables import text_sql

# the order caps bite in: object, beneficiary, all; the clause before the document; the year before ever
SLOTS = [
    (per, over, period)
    for per in ("object", "beneficiary", "all")
    for over in ("clause", "policy")
    for period in ("year", "ever")
]
SLOT_WORDS = {
    ("object", "clause", "year"): "同一对象本条款年度封顶",
    ("object", "clause", "ever"): "同一对象本条款累计封顶",
    ("object", "policy", "year"): "同一对象本政策年度封顶",
    ("object", "policy", "ever"): "同一对象本政策累计封顶",
    ("beneficiary", "clause", "year"): "同一受益人本条款年度封顶",
    ("beneficiary", "clause", "ever"): "同一受益人本条款累计封顶",
    ("beneficiary", "policy", "year"): "同一受益人本政策年度封顶",
    ("beneficiary", "policy", "ever"): "同一受益人本政策累计封顶",
    ("all", "clause", "year"): "本条款年度总额封顶",
    ("all", "clause", "ever"): "本条款累计总额封顶",
    ("all", "policy", "year"): "本政策年度总额封顶",
    ("all", "policy", "ever"): "本政策累计总额封顶",
}
ORDER = "event_date, clause, fact, beneficiary"
MATCHED = (*JUDGED, "after_matter", "counted")
CAPPED = (*MATCHED, "after_caps", "cut")
BEFORE = "rows between unbounded preceding and 1 preceding"


def by_rule(values: Mapping[int, str], *, rule: str = "rule") -> str:
    """A value that depends on the rule of the row."""
    same: dict[str, list[str]] = {}
    for number, value in values.items():
        same.setdefault(value, []).append(str(number))
    if len(same) == 1:
        return next(iter(same))
    whens = " ".join(f"when {rule} in ({', '.join(rules)}) then {value}" for value, rules in same.items())
    return f"case {whens} end"


def apart(step: str, rules: Sequence[int], changed: str, kept: str) -> str:
    """Change the rows of some rules and keep the others as they are."""
    chosen = ", ".join(map(str, rules))
    return (
        f"{changed.format(rows=f'(select * from {step} where rule in ({chosen}))')}"
        f" union all {kept} from {step} where rule not in ({chosen})"
    )


def same_matter_sql(step: str, compiled: Compiled) -> str | None:
    """就高不重复: within a group, beneficiary and object, the highest; later items nothing or the difference."""
    bound = [
        one for one in compiled.rules if one.version.same_matter and one.version.same_matter.rule != "stack"
    ]
    if not bound:
        return None
    groups = {one.number: text_sql(one.version.same_matter.group) for one in bound if one.version.same_matter}
    modes = {one.number: text_sql(one.version.same_matter.rule) for one in bound if one.version.same_matter}
    window = "partition by z_group, beneficiary, object order by year(event_date), amount desc, event_date, clause, fact"
    base = f"greatest(coalesce(max(amount) over ({window} {BEFORE}), 0), coalesce(z_received, 0))"
    upper = _received_sql(bound, compiled)
    left = (
        "cast(case when z_mode = 'difference' then greatest(0, amount - z_base)"
        f" when z_base > 0 then 0 else amount end as {MONEY})"
    )
    changed = (
        f"select {with_changed(MATCHED, after_matter=left, counted=f'cast(z_base as {MONEY})')}"
        f" from (select *, {base} as z_base from"
        f" (select r.*, {by_rule(groups)} as z_group, {by_rule(modes)} as z_mode, {upper}))"
    )
    return apart(step, [one.number for one in bound], changed, "select *")


def _received_sql(bound: Sequence[Rule], compiled: Compiled) -> str:
    """What other levels have paid for the same matter, joined to the rows."""
    pairs = sorted(
        {
            (one.number, level)
            for one in bound
            if one.version.same_matter
            for level in one.version.same_matter.levels
        }
    )
    if not pairs or "payments" not in compiled.tables:
        return "cast(0 as DECIMAL(38,2)) as z_received from {rows} r"
    selects = " union all ".join(
        f"select {number} as u_rule, p.beneficiary as u_who, coalesce(p.object, '') as u_object, p.amount as u_paid"
        f" from payments p where p.level = {text_sql(level)}"
        f" and p.matter = {text_sql(_matter(compiled.rules[number]))}"
        f" and coalesce(p.clause, '') <> {text_sql(compiled.rules[number].clause.id)}"
        f" and p.paid_on <= {day_sql(compiled.as_of)}"
        for number, level in pairs
    )
    return (
        "u_sum as z_received from {rows} r left join (select u_rule, u_who, u_object, sum(u_paid) as u_sum"
        f" from ({selects}) group by all) u on u_rule = rule and u_who = beneficiary"
        " and u_object = coalesce(object, '')"
    )


def _matter(rule: Rule) -> str:
    return rule.version.same_matter.group if rule.version.same_matter else rule.clause.id


def caps_of(rule: Rule) -> dict[tuple[str, str, str], Cap]:
    """The caps that bind a rule, by slot."""
    return caps_of_version(rule.version, rule.policy)


def caps_of_version(version: Version, policy: Policy) -> dict[tuple[str, str, str], Cap]:
    """A version's own caps and its document's, by slot; the lower one where both set one."""
    found: dict[tuple[str, str, str], Cap] = {}
    for cap in (*version.caps, *policy.caps):
        slot = (cap.per, cap.over, cap.period)
        if slot not in found or cap.amount < found[slot].amount:
            found[slot] = cap
    return found


def cap_sql(step: str, compiled: Compiled, slot: tuple[str, str, str], *, sifted: bool = False) -> str | None:
    """One cap: amounts in order of event until the cap is reached, the last one cut.

    `sifted` says that hardly a row is left whose cap is not reached, so that looking for those would cost more.
    """
    bound = {one.number: caps_of(one)[slot] for one in compiled.rules if slot in caps_of(one)}
    if not bound:
        return None
    per, over, period = slot
    parts = {"object": ["beneficiary", "object"], "beneficiary": ["beneficiary"], "all": []}[per]
    parts = [
        *parts,
        "clause" if over == "clause" else _policy_number(compiled, list(bound)),
        *(["year(event_date)"] if period == "year" else []),
    ]
    order = ", ".join(one for one in ORDER.split(", ") if one not in parts)
    prior = f"sum(after_caps) over (partition by {', '.join(parts)} order by {order} {BEFORE})"
    limit = caps_limit_sql(compiled.rules, slot)
    bit = 1 << SLOTS.index(slot)
    left = f"cast(greatest(0, least(after_caps, z_left)) as {MONEY})"
    changed = (
        f"select {with_changed(CAPPED, after_caps=left, cut=f'case when z_left < after_caps then cut | {bit} else cut end')}"
        f" from (select *, {limit} - coalesce({prior}, 0) as z_left from {{rows}})"
    )
    if sifted:
        return apart(step, list(bound), changed, "select *")
    return _only_reached(step, list(bound), parts, limit, changed)


def caps_limit_sql(rules: Sequence[Rule], slot: tuple[str, str, str], *, rule: str = "rule") -> str:
    """The most that a cap leaves, by the rule of the row."""
    bound = {one.number: caps_of(one)[slot] for one in rules if slot in caps_of(one)}
    return by_rule({number: money_sql(cap.amount) for number, cap in bound.items()}, rule=rule)


def least_sql(limit: str) -> str:
    """The lowest limit of a group; one limit for all needs no looking for."""
    return f"min({limit})" if limit.startswith("case") else limit


def _only_reached(step: str, rules: Sequence[int], parts: Sequence[str], limit: str, changed: str) -> str:
    """Cut only where a cap is reached: the sums are cheap, the sorting they spare is most of the work."""
    chosen = ", ".join(map(str, rules))
    keys = ", ".join(f"{one} as z_k{place}" for place, one in enumerate(parts))
    same = " and ".join(f"{one} is not distinct from z_k{place}" for place, one in enumerate(parts))
    reached = f"(select {keys} from {step} where rule in ({chosen}) group by all having sum(after_caps) > {least_sql(limit)})"
    rows = (
        f"(select r.* from (select * from {step} where rule in ({chosen})) r semi join {reached} on {same})"
    )
    return (
        f"{changed.format(rows=rows)}"
        f" union all select r.* from {step} r anti join {reached} on rule in ({chosen}) and {same}"
    )


def _policy_number(compiled: Compiled, rules: Sequence[int]) -> str:
    order = list(compiled.program.policies)
    return by_rule({number: str(order.index(compiled.rules[number].policy.id)) for number in rules})


def budget_of(rule: Rule) -> tuple[str, Budget] | None:
    """The budget a rule draws on: its own, or its document's."""
    if rule.version.budget:
        return rule.clause.id, rule.version.budget
    return (rule.policy.id, rule.policy.budget) if rule.policy.budget else None


def budget_sql(step: str, compiled: Compiled) -> str | None:
    """预算上限: in proportion with largest remainder, or first come, per budget and year of the event."""
    drawn = {one.number: budget_of(one) for one in compiled.rules}
    pots = {
        (name, year): (amount, budget.method)
        for found in drawn.values() if found
        for name, budget in [found]
        for year, amount in budget.years.items()
    }  # fmt: skip
    if not pots:
        return None
    names = {number: text_sql(found[0]) for number, found in drawn.items() if found}
    values = ", ".join(
        f"({text_sql(name)}, {year}, {int(amount * 100)}::HUGEINT, {text_sql(method)})"
        for (name, year), (amount, method) in pots.items()
    )
    pot = "partition by z_pot, z_year"
    scaled = (
        f"z_share + case when row_number() over ({pot} order by z_rest desc, {ORDER})"
        f" <= z_budget - sum(z_share) over ({pot}) then 1 else 0 end"
    )
    paid = (
        "case when z_budget is null or z_sum <= z_budget then z_cents"
        f" when z_method = 'pro_rata' then {scaled} else greatest(0, least(z_cents, z_budget - z_prior)) end"
    )
    due = f"cast(cast({paid} as DECIMAL(20,0)) * 0.01 as {MONEY})"
    changed = (
        f"select {with_changed(COLUMNS, after_budget=due, budget=f'cast(z_budget * 0.01 as {MONEY})')}"
        " from (select *, z_cents * z_budget // nullif(z_sum, 0) as z_share,"
        " z_cents * z_budget % nullif(z_sum, 0) as z_rest from (select *, sum(z_cents)"
        f" over ({pot}) as z_sum, coalesce(sum(z_cents) over ({pot} order by {ORDER} {BEFORE}), 0) as z_prior"
        " from (select r.*, b.z_budget, b.z_method from (select *,"
        f" {by_rule(names)} as z_pot, year(event_date) as z_year, cast(after_caps * 100 as HUGEINT) as z_cents"
        f" from {{rows}}) r left join (values {values}) b(b_name, b_year, z_budget, z_method)"
        " on b_name = z_pot and b_year = z_year)))"
    )
    return apart(step, list(names), changed, "select *")


def is_tied(rule: Rule) -> bool:
    """Tell whether other facts have a say in a rule's amounts: a shared matter, a cap or a budget."""
    return bool(is_shared(rule) or caps_of(rule))


def is_shared(rule: Rule) -> bool:
    """Tell whether facts of other clauses can have a say: a shared matter, a budget, a cap over the document."""
    matter = rule.version.same_matter
    over_policy = any(over == "policy" for _, over, _ in caps_of(rule))
    return bool((matter and matter.rule != "stack") or budget_of(rule) or over_policy)


def stage_steps(source: str, compiled: Compiled, *, sifted: bool = False) -> dict[str, str]:
    """All stages over the entitled rows of a relation: named steps, each over the one before; `sifted` as in `cap_sql`."""
    steps = {
        "entitled": f"select {', '.join(JUDGED)}, amount as after_matter, cast(0 as {MONEY}) as counted from {source}"
        " where fail = 0 and missing = 0"
    }
    builders: list[tuple[str, Callable[[str], str | None]]] = [
        ("same_matter", lambda step: same_matter_sql(step, compiled)),
        ("uncut", lambda step: f"select *, after_matter as after_caps, 0 as cut from {step}"),
        *(
            ("_".join(slot), lambda step, slot=slot: cap_sql(step, compiled, slot, sifted=sifted))
            for slot in SLOTS
        ),
        (
            "unscaled",
            lambda step: f"select *, after_caps as after_budget, cast(null as {MONEY}) as budget from {step}",
        ),
        ("budget", lambda step: budget_sql(step, compiled)),
    ]
    for name, build in builders:
        text = build(next(reversed(steps)))
        if text is not None:
            steps[f"step_{name}"] = text
    return steps
