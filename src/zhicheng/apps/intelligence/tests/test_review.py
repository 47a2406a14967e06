"""Figures of a text are decided one by one; each decision is audited and remembered."""

from __future__ import annotations

from datetime import date

import pytest

from zhicheng.apps.accounts.public import AuditEvent
from zhicheng.apps.accounts.testing import signed_in
from zhicheng.apps.intelligence import actions
from zhicheng.apps.intelligence.demo_text import INVENTED, INVENTED_NAME
from zhicheng.apps.intelligence.models import Article, FoundFigure, PhraseAlias, QuotedFigure
from zhicheng.apps.intelligence.reading import read_file
from zhicheng.kernel.refusals import NotAllowed, NotFound, Refusal

pytestmark = pytest.mark.django_db
PATENTS = "valid_invention_patents"


def test_an_article_keeps_what_it_says_about_itself(article):
    assert article.publisher == "虚构通讯社"
    assert article.published_on == date(2025, 12, 17)
    assert article.about_code == "370600"
    assert article.synthetic


def test_every_span_points_at_the_number_in_the_raw_file(article):
    for figure in article.figures.exclude(kind="date"):
        assert article.raw[figure.start : figure.end].startswith(figure.value)


def test_the_same_file_twice_is_one_article(article, cast):
    again = read_file(INVENTED.encode(), INVENTED_NAME, by=cast.city_officer)
    assert (again.article, again.new) == (article, False)
    assert Article.objects.count() == 1


def test_an_accepted_figure_becomes_a_quote_with_its_source(article, figure_of, quoted):
    quote = quoted("31208", PATENTS)
    found = figure_of("31208")
    assert (quote.value, quote.unit, quote.approx, quote.kind) == ("31208", "件", "exact", "stock")
    assert (quote.publisher, quote.published_on) == ("虚构通讯社", date(2025, 12, 17))
    assert (quote.about_code, quote.period_end) == ("370600", date(2025, 12, 16))
    assert (quote.rank, quote.rank_scope) == (2, "全省")
    assert quote.sentence == found.sentence
    assert article.raw[quote.start : quote.end] == "31208"
    assert found.decision == FoundFigure.Decision.ACCEPTED
    assert AuditEvent.objects.filter(action="intelligence.accept").count() == 1


def test_accepting_twice_is_one_quote_and_one_event(quoted):
    assert quoted("31208", PATENTS) == quoted("31208", PATENTS)
    assert QuotedFigure.objects.count() == 1
    assert AuditEvent.objects.filter(action="intelligence.accept").count() == 1


def test_credit_of_a_ceremony_is_proposed_as_one_ceremonys_number(quoted):
    assert quoted("25.6", "credit_granted_amount").kind == "event"


def test_a_goal_is_proposed_as_a_goal(quoted):
    assert quoted("4", PATENTS).kind == "target"


def test_a_corrected_figure_says_so_and_keeps_what_was_read(cast, figure_of, quoted):
    quote = quoted("9860", "high_value_invention_patents", value="9861")
    found = figure_of("9860")
    assert quote.value == "9861"
    assert found.base_value == "9860"
    assert found.decision == FoundFigure.Decision.CORRECTED


def test_rejecting_an_accepted_figure_withdraws_the_quote(cast, figure_of, quoted):
    quote = quoted("31208", PATENTS)
    actions.reject(figure=figure_of("31208").pk, by=cast.city_officer)
    quote.refresh_from_db()
    assert quote.status == QuotedFigure.Status.WITHDRAWN


def test_reopening_puts_a_figure_back_among_those_that_wait(cast, figure_of, quoted):
    quoted("31208", PATENTS)
    actions.reopen(figure=figure_of("31208").pk, by=cast.city_officer)
    assert figure_of("31208").decision == FoundFigure.Decision.OPEN


def test_a_mapped_phrase_is_suggested_in_the_next_text_about_the_region(cast, article, figure_of):
    pledge = figure_of("38.4")
    actions.map_phrase(figure=pledge.pk, indicator="patent_pledge_amount", by=cast.city_officer)
    alias = PhraseAlias.objects.get(phrase=pledge.phrase)
    assert (alias.indicator, alias.about_code) == ("patent_pledge_amount", "370600")
    later = read_file(INVENTED.replace("38.4", "39.5").encode(), "b.txt", by=cast.city_officer).article
    suggested = later.figures.get(value="39.5")
    assert suggested.indicator == "patent_pledge_amount"
    assert suggested.suggested_by == "alias"
    assert suggested.decision == FoundFigure.Decision.OPEN


