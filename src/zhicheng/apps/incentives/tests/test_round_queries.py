"""Lists and pages of award rounds cost the same number of queries however long they are, and none is cut silently."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhicheng.apps.accounts.public import set_city
from zhicheng.apps.accounts.testing import signed_in
from zhicheng.apps.incentives.models import (
    AwardRound,
    Candidate,
    DefenceSlot,
    ScoreSheet,
    SiteVisit,
)
from zhicheng.apps.incentives.rounds import calls, voting
from zhicheng.apps.incentives.rounds.stages import DEFENCE, ON_SITE, VOTE, Stage
from zhicheng.apps.incentives.testing.rounds import DEFENDS, NOTICED, VISITED, committee, plan

STAGES = (Stage(ON_SITE, "现场评审", 50), Stage(DEFENCE, "答辩", 50), Stage(VOTE, "表决", shown=True))
API = "/api/v1/policies"
SMALL, LARGE = 4, 40


@contextmanager
def counting():
    with CaptureQueriesContext(connection) as found:
        yield found


def full_round(town, size):
    """A round that has come to its open ballot with so many candidates, written as rows."""
    row = calls.open_round(plan=plan(stages=STAGES), by=town.officer)
    for expert in town.experts:
        calls.call_expert(award_round=row, username=expert.username, works_for="", by=town.officer)
    for number in range(size):
        firm = town.firm(f"单位{row.pk}-{number}", name_key=f"单位{row.pk}-{number}")
        one = Candidate.objects.create(
            award_round=row, code=f"{row.pk}-{number:03d}", organisation=firm, name=firm.name, statement="x", status="eligible",
            applied_by=town.agent, rank=number + 1, tier="award", total=80, stage_totals=["80.0000", "80.0000"],
        )  # fmt: skip
        SiteVisit.objects.create(candidate=one, place=0, visited_on=VISITED, arranged_by=town.reviewer)
        DefenceSlot.objects.create(
            candidate=one, place=1, order=number + 1, starts_at=DEFENDS, ends_at=DEFENDS, attended=True
        )
        ScoreSheet.objects.bulk_create(
            ScoreSheet(candidate=one, expert=expert, stage=stage)
            for expert in town.experts
            for stage in (0, 1)
        )
    AwardRound.objects.filter(pk=row.pk).update(status="scoring", stage=2)
    row.refresh_from_db()
    return row


def measured(browser, address):
    # the first visit of a session also writes that it began
    browser.get(address)
    with counting() as found:
        answer = browser.get(address)
    assert answer.status_code == 200, address
    return len(found)


def test_a_round_costs_the_same_queries_with_ten_times_as_many_candidates(town):
    set_city(region_code="370700", name="演示市", opens_on=NOTICED, demo=True)
    counts = {}
    for size in (SMALL, LARGE):
        row = full_round(town, size)
        members = committee(town, row)
        ballot = voting.open_ballot(award_round=row, by=town.reviewer)
        officer, member = signed_in(town.officer), signed_in(members[1])
        here = f"/incentives/rounds/{row.number}/"
        counts[size] = {
            "page": measured(officer, here),
            "timetable": measured(officer, f"{here}timetable/1/"),
            "export": measured(officer, f"{here}export.csv"),
            "ballot": measured(member, f"/incentives/scoring/ballots/{ballot.pk}/"),
            "api": measured(officer, f"{API}/rounds/{row.number}"),
            "candidates": measured(officer, f"{API}/rounds/{row.number}/candidates"),
            "result": measured(officer, f"{API}/rounds/{row.number}/result"),
            "own ballot": measured(member, f"{API}/ballots/{ballot.pk}"),
        }
        voting.annul_ballot(ballot=ballot, why="测量", by=town.reviewer)
        AwardRound.objects.filter(pk=row.pk).update(stage=1)
        expert = signed_in(town.experts[0])
        ScoreSheet.objects.exclude(candidate__award_round=row).delete()
        counts[size] |= {
            "scoring": measured(expert, "/incentives/scoring/"),
            "own scoring": measured(expert, f"{API}/scoring"),
        }
        AwardRound.objects.filter(pk=row.pk).update(
            status="notice", notice_from=NOTICED, notice_until=date(2025, 12, 24)
        )
        counts[size] |= {
            "notice": measured(officer, f"/incentives/notices/rounds/{row.number}/"),
            "public": measured(officer, f"{API}/round-notices/{row.number}"),
        }
    assert counts[SMALL] == counts[LARGE]


def many_rounds(town, size):
    first = AwardRound.objects.count()
    AwardRound.objects.bulk_create(
        AwardRound(
            number=f"r-{first + number}", scheme_code="mayor_quality_award", title=f"评选{first + number}", region_code="370700",
            opens_on=NOTICED, closes_on=NOTICED, tiers=[["award", 1]], criteria=[["结果", 100]], opened_by=town.officer,
            stages=[["材料评审", 100, 0]], status="notice", notice_from=NOTICED, notice_until=NOTICED,
        )
        for number in range(size)
    )  # fmt: skip


@pytest.mark.parametrize(
    "address",
    ["/incentives/rounds/", "/incentives/notices/", f"{API}/rounds", f"{API}/round-notices"],
)
def test_lists_of_rounds_cost_the_same_queries_with_ten_times_as_many_rounds(town, address):
    browser = signed_in(town.officer)
    many_rounds(town, SMALL)
    few = measured(browser, address)
    many_rounds(town, LARGE - SMALL)
    assert measured(browser, address) == few


def test_every_ranking_is_reached_page_by_page_and_none_is_cut_off(town):
    many_rounds(town, 120)
    browser = signed_in(town.officer)
    seen, after = set(), ""
    for _page in range(3):
        found = browser.get(f"{API}/round-notices", {"after": after}).json()
        seen |= {one["round"] for one in found["items"]}
        after = found["next"]
    assert (len(seen), after) == (120, None)
    page = browser.get("/incentives/notices/").content.decode()
    assert "rounds=" in page
    assert "评选119" in page


def test_candidates_are_paged_by_their_place_and_who_has_none_comes_last(town):
    row = full_round(town, 120)
    Candidate.objects.filter(rank__gt=100).update(rank=None, tier="")
    browser = signed_in(town.officer)
    names, after = [], ""
    for _page in range(3):
        found = browser.get(f"{API}/rounds/{row.number}/candidates", {"after": after}).json()
        names += [one["code"] for one in found["items"]]
        after = found["next"] or ""
    assert names == [f"{row.pk}-{number:03d}" for number in range(120)]
    assert after == ""
