"""Files of applications to award rounds over the API: list, lay beside, take away, download, for each who may."""

from __future__ import annotations

from typing import Any, Literal

from django.http import FileResponse, HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from zhicheng.apps.accounts.public import require
from zhicheng.apps.incentives.files.carrying import LONGEST_TEXT, decoded
from zhicheng.apps.incentives.rounds import file_queries, filing
from zhicheng.apps.incentives.rounds import queries as round_queries
from zhicheng.apps.incentives.rounds.api import person
from zhicheng.apps.incentives.rounds.file_queries import Shown
from zhicheng.apps.incentives.rounds.file_views import sent

router = Router(tags=["award rounds"])
HERE = "/policies/rounds/{number}/applications/{int:candidate}/files"


class FileIn(Schema):
    """A file in Base64; `blind` are open to experts of every stage, `other` only where they know the names."""

    material: Literal["blind", "other"]
    name: str = Field(min_length=1, max_length=200)
    content: str = Field(max_length=LONGEST_TEXT)


def _key(number: int) -> int:
    return number if 0 < number < 2**63 else 0


def _plain(shown: list[Shown]) -> list[dict[str, Any]]:
    return [{"file": one.row.pk, "material": one.row.material, "name": one.name, "size": one.row.size} for one in shown]  # fmt: skip


def _readable(request: HttpRequest, number: str, candidate: int) -> Any:
    row = round_queries.award_round(number[:60], person(request))
    return file_queries.readable(row, candidate, request.user)


@router.get(HERE, summary="Files of an application")
def list_files(request: HttpRequest, number: str, candidate: int) -> dict[str, Any]:
    """Return the files of one's own application, or of one that was handed in to a round of one's regions."""
    return {"items": _plain(file_queries.named_files(_readable(request, number, candidate)))}


@router.post(HERE, summary="Lay a file beside a draft", response={201: dict[str, Any]})
def lay_file(request: HttpRequest, number: str, candidate: int, given: FileIn) -> Status[dict[str, Any]]:
    """Lay a file beside one's own draft; the same file twice is one."""
    require(person(request), "policies.apply")
    one = _readable(request, number, candidate)
    filing.lay_file(
        candidate=one, material=given.material, name=given.name, content=decoded(given.name, given.content),
        by=person(request),
    )  # fmt: skip
    return Status(201, {"items": _plain(file_queries.named_files(_readable(request, number, candidate)))})


@router.delete(HERE + "/{int:file}", summary="Take a file away from a draft", response={204: None})
def drop_file(request: HttpRequest, number: str, candidate: int, file: int) -> Status[None]:
    """Take a file away from one's own draft."""
    require(person(request), "policies.apply")
    one = _readable(request, number, candidate)
    filing.drop_file(candidate=one, file=_key(file), by=person(request))
    return Status(204, None)


@router.get(HERE + "/{int:file}", summary="Download a file of an application")
def read_file(request: HttpRequest, number: str, candidate: int, file: int) -> FileResponse:
    """Return the content of a file."""
    shown = file_queries.named_files(_readable(request, number, candidate))
    return sent(file_queries.found_in(shown, file), person(request))


@router.get("/policies/scoring/{int:number}/files", summary="Files beside one's own sheet")
def list_sheet_files(request: HttpRequest, number: int) -> dict[str, Any]:
    """Return the files an expert may open; in a blind stage those without names, under the code."""
    _sheet, shown = file_queries.own_sheet_with_files(_key(number), person(request))
    return {"items": _plain(shown)}


@router.get("/policies/scoring/{int:number}/files/{int:file}", summary="Download a file beside a sheet")
def read_sheet_file(request: HttpRequest, number: int, file: int) -> FileResponse:
    """Return the content of a file beside one's own sheet."""
    _sheet, shown = file_queries.own_sheet_with_files(_key(number), person(request))
    return sent(file_queries.found_in(shown, file), person(request))


@router.get("/policies/ballots/{int:number}/files", summary="Files of candidates one votes on")
def list_ballot_files(request: HttpRequest, number: int) -> dict[str, Any]:
    """Return the files a member may open while the ballot is open, by candidate."""
    found = file_queries.files_of_ballot(_key(number), person(request))
    return {"items": [{"candidate": one, "files": _plain(rows)} for one, rows in found.items()]}


@router.get("/policies/ballots/{int:number}/files/{int:file}", summary="Download a file of a candidate")
def read_ballot_file(request: HttpRequest, number: int, file: int) -> FileResponse:
    """Return the content of a file of a candidate one votes on."""
    rows = file_queries.files_of_ballot(_key(number), person(request)).values()
    return sent(file_queries.found_in([one for some in rows for one in some], file), person(request))
