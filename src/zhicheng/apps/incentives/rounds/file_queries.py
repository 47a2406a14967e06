"""Which files of an application a person may open, and under which name: the applicant, officers, experts, members."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from zhicheng.apps.accounts.public import may, require, scope
from zhicheng.apps.incentives.models import AwardRound, Candidate, CandidateFile, ScoreSheet
from zhicheng.apps.incentives.rounds.calls import Standing
from zhicheng.apps.incentives.rounds.queries import own_sheet
from zhicheng.apps.incentives.rounds.stage_queries import own_ballot
from zhicheng.kernel.refusals import NotFound


@dataclass(frozen=True)
class Shown:
    """A file as one reader sees it.

    Args:
        row: the file. name: what the reader may call it; the blind code and a number where names are not known.
    """

    row: CandidateFile
    name: str


def found_in(shown: Iterable[Shown], file: int) -> Shown:
    """One of the files a person may open.

    Raises:
        NotFound: it is none of them.
    """
    for one in shown:
        if one.row.pk == file:
            return one
    raise NotFound("没有这个文件。", fix="请刷新页面，用列出的链接打开。")


def readable(row: AwardRound, number: int, user: Any) -> Candidate:
    """An application whose files are all open to a person: one's own, or one that was handed in to an officer's round.

    Raises:
        NotFound: it is neither.
    """
    rows = row.candidates.filter(pk=number if 0 < number < 2**63 else 0)
    if may(user, "policies.view"):
        rows = rows.exclude(status=Standing.DRAFT)
    else:
        require(user, "policies.apply")
        rows = rows.filter(organisation__in=scope(user).organisation_ids)
    found = rows.select_related("organisation", "award_round").prefetch_related("files").first()
    if found is None:
        raise NotFound("没有这份申报。", fix="请返回评选页面。")
    return found


def named_files(candidate: Candidate) -> list[Shown]:
    """All files of an application by the names they were uploaded with."""
    return [Shown(one, one.name) for one in candidate.files.all()]


def files_of_sheet(sheet: ScoreSheet) -> list[Shown]:
    """The files an expert may open beside a sheet: none unless its stage runs and nothing stands between them.

    In a blind stage only what the applicant laid beside as without names, under the code of the application.
    """
    here: Any = sheet
    if sheet.conflict or not here.runs or sheet.candidate.status != Standing.ELIGIBLE:
        return []
    if not here.at.blind:
        return named_files(sheet.candidate)
    rows = sheet.candidate.files.filter(material=CandidateFile.Material.BLIND)
    code = sheet.candidate.code
    return [
        Shown(one, f"{code}-{place}{PurePath(one.name).suffix.lower()}")
        for place, one in enumerate(rows, start=1)
    ]


def own_sheet_with_files(number: int, user: Any) -> tuple[ScoreSheet, list[Shown]]:
    """An expert's own sheet with the files that may be opened beside it."""
    sheet = own_sheet(number, user)
    return sheet, files_of_sheet(sheet)


def files_of_ballot(number: int, user: Any) -> dict[int, list[Shown]]:
    """Files a member may open while the ballot is open, by candidate; none of those the member is barred from."""
    seat, candidates = own_ballot(number, user)
    if seat.ballot.status != seat.ballot.Status.OPEN:
        return {}
    found: dict[int, list[Shown]] = {one.pk: [] for one in candidates if not one.barred}
    for row in CandidateFile.objects.filter(candidate__in=list(found)):
        found[row.candidate_id].append(Shown(row, row.name))
    return found
