"""From a clause to SQL: every fact that triggers it becomes one row, judged, with its amount."""

# ruff: noqa: S608 - every part of the SQL is a checked expression, a number or a quoted text

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from zhicheng.engines.incentives.amounts import MONEY, AmountSql, amount_sql, expressions_of, matches_of
from zhicheng.engines.incentives.expressions import compile_expression, literals
from zhicheng.engines.incentives.rules import Clause, FactShape, Match, Policy, Program, Version
from zhicheng.engines.incentives.tables import STANDING, text_sql

FIRST, NEWLY, ONCE = 58, 59, 60  # bits of the conditions that need the beneficiary's history
BREAK = "chr(31)"
UNIT = "coalesce(nullif(holder_kind, 'person'), 'enterprise')"
WHO = "case when holder_kind = 'person' then person when holder_kind is not null then organisation else coalesce(organisation, person) end"


@dataclass(frozen=True)
class Check:
    """One condition of eligibility: its code, words, and SQL for whether it holds and what was found."""

    code: str
    words: str
    ok: str
    found: str


@dataclass(frozen=True)
class Rule:
    """A clause in one version, numbered, with the checks its answer bits refer to."""

    number: int
    clause_number: int
    clause: Clause
    version: Version
    policy: Policy
    checks: tuple[Check, ...]


@dataclass(frozen=True)
class Compiled:
    """A program ready to run: its rules, and the SQL that yields all judged rows of each clause."""

    program: Program
    rules: tuple[Rule, ...]
    clauses: Mapping[str, str]
    uncovered: Mapping[str, str]
    as_of: date
    tables: frozenset[str]


def day_sql(day: date) -> str:
    """A date literal."""
    return f"DATE '{day.isoformat()}'"


def columns_of(shape: FactShape) -> dict[str, str]:
    """The columns an expression of a clause may use."""
    return {**{name: one.type for name, one in STANDING.items()}, **shape.types()}


def expression_sql(text: str, shape: FactShape, as_of: date) -> str:
    """An expression of the catalogue as SQL, with the day asked about filled in."""
    compiled = compile_expression(text, columns_of(shape))
    return compiled.sql("duckdb").replace("$as_of", day_sql(as_of))


def found_sql(text: str, shape: FactShape) -> str:
    """The values an expression saw, as “标签=值” pairs."""
    used = compile_expression(text, columns_of(shape)).columns
    labels = {**{name: one.label for name, one in STANDING.items()}}
    labels.update({name: one.label for name, one in shape.columns.items()})
    parts = [
        f"{text_sql(labels[name] + '=')} || coalesce(cast(\"{name}\" as VARCHAR), '（空）')" for name in used
    ]
    return " || '，' || ".join(parts) or "''"


def region_prefix(code: str) -> str:
    """The part of a region code that everything below it shares: 370700 → 3707."""
    while code.endswith("00"):
        code = code[:-2]
    return code


