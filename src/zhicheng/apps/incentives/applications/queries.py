"""Applications as they are read: by the firm that made them, by officers of its region; where each stands is its case's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.accounts.public import require, scope
from zhicheng.apps.cases.public import (
    LimitDays,
    PaperLine,
    Standing,
    entered_in,
    limits_of,
    numbers_where,
    papers_in,
    standings_of,
)
from zhicheng.apps.incentives import seen
from zhicheng.apps.incentives.applications.checks import MATTER
from zhicheng.apps.incentives.applications.facts import OwnFact, as_if, differing, held_by_another, own_fact
from zhicheng.apps.incentives.applications.fields import Asked, asked_of, in_words, shape_of, version_for
from zhicheng.apps.incentives.days import in_cases
from zhicheng.apps.incentives.models import PolicyApplication
from zhicheng.apps.incentives.paging import Page, page_of
from zhicheng.apps.incentives.runs.evaluations import Evaluation
from zhicheng.apps.records.public import ChangeSet
from zhicheng.engines.incentives.answers import Outcome
from zhicheng.engines.incentives.rules import Clause, FactShape, Policy, Version
from zhicheng.kernel.refusals import NotAllowed, NotFound, Refusal
from zhicheng.kernel.regions import prefix

LIMIT = "pay"
# what a list is filtered by: open stages of the matter, then how it ended
STAGES = {"received": _("待审核"), "correcting": _("等待补正"), "accepted": _("待兑付")}
ENDS = {"paid": _("已兑付"), "unpaid": _("不兑付"), "refused": _("不予通过"), "withdrawn": _("已撤回")}
LEFT = {"late": _("已逾期"), "10": _("10 天内到期"), "30": _("30 天内到期")}
# what the office says in a case, in the order it is said
SAID = {
    "missing": _("需要补正的内容"), "finding": _("审核意见"), "refusal_reason": _("不予通过的理由"),
    "unpaid_reason": _("不兑付的理由"),
}  # fmt: skip
TONES = {"received": "warm", "correcting": "bad", "accepted": "signed", "paid": "good"}


@dataclass(frozen=True)
class Shown:
    """An application in a list.

    Args:
        row: the application. standing: where its case stands, None for a draft. pay: the term to pay, None before.
        words: where it stands, in words. tone: colour of that, never the only sign. left: days until it has to be paid.
    """

    row: PolicyApplication
    standing: Standing | None
    pay: LimitDays | None
    words: str
    tone: str
    left: int | None

    @property
    def late(self) -> bool:
        """Whether its term to pay is over and nothing is paid."""
        return self.left is not None and self.left < 0

    @property
    def stage(self) -> str:
        """Name of its stage or outcome; empty for a draft."""
        if self.standing is None:
            return ""
        return self.standing.outcome_id if self.standing.closed else self.standing.stage_id


def with_standings(rows: Sequence[PolicyApplication], on: date) -> list[Shown]:
    """Applications with where they stand, in two queries whatever their number."""
    numbers, on = [one.case_number for one in rows], in_cases(on)
    standings, limits = standings_of(numbers), limits_of(numbers, LIMIT)
    return [_shown(one, standings.get(one.case_number), limits.get(one.case_number), on) for one in rows]


def _shown(row: PolicyApplication, standing: Standing | None, pay: LimitDays | None, on: date) -> Shown:
    if standing is None:
        return Shown(row, None, None, str(_("草稿")), "", None)
    stage = standing.outcome_id if standing.closed else standing.stage_id
    words = (standing.outcome if standing.closed else standing.stage) or standing.stage
    running = pay is not None and pay.state == "running" and pay.due_on is not None
    left = (pay.due_on - on).days if running and pay and pay.due_on else None
    return Shown(row, standing, pay, words, TONES.get(stage, ""), left)


def own_application(number: int, user: Any) -> PolicyApplication:
    """One application of a firm the person acts for.

    Raises:
        NotFound: there is none of theirs.
    """
    require(user, "policies.apply")
    rows = PolicyApplication.objects.select_related("organisation", "account")
    found = rows.filter(pk=number, organisation__in=scope(user).organisation_ids).first()
    if found is None:
        raise NotFound("没有这份申报，或者您没有该单位的授权。", fix="请返回本单位的政策页。")
    return found


def applications(user: Any) -> QuerySet[PolicyApplication]:
    """Applications that were handed in, of an officer's regions."""
    require(user, "policies.review")
    rows = PolicyApplication.objects.exclude(case_number="")
    return rows.filter(scope(user).regions_q())


