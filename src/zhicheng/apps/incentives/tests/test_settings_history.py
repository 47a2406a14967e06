"""The settings page tells who changed what, when, from what to what, to whoever may set it and nobody else."""

from __future__ import annotations

import pytest
from django.db import transaction

from zhicheng.apps.accounts.public import record_event
from zhicheng.apps.accounts.testing import signed_in
from zhicheng.apps.incentives.batches import actions as batch_actions

PAGE = "/incentives/settings/"
FIRST = {"notice_days": 7, "trimmed": 1, "least_scores": 5, "fraud_years": 3}


def save(city, by=None, **more):
    batch_actions.set_settings(**{**FIRST, **more}, by=by or city.officer)


def changes(page):
    return [[(str(one.label), one.before, one.after) for one in saved.changes] for saved in page.rows]


def test_every_setting_that_changed_is_told_with_both_values_in_words(city, browser):
    save(city)
    save(
        city,
        by=city.reviewer,
        notice_days=10,
        freed_seat="next",
        award_rules={"votes_shown": True, "quorum": "two_thirds"},
    )
    answer = browser.get(PAGE)
    latest, _first = answer.context["page"].rows
    assert latest.event.by_name.startswith(city.reviewer.display_name)
    told = {label: (before, after) for label, before, after in changes(answer.context["page"])[0]}
    assert told["公示工作日"] == ("7", "10")
    assert told["公示票数"] == ("否", "是")
    assert told["公示期空出的评选名额"] == ("空缺，不递补", "按排名依次递补，另行公示")
    assert set(told) == {"公示工作日", "公示期空出的评选名额", "公示票数"}
    assert "公示工作日" in answer.content.decode()


def test_a_line_of_the_trail_that_does_not_say_the_value_before_is_shown_with_a_dash(city, browser):
    with transaction.atomic():
        record_event(
            by=city.officer, action="policies.settings", subject="payout_settings:1", before={"notice_days": 5},
            after={"notice_days": 7, "trimmed": 1},
        )  # fmt: skip
    told = changes(browser.get(PAGE).context["page"])
    assert [one[1:] for one in told[0]] == [("5", "7"), ("—", "1")]


def test_saving_without_a_change_is_told_as_such(city, browser):
    save(city)
    save(city)
    assert changes(browser.get(PAGE).context["page"])[0] == []
    assert "保存过，没有改动" in browser.get(PAGE).content.decode()


def test_before_anybody_changed_anything_the_page_says_that_the_defaults_hold(browser):
    assert "还没有改过" in browser.get(PAGE).content.decode()


@pytest.mark.parametrize("who", ["county_officer", "department", "enterprise", "stranger"])
def test_nobody_else_reads_it(city, cast, who):
    save(city)
    assert signed_in(getattr(cast, who)).get(PAGE).status_code == 403