class ClauseCompiler:
    """Builds the SQL of one clause; the steps follow the order they are applied in."""

    def __init__(
        self, clause: Clause, policy: Policy, shape: FactShape, *, as_of: date, tables: frozenset[str]
    ) -> None:
        self.clause, self.policy, self.shape = clause, policy, shape
        self.as_of, self.tables = as_of, tables
        self.types = columns_of(shape)

    def governs(self, index: int) -> tuple[str, str]:
        """Which event days a version answers for, and on which of them it is in force."""
        versions, version, day = self.clause.versions, self.clause.versions[index], "z_day"
        rows = [f"{day} <= {day_sql(self.as_of)}"]
        if index:
            rows.append(f"{day} >= {day_sql(version.since)}")
        if index + 1 < len(versions):
            rows.append(f"{day} < {day_sql(versions[index + 1].since)}")
        taken = " and ".join(rows)
        if not index:
            taken = f"(z_day is null or ({taken}))"
        ok = f"{day} >= {day_sql(version.since)}"
        return taken, ok + (f" and {day} <= {day_sql(version.until)}" if version.until else "")

    def negative_sql(self, version: Version) -> str:
        """Whether the beneficiary is free of the negative list; unknown without the list."""
        wanted = version.negative_list
        if wanted is None or "negative_list" not in self.tables:
            return "cast(null as BOOLEAN)"
        kinds = ", ".join(text_sql(one) for one in wanted.kinds)
        return (
            "coalesce((select count(*) from negative_list n where n.beneficiary = z_who"
            f" and n.kind in ({kinds}) and n.from_on <= z_day"
            f" and (n.until_on is null or n.until_on + interval '{wanted.years} years' > z_day)), 0) = 0"
        )

    def window_sql(self, version: Version) -> str:
        """Whether the application came within the window of its year; unknown without one."""
        column = f'"{version.application}"'
        if not self.policy.windows:
            return f"case when {column} is not null then true end"
        cases = " ".join(
            f"when {one.year} then {column} between {day_sql(one.opens)} and {day_sql(one.closes)}"
            for one in self.policy.windows
        )
        return f"case year(z_day) {cases} end"

    def checks(self, version: Version, in_force: str) -> tuple[Check, ...]:
        """Every per-fact condition, in the order it is printed."""
        shape, policy = self.shape, self.policy
        day = "coalesce(cast(z_day as VARCHAR), '（空）')"
        trigger = expression_sql(version.when, shape, self.as_of)
        found = [
            Check("version", "事件日有适用的条款版本", in_force, day),
            Check("trigger", "触发条件成立", f"({trigger})", found_sql(version.when, shape)),
            Check("holder", "受益人明确", "case when z_who is not null then true end", "'（空）'"),
        ]
        if policy.region:
            inside = f"starts_with(region, {text_sql(region_prefix(policy.region))})"
            found.append(Check("region", f"属于 {policy.region} 辖区", inside, "coalesce(region, '（空）')"))
        kinds = ", ".join(text_sql(one) for one in self.clause.payee.kinds)
        found.append(Check("kind", "属于奖励对象", f"z_kind in ({kinds})", "coalesce(z_kind, '（空）')"))
        if shape.ended:
            ended = f'("{shape.ended}" is null or "{shape.ended}" > {day_sql(self.as_of)})'
            found.append(Check("ended", "未被撤销", ended, f'cast("{shape.ended}" as VARCHAR)'))
        if policy.valid_from or policy.valid_to:
            low = day_sql(policy.valid_from or date.min.replace(year=1900))
            high = day_sql(policy.valid_to or date(9999, 12, 31))
            found.append(Check("validity", "在政策有效期内", f"z_day between {low} and {high}", day))
        if version.application:
            applied = f"coalesce(cast(\"{version.application}\" as VARCHAR), '（空）')"
            found.append(Check("window", "在申报期内申报", self.window_sql(version), applied))
        if version.negative_list:
            text = f"在负面清单之外（{version.negative_list.years} 年内）"
            found.append(Check("negative_list", text, self.negative_sql(version), "coalesce(z_who, '')"))
        for one in version.requires:
            test = expression_sql(one.when, shape, self.as_of)
            found.append(Check("requirement", one.words, f"({test})", found_sql(one.when, shape)))
        bases = " || '，' || ".join(found_sql(one, shape) for one in expressions_of(version.amount))
        found.append(Check("amount", "能算出金额", "z_amount > 0", bases or "''"))
        return tuple(found)

    def rows_sql(self, rule: Rule, taken: str) -> str:
        """All rows of one version: facts, joined with what else is needed, judged and priced."""
        priced = amount_sql(rule.version.amount, self.types)
        trigger = next(one.ok for one in rule.checks if one.code == "trigger")
        bits = range(len(rule.checks))
        held = ", ".join(f"{one.ok} as z_{i}" for i, one in enumerate(rule.checks))
        fail = " | ".join(f"case when z_{i} is false then {1 << i} else 0 end" for i in bits)
        missing = " | ".join(f"case when z_{i} is null then {1 << i} else 0 end" for i in bits)
        found = ", ".join(f"case when z_{i} is not true then {rule.checks[i].found} end" for i in bits)
        all_true = " and ".join(f"z_{i}" for i in bits)
        priced_sql = ", ".join(self._priced(priced))
        return (
            f"select {rule.number}::INTEGER as rule, {rule.clause_number}::INTEGER as clause, fact,"
            " z_who as beneficiary, z_kind as kind, z_day as event_date, z_object as object, region,"
            f" z_weight as weight, ({fail})::BIGINT as fail, ({missing})::BIGINT as missing,"
            f" case when {all_true} then '' else concat_ws({BREAK}, {found}) end as found,"
            " z_base as base, z_gross as gross, z_amount as amount\n"
            f"from (select *, {held} from (select f.*, {priced_sql}"
            f" from ({self._payee_sql()}) f{self._upper_sql(rule.version)}\n"
            f"  where {self._pinned_sql(rule.version)}{taken} and {trigger} is not false))"
        )

    def _pinned_sql(self, version: Version) -> str:
        """What the trigger implies about single columns, in a form DuckDB can skip blocks of rows by."""
        pinned = literals(compile_expression(version.when, self.types).tree)
        return "".join(
            f'("{column}" in ({", ".join(text_sql(one) for one in sorted(values))}) or "{column}" is null) and '
            for column, values in pinned.items()
            if values and self.types[column] == "text"
        )

    def _priced(self, priced: AmountSql) -> tuple[str, ...]:
        return (
            f"cast({priced.base} as DECIMAL(38,10)) as z_base",
            f"cast({priced.gross} as {MONEY}) as z_gross",
            f"cast({priced.amount} as {MONEY}) as z_amount",
        )

    def _payee_sql(self) -> str:
        """One row per fact and beneficiary."""
        subject = f't."{self.clause.object}"' if self.clause.object else "cast(null as VARCHAR)"
        common = f't."{self.shape.date}" as z_day, cast({subject} as VARCHAR) as z_object'
        table = f"fact_{self.shape.id}"
        payee = self.clause.payee
        if payee.mode == "split":
            unit, person = payee.split
            who = "case when z_part = 0 then organisation else person end"
            kind = f"case when z_part = 0 then {UNIT} else 'person' end"
            parts = f"(values (0, {unit}::BIGINT), (1, {person}::BIGINT)) parts(z_part, z_weight)"
            return f"select *, {common}, {who} as z_who, {kind} as z_kind from {table} t, {parts}"
        if payee.mode == "owners":
            weight = "cast(coalesce(o.share, 1) * 1000000 as BIGINT)"
            return (
                f"select t.*, {common}, o.beneficiary as z_who, o.kind as z_kind, {weight} as z_weight"
                f" from {table} t join owners o on o.fact = t.fact"
            )
        kind = (
            "coalesce(holder_kind, case when organisation is null and person is not null then 'person' end)"
        )
        return f"select *, {common}, {WHO} as z_who, {kind} as z_kind, 1::BIGINT as z_weight from {table} t"

    def _upper_sql(self, version: Version) -> str:
        """Joins to what upper levels have paid for the same matter."""
        return "".join(self._one_upper(version, one) for one in matches_of(version.amount))

    def _one_upper(self, version: Version, match: Match) -> str:
        matter = version.same_matter.group if version.same_matter else self.clause.id
        source = (
            "(select beneficiary as z_payee, coalesce(object, '') as z_upper_object, sum(amount) as z_upper from payments"
            f" where level = {text_sql(match.level)} and matter = {text_sql(matter)}"
            f" and paid_on <= {day_sql(self.as_of)} group by all)"
        )
        name = f"upper_{match.level}"
        return (
            f"\n  left join {source} {name} on {name}.z_payee = f.z_who"
            f" and {name}.z_upper_object = coalesce(f.z_object, '')"
        )


