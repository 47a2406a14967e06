"""From a clause to SQL: every fact that triggers it becomes one row, judged, with its amount."""

# ruff: noqa: S608 - every part of the SQL is a checked expression, a number or a quoted text

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from zhicheng.engines.incentives.amounts import MONEY, AmountSql, amount_sql, expressions_of, matches_of
from zhicheng.engines.incentives.compiled import BREAK, Check, ClauseSql, Compiled, Rule
from zhicheng.engines.incentives.expressions import compile_expression, is_pinned, literals
from zhicheng.engines.incentives.rules import (
    FRAUD,
    LISTED,
    Choose,
    Clause,
    FactShape,
    Match,
    NegativeList,
    Policy,
    Program,
    Version,
)
from zhicheng.engines.incentives.tables import KIND_CODES, STANDING, text_sql
from zhicheng.kernel.refusals import Refusal
from zhicheng.kernel.regions import prefix as region_prefix

DAY = "coalesce(cast(z_day as VARCHAR), '（空）')"
UNIT = "coalesce(nullif(holder_kind, 'person'), 'enterprise')"


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


def base_sql(rule: Rule, shape: FactShape) -> str:
    """The base of a rule's amount, read from its fact."""
    return amount_sql(rule.version.amount, columns_of(shape)).base


def asked_columns(clause: Clause, shape: FactShape) -> set[str]:
    """The columns of its fact that a clause speaks about."""
    found = {shape.date, shape.ended, clause.object}
    for version in clause.versions:
        found.add(version.application)
        texts = (version.when, *(one.when for one in version.requires), *expressions_of(version.amount))
        for text in texts:
            found.update(compile_expression(text, columns_of(shape)).columns)
    return found - {""}


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

    def negative_check(self, version: Version, wanted: NegativeList) -> Check:
        """Free of the negative list; says which rule sets the years, and the entry that stands in the way."""
        said = f"条款 {version.since} 版规定"
        if wanted.years is None and FRAUD in wanted.kinds:
            said = f"条款 {version.since} 版没有写年数，骗取的按本市兑付设置"
        elif FRAUD in wanted.kinds:
            said += f"移出或查实骗取后 {wanted.years} 年内也不予兑付"
        else:
            said += f"移出后 {wanted.years} 年内也不予兑付"
        words = "在负面清单之外" + (f"（{said}）" if wanted.years or FRAUD in wanted.kinds else "")
        if "negative_list" not in self.tables:
            return Check("negative_list", words, "cast(null as BOOLEAN)", "coalesce(z_who, '')")
        after = f" + interval '{wanted.years} years'" if wanted.years else ""
        from_fraud = f"n.from_on{after}" if wanted.years is not None else "n.until_on"
        until = (
            f"cast(case when n.kind = {text_sql(FRAUD)} then {from_fraud} else n.until_on{after} end as DATE)"
        )
        kinds = ", ".join(text_sql(one) for one in wanted.kinds)
        hits = (
            f"from negative_list n where n.beneficiary = z_who and n.kind in ({kinds}) and n.from_on <= z_day"
            f" and ({until} is null or {until} > z_day)"
        )
        named = " ".join(f"when {text_sql(key)} then {text_sql(word)}" for key, word in LISTED.items())
        entry = (
            f"case n.kind {named} else n.kind end || '：' || cast(n.from_on as VARCHAR) || ' 起'"
            f" || coalesce('，至 ' || cast({until} as VARCHAR), '')"
        )
        seen = f"coalesce((select max({entry}) {hits}), '')"
        return Check("negative_list", words, f"coalesce((select count(*) {hits}), 0) = 0", seen)

    def applied_sql(self, version: Version) -> str:
        """The day of application: the fact's own column, else the first accepted application under this clause."""
        column = f'"{version.application}"'
        if "applications" not in self.tables:
            return column
        # the inner columns are renamed, so that `fact` and `z_who` are those of the row that is judged
        own = (
            "select subject as z_subject, beneficiary as z_applicant, applied_on as z_applied from applications"
            f" where clause = {text_sql(self.clause.id)} and applied_on <= {day_sql(self.as_of)}"
        )
        first = f"(select min(z_applied) from ({own}) where z_subject = fact and z_applicant = z_who)"
        return f"coalesce({column}, {first})"

    def window_sql(self, version: Version) -> str:
        """Whether the application came within the window of its year; unknown without one."""
        column = self.applied_sql(version)
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
        found = self._whose(version, in_force)
        if shape.ended:
            ended = f'("{shape.ended}" is null or "{shape.ended}" > {day_sql(self.as_of)})'
            found.append(Check("ended", "未被撤销", ended, f'cast("{shape.ended}" as VARCHAR)'))
        if policy.valid_from or policy.valid_to:
            low = day_sql(policy.valid_from or date.min.replace(year=1900))
            high = day_sql(policy.valid_to or date(9999, 12, 31))
            found.append(Check("validity", "在政策有效期内", f"z_day between {low} and {high}", DAY))
        if version.application:
            applied = f"coalesce(cast({self.applied_sql(version)} as VARCHAR), '（空）')"
            found.append(Check("window", "在申报期内申报", self.window_sql(version), applied))
        if version.negative_list:
            found.append(self.negative_check(version, version.negative_list))
        for one in version.requires:
            test = expression_sql(one.when, shape, self.as_of)
            found.append(Check("requirement", one.words, f"({test})", found_sql(one.when, shape)))
        bases = " || '，' || ".join(found_sql(one, shape) for one in expressions_of(version.amount))
        found.append(Check("amount", "能算出金额", "z_amount > 0", bases or "''"))
        return tuple(found)

    def _whose(self, version: Version, in_force: str) -> list[Check]:
        """The conditions on the event and its holder."""
        trigger = expression_sql(version.when, self.shape, self.as_of)
        seen, quick = found_sql(version.when, self.shape), self._quick(version)
        known = "case when z_who is not null then true end"
        found = [
            Check("version", "事件日有适用的条款版本", in_force, DAY),
            Check("trigger", "触发条件成立", f"({trigger})", seen, quick),
            Check("holder", "受益人明确", known, "'（空）'", "z_code > 0"),
        ]
        if region := self.policy.region:
            inside = f"starts_with(region, {text_sql(region_prefix(region))})"
            found.append(Check("region", f"属于 {region} 辖区", inside, "coalesce(region, '（空）')"))
        kinds = ", ".join(text_sql(one) for one in self.clause.payee.kinds)
        codes = ", ".join(str(KIND_CODES[one]) for one in self.clause.payee.kinds)
        ours, seen = f"z_kind in ({kinds})", "coalesce(z_kind, '（空）')"
        return [*found, Check("kind", "属于奖励对象", ours, seen, f"z_code in ({codes})")]

    def rows_sql(self, rule: Rule, taken: str, table: str) -> str:
        """All rows of one version: facts, joined with what else is needed, judged and priced."""
        bits = range(len(rule.checks))
        held = ", ".join(f"{one.ok} as z_{i}" for i, one in enumerate(rule.checks))
        fail = " | ".join(f"case when z_{i} is false then {1 << i} else 0 end" for i in bits)
        missing = " | ".join(f"case when z_{i} is null then {1 << i} else 0 end" for i in bits)
        found = ", ".join(f"case when z_{i} is not true then {rule.checks[i].found} end" for i in bits)
        all_true = " and ".join(f"z_{i}" for i in bits)
        return (
            f"select {rule.number}::INTEGER as rule, {rule.clause_number}::INTEGER as clause, fact,"
            " z_who as beneficiary, z_kind as kind, z_day as event_date, z_object as object, region,"
            f" ({fail})::BIGINT as fail, ({missing})::BIGINT as missing,"
            f" case when {all_true} then '' else concat_ws({BREAK}, {found}) end as found,"
            " z_base as base, z_gross as gross, z_amount as amount, z_weight as weight\n"
            f"from (select *, {held} from ({self._priced_sql(rule, taken, table)}))"
        )

    def bare_sql(self, rule: Rule, taken: str) -> str:
        """A narrow row per fact of one version, for the holder of the fact: where it lies, if it holds, how much."""
        sound = " and ".join(one.quick or one.ok for one in rule.checks)
        priced = amount_sql(rule.version.amount, self.types)
        # one flat select: of forty clauses over a small register, nested ones cost more to plan than to run
        return (
            f"select {rule.number}::INTEGER as z_rule, {rule.clause_number}::INTEGER as z_clause, rowid as z_place,"
            f' z_number, {self._object} as z_object, "{self.shape.date}" as z_day,'
            f" cast({priced.gross} as {MONEY}) as z_gross, cast({priced.amount} as {MONEY}) as z_amount,"
            f" coalesce({sound}, false) as z_sound from fact_{self.shape.id} t where {self._taken_sql(rule, taken)}"
        )

    def again_table(self, number: int) -> str:
        """The facts of the clause that have to be judged beside others or told why not."""
        return f"(select * from again_{self.shape.id} where z_clause = {number})"

    @property
    def _object(self) -> str:
        """The object of a fact."""
        return f'cast(t."{self.clause.object}" as VARCHAR)' if self.clause.object else "cast(null as VARCHAR)"

    def _quick(self, version: Version) -> str:
        """The trigger where `_taken_sql` has seen to the texts already; empty when it asks for more than texts."""
        tree = compile_expression(version.when, self.types).tree
        pinned = literals(tree)
        if not is_pinned(tree) or any(self.types[column] != "text" for column in pinned):
            return ""
        return " and ".join(f'"{column}" is not null' for column in pinned)

    def _priced_sql(self, rule: Rule, taken: str, table: str) -> str:
        """Facts that may trigger a version, with beneficiary, day, object and amount."""
        priced = ", ".join(self._priced(amount_sql(rule.version.amount, self.types)))
        return (
            f"select f.*, {priced} from ({self._payee_sql(table)}) f{self._upper_sql(rule.version)}\n"
            f"  where {self._taken_sql(rule, taken)}"
        )

    def _taken_sql(self, rule: Rule, taken: str) -> str:
        """Which facts a version answers for: its days, and a trigger that holds or cannot be told."""
        trigger = next(one for one in rule.checks if one.code == "trigger")
        more = "" if trigger.quick else f" and {trigger.ok} is not false"
        return f"{self._pinned_sql(rule.version)}{taken}{more}"

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

    def _payee_sql(self, table: str) -> str:
        """One row per fact and beneficiary."""
        common = f't."{self.shape.date}" as z_day, {self._object} as z_object'
        payee = self.clause.payee
        if payee.mode == "split":
            unit, person = payee.split
            who = "case when z_part = 0 then organisation else person end"
            kind = f"case when z_part = 0 then {UNIT} else 'person' end"
            parts = f"(values (0, {unit}::BIGINT), (1, {person}::BIGINT)) parts(z_part, z_weight)"
            return f"select {self._held_sql(who, kind)}, {common}, z_weight from {table} t, {parts}"
        if payee.mode == "owners":
            weight = "cast(coalesce(o.share, 1) * 1000000 as BIGINT)"
            return (
                f"select {self._held_sql('o.beneficiary', 'o.kind')}, {common}, {weight} as z_weight"
                f" from {table} t join owners o on o.fact = t.fact"
            )
        return f"select *, {common}, 1::BIGINT as z_weight from {table} t"

    def _held_sql(self, who: str, kind: str) -> str:
        """All columns of a fact, held by somebody else."""
        own = ", ".join(f't."{column}"' for column in self.types)
        return f"{own}, {who} as z_who, {kind} as z_kind"

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


