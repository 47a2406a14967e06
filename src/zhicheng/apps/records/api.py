"""Records and imports over the API: the same scope, review and rules as on the pages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema, Status
from ninja.files import UploadedFile
from ninja.params.functions import File, Query
from pydantic import Field

from zhicheng.apps.accounts.public import User, check_if_match, etag, may, require
from zhicheng.apps.records import actions, details, queries, set_queries, tasks, uploads
from zhicheng.apps.records.columns import model_columns
from zhicheng.apps.records.editing import Draft, propose, propose_removal
from zhicheng.apps.records.import_views import READ_AT_ONCE
from zhicheng.apps.records.models import ChangeSet
from zhicheng.apps.records.queries import MASK
from zhicheng.apps.records.record import Record
from zhicheng.apps.records.shapes import RecordType, registry
from zhicheng.kernel.refusals import NotAllowed, Refusal

router = Router(tags=["records"])
LARGEST_ID = 2**63 - 1


class Values(Schema):
    """A record as somebody writes it: column → text, and why."""

    values: dict[str, str] = Field(description="列名 → 内容，写法与导入文件相同", max_length=200)
    why: str = Field(description="理由，进入审计记录", min_length=1, max_length=500)


class Reason(Schema):
    """Why something is done, and into which record another is merged."""

    why: str = Field(min_length=1, max_length=500)
    into: int | None = Field(default=None, ge=1, le=LARGEST_ID, description="并入的记录；不填为删除")


class Step(Schema):
    """A step of a change set."""

    step: str = Field(pattern="^(submit|approve|discard|undo)$")
    why: str = Field(default="", max_length=500)


@router.get("/records", summary="The kinds of records")
def kinds(request: HttpRequest) -> list[dict[str, Any]]:
    """Return every kind with its columns: name, label, kind, unit and help."""
    require(request.user, "records.view")
    return [
        {
            "id": one.id, "label": one.label, "key": list(one.key), "filters": list(one.filters),
            "columns": [
                {"name": c.name, "label": str(c.verbose_name), "kind": c.kind, "unit": c.unit, "help": str(c.help_text)}
                for c in model_columns(one)
            ],
        }
        for one in registry
    ]  # fmt: skip


@router.get("/records/{type_id}", summary="Records of one kind, page by page")
def list_records(
    request: HttpRequest, type_id: str, q: str = Query("", max_length=200), after: str = Query("", max_length=60),
    fields: str = Query("", max_length=2000, description="列名，用逗号隔开；不填为全部"),
) -> dict[str, Any]:  # fmt: skip
    """Return up to fifty records, newest first; further query parameters are the kind's filters."""
    record_type = registry.get(type_id)
    given = {**request.GET.dict(), "q": q, "after": after}
    _refuse_unknown(record_type, queries.filters_of(record_type, request.user), given)
    rows, following = queries.page_of_records(record_type, request.user, given)
    columns = _columns(record_type, fields)
    masked = not may(request.user, "personal.view")
    return {
        "items": [_as_json(one, columns, masked=masked) for one in rows],
        "next": following or None,
    }


def _refuse_unknown(record_type: RecordType, filters: list[str], given: dict[str, str]) -> None:
    known = {"q", "after", "fields", *filters}
    known |= {f"{name}.{end}" for name in filters for end in ("from", "to")}
    if unknown := sorted(set(given) - known):
        raise Refusal(
            f"不能按“{'、'.join(unknown)[:100]}”筛选{record_type.label}。",
            fix=f"可用：{'、'.join(sorted(known))}。",
        )


def _columns(record_type: RecordType, fields: str) -> list[Any]:
    known = {one.name: one for one in model_columns(record_type)}
    names = [one.strip() for one in fields.split(",") if one.strip()] or list(known)
    if unknown := [one for one in names if one not in known]:
        raise Refusal(f"{record_type.label}没有列“{unknown[0][:60]}”。", fix=f"可用：{'、'.join(known)}。")
    return [known[name] for name in names]


def _as_json(record: Record, columns: list[Any], *, masked: bool) -> dict[str, Any]:
    found: dict[str, Any] = {"id": record.pk, "revision": record.revision}
    for one in columns:
        value = getattr(record, one.name)
        if one.personal and masked and value:
            value = MASK
        found[one.name] = str(value) if isinstance(value, Decimal | date) else value
    return found


@router.get("/records/{type_id}/{number}", summary="One record with its parts and sources")
def one_record(request: HttpRequest, type_id: str, number: int, response: HttpResponse) -> dict[str, Any]:
    """Return one record; its ETag is what a change must be made from."""
    _check_number(number)
    record_type, found = queries.record(type_id, number, request.user)
    response["ETag"] = etag(type_id, found.pk, found.revision)
    masked = not may(request.user, "personal.view")
    sources = [
        {
            "source": one.change_set.source,
            "row": one.row,
            "action": one.action,
            "change_set": str(one.change_set.key),
        }
        for one in details.sources_of(record_type, found)
    ]
    parts = [
        {"name": str(one["name"]), "columns": [str(name) for name in one["columns"]], "rows": one["rows"]}
        for one in details.parts_of(record_type, found)
    ]
    return {**_as_json(found, model_columns(record_type), masked=masked), "parts": parts, "sources": sources}


