"""Conflicts of interest: why an expert may not score a candidate, found from what the city knows and what was declared."""

from __future__ import annotations

from dataclasses import dataclass

from zhicheng.apps.accounts.public import User, acts_for
from zhicheng.apps.incentives.models import AwardRound, Candidate, ExpertInterest
from zhicheng.apps.ledger.public import Organisation, Patent


@dataclass(frozen=True)
class Known:
    """What is known about one expert of a round, gathered once for all candidates."""

    acts_for: frozenset[int]
    declared: dict[int, str]
    works_for: str


def known_about(expert: User, works_for: str) -> Known:
    """Organisations the expert acts for or has declared, and where the expert works."""
    declared = dict(ExpertInterest.objects.filter(expert=expert).values_list("organisation_id", "words"))
    return Known(frozenset(acts_for(expert)), declared, works_for.strip())


def agencies_of(award_round: AwardRound) -> dict[int, set[str]]:
    """Patent agencies that act for each candidate's organisation; one query."""
    rows = Patent.objects.filter(
        owners__organisation__in=award_round.candidates.values("organisation"), agency__gt=""
    ).values_list("owners__organisation_id", "agency").distinct()  # fmt: skip
    found: dict[int, set[str]] = {}
    for organisation, agency in rows:
        found.setdefault(organisation, set()).add(agency)
    return found


def names_of(award_round: AwardRound) -> dict[int, set[str]]:
    """Every name of each candidate's organisation, also former ones."""
    rows = Organisation.objects.filter(pk__in=award_round.candidates.values("organisation")).prefetch_related(
        "former_names"
    )
    return {one.pk: {one.name, *(old.name for old in one.former_names.all())} for one in rows}


def conflict(candidate: Candidate, expert: User, known: Known, *, names: set[str], agencies: set[str]) -> str:
    """The reason an expert must not score a candidate, empty when there is none."""
    organisation = candidate.organisation_id
    if candidate.applied_by_id == expert.pk:
        return "本人为该单位申报"
    if organisation in known.acts_for:
        return "为该单位代办"
    if organisation in known.declared:
        return f"本人申报有利害关系：{known.declared[organisation]}"[:200]
    if known.works_for and known.works_for in names:
        return "在该单位任职"
    if known.works_for and known.works_for in agencies:
        return "所在机构代理该单位的专利"
    return ""
