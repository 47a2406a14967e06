"""Evaluations kept in memory: one run over one snapshot, catalogue and day, asked page by page."""

from __future__ import annotations

# ruff: noqa: S608 - only quoted texts, numbers and names of this package stand in the statements
import json
import os
import threading
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import OrderedDict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings
from django.db.models import Count, Max

from zhicheng.apps.figures.public import current_snapshot
from zhicheng.apps.incentives.batches.matters import who_of
from zhicheng.apps.incentives.models import Clawback, PaymentOrder
from zhicheng.apps.incentives.runs.ledger_facts import facts_of, names_for
from zhicheng.apps.incentives.runs.supplied import stated_in, with_stated
from zhicheng.catalogue.policy_loader import EXAMPLES, POLICIES, load_policies
from zhicheng.engines.incentives.answers import Outcome, answers
from zhicheng.engines.incentives.evaluation import Run, evaluate
from zhicheng.engines.incentives.explaining import explain
from zhicheng.engines.incentives.progress import Told, nobody
from zhicheng.engines.incentives.rules import FRAUD, Program
from zhicheng.engines.incentives.tables import Source, text_sql
from zhicheng.kernel.refusals import NotFound, Refusal
from zhicheng.kernel.regions import prefix as region_prefix

KEPT = 4
MOST_NAMED = 5000
PAGE = 50
STATUS = (
    "case when rule < 0 or fail & 1 = 1 then 'no_rule' when fail <> 0 then 'not_entitled'"
    " when missing <> 0 then 'cannot_tell' when after_budget > 0 then 'entitled' else 'not_entitled' end"
)
PLACE = "(clause, coalesce(event_date, DATE '9999-12-31'), fact, coalesce(beneficiary, ''), rule)"


@dataclass(frozen=True)
class Asked:
    """What somebody wants to see of an evaluation."""

    policy: str = ""
    clause: str = ""
    status: str = ""
    regions: tuple[str, ...] | None = None
    year: int | None = None
    words: str = ""
    beneficiaries: tuple[str, ...] | None = None
    fact: str = ""


@dataclass(frozen=True)
class Page:
    """One page of outcomes and where to go on."""

    outcomes: list[Outcome]
    following: str
    total: int


