"""Kept runs read by officers: lists of answers within their regions, and one answer with its rows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from zhicheng.apps.incentives import seen
from zhicheng.apps.incentives.models import EvaluationRun
from zhicheng.apps.incentives.paging import Page, count_words, page_of
from zhicheng.apps.incentives.runs.evaluations import Asked, Evaluation
from zhicheng.apps.incentives.runs.fact_views import VIEWS
from zhicheng.apps.incentives.runs.keeping import evaluation_of_run
from zhicheng.engines.incentives.answers import (
    CANNOT_TELL,
    ENTITLED,
    NO_RULE,
    NOT_ENTITLED,
    STATUS_WORDS,
    Outcome,
)
from zhicheng.kernel.refusals import NotFound, Refusal

STATUSES = (ENTITLED, NOT_ENTITLED, CANNOT_TELL, NO_RULE)
TONES = {ENTITLED: "good", NOT_ENTITLED: "bad", CANNOT_TELL: "warm", NO_RULE: ""}


@dataclass(frozen=True)
class Answer:
    """An outcome as a page shows it.

    Args:
        outcome: what the engine says. name: the beneficiary's, hidden where the reader does not pay persons.
        clause_name: of the clause, or the policy's title where no clause covers the fact.
        words: status in Chinese. tone: its colour, never the only sign.
        record_type: kind of the ledger row behind the fact. record: its id.
    """

    outcome: Outcome
    name: str
    clause_name: str
    words: str
    tone: str
    record_type: str = ""
    record: int | None = None


@dataclass(frozen=True)
class Group:
    """Answers of one clause and status."""

    clause: str
    name: str
    status: str
    words: str
    tone: str
    count: int
    amount: Decimal


def runs_page(user: Any, after: str) -> Page:
    """Kept runs, the latest first."""
    return page_of(seen.runs(user).select_related("made_by").defer("catalogue", "payments", "barred"), after)


def asked_of(user: Any, given: dict[str, str]) -> Asked:
    """What an address asks for, within the reader's regions.

    Raises:
        Refusal: a filter has a value that cannot be.
    """
    status, year = given.get("status", ""), given.get("year", "")
    if status and status not in STATUSES:
        raise Refusal(f"没有结论“{status[:30]}”。", fix=f"可选：{'、'.join(STATUSES)}。")
    if year and not (year.isdigit() and 1900 <= int(year) <= 2200):
        raise Refusal(f"年度“{year[:30]}”不对。", fix="请填写四位年份。")
    return Asked(
        policy=given.get("policy", ""), clause=given.get("clause", ""), status=status, fact=given.get("fact", ""),
        regions=seen.narrowed(user, given.get("region", "")), year=int(year) if year else None,
        words=given.get("q", "").strip(),
        beneficiaries=(given["who"],) if given.get("who") else None,
    )  # fmt: skip


def outcomes_page(run: EvaluationRun, user: Any, given: dict[str, str]) -> Page:
    """One page of answers of a run."""
    found = evaluation_of_run(run)
    after = given.get("after", "")
    page = found.page(asked_of(user, given), after=after)
    persons = seen.sees_persons(user)
    rows = [shown(one, found, persons=persons) for one in page.outcomes]
    return Page(rows, count_words(page.total), page.following, bool(after))


def groups_of(run: EvaluationRun, user: Any, given: dict[str, str]) -> list[Group]:
    """How many answers of each kind, and how much, under the same filters."""
    found = evaluation_of_run(run)
    rows = found.totals(asked_of(user, given))
    return [
        Group(clause, _clause_name(found, clause), status, STATUS_WORDS[status], TONES[status], count, amount)
        for clause, status, count, amount in rows
    ]


def _clause_name(found: Evaluation, clause_id: str) -> str:
    clause = found.program.clause(clause_id)
    if clause:
        return clause.name
    policy = found.program.policies.get(clause_id)
    return policy.title if policy else "没有条款覆盖的事实"


def shown(outcome: Outcome, found: Evaluation, *, persons: bool, open_record: bool = False) -> Answer:
    """An outcome with names and, when asked, the ledger row behind it."""
    name = found.names.get(outcome.beneficiary, outcome.beneficiary)
    record_type, record = _record(outcome, found) if open_record else ("", None)
    return Answer(
        outcome, seen.name_for(name, outcome.kind, persons=persons), _clause_name(found, outcome.clause),
        STATUS_WORDS[outcome.status], TONES[outcome.status], record_type, record,
    )  # fmt: skip


def _record(outcome: Outcome, found: Evaluation) -> tuple[str, int | None]:
    clause = found.program.clause(outcome.clause)
    kinds = [clause.fact] if clause else list(found.program.policies[outcome.clause].scope)
    for kind in kinds:
        for fact, record in found.rows_of(kind, ("fact", "record")):
            if fact == outcome.fact:
                return VIEWS[kind].record_type if kind in VIEWS else "", record
    return "", None


def answer_of(run: EvaluationRun, user: Any, given: dict[str, str]) -> Answer:
    """One answer in full: its steps or reasons and the ledger row it stands on.

    Raises:
        NotFound: the run holds no such answer within the reader's regions.
    """
    found = evaluation_of_run(run)
    if not (given.get("clause") and given.get("fact")):
        raise NotFound("地址没有写明条款和事实。", fix="请从测算列表打开。")
    persons = seen.sees_persons(user)
    wanted = {**given, "policy": given["clause"]} if found.program.clause(given["clause"]) is None else given
    rows = list(
        found.all(asked_of(user, {**wanted, "status": "", "q": "", "year": ""} | _clause(wanted, found)))
    )
    rows = [one for one in rows if given.get("kind", "") in ("", one.kind)]
    if not rows:
        raise NotFound("这次测算没有这一结论，或不在您的范围内。", fix="请从测算列表打开。")
    return shown(rows[0], found, persons=persons, open_record=True)


def _clause(given: dict[str, str], found: Evaluation) -> dict[str, str]:
    """A fact no clause covers is asked for by its policy."""
    return {} if found.program.clause(given["clause"]) else {"clause": "", "status": NO_RULE}


def untold(run: EvaluationRun) -> list[tuple[str, tuple[str, ...]]]:
    """Clauses of which nothing can be told because a whole table of facts is missing."""
    found = evaluation_of_run(run)
    facts = found.program.facts
    return [(clause.name, tuple(facts[name].label if name in facts else name for name in lacking))
            for clause, lacking in found.run.untold]  # fmt: skip


def all_outcomes(run: EvaluationRun, user: Any, given: dict[str, str]) -> tuple[list[Outcome], Evaluation]:
    """Every answer under the filters, for a file; persons are hidden from whoever does not pay them."""
    found = evaluation_of_run(run)
    rows = list(found.all(asked_of(user, given)))
    return rows, found


def unmatched(run: EvaluationRun, user: Any, after: str) -> Page:
    """Money due to names the ledger does not know: they must be matched before anybody is paid twice."""
    found = evaluation_of_run(run)
    strangers = tuple(
        sorted(
            {
                one.beneficiary
                for one in found.all(Asked(status=ENTITLED, regions=seen.narrowed(user, "")))
                if one.kind != "person" and one.beneficiary not in found.names
            }
        )
    )
    page = found.page(
        Asked(status=ENTITLED, regions=seen.narrowed(user, ""), beneficiaries=strangers), after=after
    )
    rows = [shown(one, found, persons=True, open_record=True) for one in page.outcomes]
    return Page(rows, count_words(page.total), page.following, bool(after))
