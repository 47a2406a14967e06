"""The call of an award round: what it is made of, who applies, and who may stand."""

from __future__ import annotations

from datetime import date

import pytest

from zhicheng.apps.incentives.rounds import calls
from zhicheng.apps.incentives.rounds import flow as round_flow
from zhicheng.apps.incentives.rounds.stages import Stage
from zhicheng.apps.incentives.testing.city import authorised
from zhicheng.apps.incentives.testing.rounds import DAY, candidate, plan
from zhicheng.apps.ledger.models import OrganisationRole
from zhicheng.kernel.refusals import Conflict, NotAllowed, Refusal


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"criteria": [("领导", 50)]}, "合计 50，应为 100"),
        ({"stages": [Stage("material", "材料评审", 60)]}, "权重合计 60"),
        ({"scheme_code": "nowhere"}, "没有荣誉项目"),
        ({"tiers": []}, "等次与名额不对"),
        ({"least_scores": 2}, "没有剩下"),
        ({"least_scores": 1, "trimmed": 0}, "至少要有两位专家"),
        ({"conditions": [{"check": "x"}]}, "没有资格条件"),
        ({"closes_on": date(2025, 9, 1)}, "早于开始"),
    ],
)
def test_a_call_that_does_not_add_up_is_refused(town, more, said):
    with pytest.raises(Refusal, match=said):
        calls.open_round(plan=plan(**more), by=town.officer)


def test_an_application_that_says_who_wrote_it_is_refused_because_experts_are_blind(town, call):
    with pytest.raises(Refusal, match="写有“甲公司”"):
        candidate(town, call, "甲公司", "甲公司全面实施质量管理，成效明显。")


def test_one_firm_applies_once_and_within_the_days_of_the_call(town, call):
    made = candidate(town, call, "甲公司")
    again = calls.submit_application(candidate=made, on=DAY, by=town.agent)
    assert again.pk == made.pk
    with pytest.raises(Conflict, match="已申报"):
        candidate(town, call, "甲公司")
    draft = calls.save_application(
        award_round=call, organisation=town.firms["乙公司"], statement="十个字以上的一份材料说明",
        by=authorised(town, town.firms["乙公司"]),
    )  # fmt: skip
    with pytest.raises(Refusal, match="不在其内"):
        calls.submit_application(candidate=draft, on=date(2025, 12, 1), by=town.agent)
    with pytest.raises(NotAllowed):
        calls.save_application(
            award_round=call, organisation=town.firms["丙公司"], statement="x" * 20, by=town.agent
        )


def test_who_may_stand_is_read_from_the_facts_and_an_officer_says_the_rest(town, call):
    good, bad = candidate(town, call, "甲公司"), candidate(town, call, "乙公司")
    firm = town.firms["乙公司"]
    OrganisationRole.objects.create(
        organisation=firm, organisation_name=firm.name, uscc=firm.uscc, role="dishonest", from_on=date(2025, 1, 1),
        region_code=firm.region_code,
    )  # fmt: skip
    town.moved("ledger_organisationrole")
    calls.check_candidates(award_round=call, on=DAY, by=town.reviewer)
    good.refresh_from_db()
    bad.refresh_from_db()
    assert good.status == "eligible"
    assert bad.status == "applied"
    assert [one["found"] for one in bad.checked["found"] if one["holds"] is False] == ["严重失信 2025-01-01"]
    with pytest.raises(Refusal, match="1 份申报没有资格结论"):
        round_flow.start_scoring(award_round=call, by=town.reviewer)
    calls.qualify(candidate=bad, eligible=False, why="失信未满三年", by=town.reviewer)
    assert round_flow.start_scoring(award_round=call, by=town.reviewer).status == "scoring"