def application(number: int, user: Any) -> PolicyApplication:
    """One application within an officer's regions.

    Raises:
        NotFound: there is none.
        NotAllowed: it lies in another region.
    """
    require(user, "policies.review")
    rows = PolicyApplication.objects.exclude(case_number="").select_related(
        "organisation", "account", "submitted_by"
    )
    found = rows.filter(pk=number).first()
    if found is None:
        raise NotFound(f"没有编号 {number} 的申报。", fix="请返回申报列表。")
    if not scope(user).covers_region(found.region_code):
        raise NotAllowed(f"“{found.organisation.name}”不在您的范围内。", fix="请由该区划或其上级的人员办理。")
    return found


def filtered(user: Any, given: dict[str, str], on: date) -> QuerySet[PolicyApplication]:
    """Applications under the filters of an address.

    Raises:
        Refusal: a filter has a value that cannot be.
    """
    rows = applications(user)
    state, left, region, q = (given.get(one, "") for one in ("state", "left", "region", "q"))
    if state and state not in {*STAGES, *ENDS, "open"}:
        raise Refusal(f"没有状态“{state[:20]}”。", fix=f"可选：{'、'.join([*STAGES, *ENDS])}。")
    if state == "open":
        rows = rows.filter(case_number__in=numbers_where(MATTER, stages=STAGES))
    elif state in STAGES:
        rows = rows.filter(case_number__in=numbers_where(MATTER, stages=[state]))
    elif state:
        rows = rows.filter(case_number__in=numbers_where(MATTER, stages=["closed"], outcomes=[state]))
    if left and left not in LEFT:
        raise Refusal(f"没有期限“{left[:20]}”。", fix=f"可选：{'、'.join(LEFT)}。")
    if left:
        on = in_cases(on)
        until = on - timedelta(days=1) if left == "late" else on + timedelta(days=int(left))
        rows = rows.filter(case_number__in=numbers_where(MATTER, limit=LIMIT, due_until=until))
    if given.get("clause"):
        rows = rows.filter(clause=given["clause"])
    if region:
        seen.narrowed(user, region)
        rows = rows.filter(region_code__startswith=prefix(region))
    if q:
        named = Q(organisation__name__icontains=q) | Q(organisation__uscc__istartswith=q)
        rows = rows.filter(named | Q(fact__icontains=q) | Q(case_number__icontains=q))
    return rows.select_related("organisation")


def worklist(user: Any, given: dict[str, str], on: date) -> Page:
    """One page of applications, the latest first."""
    page = page_of(filtered(user, given, on), given.get("after", ""))
    return Page(with_standings(page.rows, on), page.count, page.next, page.back)


def exported(user: Any, given: dict[str, str], on: date) -> list[Shown]:
    """Every application under the filters, for a file."""
    return with_standings(list(filtered(user, given, on).order_by("-pk")), on)


def clauses_applied_for(user: Any) -> list[tuple[str, str]]:
    """Clauses somebody has applied for, to filter by."""
    rows = applications(user).order_by("clause").values_list("clause", "clause_name").distinct()
    return list(dict(rows).items())


