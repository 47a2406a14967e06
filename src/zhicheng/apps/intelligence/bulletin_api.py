"""Bulletins over the API: the same texts, steps and checks as on the pages; published ones for everybody."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema, Status
from ninja.files import UploadedFile
from ninja.params.functions import File, Query
from pydantic import Field

from zhicheng.apps.accounts.public import check_if_match, etag, require, signed_in
from zhicheng.apps.figures.public import require_figures
from zhicheng.apps.intelligence import bulletin_actions as actions
from zhicheng.apps.intelligence import bulletin_queries as queries
from zhicheng.apps.intelligence.bulletin_building import draft
from zhicheng.apps.intelligence.bulletin_checking import LARGEST, check_bytes
from zhicheng.apps.intelligence.bulletin_commands import report_data
from zhicheng.apps.intelligence.bulletin_models import Bulletin
from zhicheng.apps.intelligence.bulletin_open_data import as_json, as_line
from zhicheng.apps.web.public import place_of
from zhicheng.engines.bulletins.markdown import markdown
from zhicheng.kernel.refusals import NotFound, Refusal

router = Router(tags=["bulletins"])
LARGEST_ID = 2**63 - 1
REGION = "^[1-9][0-9]{5}$"


class NewBulletin(Schema):
    """A bulletin to begin: from a template of the catalogue, or from a text."""

    template: str = Field(default="", max_length=80, description="模板编号；不填则用 text")
    text: str = Field(default="", max_length=100_000, description="自己写的模板")
    region: str = Field(pattern=REGION)
    as_of: date


class Wording(Schema):
    """The text of a bulletin."""

    text: str = Field(min_length=1, max_length=100_000)
    as_of: date


class BulletinStep(Schema):
    """A step of a bulletin."""

    step: str = Field(pattern="^(submit|send_back|approve|publish|correct|withdraw|discard)$")
    why: str = Field(default="", max_length=500)


@router.get("/bulletin-templates", summary="Templates of bulletins")
def bulletin_templates(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the templates of the catalogue with their text."""
    require(request.user, "bulletins.prepare")
    return [
        {"id": one.id, "name": one.name.model_dump(), "description": one.description, "text": one.text}
        for one in queries.templates()
    ]


@router.get("/bulletins", summary="Bulletins in work and published, page by page")
def list_bulletins(
    request: HttpRequest, q: str = Query("", max_length=200), status: str = Query("", max_length=20),
    after: str = Query("", max_length=20),
) -> dict[str, Any]:  # fmt: skip
    """Return up to fifty bulletins of one's region and below, the newest first."""
    page = queries.bulletins_page(request.user, q=q, status=status, after=after)
    return {"items": [as_line(one) for one in page.rows], "next": page.next or None}


@router.post("/bulletins", summary="Begin a bulletin", response={201: dict[str, Any]})
def begin_bulletin(request: HttpRequest, body: NewBulletin, response: HttpResponse) -> Any:
    """Begin a bulletin and return it."""
    row = actions.begin(by=signed_in(request.user), **body.dict())
    return Status(201, _one(row, response))


@router.post("/bulletins/check", summary="Check the numbers of a finished file")
def check_bulletin(
    request: HttpRequest, file: UploadedFile = File(...), region: str = Query("", max_length=6),  # noqa: B008
    as_of: date | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Return a verdict on each number of a Word, PDF, HTML or text file."""
    require(request.user, "bulletins.prepare")
    where = region or place_of(request).region
    require_figures(request.user, where)
    if file.size and file.size > LARGEST:
        raise Refusal(f"文件超过 {LARGEST} 字节。", fix="请去掉图片后另存再试。")
    return report_data(check_bytes(file.read(), name=file.name or "", region=where, as_of=as_of))


@router.get("/bulletins/{number}", summary="One bulletin with its text")
def one_bulletin(request: HttpRequest, number: int, response: HttpResponse) -> dict[str, Any]:
    """Return one bulletin; its ETag is what a change must be made from."""
    return _one(queries.bulletin(_checked(number), request.user), response)


@router.put("/bulletins/{number}", summary="Save the text of a bulletin")
def save_bulletin(request: HttpRequest, number: int, body: Wording, response: HttpResponse) -> dict[str, Any]:
    """Save a changed text; If-Match names the revision it was made from."""
    row = queries.bulletin(_checked(number), request.user)
    check_if_match(request, _etag(row))
    by: Any = request.user
    saved = actions.save(bulletin=row.pk, text=body.text, as_of=body.as_of, by=by, revision=row.revision)
    return _one(saved, response)


@router.get("/bulletins/{number}/preview", summary="How a bulletin reads now, and what stands in its way")
def preview_bulletin(request: HttpRequest, number: int) -> dict[str, Any]:
    """Return the text as Markdown, with problems, contradictions and numbers typed by hand."""
    row = queries.bulletin(_checked(number), request.user)
    require_figures(request.user, row.region_code)
    found = draft(row.template, region=row.region_code, as_of=row.as_of, but=row.replaces_id or row.pk)
    return {
        "markdown": markdown(found.document),
        "problems": [
            {"line": one.line, "about": one.about, "state": one.state, "what": one.what, "fix": one.fix}
            for one in found.problems
        ],
        "contradictions": [str(one) for one in found.contradictions],
        "typed": list(found.typed),
    }


@router.post("/bulletins/{number}/steps", summary="Take a bulletin one step further")
def step_bulletin(
    request: HttpRequest, number: int, body: BulletinStep, response: HttpResponse
) -> dict[str, Any]:
    """Submit, send back, approve, publish, correct, withdraw or discard a bulletin."""
    by: Any = request.user
    number = _checked(number)
    if body.step == "discard":
        actions.discard(bulletin=number, why=body.why, by=by)
        return {"number": number, "status": "discarded"}
    plain = {"submit": actions.submit, "approve": actions.approve, "publish": actions.publish}
    if body.step in plain:
        return _one(plain[body.step](bulletin=number, by=by), response)
    reasoned = {"send_back": actions.send_back, "correct": actions.correct, "withdraw": actions.withdraw}
    return _one(reasoned[body.step](bulletin=number, why=body.why, by=by), response)


@router.get("/published-bulletins", summary="Published bulletins, without sign-in")
def list_published(
    request: HttpRequest, q: str = Query("", max_length=200), after: str = Query("", max_length=20)
) -> dict[str, Any]:
    """Return up to fifty published bulletins, the newest first."""
    require(request.user, "published.view")
    page = queries.published_page(q=q, after=after)
    return {"items": [as_line(one) for one in page.rows], "next": page.next or None}


@router.get("/published-bulletins/{number}", summary="One published bulletin as open data")
def one_published(request: HttpRequest, number: int) -> dict[str, Any]:
    """Return a published bulletin: text, numbers with definitions, licence, and its notice when it has one."""
    require(request.user, "published.view")
    return as_json(queries.published_one(_checked(number)))


def _checked(number: int) -> int:
    if not 0 < number <= LARGEST_ID:
        raise NotFound("没有这篇通稿。", fix="请核对编号。")
    return number


def _etag(row: Bulletin) -> str:
    return etag("bulletin", row.pk, row.revision)


def _one(row: Bulletin, response: HttpResponse) -> dict[str, Any]:
    response["ETag"] = _etag(row)
    return {
        **as_line(row), "text": row.template, "why": row.why or None, "prepared_by": row.prepared_by.username,
        "approved_by": row.approved_by.username if row.approved_by else None, "files": row.files,
    }  # fmt: skip