@dataclass
class Evaluation:
    """A finished run with the names of the organisations it speaks about."""

    program: Program
    run: Run
    snapshot: str
    as_of: date
    sources: dict[str, Source]
    names: dict[str, str]
    lock: threading.RLock = field(default_factory=threading.RLock)

    def where_sql(self, asked: Asked) -> str:
        """The condition that keeps what was asked for."""
        parts = ["true"]
        clauses = self.program.clauses
        if asked.clause:
            wanted = [n for n, one in enumerate(clauses) if one.id == asked.clause]
            parts.append(f"clause in ({', '.join(map(str, wanted)) or '-9'})")
        elif asked.policy:
            wanted = [n for n, one in enumerate(clauses) if one.policy == asked.policy]
            uncovered = [-1 - n for n, name in enumerate(self.program.policies) if name == asked.policy]
            parts.append(
                f"(clause in ({', '.join(map(str, wanted)) or '-9'}) or rule in ({', '.join(map(str, uncovered)) or '-9'}))"
            )
        if asked.status:
            parts.append(f"{STATUS} = {text_sql(asked.status)}")
        if asked.regions is not None:
            inside = [
                f"starts_with(coalesce(region, ''), {text_sql(region_prefix(one))})" for one in asked.regions
            ]
            parts.append(f"({' or '.join(inside) or 'false'})")
        if asked.year is not None:
            parts.append(f"year(event_date) = {int(asked.year)}")
        if asked.beneficiaries is not None:
            chosen = ", ".join(text_sql(one) for one in asked.beneficiaries)
            parts.append(f"beneficiary in ({chosen})" if chosen else "false")
        if asked.fact:
            parts.append(f"fact = {text_sql(asked.fact)}")
        if asked.words:
            named = [key for key, name in self.names.items() if asked.words in name]
            if len(named) > MOST_NAMED:
                raise Refusal(
                    f"名称含“{asked.words[:20]}”的主体有 {len(named)} 个，超过 {MOST_NAMED} 个。",
                    fix="请写得更具体，或用信用代码。",
                )
            among = ", ".join(text_sql(one) for one in named) or "''"
            parts.append(
                f"(contains(fact, {text_sql(asked.words)}) or beneficiary = {text_sql(asked.words)} or beneficiary in ({among}))"
            )
        return " and ".join(parts)

    def page(self, asked: Asked, *, after: str = "", size: int = PAGE) -> Page:
        """One page of outcomes in the fixed order."""
        where = self.where_sql(asked)
        with self.lock:
            ((total,),) = self.run.query(f"select count(*) from {self.run.table} where {where}")
            beyond = f" and {PLACE} > {_cursor_sql(after)}" if after else ""
            found = list(answers(self.run, where=where + beyond, untold=False, limit=size + 1))
            following = ""
            if len(found) > size:
                last = next(iter(self._rules(where + beyond, size)))
                following = urlsafe_b64encode(json.dumps(last).encode()).decode()
        return Page(found[:size], following, total)

    def _rules(self, where: str, size: int) -> list[list[Any]]:
        rows = self.run.query(
            f"select clause, cast(coalesce(event_date, DATE '9999-12-31') as varchar), fact, coalesce(beneficiary, ''), rule"
            f" from {self.run.table} where {where} order by {PLACE[1:-1]} limit 1 offset {size - 1}"
        )
        return [list(row) for row in rows]

    def all(self, asked: Asked, *, untold: bool = False) -> Iterator[Outcome]:
        """Every outcome asked for."""
        with self.lock:
            yield from list(answers(self.run, where=self.where_sql(asked), untold=untold))

    def totals(self, asked: Asked) -> list[tuple[str, str, int, Decimal]]:
        """Clause, status, how many and how much."""
        names = [one.id for one in self.program.clauses]
        with self.lock:
            rows = self.run.query(
                f"select clause, {STATUS} as s, count(*), coalesce(sum(after_budget) filter ({STATUS} = 'entitled'), 0)"
                f" from {self.run.table} where {self.where_sql(asked)} group by clause, s order by clause, s"
            )
        return [(names[one[0]] if one[0] >= 0 else "", one[1], one[2], Decimal(one[3])) for one in rows]

    def explain(self, beneficiary: str, clause: str | None = None) -> list[Outcome]:
        """Everything about one beneficiary, also what nothing triggered."""
        with self.lock:
            return explain(self.run, beneficiary, clause=clause)

    def rows_of(
        self, name: str, columns: Sequence[str], *, facts: Collection[str] | None = None
    ) -> list[tuple[Any, ...]]:
        """Columns of a fact as its source has them, of all its rows or of some facts by their names."""
        table = self.sources.get(name)
        if not isinstance(table, pa.Table):
            return []
        if facts is not None and "fact" in table.column_names:
            column = table.column("fact")
            table = table.filter(pc.is_in(column, pa.array(sorted(facts), column.type)))
        present = [one for one in columns if one in table.column_names]
        lists = [
            table.column(one).to_pylist() if one in present else [None] * table.num_rows for one in columns
        ]
        return list(zip(*lists, strict=True))

    def beneficiary_of(self, words: str) -> str:
        """The identity behind a code, a ledger id or a name.

        Raises:
            NotFound: nobody is called that, or several are.
        """
        if words in self.names:
            return words
        exact = [key for key, name in self.names.items() if name == words]
        near = exact or [key for key, name in self.names.items() if words in name]
        if len(near) == 1:
            return near[0]
        if near:
            shown = "、".join(f"{self.names[key]}（{key}）" for key in near[:5])
            raise NotFound(f"“{words}”对应 {len(near)} 个主体。", fix=f"请写全称或信用代码，如：{shown}。")
        with self.lock:
            known = self.run.query(
                f"select 1 from {self.run.table} where beneficiary = {text_sql(words)} limit 1"
            )
        if known:
            return words
        raise NotFound(f"没有主体“{words}”。", fix="请写信用代码、台账编号或名称，并核对是否已入台账。")


def _cursor_sql(after: str) -> str:
    try:
        clause, day, fact, who, rule = json.loads(urlsafe_b64decode(after.encode()))
        place = f"({int(clause)}, DATE '{date.fromisoformat(day)}', {text_sql(str(fact))}, {text_sql(str(who))}, {int(rule)})"
    except (ValueError, TypeError) as error:
        raise Refusal("翻页位置不对。", fix="请回到第一页。") from error
    return place


_kept: OrderedDict[tuple[Any, ...], Evaluation] = OrderedDict()
_making = threading.Lock()


def folders(*, examples: bool = False) -> list[Path]:
    """The catalogues in use: built in, examples when asked for, and the city's own last.

    The city's own lies where ZHICHENG_CATALOGUE says, by default in `catalogue` of the data folder.
    """
    own = Path(os.environ.get("ZHICHENG_CATALOGUE", "") or Path(settings.ZHICHENG_HOME) / "catalogue")
    city = own / "policies"
    return [POLICIES, *([EXAMPLES] if examples else []), *([city] if city.is_dir() else [])]


def _stamp(paths: Sequence[Path]) -> tuple[Any, ...]:
    return tuple(
        (str(one), one.stat().st_mtime_ns) for folder in paths for one in sorted(folder.rglob("*.yaml"))
    )


_programs: dict[tuple[Any, ...], Program] = {}


def current_program(*, examples: bool = False) -> Program:
    """The catalogue as it stands on disk, read again when a file changes."""
    used = folders(examples=examples)
    key = _stamp(used)
    if key not in _programs:
        _programs.clear() if len(_programs) > 4 else None
        _programs[key] = load_policies(used)
    return _programs[key]


def own_payments() -> list[dict[str, object]]:
    """What this software has paid, as the engine's fact table of payments knows it; clawed-back money is not paid."""
    rows = (
        PaymentOrder.objects.filter(status=PaymentOrder.Status.PAID)
        .exclude(entitlement__status="recovered")
        .select_related("entitlement", "entitlement__organisation")
    )
    return [
        {
            "fact": one.number,
            "beneficiary": _identity(one.entitlement),
            "clause": one.entitlement.clause,
            "matter": one.entitlement.clause,
            "object": one.entitlement.object or None,
            "level": "city" if one.payer_region.endswith("00") else "county",
            "amount": str(one.amount),
            "paid_on": one.paid_on.isoformat() if one.paid_on else None,
        }
        for one in rows
    ]


