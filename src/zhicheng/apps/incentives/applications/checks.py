"""Whether an application may be handed in: complete, in its window, and for a matter that nobody has claimed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from zhicheng.apps.cases.public import Standing, standings_of
from zhicheng.apps.incentives.applications.facts import own_fact
from zhicheng.apps.incentives.applications.fields import asked_of, number_asked, shape_of, version_for
from zhicheng.apps.incentives.applications.windows import refuse_outside
from zhicheng.apps.incentives.batches.matters import matter_of
from zhicheng.apps.incentives.models import Entitlement, PolicyApplication
from zhicheng.apps.incentives.runs.evaluations import Evaluation
from zhicheng.engines.incentives.rules import Clause, FactShape, Version
from zhicheng.kernel.refusals import Conflict, NotFound, Refusal

MATTER = "policy_application"
LONGEST = 120


@dataclass(frozen=True)
class Complete:
    """An application that is complete.

    Args:
        clause, version: what it is applied for under. event: day of its fact. matter: what would be paid.
    """

    clause: Clause
    version: Version
    event: date
    matter: str


def standing_of(row: PolicyApplication) -> Standing | None:
    """Where the case of an application stands, None for a draft."""
    return standings_of([row.case_number]).get(row.case_number) if row.case_number else None


def event_day(row: PolicyApplication, values: Mapping[str, str], shape: FactShape) -> date | None:
    """The event day a firm states, None where it states none that can be read."""
    try:
        return date.fromisoformat(str(values.get(shape.date) or row.values.get(shape.date) or ""))
    except ValueError:
        return None


def number_checked(text: str) -> str:
    """The number of a fact that a firm describes itself.

    Raises:
        Refusal: it is too long, or holds what no number holds.
    """
    if len(text) > LONGEST or any(ord(one) < 32 for one in text):
        raise Refusal(f"编号不能超过 {LONGEST} 字。", fix="请按合同、保单或文书填写编号。")
    return text


def complete(row: PolicyApplication, evaluation: Evaluation, *, on: date) -> Complete:
    """Check that nothing is missing and the window is open; everything missing is named at once.

    Args:
        row: the application. evaluation: over the ledger as it is now. on: the day it is handed in.

    Raises:
        Refusal: what is missing; or the window is not open.
    """
    clause = evaluation.program.clause(row.clause)
    if clause is None:
        raise NotFound(f"条款 {row.clause} 已不在政策目录中。", fix="请联系主管部门。")
    shape = shape_of(evaluation.program, clause)
    own = own_fact(evaluation, clause, row)
    held = own.values if own and row.held else {}
    together = {**held, **{name: str(value) for name, value in row.values.items()}}
    event = event_day(row, together, shape)
    version = version_for(clause, event)
    missing = [
        f"“{one.column.label}”" for one in asked_of(clause, version, shape) if not together.get(one.name)
    ]
    if not row.fact and number_asked(clause, shape):
        missing.insert(0, "“编号”")  # where a column names the fact, that column is asked for instead
    if row.values and row.draft and not row.proofs.exists():
        missing.append("证明材料（至少一个文件）")
    if row.account is None or row.account.withdrawn_at is not None:
        missing.append("收款账户")
    if not row.declared:
        missing.append("对真实性和没有重复申报的声明")
    if missing:
        raise Refusal(f"还缺：{'、'.join(missing)}。", fix="请一次补齐后提交；已填的内容都已保存。")
    if event is None:
        raise Refusal(
            f"台账上这一{shape.label}没有事件日，不能申报。", fix=f"请联系{shape.supplied_by}补录。"
        )
    if event > on:
        raise Refusal(f"“{shape.columns[shape.date].label}”{event} 晚于今天。", fix="请在事实发生以后申报。")
    if row.draft:
        refuse_outside(evaluation.program.policies[clause.policy], version, event, on)
    subject = (
        row.fact if clause.object == "fact" else str(together.get(clause.object, "")) if clause.object else ""
    )
    since = version.since.isoformat()
    return Complete(clause, version, event, matter_of(clause, since, subject=subject, fact=row.fact))


def refuse_claimed(row: PolicyApplication) -> None:
    """Refuse a matter that another application holds, or that a batch has listed or paid."""
    other = PolicyApplication.objects.filter(matter=row.matter, identity=row.identity, live=True).exclude(
        pk=row.pk
    )
    if found := other.first():
        raise Conflict(
            f"这一事项已在申报 {found.case_number or '草稿'} 中。", fix="请在“我的申报”中查看，不必重复申报。"
        )
    claimed = Entitlement.objects.filter(matter=row.matter, organisation_id=row.organisation_id, live=True)
    if held := claimed.select_related("batch").first():
        raise Conflict(
            f"这一事项已列入批次 {held.batch.number}（{held.get_status_display()}）。",
            fix="请在“已得的”中查看。",
        )
