"""Answers as people and programs take them away: table, JSON, CSV, workbook."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from rich.console import Console
from rich.table import Table

from zhicheng.apps.incentives.naming import said_by_name
from zhicheng.engines.incentives.answers import STATUS_WORDS, ZERO, Outcome, yuan
from zhicheng.engines.incentives.rules import KINDS, Program
from zhicheng.engines.incentives.saying import number_words
from zhicheng.engines.incentives.sensitivity import Sensitive
from zhicheng.engines.intake.rejects import inert
from zhicheng.kernel import industries, regions

UNKNOWN = "未登记"
SIZES = {"large": "大型", "medium": "中型", "small": "小型", "micro": "微型"}
# the engine knows a region by its code only
REGION = re.compile(r"(?<!\d)(\d{6}) (?=辖区)")
HEADER = ("条款", "名称", "版本", "受益人", "类别", "事实", "事件日", "结论", "金额（元）", "说明")


@dataclass(frozen=True)
class Names:
    """Names that a terminal shows beside or instead of codes.

    Args:
        organisations: name by identity. honours: name of a scheme by its code.
        rules: names of clauses and titles of documents by id.
    """

    organisations: Mapping[str, str] = field(default_factory=dict)
    honours: Mapping[str, str] = field(default_factory=dict)
    rules: Mapping[str, str] = field(default_factory=dict)

    def group(self, kind: str, code: str) -> str:
        """One group of a comparison by its name: county, industry, size, clause; years are what they are."""
        if kind == "county" and regions.exists(code):
            return regions.region(code).name
        if kind == "industry" and industries.exists(code):
            return f"{code} {industries.name(code)}"
        return {**SIZES, **self.rules}.get(code, code or UNKNOWN)

    def beneficiary(self, code: str) -> str:
        """An organisation by name and code; the code alone where nobody knows it."""
        name = self.organisations.get(code)
        return f"{name}\n{code}" if name else code

    def said(self, text: str) -> str:
        """A text with the codes of honours and of regions replaced by their names."""
        return said_by_name(REGION.sub(_region, text), self.honours)


def _region(found: re.Match[str]) -> str:
    return regions.region(found[1]).name if regions.exists(found[1]) else found[0]


def words_of(outcome: Outcome) -> str:
    """The steps or reasons of an answer in one line."""
    if outcome.reasons:
        return "；".join(
            one.text + (f"（{one.found}）" if one.found else "")
            + (f"，可向{one.supplied_by}取得" if one.supplied_by else "")
            + (f" {yuan(one.amount)}" if one.amount is not None else "")
            for one in outcome.reasons
        )  # fmt: skip
    return " → ".join(one.text for one in outcome.steps[1:])


def row_of(outcome: Outcome, program: Program, *, persons: bool = True) -> tuple[str, ...]:
    """An answer as a row of text; persons are named only for whoever pays them."""
    clause = program.clause(outcome.clause)
    return (
        outcome.clause,
        clause.name if clause else program.policies[outcome.clause].title,
        outcome.version,
        outcome.beneficiary if persons or outcome.kind != "person" else "＊＊＊",
        KINDS.get(outcome.kind, outcome.kind),
        outcome.fact,
        outcome.event_date.isoformat() if outcome.event_date else "",
        STATUS_WORDS[outcome.status],
        f"{outcome.amount:.2f}",
        words_of(outcome),
    )


def as_json(found: Sequence[Outcome]) -> str:
    """The list the interface promises; amounts are exact strings."""
    return json.dumps([one.as_json() for one in found], ensure_ascii=False, indent=2)


def as_csv(found: Sequence[Outcome], program: Program, *, persons: bool = True) -> str:
    """CSV with a byte-order mark, so that Excel opens Chinese right."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER)
    writer.writerows(
        [inert(cell, numbers=False) for cell in row_of(one, program, persons=persons)] for one in found
    )
    return "\ufeff" + out.getvalue()


