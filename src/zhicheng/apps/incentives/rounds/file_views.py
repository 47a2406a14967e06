"""Downloads of the files of an application: for the applicant and officers, beside a sheet, beside a ballot."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpRequest

from zhicheng.apps.incentives.files.carrying import download
from zhicheng.apps.incentives.rounds import file_queries
from zhicheng.apps.incentives.rounds import queries as round_queries
from zhicheng.apps.incentives.rounds.file_queries import Shown


def sent(shown: Shown, by: Any) -> FileResponse:
    """Send a file under the name its reader may know, and record it."""
    return download(
        shown.row,
        by=by,
        action="policies.open_file",
        subject=f"candidate:{shown.row.candidate_id}",
        name=shown.name,
    )


def candidate_file(request: HttpRequest, number: str, candidate: int, file: int) -> FileResponse:
    """Download a file of one's own application, or of one in a round of an officer's regions."""
    row = round_queries.award_round(number, request.user)
    one = file_queries.readable(row, candidate, request.user)
    return sent(file_queries.found_in(file_queries.named_files(one), file), request.user)


def sheet_file(request: HttpRequest, number: int, file: int) -> FileResponse:
    """Download a file beside one's own sheet; in a blind stage under a neutral name."""
    _sheet, shown = file_queries.own_sheet_with_files(number, request.user)
    return sent(file_queries.found_in(shown, file), request.user)


def ballot_file(request: HttpRequest, number: int, file: int) -> FileResponse:
    """Download a file of a candidate one votes on."""
    shown = file_queries.files_of_ballot(number, request.user)
    return sent(file_queries.found_in([one for rows in shown.values() for one in rows], file), request.user)