def _identity(entitlement: Any) -> str:
    organisation = entitlement.organisation
    if organisation is None:
        return str(entitlement.beneficiary)
    return who_of(organisation)


def _with_payments(
    sources: dict[str, Source], program: Program, own: list[dict[str, object]]
) -> dict[str, Source]:
    groups = {
        one.id: one.versions[-1].same_matter.group for one in program.clauses if one.versions[-1].same_matter
    }
    own = [{**row, "matter": groups.get(str(row["clause"]), row["matter"])} for row in own]
    received = sources.get("payments")
    given = received.to_pylist() if isinstance(received, pa.Table) else []
    if own or given:
        sources["payments"] = [*given, *own]
    return sources


def barred() -> list[dict[str, object]]:
    """Who obtained money by fraud, from the day it was found, as the engine's negative list knows it.

    A clause says for how many years that counts; the last day here is the city's setting of then, for clauses that are
    silent. A clawback that was given up bars nobody.
    """
    rows = (
        Clawback.objects.filter(reason=Clawback.Reason.FRAUD)
        .exclude(status=Clawback.Status.CLOSED)
        .select_related("entitlement__organisation")
    )
    return [
        {
            "beneficiary": _identity(one.entitlement), "kind": FRAUD, "from_on": one.found_on.isoformat(),
            "until_on": (one.barred_until or one.found_on).isoformat(),
        }
        for one in rows
    ]  # fmt: skip


def sources_for(
    program: Program, folder: Path, *, payments: list[dict[str, object]] | None = None,
    listed: list[dict[str, object]] | None = None,
) -> dict[str, Source]:  # fmt: skip
    """The facts a program needs: the snapshot's with what accepted applications stated, our payments, whom a clawback bars.

    Args:
        program: what asks.
        folder: the snapshot.
        payments: our payments of then; None takes those of now.
        listed: who was barred then; None takes those of now.
    """
    own = own_payments() if payments is None else payments
    sources = _with_payments(facts_of(folder, names_for(program)), program, own)
    sources = with_stated(sources, program, stated_in(folder))
    kept_out = barred() if listed is None else listed
    if kept_out:
        known = sources.get("negative_list")
        sources["negative_list"] = [*(known.to_pylist() if isinstance(known, pa.Table) else []), *kept_out]
    return sources


def current_evaluation(as_of: date, *, examples: bool = False, told: Told = nobody) -> Evaluation:
    """The evaluation of the current catalogue over the current snapshot and payments, computed once."""
    snapshot = current_snapshot()
    program = current_program(examples=examples)
    moved = PaymentOrder.objects.aggregate(n=Count("pk"), last=Max("paid_on"))
    paid = PaymentOrder.objects.filter(status=PaymentOrder.Status.PAID).count()
    frauds = Clawback.objects.filter(reason=Clawback.Reason.FRAUD).exclude(status=Clawback.Status.CLOSED)
    listed = frauds.aggregate(n=Count("pk"), last=Max("barred_until"))
    key = (
        snapshot.id,
        str(snapshot.path),
        id(program),
        as_of,
        tuple(moved.values()),
        paid,
        tuple(listed.values()),
    )
    with _making:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
        made = evaluation_of(program, Path(snapshot.path), str(snapshot.id), as_of, told=told)
        _kept[key] = made
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return made


def evaluation_of(
    program: Program, folder: Path, snapshot: str, as_of: date, *, told: Told = nobody
) -> Evaluation:
    """Evaluate a program over one snapshot on disk."""
    return evaluation_over(program, sources_for(program, folder), snapshot, as_of, told=told)


def evaluation_over(
    program: Program, sources: dict[str, Source], snapshot: str, as_of: date, *, told: Told = nobody
) -> Evaluation:
    """Evaluate a program over facts in hand."""
    facts = {name: one for name, one in sources.items() if name != "organisations"}
    run = evaluate(program, facts, as_of=as_of, told=told)
    return Evaluation(program, run, snapshot, as_of, sources, organisation_names(sources))


def organisation_names(sources: dict[str, Source]) -> dict[str, str]:
    """Identity → name of every organisation the facts know; none where they came without the register."""
    table = sources.get("organisations")
    if not isinstance(table, pa.Table) or "name" not in table.column_names:
        return {}
    return dict(zip(table.column("organisation").to_pylist(), table.column("name").to_pylist(), strict=True))


def rules_named(*programs: Program) -> dict[str, str]:
    """Names of clauses and titles of documents by id."""
    found: dict[str, str] = {}
    for program in programs:
        found |= {key: one.title for key, one in program.policies.items()}
        found |= {one.id: one.name for one in program.clauses}
    return found


def forget() -> None:
    """Drop every kept evaluation; tests begin with none."""
    with _making:
        _kept.clear()
        _programs.clear()
