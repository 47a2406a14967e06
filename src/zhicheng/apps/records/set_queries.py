"""Change sets and names to confirm, as far as a person may see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from zhicheng.apps.accounts.public import require, scope
from zhicheng.apps.records.models import ChangeSet, MatchQuestion
from zhicheng.apps.records.queries import LONGEST_ID, PAGE
from zhicheng.kernel.refusals import NotFound

QUESTIONS = 20


@dataclass(frozen=True)
class ChangeSets:
    """One page of change sets."""

    rows: list[ChangeSet]
    next: str


def change_sets(user: Any) -> QuerySet[ChangeSet]:
    """Change sets of a person's region, and their own."""
    require(user, "records.prepare")
    seen = scope(user)
    rows = ChangeSet.objects.select_related("prepared_by", "approved_by")
    return rows if seen.sees_all else rows.filter(seen.regions_q() | Q(prepared_by=user))


def change_sets_page(user: Any, after: str, status: str = "") -> ChangeSets:
    """One page of change sets, newest first."""
    rows = change_sets(user).order_by("-pk")
    if status:
        rows = rows.filter(status=status)
    if after.isdigit() and len(after) <= LONGEST_ID:
        rows = rows.filter(pk__lt=int(after))
    found = list(rows[: PAGE + 1])
    return ChangeSets(found[:PAGE], str(found[PAGE - 1].pk) if len(found) > PAGE else "")


def change_set(key: Any, user: Any) -> ChangeSet:
    """One change set of a person's scope.

    Raises:
        NotFound: there is none, or it belongs to another region.
    """
    found = change_sets(user).filter(key=key).first()
    if found is None:
        raise NotFound("没有这个变更集，或不在您的查看范围内。", fix="请从导入列表打开。")
    return found


def questions(user: Any) -> QuerySet[MatchQuestion]:
    """Names to confirm in a person's region."""
    return MatchQuestion.objects.filter(scope(user).regions_q() | Q(region_code=""))


@dataclass(frozen=True)
class Questions:
    """One page of names: each question with the organisations it may mean and their likeness."""

    rows: list[dict[str, Any]]
    next: str


def open_questions(user: Any, *, decided: bool = False, after: str = "") -> Questions:
    """The names that touch most rows, with the organisations they may mean."""
    rows = questions(user).filter(decided=decided).select_related("organisation", "decided_by")
    touched, _, last = after.partition("_")
    if touched.isdigit() and last.isdigit() and len(after) < 2 * LONGEST_ID:
        rows = rows.filter(Q(rows__lt=int(touched)) | Q(rows=int(touched), pk__gt=int(last)))
    found = list(rows[: QUESTIONS + 1])
    following = f"{found[QUESTIONS - 1].rows}_{found[QUESTIONS - 1].pk}" if len(found) > QUESTIONS else ""
    known = _organisations({pair[0] for one in found for pair in one.candidates})
    shown_rows = [
        {"row": one, "candidates": [(known[pk], score) for pk, score in one.candidates if pk in known]}
        for one in found[:QUESTIONS]
    ]
    return Questions(shown_rows, following)


def candidates_of(question: MatchQuestion) -> list[tuple[Any, int]]:
    """The organisations a name may mean, with their likeness in percent."""
    known = _organisations({pair[0] for pair in question.candidates})
    return [(known[pk], score) for pk, score in question.candidates if pk in known]


def split_regions(groups: list[Any], question: MatchQuestion) -> list[tuple[str, int, Any]]:
    """Regions in which rows carry a name: code, rows, and the organisation decided for it so far."""
    counts: dict[str, int] = {}
    for one in groups:
        counts[one.region] = counts.get(one.region, 0) + one.count
    return [(region, count, question.by_region.get(region)) for region, count in counts.items() if region]


def _organisations(wanted: set[int]) -> dict[int, Any]:
    register: Any = MatchQuestion._meta.get_field("organisation").related_model
    found: dict[int, Any] = register._default_manager.in_bulk(wanted)
    return found
