"""Before a batch is frozen the page tells what would be listed and what is left out; looking writes nothing."""

from __future__ import annotations

from decimal import Decimal

from zhicheng.apps.incentives.batches.previewing import preview_freeze
from zhicheng.apps.incentives.models import Batch, PayoutSettings
from zhicheng.apps.incentives.runs.evaluations import current_evaluation
from zhicheng.apps.incentives.testing.city import AS_OF


def seen(city):
    return preview_freeze(policy="weifang", year=2025, evaluation=current_evaluation(AS_OF), by=city.officer)


def test_what_is_shown_is_what_is_frozen_and_what_stands_is_left_out_with_its_reason(city):
    before = seen(city)
    assert not Batch.objects.exists()
    assert not PayoutSettings.objects.exists()
    batch = city.freeze()
    rows = list(batch.entitlements.values_list("amount", flat=True))
    assert (before.count, before.total, before.left_out) == (len(rows), sum(rows), ())
    after = seen(city)
    assert (after.count, after.total) == (0, Decimal("0.00"))
    assert after.left_out == (("同一事项已列入其他批次", len(rows)),)


def test_a_preview_asks_as_often_however_much_is_due(city, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    seen(city)
    with CaptureQueriesContext(connection) as few:
        seen(city)
    for number in range(20):
        city.honour(city.firm(f"第{number}公司"), "china_patent_award/gold", object_number=f"ZL2{number}")
    seen(city)
    with django_assert_num_queries(len(few)):
        assert seen(city).count > 20


def test_a_freeze_that_differs_from_its_preview_says_so(city, client):
    client.force_login(city.officer)
    from django.urls import reverse

    page = reverse("incentives:freeze")
    given = {"policy": "weifang", "year": "2025"}
    shown = client.get(page, {**given, "preview": "1"}).content.decode()
    assert f'name="previewed" value="{seen(city).seal}"' in shown
    assert "先看会列入什么" in shown
    told = client.post(page, {**given, "previewed": "1/5.00"}, follow=True).content.decode()
    assert "与预览不同" in told
    assert "预览 1/5.00" in told
