"""Papers of a case: handed in or produced, kept in versions, opened only by whom their level allows."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from zhicheng.apps.accounts.public import User, record_event
from zhicheng.apps.cases.access import case_for, is_handler, stands_as_party
from zhicheng.apps.cases.models import Handling, Level, Material, Paper, PaperVersion
from zhicheng.apps.cases.state_rows import write_event
from zhicheng.kernel.refusals import NotAllowed, NotFound, Refusal

LARGEST = 30 * 2**20
SUFFIXES = frozenset(
    [
        ".pdf",
        ".doc",
        ".docx",
        ".wps",
        ".xls",
        ".xlsx",
        ".et",
        ".ppt",
        ".pptx",
        ".txt",
        ".csv",
        ".xml",
        ".ofd",
        ".jpg",
        ".jpeg",
        ".png",
        ".tif",
        ".tiff",
        ".zip",
        ".mp3",
        ".mp4",
    ]
)


def check_file(name: str, size: int) -> None:
    """Refuse a file that is too large, empty or of a kind that is not taken."""
    suffix = PurePath(name).suffix.lower()
    if suffix not in SUFFIXES:
        raise Refusal(f"文件“{name[:80]}”的类型不能接收。", fix=f"可以提交：{'、'.join(sorted(SUFFIXES))}。")
    if not 0 < size <= LARGEST:
        raise Refusal(
            f"文件“{name[:80]}”为空或超过 {LARGEST // 2**20} MB。", fix="请核对文件，过大的请拆分后提交。"
        )


def store(paper: Paper, *, name: str, content: bytes, by: User | None) -> PaperVersion:
    """Keep one more version of a document; the same content again makes none."""
    check_file(name, len(content))
    digest = hashlib.sha256(content).hexdigest()
    last = paper.versions.order_by("-version").first()
    if last is not None and last.sha256 == digest:
        return last
    row = PaperVersion(
        paper=paper,
        version=last.version + 1 if last else 1,
        name=PurePath(name).name[:200],
        size=len(content),
        sha256=digest,
        by=by,
    )
    stored = f"{digest[:24]}{PurePath(name).suffix.lower()}"
    row.file.save(stored, ContentFile(content), save=False)
    row.save()
    return row


def lay_in(
    handling: Handling, *, kind: str, title: str, level: str, name: str, content: bytes, by: User | None,
    material: Material | None = None, number: str = "", issued_on: date | None = None,
) -> Paper:  # fmt: skip
    """Put a document into a case; a material handed in again becomes a further version."""
    paper = material.papers.first() if material is not None else None
    if paper is None:
        paper = Paper.objects.create(
            case=handling,
            kind=kind,
            title=title[:200],
            level=level,
            material=material,
            number=number,
            issued_on=issued_on,
        )
    store(paper, name=name, content=content, by=by)
    if material is not None:
        material.state, material.remark = Material.State.GIVEN, ""
        material.save(update_fields=["state", "remark"])
    return paper


@transaction.atomic
def hand_in(
    *, case: int, name: str, content: bytes, by: User, material: str = "", title: str = "", level: str = Level.PARTIES,
    on: date | None = None,
) -> Paper:  # fmt: skip
    """Hand in a paper: a party for one of the materials asked of it, an officer any document.

    Raises:
        NotAllowed: the person neither handles the case nor stands in it.
    """
    day = on or timezone.localdate()
    handling = case_for(by, case, day)
    handles, as_party = is_handler(by, handling, day), bool(stands_as_party(by, handling))
    if not handles and not as_party:
        raise NotAllowed("只有承办人和当事人可以提交材料。", fix="请由承办人登记。")
    row = handling.materials.filter(code=material).first() if material else None
    if material and row is None:
        raise NotFound(f"本办件没有材料“{material}”。", fix="请从材料清单中选择。")
    if level not in Level.values or (not handles and level == Level.INTERNAL):
        raise Refusal(f"密级“{level}”不能用。", fix=f"可选：{'、'.join(Level.values)}。")
    if handling.secret and handles and level != Level.PARTIES:
        level = Level.HANDLERS
    shown = title or (row.name if row else PurePath(name).stem)
    paper = lay_in(
        handling,
        kind=material or "other",
        title=shown,
        level=level,
        name=name,
        content=content,
        by=by,
        material=row,
    )
    write_event(
        handling, action="paper", words="提交材料", on=day, by=by, after=shown, told=level == Level.PARTIES
    )
    record_event(
        by=by, action="cases.paper", subject=f"case:{handling.number}", after={"paper": shown, "level": level}
    )
    return paper


@transaction.atomic
def judge(
    *, case: int, material: str, accepted: bool, remark: str, by: User, on: date | None = None
) -> Material:
    """Accept a material, or say what is wrong with it; the remarks make up the one-time list."""
    day = on or timezone.localdate()
    handling = case_for(by, case, day)
    if not is_handler(by, handling, day):
        raise NotAllowed("只有承办人可以审核材料。", fix="请由承办人办理。")
    row = handling.materials.filter(code=material).first()
    if row is None:
        raise NotFound(f"本办件没有材料“{material}”。", fix="请从材料清单中选择。")
    if not accepted and not remark.strip():
        raise Refusal("材料需补正，须写明哪里不符。", fix="请写明需补正的内容，一次写全。")
    before = row.state
    row.state = Material.State.ACCEPTED if accepted else Material.State.WRONG
    row.remark = "" if accepted else remark.strip()[:300]
    row.save(update_fields=["state", "remark"])
    write_event(
        handling, action="judge", words="审核材料", on=day, by=by, why=row.remark, before=f"{row.name}：{before}",
        after=f"{row.name}：{row.state}",
    )  # fmt: skip
    record_event(
        by=by, action="cases.judge", subject=f"case:{handling.number}", why=row.remark,
        before={material: before}, after={material: row.state},
    )  # fmt: skip
    return row


def may_open(user: User, handling: Handling, paper: Paper, on: date) -> bool:
    """Tell whether somebody who may open the case may open this document of it."""
    if is_handler(user, handling, on):
        return True
    if paper.level == Level.HANDLERS or handling.secret:
        own = paper.versions.filter(by=user).exists()
        return own or (paper.level == Level.PARTIES and bool(stands_as_party(user, handling)))
    if paper.level == Level.INTERNAL:
        return user.is_officer
    return True


def papers_for(user: User, handling: Handling, on: date) -> list[Paper]:
    """Return the documents of a case a person may open, with their versions."""
    rows = list(handling.papers.prefetch_related("versions"))
    if is_handler(user, handling, on):
        return rows
    return [one for one in rows if may_open(user, handling, one, on)]


@transaction.atomic
def open_version(*, case: int, version: int, by: User, on: date) -> PaperVersion:
    """Return one version to be read, and record who opened it."""
    handling = case_for(by, case, on)
    row = PaperVersion.objects.select_related("paper").filter(pk=version, paper__case=handling).first()
    if row is None or not may_open(by, handling, row.paper, on):
        raise NotFound(f"没有找到文书 {version}。", fix="请核对编号；密级较高的文书只有承办人可以查看。")
    record_event(by=by, action="cases.open_paper", subject=f"paper_version:{row.pk}")
    return row