def test_a_rejection_is_counted_on_its_phrase(cast, figure_of):
    found = figure_of("6")
    actions.reject(figure=found.pk, by=cast.city_officer)
    actions.reject(figure=found.pk, by=cast.city_officer)
    assert PhraseAlias.objects.get(phrase=found.phrase).rejected == 1


def test_a_date_is_not_quoted(cast, article):
    day = article.figures.filter(kind="date").first()
    with pytest.raises(Refusal, match="日期"):
        actions.accept(figure=day.pk, by=cast.city_officer)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"indicator": "no_such"}, "没有指标"),
        ({"value": "很多"}, "不是数"),
        ({"about_code": "000001"}, "区划"),
    ],
)
def test_a_correction_that_cannot_be_is_refused(cast, figure_of, values, words):
    with pytest.raises(Refusal, match=words):
        actions.accept(figure=figure_of("31208").pk, by=cast.city_officer, values=values)
    assert not QuotedFigure.objects.exists()


def test_only_reviewers_of_the_city_decide(cast, figure_of):
    number = figure_of("31208").pk
    with pytest.raises(NotAllowed):
        actions.accept(figure=number, by=cast.county_officer)
    with pytest.raises(NotFound):
        actions.accept(figure=number, by=cast.stranger)


def test_the_page_highlights_the_figure_in_place_and_goes_on_to_the_next(cast, article, figure_of):
    browser = signed_in(cast.city_officer)
    first = figure_of("31208")
    page = browser.get(f"/intelligence/articles/{article.pk}/?figure={first.pk}").content.decode()
    assert f'data-figure="{first.pk}" aria-current="true">31208' in page
    for key in "jkarem":
        assert f'data-key="{key}"' in page or key == "k"
    answer = browser.post(f"/intelligence/articles/{article.pk}/figures/{first.pk}/", {"step": "accept"})
    assert answer.status_code == 302
    following = article.figures.filter(position__gt=first.position).order_by("position").first()
    assert answer["Location"].endswith(f"figure={following.pk}")


def test_the_correction_form_reads_numbers_as_people_write_them(cast, article, figure_of):
    found = figure_of("9860")
    given = {
        "step": "correct", "written": "0.99万件", "approx": "about", "kind": "stock", "about_code": "370600",
        "indicator": "high_value_invention_patents", "period_end": "2025-12-16",
    }  # fmt: skip
    address = f"/intelligence/articles/{article.pk}/figures/{found.pk}/"
    assert signed_in(cast.city_officer).post(address, given).status_code == 302
    assert QuotedFigure.objects.get(found=found).value == "9900"
    wrong = signed_in(cast.city_officer).post(address, {**given, "written": "很多"})
    assert wrong.status_code == 422
    assert "不是数量" in wrong.content.decode()


def test_the_raw_file_can_be_shown_instead_of_the_repaired_text(cast, article):
    page = signed_in(cast.city_officer).get(f"/intelligence/articles/{article.pk}/?show=raw")
    assert page.status_code == 200
    assert "看修复后的正文" in page.content.decode()


def test_whoever_only_reads_sees_no_buttons(cast, article):
    page = signed_in(cast.county_officer).get(f"/intelligence/articles/{article.pk}/").content.decode()
    assert 'value="accept"' not in page


def test_an_article_page_asks_a_fixed_number_of_questions(cast, article, django_assert_max_num_queries):
    browser = signed_in(cast.city_officer)
    with django_assert_max_num_queries(16):
        browser.get(f"/intelligence/articles/{article.pk}/")


@pytest.mark.parametrize(
    ("who", "sees"),
    [("city_officer", True), ("department", True), ("enterprise", False), ("stranger", False)],
)
def test_a_figures_page_shows_what_other_cities_are_quoted_with(cast, quoted, settings, tmp_path, who, sees):
    settings.ZHICHENG_HOME = tmp_path
    quoted("31208", "valid_invention_patents")
    answer = signed_in(getattr(cast, who)).get(
        "/figures/valid_invention_patents/?region=370700&as_of=2025-12-16"
    )
    page = answer.content.decode()
    assert ('id="peers"' in page) is sees
    assert ("31,208" in page or "3.12" in page) is sees
