"""The five public texts give what a careful reader expects of them; skipped where they are not at hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.engines.extraction.short import aliases, shared
from zhicheng.engines.extraction.extracting import Extraction, extract
from zhicheng.engines.extraction.repairing import read_file

NAMES = {
    "000": "000_dc4983068ab17569.txt", "001": "001_ff94119c8289c4e6.txt", "002": "002_c5b155c7f536a10f.txt",
    "003": "003_b84e79f02ad0a9d3.txt", "004": "004_859fa914c1153d6b.txt",
}  # fmt: skip
# id → base value of the press conference in 004: the ledger's own list, not what the engine printed
CONFERENCE = {
    "china_quality_award_and_nominations": "4", "governor_quality_award_and_nominations": "21",
    "governor_quality_award_individuals": "1", "governor_quality_award_nominee_enterprises": "1",
    "haopin_shandong_brands_new": "11", "haopin_shandong_brands_total": "56",
    "high_end_brand_enterprises_new": "42", "high_end_brand_enterprises_total": "221",
    "china_patent_award_excellence_enterprises_r25": "8", "china_patent_award_gold": "4",
    "china_patent_award_silver": "3", "china_patent_award_excellence": "50", "china_design_award_excellence": "2",
    "gi_products_new": "28", "gi_products_total": "39", "valid_invention_patents": "27650",
    "credit_enterprises": "92", "credit_granted_amount": "14530000000", "patent_pledge_count": "267",
    "patent_pledge_amount": "4207000000", "onsite_assisted_enterprises": "82",
    "one_enterprise_one_policy_handbooks": "11", "patent_pools": "3", "patent_pool_members": "65",
    "patent_pool_patents": "6200", "industry_ip_operation_centres": "2", "patents_transferred": "3112",
    "speciality_products": "1300", "speciality_exhibitions": "20", "admin_adjudication_cases": "61",
    "admin_adjudication_decisions": "14", "patent_tm_violations": "153", "unqualified_agency_acts": "128",
    "counterfeits_destroyed": "11000", "overseas_tm_disputes": "37", "protection_trainings": "4",
    "policy_briefings": "20", "leaflets_distributed": "20000", "consultations": "4000", "visited_institutes": "10",
    "visited_enterprises": "102", "visited_people": "1019", "problems_solved": "83", "mediated_disputes": "22",
    "rights_assistance_cases": "72",
}  # fmt: skip


@pytest.fixture(scope="module")
def source():
    """Each of the five texts, read once."""
    known: dict[str, Extraction] = {}

    def read(number: str) -> Extraction:
        if number not in known:
            known[number] = extract(read_file(shared("sources", NAMES[number])), aliases=aliases())
        return known[number]

    return read


def of_kind(found, kind):
    return [one for one in found.figures if one.kind == kind]


@pytest.mark.parametrize("number", NAMES)
def test_every_figure_leads_back_to_the_number_as_written_in_the_file(source, number):
    found = source(number)
    raw = found.reading.raw
    for one in found.figures:
        written = raw[one.start : one.end]
        if one.kind == "date":
            assert written[0].isdigit()
            assert written[-1] in "日月"
        else:
            digits = written.rstrip("多余").rstrip("万亿萬億")
            assert one.value.lstrip("-") == digits or not digits.isascii(), (one.value, written)


def test_the_press_conference_gives_its_45_figures_with_id_value_and_region(source):
    found = {one.indicator_id: one for one in of_kind(source("004"), "metric")}
    assert len(CONFERENCE) == 45
    assert {identity: one.base_value for identity, one in found.items()} == CONFERENCE
    assert {one.region_code for one in found.values()} == {"370700"}


def test_the_press_conference_gives_no_other_figure(source):
    found = source("004")
    assert len(of_kind(found, "metric")) == 45
    assert len(of_kind(found, "date")) == 2
    assert len(found.figures) == 45 + 6 + 2


def test_its_approximations_ranks_and_periods_are_kept(source):
    found = {one.indicator_id: one for one in of_kind(source("004"), "metric")}
    rough = {identity: one.approx for identity, one in found.items() if one.approx != "exact"}
    assert rough == {"speciality_products": "at_least", "consultations": "at_least"}
    ranks = {
        identity: (one.rank.value, one.rank.bound, one.rank.scope)
        for identity, one in found.items()
        if one.rank
    }
    assert ranks == {
        "china_quality_award_and_nominations": (None, "front", "全省"),
        "governor_quality_award_and_nominations": (None, "front", "全省"),
        "haopin_shandong_brands_new": (2, "exact", "全省"), "high_end_brand_enterprises_new": (3, "exact", "全省"),
        "gi_products_total": (2, "exact", "全省"), "valid_invention_patents": (3, "exact", "全省"),
        "patents_transferred": (3, "exact", "全省"),
    }  # fmt: skip
    assert found["china_patent_award_gold"].period.kind == "cumulative"
    assert found["gi_products_new"].period.kind == "ytd"
    assert found["gi_products_total"].period.kind == "state"


def test_its_six_reward_rules_have_trigger_condition_payee_and_amount(source):
    rules = source("004").policies
    assert [one.amount for one in rules] == ["1000000", "500000", "200000", "1000000", "600000", "100000"]
    assert [one.payee for one in rules] == ["单位"] * 3 + ["企业和个人"] * 3
    assert [one.conditions for one in rules] == [("首次", "一次性")] * 2 + [("新获评", "一次性")] + [()] * 3
    assert rules[0].payer == "市财政"


def test_its_year_stays_unknown(source):
    about = source("004").reading.article
    assert (about.year, about.event_on, about.published_on) == (None, None, None)
    assert "年份未知" in about.year_reason


def test_the_damaged_text_is_repaired_to_the_last_character(source):
    reading = source("000").reading
    assert not any(one.kind == "lost_character" for one in reading.repairs)
    assert not {"\ufffd", "眨", "獦", "瀑"} & set(reading.text)
    runs = [one for one in reading.repairs if one.kind == "shifted_run"]
    assert len(runs) == 3
    assert all(one.candidates and Decimal("0.6") <= one.confidence < 1 for one in runs)
    assert sum(one.kind == "pinyin_note" for one in reading.repairs) > 250
    assert "(xié)" not in reading.text
    assert "(宁波)" in reading.text


def test_its_spam_and_menu_are_cut_and_its_streak_and_stages_read(source):
    found = source("000")
    assert {"navigation", "spam"} <= {one.kind for one in found.reading.cuts}
    assert [(one.kind, one.value) for one in found.figures] == [
        ("rank", "2"), ("time_commitment", "1"), ("time_commitment", "3"), ("time_commitment", "5"),
    ]  # fmt: skip
    rank = found.figures[0]
    assert (rank.rank.bound, rank.qualifiers, rank.region_code) == ("at_most", ("连续4年",), "330200")


def test_the_starting_ceremony_gives_its_own_figures_and_none_of_its_sidebars(source):
    found = source("001")
    assert [(one.kind, one.base_value) for one in found.figures if one.kind != "date"] == [
        ("time_commitment", "1"), ("time_commitment", "2"), ("time_commitment", "3"), ("time_commitment", "3"),
        ("count", "4"), ("metric", "4"), ("metric", "220000000"), ("count", "10"),
    ]  # fmt: skip
    assert {one.region_code for one in found.figures} == {"511700"}
    assert not any(word in found.reading.text for word in ("12800", "3386405712", "56个项目"))


def test_the_seminar_has_its_date_resolved_and_one_count_below_a_bound(source):
    found = source("002")
    assert found.reading.article.event_on.isoformat() == "2023-12-11"
    (people,) = of_kind(found, "count")
    assert (people.base_value, people.approx) == ("100", "below")


def test_the_provincial_conference_has_no_figure_but_its_date(source):
    found = source("003")
    assert [(one.kind, one.value) for one in found.figures] == [("date", "--11-22")]
    assert found.figures[0].region_code == "130000"
    assert found.reading.article.year is None
    assert "推测" in found.reading.article.year_reason


def test_one_person_bears_different_titles_in_different_texts(source):
    roles = {
        number: {role.title for one in source(number).people if one.name == "赵辉" for role in one.roles}
        for number in ("001", "002")
    }
    assert roles["001"] == {"党组书记", "副书记", "副局长"}
    assert roles["002"] == {"党组书记", "主任"}