@dataclass(frozen=True)
class Line:
    """One column of the fact.

    Args:
        asked: what is asked. stated: what the firm says, as text. held: what the ledger holds, as text.
        differs: whether the two are not one value. missing: whether neither says anything.
    """

    asked: Asked
    stated: str
    held: str
    differs: bool

    @property
    def missing(self) -> bool:
        """Whether nobody has said it yet."""
        return not self.stated and not self.held

    @property
    def value(self) -> str:
        """What stands in the form: what the firm says, else what the ledger holds."""
        return self.stated or self.held

    @property
    def stated_words(self) -> str:
        """What the firm says, as a person reads it."""
        return in_words(self.asked.column, self.stated)

    @property
    def held_words(self) -> str:
        """What the ledger holds, as a person reads it."""
        return in_words(self.asked.column, self.held)


@dataclass(frozen=True)
class Sheet:
    """An application laid open: what it says beside the ledger, what the engine would say, its papers and its window.

    Args:
        shown: the application and where it stands. clause, version, policy, shape: what it is applied for under.
        lines: what is asked, what is missing first. outcome: as if accepted, None where nothing is triggered.
        papers: documents of the case the reader may open. other: the firm the ledger holds this number for.
        change: the change set that waits for the ledger's review. own: the fact in the ledger.
        reachable: whether the reader may open its case, and so act in it.
        answers: what the office has said, each with its heading. correct_by: last day of the correction, None otherwise.
    """

    shown: Shown
    clause: Clause
    version: Version
    policy: Policy
    shape: FactShape
    lines: tuple[Line, ...]
    outcome: Outcome | None
    papers: tuple[PaperLine, ...]
    other: str
    change: ChangeSet | None
    own: OwnFact | None
    reachable: bool
    answers: tuple[tuple[str, str], ...]
    correct_by: date | None

    @property
    def row(self) -> PolicyApplication:
        """The application."""
        return self.shown.row


def sheet(row: PolicyApplication, evaluation: Evaluation, user: Any, on: date) -> Sheet:
    """Lay an application open, in a fixed number of queries.

    Raises:
        NotFound: its clause is no longer in the catalogue.
    """
    clause = evaluation.program.clause(row.clause)
    if clause is None:
        raise NotFound(f"条款 {row.clause} 已不在政策目录中。", fix="请联系主管部门。")
    shape = shape_of(evaluation.program, clause)
    own = own_fact(evaluation, clause, row)
    held = own.values if own else {}
    values = {name: str(value) for name, value in row.values.items()}
    version = version_for(clause, _day({**held, **values}.get(shape.date, "")))
    wrong = differing(own, values, shape)
    lines = tuple(
        Line(one, values.get(one.name, ""), held.get(one.name, ""), one.name in wrong)
        for one in asked_of(clause, version, shape)
    )
    shown, papers = with_standings([row], on)[0], _papers_of(row, user, on)
    return Sheet(
        shown, clause, version, evaluation.program.policies[clause.policy], shape,
        tuple(sorted(lines, key=lambda one: not one.missing)), as_if(row, evaluation, on=on) if row.fact else None,
        papers or (), held_by_another(evaluation, clause, row.organisation, row.fact) if row.fact else "",
        ChangeSet.objects.filter(key=row.change_set).first() if row.change_set else None, own,
        papers is not None,
        _answers(row),
        _correct_by(shown),
    )  # fmt: skip


def _answers(row: PolicyApplication) -> tuple[tuple[str, str], ...]:
    said = entered_in(row.case_number) if row.case_number else {}
    return tuple((str(words), said[name]) for name, words in SAID.items() if said.get(name))


def _correct_by(shown: Shown) -> date | None:
    if shown.stage != "correcting":
        return None
    number = shown.row.case_number
    found = limits_of([number], "correction_term").get(number)
    return found.due_on if found else None


def _papers_of(row: PolicyApplication, user: Any, on: date) -> tuple[PaperLine, ...] | None:
    if row.draft:
        return ()
    try:
        return tuple(papers_in(row.case_number, user, on))
    except NotFound:
        return None  # the case is open to its handlers and to the firm only


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