def write_xlsx(found: Sequence[Outcome], program: Program, path: Path, *, persons: bool = True) -> None:
    """A workbook; amounts stay text, because a sheet's numbers are binary floats."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("兑付测算")
        bold = book.add_format({"bold": True})
        sheet.write_row(0, 0, HEADER, bold)
        for number, one in enumerate(found, start=1):
            for column, cell in enumerate(row_of(one, program, persons=persons)):
                sheet.write_string(number, column, cell)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(found), len(HEADER) - 1)


def show(found: Sequence[Outcome], program: Program, console: Console, names: Names) -> None:
    """A table on the terminal with the total due; organisations and honours by their names."""
    table = Table(title="兑付测算", show_lines=False)
    for name in HEADER:
        table.add_column(name, justify="right" if name.startswith("金额") else "left", overflow="fold")
    for one in found:
        clause, name, version, _who, kind, fact, *rest, words = row_of(one, program)
        shown = (names.beneficiary(one.beneficiary), kind, names.said(fact), *rest, names.said(words))
        table.add_row(clause, name, version, *shown)
    console.print(table)
    console.print(f"共 {len(found)} 条，应予兑付 {yuan(sum((one.amount for one in found), start=ZERO))}")


def show_sheet(outcome: Outcome, program: Program, console: Console, names: Names) -> None:
    """One answer in full: every step of the calculation, or every reason."""
    clause = program.clause(outcome.clause)
    name = clause.name if clause else program.policies[outcome.clause].title
    console.print(
        f"[bold]{name}[/bold]（{f'{outcome.clause} {outcome.version}'.strip()}）：{STATUS_WORDS[outcome.status]}"
    )
    if outcome.fact:
        fact = names.said(outcome.fact)
        console.print(f"  事实 {fact}，{outcome.event_date}，{yuan(outcome.amount)}")
    for number, step in enumerate(outcome.steps, start=1):
        console.print(f"  {number}. {step.text} → {yuan(step.after)}" if number > 1 else f"  1. {step.text}")
    for reason in outcome.reasons:
        console.print(
            names.said(f"  · {reason.text}" + (f"（{reason.found}）" if reason.found else ""))
            + (f"；可向{reason.supplied_by}取得" if reason.supplied_by else "")
            + (f" {yuan(reason.amount)}" if reason.amount is not None else "")
        )
    if clause and clause.versions[-1].source:
        console.print(f"  依据：{clause.versions[-1].source}")


def comparison_json(comparison: Any) -> dict[str, Any]:
    """A what-if as plain values; amounts are exact strings."""
    return {
        "baseline": f"{comparison.baseline:.2f}",
        "variant": f"{comparison.variant:.2f}",
        "difference": f"{comparison.variant - comparison.baseline:.2f}",
        "groups": {
            name: [
                {"name": one.name, "baseline": f"{one.baseline:.2f}", "variant": f"{one.variant:.2f}"}
                for one in groups
            ]
            for name, groups in comparison.groups.items()
        },
        "moved": {"winners": comparison.moved[0], "losers": comparison.moved[1]},
        "winners": [_moved_json(one) for one in comparison.winners],
        "losers": [_moved_json(one) for one in comparison.losers],
        "top": {
            str(size): {"baseline": str(one.baseline), "variant": str(one.variant)}
            for size, one in comparison.top.items()
        },
        "sensitivity": [
            {"change": words, "difference": f"{value:.2f}"} for words, value in comparison.sensitivity
        ],
        "shortages": {
            side: [
                {
                    "budget": one.budget, "year": one.year, "amount": f"{one.amount:.2f}",
                    "claimed": f"{one.claimed:.2f}", "month": one.month, "missing": f"{one.missing:.2f}",
                }
                for one in found
            ]
            for side, found in comparison.shortages.items()
        },
        "replay": [
            {"year": one.year, "baseline": f"{one.baseline:.2f}", "variant": f"{one.variant:.2f}"}
            for one in comparison.replay.years
        ],
        "projection": {
            "assumption": comparison.replay.assumption,
            "baseline": f"{comparison.replay.baseline:.2f}",
            "variant": f"{comparison.replay.variant:.2f}",
        },
        "warnings": list(comparison.warnings),
        "rerun": list(comparison.rerun),
    }  # fmt: skip


def sensitive_json(one: Sensitive) -> dict[str, str]:
    """What a number is worth, as plain values; amounts are exact strings."""
    nudge = one.nudge
    return {
        "owner": nudge.owner, "place": nudge.place, "label": nudge.label,
        "value": number_words(nudge.kind, nudge.value), "low": number_words(nudge.kind, nudge.low), "high": number_words(nudge.kind, nudge.high),
        "lower": f"{one.lower:.2f}", "higher": f"{one.higher:.2f}",
    }  # fmt: skip


def show_sensitivities(total: Decimal, found: Sequence[Sensitive], console: Console) -> None:
    """What each number is worth, on the terminal."""
    table = Table(title=f"现行共 {yuan(total)}；每个参数单独下调、上调一成")
    for head in ("参数", "现行", "下调到", "费用变化（元）", "上调到", "费用变化（元）"):
        table.add_column(head, justify="left" if head == "参数" else "right", overflow="fold")
    for one in map(sensitive_json, found):
        table.add_row(one["label"], one["value"], one["low"], one["lower"], one["high"], one["higher"])
    console.print(table)


def _moved_json(moved: Any) -> dict[str, Any]:
    return {
        "beneficiary": moved.beneficiary,
        "baseline": f"{moved.baseline:.2f}",
        "variant": f"{moved.variant:.2f}",
        "difference": f"{moved.difference:.2f}",
        "reasons": list(moved.reasons),
    }


def show_comparison(comparison: Any, console: Console, names: Names) -> None:
    """A what-if on the terminal, its groups and beneficiaries by their names."""
    difference = comparison.variant - comparison.baseline
    console.print(
        f"现行 {yuan(comparison.baseline)}，调整后 {yuan(comparison.variant)}，差额 {yuan(difference)}"
    )
    titles = {"year": "年度", "county": "县市区", "industry": "行业", "size": "规模", "clause": "条款"}
    for name, groups in comparison.groups.items():
        table = Table(title=f"按{titles[name]}")
        for head in (titles[name], "现行（元）", "调整后（元）", "差额（元）"):
            table.add_column(head, justify="left" if head == titles[name] else "right")
        for one in groups:
            table.add_row(
                names.group(name, one.name or ""), f"{one.baseline:,.2f}", f"{one.variant:,.2f}", f"{one.variant - one.baseline:,.2f}"
            )  # fmt: skip
        console.print(table)
    for size, one in comparison.top.items():
        console.print(f"前 {size} 家占比：现行 {one.baseline:.2%}，调整后 {one.variant:.2%}")
    console.print(f"增加 {comparison.moved[0]} 家，减少 {comparison.moved[1]} 家")
    for moved in (*comparison.winners[:10], *comparison.losers[:10]):
        who = names.beneficiary(moved.beneficiary).replace("\n", " ")
        console.print(names.said(f"  {who} {moved.difference:+,.2f} 元：{'；'.join(moved.reasons)}"))
    for words, value in comparison.sensitivity:
        console.print(f"单独调整 {words}：{value:+,.2f} 元")
    for side, found in comparison.shortages.items():
        for one in found:
            words = "现行" if side == "baseline" else "调整后"
            console.print(
                f"{words}：{names.rules.get(one.budget, one.budget)} {one.year} 年预算 {yuan(one.amount)} 在 {one.month} 月用尽，缺 {yuan(one.missing)}"
            )
    replay = comparison.replay
    for one in replay.years:
        console.print(f"回放 {one.year} 年：现行 {yuan(one.baseline)}，调整后 {yuan(one.variant)}")
    console.print(
        f"推算下一年：现行 {yuan(replay.baseline)}，调整后 {yuan(replay.variant)}（{replay.assumption}）"
    )
    for warning in comparison.warnings:
        console.print(f"注意：{warning}")
