"""Files of an application to an award round (申报材料): laid beside a draft, taken away again, and who opens which."""

from __future__ import annotations

from django.db import transaction

from zhicheng.apps.accounts.public import User, record_event, require
from zhicheng.apps.incentives.files import keeping
from zhicheng.apps.incentives.models import Candidate, CandidateFile
from zhicheng.apps.incentives.rounds.calls import Standing, Status, acting_for, locked, names_told
from zhicheng.engines.extraction.readers import read_source
from zhicheng.kernel.refusals import Conflict, NotFound, Refusal

BLIND, OTHER = CandidateFile.Material.BLIND, CandidateFile.Material.OTHER


def _draft(candidate: Candidate, by: User) -> Candidate:
    """An application held for a change of its files by somebody who acts for its organisation."""
    require(by, "policies.apply")
    acting_for(candidate.organisation, by)
    locked(candidate.award_round, Status.OPEN)
    row = (
        Candidate.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=candidate.pk)
    )
    if row.status != Standing.DRAFT:
        raise Conflict(
            f"申报 {row.code} 现在是“{row.get_status_display()}”，附件不能再改。",
            fix="申报期内可以撤回后重新申报。",
        )
    return row


def _refuse_named(candidate: Candidate, name: str, content: bytes) -> None:
    """Refuse what experts of a blind stage would know its owner by, as far as a file has text that can be read."""
    try:
        text = read_source(content, name=name).mapped.text
    except Refusal:
        return  # a picture or a scan: the applicant says that no name stands in it
    # a line may end within a name
    if told := names_told(f"{text}\n{''.join(text.split())}", candidate.organisation):
        raise Refusal(
            f"文件“{name[:80]}”里写有“{told}”，专家盲评看得到。", fix="请去掉后再上传，或作为其他材料上传。"
        )


@transaction.atomic
def lay_file(*, candidate: Candidate, material: str, name: str, content: bytes, by: User) -> None:
    """Lay a file beside a draft; the same file twice is one.

    Args:
        candidate: the draft. material: blind (experts of every stage open it, under a neutral name) or other (experts
            open it only in stages in which they know the names). name, content: as uploaded. by: who acts for it.

    Raises:
        Refusal: the file is of a kind that is not taken, too large, one too many, or a blind one that names its owner.
        Conflict: the application was handed in.
    """
    row = _draft(candidate, by)
    if material not in CandidateFile.Material.values:
        raise Refusal(
            f"没有材料“{material[:20]}”。", fix=f"可选：{'、'.join(CandidateFile.Material.values)}。"
        )
    keeping.check(name, content)
    if material == BLIND:
        _refuse_named(row, name, content)
    made = keeping.keep(
        row.files, said={"candidate": row, "material": material}, name=name, content=content, by=by
    )
    if made is not None:
        record_event(
            by=by, action="policies.lay_file", subject=f"candidate:{row.pk}",
            after={"material": material, "sha256": made.sha256},
        )  # fmt: skip


@transaction.atomic
def drop_file(*, candidate: Candidate, file: int, by: User) -> None:
    """Take a file away from a draft."""
    row = _draft(candidate, by)
    found = row.files.filter(pk=file).first()
    if found is None:
        raise NotFound("没有这个文件。", fix="请刷新页面。")
    record_event(
        by=by, action="policies.drop_file", subject=f"candidate:{row.pk}", before={"sha256": found.sha256}
    )
    keeping.forget(found)