def uncovered_sql(program: Program, policy: Policy, fact: str, number: int, as_of: date) -> str:
    """Facts in the policy's field that no clause of it speaks about."""
    shape = program.facts[fact]
    whens = [
        version.when for one in program.clauses if one.policy == policy.id and one.fact == fact
        for version in one.versions
    ]  # fmt: skip
    tests = [f"({expression_sql(policy.scope[fact], shape, as_of)})"]
    tests += [f"({expression_sql(one, shape, as_of)}) is false" for one in dict.fromkeys(whens)]
    return (
        f"select {-1 - number}::INTEGER as rule, -1::INTEGER as clause, fact, z_who as beneficiary,"
        f' z_kind as kind, "{shape.date}" as event_date, cast(null as VARCHAR) as object, region,'
        " 1::BIGINT as fail, 0::BIGINT as missing,"
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
    clauses: dict[str, ClauseSql] = {}
    for place, clause in enumerate(program.clauses):
        policy, shape = program.policies[clause.policy], program.facts[clause.fact]
        _refuse_half_matched(clause)
        compiler = ClauseCompiler(clause, policy, shape, as_of=as_of, tables=tables)
        own: list[tuple[Rule, str]] = []
        for index, version in enumerate(clause.versions):
            taken, in_force = compiler.governs(index)
            checks = compiler.checks(version, f"({in_force})")
            own.append((Rule(len(rules) + index, place, clause, version, policy, checks), taken))
        rules.extend(rule for rule, _ in own)
        if needed_tables(clause) <= tables:
            clauses[clause.id] = clause_sql(compiler, own, place)
    uncovered = {
        f"{policy.id}/{fact}": uncovered_sql(program, policy, fact, number, as_of)
        for number, policy in enumerate(program.policies.values())
        for fact in policy.scope
        if fact in tables
    }
    return Compiled(program, tuple(rules), clauses, uncovered, as_of, tables)


def _refuse_half_matched(clause: Clause) -> None:
    """A fact's amount is shared among its payees, a match is each payee's own: one clause cannot be both."""
    for version in clause.versions:
        amount = version.amount
        mixed = isinstance(amount, Choose) and any(not matches_of(one) for _, one in amount.cases)
        if clause.payee.mode != "holder" and mixed and matches_of(amount):
            raise Refusal(
                f"条款 {clause.id}（{version.since} 版）由几个受益人分配，金额却只有一部分是配套。",
                fix="请把配套写成另一条款。",
            )


def clause_sql(compiler: ClauseCompiler, rules: Sequence[tuple[Rule, str]], number: int) -> ClauseSql:
    """All forms a clause is asked in; each rule comes with the event days it answers for."""

    def judged(table: str) -> dict[int, str]:
        return {one.number: compiler.rows_sql(one, taken, table) for one, taken in rules}

    return ClauseSql(
        every=judged(f"fact_{compiler.shape.id}"),
        again=judged(compiler.again_table(number)),
        bare={one.number: compiler.bare_sql(one, taken) for one, taken in rules},
    )


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