def history_sql(rows: str, rules: list[Rule], clause: Clause) -> str:
    """Add the conditions that need more than one fact: 首次, 新获评, 一次性, and shares among payees."""

    def numbers(condition: str) -> str:
        return ", ".join(str(one.number) for one in rules if getattr(one.version, condition))

    def guard(condition: str, window: str, bit: int, *, clean: str = "true") -> str:
        nth = f"row_number() over (partition by {window} order by event_date, fact)"
        # the first day of the same sorted window: a second window would be a second sort
        earliest = f"first_value(event_date) over (partition by {window} order by event_date, fact)"
        hit = f"(rule in ({numbers(condition)}) and {clean} and z_nth > 1)"
        found = f"case when {hit} then concat_ws({BREAK}, nullif(found, ''), cast(z_first as VARCHAR)) else found end"
        return (
            f"select * exclude (z_nth, z_first) replace (case when {hit} then fail | {1 << bit} else fail end"
            f" as fail, {found} as found)"
            f" from (select *, {nth} as z_nth, {earliest} as z_first from ({rows}))"
        )

    clean = "(fail = 0 and missing = 0)"
    if numbers("first_time"):
        rows = guard("first_time", "beneficiary", FIRST)
    if numbers("newly_awarded"):
        rows = guard("newly_awarded", "beneficiary, object", NEWLY)
    if numbers("once"):
        rows = guard("once", f"beneficiary, object, {clean}", ONCE, clean=clean)
    if clause.payee.mode in {"split", "owners"}:
        rows = _shares_sql(rows)
    return rows


