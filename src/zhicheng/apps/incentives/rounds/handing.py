"""Sheets handed out: one for each expert and candidate, shut at once where the expert has an interest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from zhicheng.apps.incentives.models import AwardRound, Candidate, RoundExpert, ScoreSheet
from zhicheng.apps.incentives.rounds.conflicts import agencies_of, conflict, known_about, names_of
from zhicheng.apps.incentives.rounds.stages import DEFENCE, MATERIAL, needed_sheets
from zhicheng.kernel.refusals import Refusal


def sheets_for(
    row: AwardRound, candidates: Iterable[Candidate], called: Sequence[RoundExpert]
) -> list[ScoreSheet]:
    """Sheets of the stage that runs, not yet stored, each with its conflict."""
    names, agencies = names_of(row), agencies_of(row)
    known = {one.expert_id: known_about(one.expert, one.works_for) for one in called}
    return [
        ScoreSheet(
            candidate=one, expert=call.expert, stage=row.stage,
            conflict=conflict(
                one, call.expert, known[call.expert_id], names=names.get(one.organisation_id, set()),
                agencies=agencies.get(one.organisation_id, set()),
            ),
        )
        for one in candidates
        for call in called
    ]  # fmt: skip


def hand_out(row: AwardRound, candidates: Sequence[Candidate]) -> None:
    """Hand the sheets of the stage that begins to every expert; on site the team gets them with its visit.

    Raises:
        Refusal: nobody may stand, or a candidate has too few experts without a conflict.
    """
    if not candidates:
        raise Refusal(f"“{row.current.name}”没有可以评审的申报。", fix="请核对资格，或取消这一轮评选。")
    stage = row.current
    if not stage.scored:
        return
    sheets = sheets_for(row, candidates, list(row.experts.select_related("expert")))
    least, _trimmed = needed_sheets(stage, row.least_scores, row.trimmed)
    for one in candidates:
        free = sum(1 for sheet in sheets if sheet.candidate is one and not sheet.conflict)
        if free < least:
            raise Refusal(
                f"“{stage.name}”：申报 {one.code} 只有 {free} 位没有利害关系的专家，至少要 {least} 位。",
                fix="请增加专家。",
            )
    if stage.kind in {MATERIAL, DEFENCE}:
        ScoreSheet.objects.bulk_create(sheets)
