"""A seat that falls free during the notice: by the rule of the round the next in the ranking moves up, or it stays empty."""

from __future__ import annotations

from datetime import date

from zhicheng.apps.incentives.batches.actions import payout_settings
from zhicheng.apps.incentives.models import AwardRound, Candidate
from zhicheng.kernel.calendar import Calendar
from zhicheng.kernel.clock import Limit, due_day

Standing = Candidate.Status


def drop_candidate(
    award_round: AwardRound,
    candidate: Candidate,
    *,
    why: str,
    on: date | None,
    status: str = Standing.INELIGIBLE,
) -> list[Candidate]:
    """Take a candidate out of the list; returns who moved up for the seat, best first.

    Args:
        award_round: the round on notice. candidate: who loses the seat.
        why: reason, shown with the candidate. status: what it is then.
        on: first day, not counted, of the notice of who moves up; None while the list is not on notice yet.
    """
    row = AwardRound.objects.select_for_update().get(pk=award_round.pk)
    one = Candidate.objects.select_for_update(of=("self",)).get(pk=candidate.pk)
    freed = one.tier
    one.status, one.tier, one.why = status, "", why
    one.save(update_fields=["status", "tier", "why"])
    if not freed or row.freed_seat != AwardRound.FreedSeat.NEXT:
        return []
    return _filled(row, freed, on)


def _filled(row: AwardRound, freed: str, on: date | None) -> list[Candidate]:
    """Fill a freed seat from below, and the seats that become free by that, down to those who had none."""
    order = [name for name, _ in row.tiers]
    seats = dict(row.tiers)
    moved: list[Candidate] = []
    tier = freed
    while tier and row.candidates.filter(tier=tier, status=Standing.ELIGIBLE).count() < seats[tier]:
        nearest = _next_in_rank(row, order[order.index(tier) + 1 :])
        if not nearest:
            break
        came_from = nearest[0].tier
        for one in nearest:
            _move_up(one, tier, on)
            moved.append(one)
        tier = came_from
    return moved


def _next_in_rank(row: AwardRound, lower: list[str]) -> list[Candidate]:
    """The best placed below a tier, several where they share a place.

    Where a lower tier was left vacant nobody without a seat moves up past it: they were found not to meet it.
    """
    rows = row.candidates.select_for_update(of=("self",)).filter(status=Standing.ELIGIBLE, rank__isnull=False)
    open_to = [*lower, *([] if set(lower) & set(row.vacant) else [""])]
    found = list(rows.filter(tier__in=open_to).order_by("rank", "pk"))
    return [one for one in found if one.rank == found[0].rank and one.tier == found[0].tier]


def _move_up(one: Candidate, tier: str, on: date | None) -> None:
    if on is None:
        one.moved_from, one.tier = one.moved_from or one.tier or "none", tier
        one.save(update_fields=["moved_from", "tier"])
        return
    days = payout_settings().notice_days
    due = due_day(on, Limit(days, "working_days", roll=False), calendar=Calendar.official())
    one.moved_from, one.tier = one.tier or "none", tier
    one.notice_from, one.notice_until = on, due.day
    one.save(update_fields=["moved_from", "tier", "notice_from", "notice_until"])


def notice_ends(row: AwardRound) -> date | None:
    """The last day of the round's notice, or of the notice of the one who moved up last."""
    own = row.candidates.exclude(tier="").filter(status=Standing.ELIGIBLE, notice_until__isnull=False)
    days = [row.notice_until, *own.values_list("notice_until", flat=True)]
    return max((one for one in days if one), default=None)
