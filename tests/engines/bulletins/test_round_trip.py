"""What the press conference says, read back by the extraction engine, is what was signed: every figure of the day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from zhicheng.catalogue.alias_loader import load_aliases
from zhicheng.catalogue.bulletin_loader import load_bulletins, named
from zhicheng.catalogue.loader import load_catalogue
from zhicheng.engines.bulletins import Facts, Known, Place, QuotedPlace, SignedValue, build, needs, parse
from zhicheng.engines.bulletins.plain import plain_text
from zhicheng.engines.extraction.extracting import extract
from zhicheng.engines.extraction.repairing import read_text

DAY = date(2025, 12, 16)
# What the demo city computes on this day (apps/figures/tests/test_demo_figures.py holds it to that).
DEMO = {
    "china_quality_award_and_nominations": "4", "governor_quality_award_and_nominations": "21",
    "governor_quality_award_individuals": "1", "governor_quality_award_nominee_enterprises": "1",
    "haopin_shandong_brands_new": "11", "haopin_shandong_brands_total": "56", "high_end_brand_enterprises_new": "42",
    "high_end_brand_enterprises_total": "221", "china_patent_award_excellence_enterprises_r25": "8",
    "china_patent_award_gold": "4", "china_patent_award_silver": "3", "china_patent_award_excellence": "50",
    "china_design_award_excellence": "2", "gi_products_new": "28", "gi_products_total": "39",
    "valid_invention_patents": "27650", "credit_enterprises": "92", "credit_granted_amount": "14530000000.00",
    "patent_pledge_count": "267", "patent_pledge_amount": "4207000000.00", "onsite_assisted_enterprises": "82",
    "one_enterprise_one_policy_handbooks": "11", "patent_pools": "3", "patent_pool_members": "65",
    "patent_pool_patents": "6200", "industry_ip_operation_centres": "2", "patents_transferred": "3112",
    "speciality_products": "1343", "speciality_exhibitions": "20", "admin_adjudication_cases": "61",
    "admin_adjudication_decisions": "14", "patent_tm_violations": "153", "unqualified_agency_acts": "128",
    "counterfeits_destroyed": "10980", "overseas_tm_disputes": "37", "protection_trainings": "4",
    "policy_briefings": "20", "leaflets_distributed": "20000", "consultations": "4386", "visited_institutes": "10",
    "visited_enterprises": "102", "visited_people": "1019", "problems_solved": "83", "mediated_disputes": "22",
    "rights_assistance_cases": "72",
}  # fmt: skip
# Others that shipped templates name; any value will do for them.
PERIOD = {"stock": "state", "flow": "ytd", "cumulative": "cumulative"}
WRITTEN = {
    "speciality_products": ("1300", "at_least"), "consultations": ("4000", "at_least"), "counterfeits_destroyed": ("11000", "exact"),
}  # fmt: skip
COUNTIES = (Place("370783", "寿光市"), Place("370784", "安丘市"))


def document_of(identity: str):
    template = parse(load_bulletins()[identity].text)
    found = needs(template, region="370700", as_of=DAY, children=lambda _: COUNTIES)
    entries = load_catalogue().indicators
    figures = {}
    for key in found.figures:
        entry = entries[key.id]
        value = Decimal(DEMO.get(key.id, "17"))
        signed = SignedValue(
            key.id, entry.name_zh, value, entry.unit_zh, entry.kind, key.region, "潍坊市", key.as_of,
            key.period if entry.kind == "flow" else "", entry.version, entry.definition, entry.source, "1-abc", 1, DAY,
        )  # fmt: skip
        figures[key] = Known(entry.name_zh, signed, False, value, "", entry.version)
    ranks = {key: QuotedPlace("第三位", "全省", "某报", 3) for key in found.ranks}
    names = dict.fromkeys(found.names, ("演示甲公司", "演示乙公司"))
    facts = Facts(figures, ranks, names, {"370700": COUNTIES})
    return build(template, facts=facts, place=Place("370700", "潍坊市"), as_of=DAY)[0]


@pytest.fixture(scope="module")
def read_back():
    text = plain_text(document_of("press_conference"))
    extraction = extract(read_text(text, name="通稿"), aliases=load_aliases())
    return [one for one in extraction.figures if one.kind in {"metric", "count", "change", "policy_amount"}]


def test_the_press_conference_names_every_figure_of_the_day():
    assert set(DEMO) <= set(named(parse(load_bulletins()["press_conference"].text).parts))


def test_reading_the_press_conference_gives_back_each_figure_once_and_nothing_else(read_back):
    assert sorted(one.indicator_id for one in read_back) == sorted(DEMO)


@pytest.mark.parametrize("identity", sorted(DEMO))
def test_a_figure_comes_back_with_its_value_unit_period_and_approximation(read_back, identity):
    entry = load_catalogue().indicators[identity]
    value, approx = WRITTEN.get(identity, (DEMO[identity], "exact"))
    (one,) = [found for found in read_back if found.indicator_id == identity]
    assert (Decimal(one.base_value), one.base_unit, one.approx) == (Decimal(value), entry.unit_zh, approx)
    assert one.period is not None
    assert (one.period.kind, one.period.end) == (PERIOD[entry.kind], DAY)
    assert one.region_code == "370700"


def test_the_rank_comes_back_with_its_scope(read_back):
    (patents,) = [one for one in read_back if one.indicator_id == "valid_invention_patents"]
    assert patents.rank is not None
    assert (patents.rank.value, patents.rank.scope) == (3, "全省")


@pytest.mark.parametrize("identity", ["press_conference", "quarterly_report", "leaders_brief"])
def test_every_shipped_template_builds_once_its_figures_are_signed(identity):
    document = document_of(identity)
    assert document.title.startswith("潍坊市")
    assert len(document.sources()) >= 10


def test_the_leaders_brief_fits_on_one_page_before_its_sources():
    from io import BytesIO

    from pypdf import PdfReader

    from zhicheng.engines.bulletins.document import SOURCES_TITLE
    from zhicheng.engines.bulletins.fonts import installed
    from zhicheng.engines.bulletins.pdf import pdf

    if not any("CJK SC" in one for one in installed()):
        pytest.skip("no CJK font on this machine")
    pages = [page.extract_text() for page in PdfReader(BytesIO(pdf(document_of("leaders_brief")))).pages]
    assert SOURCES_TITLE not in pages[0]
    assert SOURCES_TITLE in pages[1]
