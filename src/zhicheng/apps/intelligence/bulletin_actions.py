"""What changes a bulletin: begin, save, submit, return, approve, publish, correct, withdraw; each audited once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from zhicheng.apps.accounts.public import User, demo_loaded, one_person_mode, record_event, require
from zhicheng.apps.intelligence import bulletin_files
from zhicheng.apps.intelligence.bulletin_building import body, figures_data, finished
from zhicheng.apps.intelligence.bulletin_models import Bulletin, BulletinVersion
from zhicheng.apps.intelligence.bulletin_queries import template_title, visible
from zhicheng.catalogue.bulletin_loader import load_bulletins
from zhicheng.engines.bulletins import parse
from zhicheng.engines.bulletins.markdown import markdown
from zhicheng.kernel.refusals import Conflict, NotAllowed, NotFound, Refusal

Status = Bulletin.Status


@transaction.atomic
def begin(*, template: str, region: str, as_of: date, by: User, text: str = "") -> Bulletin:
    """Begin a bulletin from a template of the catalogue, or from a text of one's own.

    Raises:
        Refusal: no such template, or the text is no template.
    """
    require(by, "bulletins.prepare", region=region)
    if template and not text:
        entry = load_bulletins().get(template)
        if entry is None:
            known = "、".join(load_bulletins())
            raise Refusal(f"没有通稿模板“{template[:40]}”。", fix=f"可用：{known}。")
        text = entry.text
    if not text.strip():
        raise Refusal("没有选模板，也没有正文。", fix="请选一个模板，或自己写一段。")
    parse(text)
    row = Bulletin.objects.create(
        title=template_title(text, region, as_of), template_id=template, template=text, region_code=region,
        as_of=as_of, prepared_by=by, synthetic=demo_loaded(),
    )  # fmt: skip
    _keep_version(row, by)
    _note(row, "begin", by, after={"template": template, "title": row.title})
    return row


@transaction.atomic
def save(*, bulletin: int, text: str, as_of: date, by: User, revision: int | None = None) -> Bulletin:
    """Save a changed text as a new revision; what was submitted or approved becomes a draft again.

    Args:
        revision: the one that was edited, None to overwrite whatever is there.

    Raises:
        Conflict: somebody else saved meanwhile, or it is published.
        TemplateError: the text is no template.
    """
    row = _locked(bulletin, by)
    require(by, "bulletins.prepare", region=row.region_code)
    if not row.is_open:
        raise Conflict(f"通稿已是“{row.get_status_display()}”，正文不再改动。", fix="如有错，请发起更正。")
    if revision is not None and revision != row.revision:
        raise Conflict(
            f"别人已保存到第 {row.revision} 版，您改的是第 {revision} 版。", fix="请刷新后并入您的改动。"
        )
    text = text.replace("\r\n", "\n")
    parse(text)
    if text == row.template and as_of == row.as_of:
        return row
    before = {"revision": row.revision, "status": row.status}
    row.template, row.as_of, row.title = text, as_of, template_title(text, row.region_code, as_of)
    row.revision += 1
    row.status, row.prepared_by = Status.DRAFT, by
    row.approved_by = row.approved_at = row.submitted_at = None
    row.save()
    _keep_version(row, by)
    _note(row, "save", by, before=before, after={"revision": row.revision, "title": row.title})
    return row


@transaction.atomic
def submit(*, bulletin: int, by: User) -> Bulletin:
    """Send a bulletin for approval; every number must stand signed.

    Raises:
        BuildStopped: a number does not.
    """
    row = _locked(bulletin, by)
    require(by, "bulletins.prepare", region=row.region_code)
    if row.status == Status.SUBMITTED:
        return row
    _expect(row, Status.DRAFT, "送审")
    finished(row.template, region=row.region_code, as_of=row.as_of)
    row.status, row.submitted_at, row.why = Status.SUBMITTED, timezone.now(), ""
    row.save()
    _note(row, "submit", by, after={"revision": row.revision})
    return row


@transaction.atomic
def send_back(*, bulletin: int, why: str, by: User) -> Bulletin:
    """Return a submitted bulletin to its author with the reason."""
    row = _locked(bulletin, by)
    require(by, "bulletins.approve", region=row.region_code)
    if row.status not in {Status.SUBMITTED, Status.APPROVED}:
        raise Conflict(
            f"通稿现在是“{row.get_status_display()}”，不能退回。", fix="只有待审、已审定的可以退回。"
        )
    _reason(why, "退回")
    row.status, row.why, row.approved_by, row.approved_at = Status.DRAFT, why, None, None
    row.save()
    _note(row, "send_back", by, why=why)
    return row


@transaction.atomic
def approve(*, bulletin: int, by: User) -> Bulletin:
    """Approve a bulletin; whoever wrote it does not approve it.

    Raises:
        NotAllowed: the same person wrote it.
        BuildStopped: a number is no longer as it was signed.
    """
    row = _locked(bulletin, by)
    require(by, "bulletins.approve", region=row.region_code)
    if row.status == Status.APPROVED:
        return row
    _expect(row, Status.SUBMITTED, "审定")
    if row.prepared_by_id == by.pk and not one_person_mode():
        raise NotAllowed("编写人不能审定自己写的通稿。", fix="请由另一位有审定权限的人员办理。")
    finished(row.template, region=row.region_code, as_of=row.as_of)
    row.status, row.approved_by, row.approved_at = Status.APPROVED, by, timezone.now()
    row.save()
    _note(row, "approve", by, after={"revision": row.revision})
    return row


@transaction.atomic
def publish(*, bulletin: int, by: User, forms: Sequence[str] = ("docx", "pdf")) -> Bulletin:
    """Publish an approved bulletin: its text, numbers and files are frozen as they are now.

    Args:
        forms: files written at once; HTML and Markdown come from the frozen text.

    Raises:
        Conflict: it is not approved.
        BuildStopped: a number changed since it was signed.
    """
    row = _locked(bulletin, by)
    require(by, "bulletins.approve", region=row.region_code)
    if row.status == Status.PUBLISHED:
        return row
    _expect(row, Status.APPROVED, "发布")
    document = finished(row.template, region=row.region_code, as_of=row.as_of)
    row.html, row.markdown, row.figures = body(document), markdown(document), figures_data(document)
    row.files = bulletin_files.write(row, document, forms)
    row.status, row.published_at, row.title = Status.PUBLISHED, timezone.now(), document.title
    row.save()
    _note(row, "publish", by, after={"figures": len(row.figures), "files": row.files})
    _replace(row)
    return row


def _replace(row: Bulletin) -> None:
    """The corrected bulletin stays readable, with the notice that another took its place."""
    former = Bulletin.objects.select_for_update().filter(replaced_by=row, status=Status.PUBLISHED).first()
    if former:
        former.status, former.why = Status.CORRECTED, row.why
        former.save()


@transaction.atomic
def correct(*, bulletin: int, why: str, by: User) -> Bulletin:
    """Begin the correction of a published bulletin: a draft that takes its place once it is published.

    Raises:
        Conflict: it is not published, or a correction is under way.
    """
    row = _locked(bulletin, by)
    require(by, "bulletins.prepare", region=row.region_code)
    _expect(row, Status.PUBLISHED, "更正")
    _reason(why, "更正")
    open_one = Bulletin.objects.filter(
        replaces=row, status__in=[Status.DRAFT, Status.SUBMITTED, Status.APPROVED]
    ).first()
    if open_one:
        raise Conflict(f"更正稿已在办理（编号 {open_one.pk}）。", fix="请在那一篇上继续。")
    draft = Bulletin.objects.create(
        title=row.title, template_id=row.template_id, template=row.template, region_code=row.region_code,
        as_of=row.as_of, prepared_by=by, synthetic=row.synthetic, replaces=row, why=why,
    )  # fmt: skip
    _keep_version(draft, by)
    _note(draft, "correct", by, why=why, after={"replaces": row.pk})
    return draft


@transaction.atomic
def withdraw(*, bulletin: int, why: str, by: User) -> Bulletin:
    """Withdraw a published bulletin; its notice with the reason stays on the public page."""
    row = _locked(bulletin, by)
    require(by, "bulletins.approve", region=row.region_code)
    if row.status == Status.WITHDRAWN:
        return row
    _expect(row, Status.PUBLISHED, "撤回")
    _reason(why, "撤回")
    row.status, row.why = Status.WITHDRAWN, why
    row.save()
    _note(row, "withdraw", by, why=why)
    return row


@transaction.atomic
def discard(*, bulletin: int, why: str, by: User) -> None:
    """Throw a draft away that was never published."""
    row = _locked(bulletin, by)
    require(by, "bulletins.prepare", region=row.region_code)
    if row.is_public:
        raise Conflict("已发布的通稿不能删除。", fix="请撤回或更正。")
    number, title = row.pk, row.title
    row.delete()
    record_event(
        by=by, action="bulletins.discard", subject=f"bulletin:{number}", why=why, before={"title": title}
    )


def _locked(bulletin: int, by: User) -> Bulletin:
    row = visible(by).select_for_update(of=("self",)).filter(pk=bulletin).first()
    if row is None:
        raise NotFound("没有这篇通稿。", fix="请返回通稿列表。")
    return row


def _expect(row: Bulletin, status: Bulletin.Status, step: str) -> None:
    if row.status != status:
        raise Conflict(
            f"通稿现在是“{row.get_status_display()}”，不能{step}。", fix=f"{step}之前须是“{status.label}”。"
        )


def _reason(why: str, step: str) -> None:
    if not why.strip():
        raise Refusal(f"{step}须写明理由。", fix="请填写理由；更正与撤回的理由会随通稿公布。")


def _keep_version(row: Bulletin, by: User) -> None:
    BulletinVersion.objects.create(
        bulletin=row, revision=row.revision, title=row.title, template=row.template, as_of=row.as_of, by=by
    )


def _note(
    row: Bulletin, step: str, by: User, *, why: str = "", before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:  # fmt: skip
    record_event(
        by=by, action=f"bulletins.{step}", subject=f"bulletin:{row.pk}", why=why, before=before, after=after
    )
