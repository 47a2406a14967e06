"""A ranking taken off its public notice, by an officer or by an upheld objection."""

from __future__ import annotations

from zhicheng.apps.incentives.models import AwardRound


def off_notice(row: AwardRound) -> None:
    """Put a round that is locked back before its notice; who moved up is on the next notice with everybody."""
    row.status, row.notice_from, row.notice_until, row.notice_words = AwardRound.Status.RANKED, None, None, []
    row.save(update_fields=["status", "notice_from", "notice_until", "notice_words"])
    row.candidates.update(notice_from=None, notice_until=None)
