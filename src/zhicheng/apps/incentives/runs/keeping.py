"""Evaluations kept: made once, opened as often as wanted, and computed again to the same 分 years later."""

from __future__ import annotations

import tempfile
from collections import OrderedDict
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.db import transaction

from zhicheng.apps.accounts.public import User, record_event, require
from zhicheng.apps.incentives.models import EvaluationRun
from zhicheng.apps.incentives.runs.evaluations import (
    Asked,
    Evaluation,
    barred,
    current_evaluation,
    evaluation_over,
    own_payments,
    sources_for,
)
from zhicheng.catalogue.policy_loader import load_policies
from zhicheng.engines.incentives.progress import Told, nobody
from zhicheng.engines.incentives.rules import Program
from zhicheng.kernel.refusals import NotFound

KEPT = 4
_opened: OrderedDict[tuple[str, int], Evaluation] = OrderedDict()


def keep_run(
    *, as_of: date, by: User, examples: bool = False, synthetic: bool = False, told: Told = nobody
) -> EvaluationRun:
    """Evaluate every policy as of a day and keep all the result rests on.

    Args:
        as_of: what was known that day.
        by: who asks.
        examples: with the example clauses, for trying out only.
        synthetic: marks a run of the demo city.
        told: is told how many clauses are done, of all; what it raises leaves nothing kept.
    """
    require(by, "policies.prepare")
    found = current_evaluation(as_of, examples=examples, told=told)
    totals = totals_of(found)
    with transaction.atomic():
        made = EvaluationRun.objects.create(
            region_code=by.region_code, as_of=as_of, snapshot=found.snapshot, examples=examples,
            catalogue=catalogue_of(found.program), payments=own_payments(), barred=barred(), totals=totals,
            total=sum((Decimal(one[3]) for one in totals), Decimal("0.00")), synthetic=synthetic, made_by=by,
        )  # fmt: skip
        record_event(
            by=by, action="policies.evaluate", subject=f"run:{made.pk}",
            after={"as_of": as_of.isoformat(), "snapshot": made.snapshot, "total": str(made.total)},
        )  # fmt: skip
    _keep(made, found)
    return made


def totals_of(evaluation: Evaluation) -> list[list[str]]:
    """Clause, status, how many and how much, as plain values."""
    return [
        [clause, status, str(count), f"{amount:.2f}"]
        for clause, status, count, amount in evaluation.totals(Asked())
    ]


def catalogue_of(program: Program) -> dict[str, str]:
    """The files of a program as they stand now."""
    files = [*(one.file for one in program.policies.values()), *(one.file for one in program.clauses)]
    return {Path(one).name: Path(one).read_text(encoding="utf-8") for one in files if one}


def program_of(catalogue: dict[str, str]) -> Program:
    """The program that kept files make."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in catalogue.items():
            (Path(folder) / Path(name).name).write_text(content, encoding="utf-8")
        return load_policies([Path(folder)])


def evaluation_of_run(run: EvaluationRun) -> Evaluation:
    """The evaluation of a kept run, computed again from its own catalogue, snapshot and payments when need be.

    Raises:
        NotFound: its snapshot is no longer on disk.
    """
    key = (str(settings.ZHICHENG_HOME), run.pk)
    if key in _opened:
        _opened.move_to_end(key)
        return _opened[key]
    return _keep(run, recomputed(run))


def recomputed(run: EvaluationRun) -> Evaluation:
    """Compute a kept run anew."""
    return evaluation_then(run.catalogue, run.snapshot, run.as_of, payments=run.payments, listed=run.barred)


def evaluation_then(
    catalogue: dict[str, str], snapshot: str, as_of: date, *, payments: list[dict[str, object]],
    listed: list[dict[str, object]],
) -> Evaluation:  # fmt: skip
    """Evaluate a kept catalogue over a kept snapshot.

    Raises:
        NotFound: the snapshot is no longer on disk.
    """
    folder = Path(settings.ZHICHENG_HOME) / "snapshots" / Path(snapshot).name
    if not (folder / "manifest.json").exists():
        raise NotFound(f"快照 {snapshot} 已不在数据目录中，不能重算。", fix="请从备份恢复快照目录后再试。")
    program = program_of(catalogue)
    sources = sources_for(program, folder, payments=payments, listed=listed)
    return evaluation_over(program, sources, snapshot, as_of)


def check_run(*, run: EvaluationRun) -> list[list[str]]:
    """Compute a run anew and compare; returns the lines that differ, none when every 分 agrees."""
    again = totals_of(recomputed(run))
    before = {tuple(one) for one in run.totals}
    now = {tuple(one) for one in again}
    return [list(one) for one in sorted(before ^ now)]


def _keep(run: EvaluationRun, found: Evaluation) -> Evaluation:
    _opened[str(settings.ZHICHENG_HOME), run.pk] = found
    while len(_opened) > KEPT:
        _opened.popitem(last=False)
    return found


def forget_runs() -> None:
    """Drop every opened run; tests begin with none."""
    _opened.clear()