@router.post("/records/{type_id}", summary="Propose a new record", response={202: dict[str, Any]})
def create_record(request: HttpRequest, type_id: str, given: Values) -> Status[dict[str, Any]]:
    """Stage a new record; it waits for review. Send an Idempotency-Key to make a retry harmless."""
    row = propose(draft=Draft(type_id, given.values), by=_person(request), why=given.why)
    return Status(202, _set_json(row))


@router.put("/records/{type_id}/{number}", summary="Propose a change", response={202: dict[str, Any]})
def change_record(request: HttpRequest, type_id: str, number: int, given: Values) -> Status[dict[str, Any]]:
    """Stage a change made from the version that If-Match names; it waits for review."""
    by = _person(request)
    _match(request, type_id, number)
    row = propose(draft=Draft(type_id, given.values, number), by=by, why=given.why)
    return Status(202, _set_json(row))


@router.delete("/records/{type_id}/{number}", summary="Propose a removal", response={202: dict[str, Any]})
def remove_record(request: HttpRequest, type_id: str, number: int, given: Reason) -> Status[dict[str, Any]]:
    """Stage the deletion of a record or its merging into another one; it waits for review."""
    by = _person(request)
    _match(request, type_id, number)
    row = propose_removal(type_id=type_id, record=number, into=given.into, by=by, why=given.why)
    return Status(202, _set_json(row))


def _match(request: HttpRequest, type_id: str, number: int) -> None:
    _check_number(number)
    _type, found = queries.record(type_id, number, request.user, queries.in_charge)
    check_if_match(request, etag(type_id, found.pk, found.revision))


def _check_number(number: int) -> None:
    if not 0 < number <= LARGEST_ID:
        raise Refusal(f"编号 {str(number)[:30]} 超出范围。", fix="请核对编号。")


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise NotAllowed("没有登录，不能提交变更。", fix="请带上接口令牌。")
    return request.user


@router.get("/imports", summary="Change sets, newest first")
def list_imports(
    request: HttpRequest, after: str = Query("", max_length=20), status: str = Query("", max_length=12)
) -> dict[str, Any]:
    """Return up to fifty change sets of the caller's region."""
    found = set_queries.change_sets_page(request.user, after, status)
    return {"items": [_set_json(one) for one in found.rows], "next": found.next or None}


@router.get("/imports/{key}", summary="One change set")
def one_import(request: HttpRequest, key: UUID) -> dict[str, Any]:
    """Return counts and state of a change set; poll it while its status is parsing or applying."""
    return _set_json(set_queries.change_set(key, request.user))


@router.post("/imports", summary="Upload a file", response={202: dict[str, Any]})
def upload(
    request: HttpRequest,
    file: UploadedFile = File(...),  # noqa: B008 - ninja's way to say it
    type: str = Query("", max_length=60),  # noqa: A002
) -> Status[dict[str, Any]]:
    """Read a file into a staged change set; large ones are read in the background."""
    by = _person(request)
    require(by, "records.prepare")
    kept = uploads.keep(file, by)
    try:
        row = actions.begin_reading(kept.path, by=by, type_id=type or None, source=kept.name)
        if kept.path.stat().st_size > READ_AT_ONCE:
            tasks.read_upload.enqueue(row.pk, by.pk)
        else:
            row = actions.read_into(row, kept.path, by=by)
    except Refusal:
        uploads.forget(kept.path)
        raise
    return Status(202, _set_json(row))


@router.post("/imports/{key}/steps", summary="Submit, approve, discard or undo", response=dict[str, Any])
def take_step(request: HttpRequest, key: UUID, given: Step) -> dict[str, Any]:
    """Take one step of the review."""
    by = _person(request)
    row = set_queries.change_set(key, by)
    if given.step == "submit":
        row = actions.submit(change_set=row, by=by)
    elif given.step == "approve":
        row = actions.approve(change_set=row, by=by)
    elif given.step == "discard":
        row = actions.discard(change_set=row, by=by, why=given.why)
    else:
        row = actions.undo(change_set=row, by=by, why=given.why)
    return _set_json(row)


def _set_json(row: ChangeSet) -> dict[str, Any]:
    return {
        "change_set": str(row.key), "type": row.type, "source": row.source, "status": row.status, "read": row.read,
        "new": row.new, "changed": row.changed, "deleted": row.deleted, "unchanged": row.unchanged,
        "rejected": row.rejected, "step": row.step, "done": row.done, "notes": row.notes, "why": row.why,
    }  # fmt: skip
