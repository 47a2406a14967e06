"""What-ifs as people keep them: run beside the baseline, saved, run again, drafted into a clause version."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction

from zhicheng.apps.accounts.public import User, demo_loaded, record_event, require
from zhicheng.apps.figures.public import current_snapshot
from zhicheng.apps.incentives.models import ClauseDraft, Scenario
from zhicheng.apps.incentives.runs.evaluations import (
    current_program,
    organisation_names,
    rules_named,
    sources_for,
)
from zhicheng.apps.incentives.runs.outputs import comparison_json
from zhicheng.apps.incentives.what_if.texts import written
from zhicheng.catalogue.policy_changes import WhatIf, apply_changes, changed_content, read_changes
from zhicheng.catalogue.policy_drafts import draft_text
from zhicheng.catalogue.policy_nudges import nudges_of
from zhicheng.engines.incentives.progress import Told, nobody
from zhicheng.engines.incentives.rules import Program
from zhicheng.engines.incentives.sensitivity import Sensitive, sensitivity
from zhicheng.engines.incentives.simulation import simulate
from zhicheng.kernel.refusals import Conflict, Refusal
from zhicheng.kernel.regions import prefix as region_prefix

MOST_CHANGES = 60
Turning = Callable[[Program, Decimal], Program]


def program_for(region: str, *, examples: bool) -> Program:
    """The rules of a region; a document that names no region is asked about this one only."""
    program = current_program(examples=examples)
    prefix = region_prefix(region)
    kept = {
        key: one for key, one in program.policies.items() if not one.region or one.region.startswith(prefix)
    }
    clauses = tuple(one for one in program.clauses if one.policy in kept)
    return _within(Program(program.facts, kept, clauses), region)


def _within(program: Program, region: str) -> Program:
    """A program whose documents all name a region; a changed document is read from its file and may name none."""
    policies = {
        key: one if one.region else replace(one, region=region) for key, one in program.policies.items()
    }
    return replace(program, policies=policies)


def _turned_within(turned: Turning, region: str) -> Turning:
    return lambda program, number: _within(turned(program, number), region)


def what_if_of(text: str, *, region: str, examples: bool) -> tuple[Program, WhatIf]:
    """The baseline of a region and the changed program.

    Raises:
        Refusal: the text is not understood, changes nothing, or too much at once.
    """
    model = read_changes(text)
    if not model.changes:
        raise Refusal("没有任何改动。", fix="请调整至少一项金额、比例、封顶、预算或条件。")
    if len(model.changes) > MOST_CHANGES:
        raise Refusal(f"一次改了 {len(model.changes)} 处，最多 {MOST_CHANGES} 处。", fix="请分成几个方案。")
    baseline = program_for(region, examples=examples)
    wanted = apply_changes(model.name, model.changes, baseline, written=model.written)
    alone = {words: _within(one, region) for words, one in wanted.alone.items()}
    return baseline, replace(wanted, variant=_within(wanted.variant, region), alone=alone)


def preview(
    *, text: str, region: str, as_of: date, examples: bool, by: User, told: Told = nobody
) -> dict[str, Any]:
    """Run a what-if beside its baseline over the current snapshot; nothing is kept.

    Returns:
        The comparison as plain values, amounts as exact strings, with the names of those who win or lose.
    """
    require(by, "policies.simulate", region=region)
    baseline, wanted = what_if_of(text, region=region, examples=examples)
    snapshot = current_snapshot()
    sources = sources_for(baseline, Path(snapshot.path))
    found = simulate(baseline, wanted.variant, sources, as_of=as_of, alone=wanted.alone, told=told)
    result = comparison_json(found)
    names = organisation_names(sources)
    for moved in (*result["winners"], *result["losers"]):
        moved["name"] = names.get(moved["beneficiary"], moved["beneficiary"])
    called = rules_named(baseline, wanted.variant)
    for group in result["groups"]["clause"]:
        group["label"] = called.get(group["name"], group["name"])
    for short in (*result["shortages"]["baseline"], *result["shortages"]["variant"]):
        short["label"] = called.get(short["budget"], short["budget"])
    return {**result, "name": wanted.name, "snapshot": str(snapshot.id), "as_of": as_of.isoformat()}


def changed_clauses(scenario: Scenario) -> list[tuple[str, str]]:
    """Clauses a saved what-if changes, by id with their names; these can be drafted."""
    called = rules_named(current_program(examples=scenario.examples))
    ids = sorted({one.clause for one in read_changes(scenario.changes).changes if one.clause})
    return [(one, called.get(one, one)) for one in ids]


def sensitivities(
    *, region: str, as_of: date, examples: bool, by: User
) -> tuple[Decimal, tuple[Sensitive, ...]]:
    """What each number of a region's rules is worth over the current snapshot; nothing is kept.

    Returns:
        Cost as the rules stand, in 元, and each number turned down and up by a tenth.
    """
    require(by, "policies.simulate", region=region)
    baseline = program_for(region, examples=examples)
    nudges = [replace(one, turned=_turned_within(one.turned, region)) for one in nudges_of(baseline)]
    return sensitivity(baseline, nudges, sources_for(baseline, Path(current_snapshot().path)), as_of=as_of)


@transaction.atomic
def save(*, name: str, text: str, region: str, as_of: date, examples: bool, by: User) -> Scenario:
    """Keep a what-if under a name with its result; the same name and differences again changes nothing.

    Raises:
        Refusal: no name.
        Conflict: another scenario bears the name.
    """
    require(by, "policies.simulate", region=region)
    name = name.strip()
    if not name:
        raise Refusal("方案没有名称。", fix="请起一个能认出来的名称，如“金奖提高到 150 万”。")
    text = written(name, [one.model_dump(exclude_defaults=True) for one in read_changes(text).changes])
    standing = Scenario.objects.filter(name=name, region_code=region).first()
    if standing is not None:
        if (standing.changes, standing.as_of, standing.examples) == (text, as_of, examples):
            return standing
        raise Conflict(f"已有名为“{name}”的方案。", fix="请换一个名称，或先删除原方案。")
    result = preview(text=text, region=region, as_of=as_of, examples=examples, by=by)
    try:
        with transaction.atomic():
            row = Scenario.objects.create(
                name=name, region_code=region, changes=text, as_of=as_of, examples=examples,
                snapshot=result["snapshot"], result=result, synthetic=demo_loaded(), saved_by=by,
            )  # fmt: skip
    except IntegrityError as error:
        raise Conflict(f"已有名为“{name}”的方案。", fix="请换一个名称。") from error
    record_event(
        by=by, action="policies.save_scenario", subject=f"scenario:{row.pk}",
        after={"name": name, "difference": result["difference"]},
    )  # fmt: skip
    return row


@transaction.atomic
def run_again(*, scenario: Scenario, by: User) -> Scenario:
    """Run a saved what-if over the ledger as it is now."""
    require(by, "policies.simulate", region=scenario.region_code)
    row = Scenario.objects.select_for_update(of=("self",)).get(pk=scenario.pk)
    result = preview(text=row.changes, region=row.region_code, as_of=row.as_of, examples=row.examples, by=by)
    before = row.result.get("difference", "")
    row.result, row.snapshot = result, result["snapshot"]
    row.save(update_fields=["result", "snapshot"])
    record_event(
        by=by, action="policies.run_scenario", subject=f"scenario:{row.pk}",
        before={"difference": before}, after={"difference": result["difference"], "snapshot": row.snapshot},
    )  # fmt: skip
    return row


@transaction.atomic
def delete(*, scenario: Scenario, by: User) -> None:
    """Delete a saved what-if and the drafts made from it."""
    require(by, "policies.simulate", region=scenario.region_code)
    record_event(
        by=by, action="policies.delete_scenario", subject=f"scenario:{scenario.pk}",
        before={"name": scenario.name, "changes": scenario.changes},
    )  # fmt: skip
    scenario.delete()


@transaction.atomic
def draft(*, scenario: Scenario, clause: str, since: date, by: User) -> ClauseDraft:
    """Write a new version of a clause from a what-if, effective from a day; the old version stays in the file.

    Raises:
        Refusal: the what-if does not change the clause, or the day is not after its latest version.
    """
    require(by, "policies.simulate", region=scenario.region_code)
    program = current_program(examples=scenario.examples)
    found = program.clause(clause)
    content = changed_content(read_changes(scenario.changes).changes, found) if found else None
    if found is None or content is None:
        raise Refusal(f"方案“{scenario.name}”没有改动条款 {clause}。", fix="只有改动过的条款可以起草。")
    if since <= found.versions[-1].since:
        raise Refusal(
            f"拟生效日 {since} 不晚于现行版本的 {found.versions[-1].since}。", fix="请填写更晚的日期。"
        )
    text = draft_text(found, content, since=since, why=scenario.name)
    row, made = ClauseDraft.objects.update_or_create(
        scenario=scenario, clause=clause, since=since, defaults={"content": text, "drafted_by": by}
    )
    record_event(
        by=by, action="policies.draft_clause", subject=f"clause_draft:{row.pk}",
        after={"clause": clause, "since": str(since), "new": made},
    )  # fmt: skip
    return row