def _shares_sql(rows: str) -> str:
    """Split each fact's amount among its payees by largest remainder."""
    cents = "cast(amount * 100 as HUGEINT)"
    whole = "sum(weight) over (partition by rule, fact)"
    ranked = "row_number() over (partition by rule, fact order by z_rest desc, kind, beneficiary)"
    spare = "z_cents - sum(z_part) over (partition by rule, fact)"
    part = f"z_part + case when {ranked} <= {spare} then 1 else 0 end"
    return (
        "select * exclude (z_cents, z_whole, z_part, z_rest)"
        f" replace (cast(cast({part} as DECIMAL(20,0)) * 0.01 as {MONEY}) as amount)"
        " from (select *, z_cents * weight // z_whole as z_part, z_cents * weight % z_whole as z_rest"
        f" from (select *, {cents} as z_cents, {whole} as z_whole from ({rows})))"
    )


def uncovered_sql(program: Program, policy: Policy, fact: str, number: int, as_of: date) -> str:
    """Facts in the policy's field that no clause of it speaks about."""
    shape = program.facts[fact]
    whens = [
        version.when for one in program.clauses if one.policy == policy.id and one.fact == fact
        for version in one.versions
    ]  # fmt: skip
    tests = [f"({expression_sql(policy.scope[fact], shape, as_of)})"]
    tests += [f"({expression_sql(one, shape, as_of)}) is false" for one in dict.fromkeys(whens)]
    kind = "coalesce(holder_kind, case when organisation is null and person is not null then 'person' end)"
    return (
        f"select {-1 - number}::INTEGER as rule, -1::INTEGER as clause, fact, {WHO} as beneficiary,"
        f' {kind} as kind, "{shape.date}" as event_date, cast(null as VARCHAR) as object, region,'
        " 1::BIGINT as weight, 1::BIGINT as fail, 0::BIGINT as missing,"
        f" {found_sql(policy.scope[fact], shape)} as found, cast(null as DECIMAL(38,10)) as base,"
        f" cast(null as {MONEY}) as gross, cast(0 as {MONEY}) as amount from fact_{fact}"
        f' where {" and ".join(tests)} and "{shape.date}" <= {day_sql(as_of)}'
    )


def compile_program(program: Program, *, as_of: date, tables: frozenset[str]) -> Compiled:
    """Compile every clause whose fact table is there.

    Args:
        program: the documents and clauses.
        as_of: the day asked about; later events are not known yet.
        tables: names of the fact tables that were supplied.

    Returns:
        The rules by number and the SQL of each clause and of each policy's uncovered facts.

    Raises:
        Refusal: an expression of a clause is not allowed or not exact.
    """
    rules: list[Rule] = []
    clauses: dict[str, str] = {}
    for place, clause in enumerate(program.clauses):
        policy, shape = program.policies[clause.policy], program.facts[clause.fact]
        compiler = ClauseCompiler(clause, policy, shape, as_of=as_of, tables=tables)
        own: list[Rule] = []
        selects: list[str] = []
        for index, version in enumerate(clause.versions):
            taken, in_force = compiler.governs(index)
            rule = Rule(len(rules), place, clause, version, policy, compiler.checks(version, f"({in_force})"))
            rules.append(rule)
            own.append(rule)
            selects.append(compiler.rows_sql(rule, taken))
        if needed_tables(clause) <= tables:
            clauses[clause.id] = history_sql("\nunion all\n".join(selects), own, clause)
    uncovered = {
        f"{policy.id}/{fact}": uncovered_sql(program, policy, fact, number, as_of)
        for number, policy in enumerate(program.policies.values())
        for fact in policy.scope
        if fact in tables
    }
    return Compiled(program, tuple(rules), clauses, uncovered, as_of, tables)


def needed_tables(clause: Clause) -> set[str]:
    """The tables without which a clause can tell nothing at all."""
    needed = {clause.fact}
    if clause.payee.mode == "owners":
        needed.add("owners")
    if any(matches_of(one.amount) for one in clause.versions):
        needed.add("payments")
    return needed


def last_day(version: Version, following: Version | None) -> date | None:
    """The last event day a version governs, None while it stands."""
    ends = [version.until] if version.until else []
    if following:
        ends.append(following.since - timedelta(days=1))
    return min(ends, default=None)
