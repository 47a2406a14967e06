"""Wherever the room shows only the beginning of something, it says how many there are and where the rest is."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.template.loader import render_to_string

from zhicheng.apps.accounts.public import record_event
from zhicheng.apps.incentives.models import Batch, ResultFile
from zhicheng.apps.incentives.paging import page_of_values
from zhicheng.apps.incentives.runs import evaluations
from zhicheng.apps.incentives.runs.evaluations import Asked, current_evaluation
from zhicheng.apps.incentives.testing.city import AS_OF
from zhicheng.kernel.refusals import Refusal

ROOM = "/incentives/"


def test_a_batch_with_a_long_history_shows_the_latest_of_it_and_leads_to_all(city, batch, browser):
    for n in range(60):
        with transaction.atomic():
            record_event(
                by=city.officer, action="policies.export", subject=f"batch:{batch.number}", why=f"第{n:02d}次"
            )
    shown = browser.get(f"{ROOM}batches/{batch.number}/").content.decode()
    assert "第59次" in shown
    assert "第20次" not in shown
    assert "共 61 项，查看全部" in shown
    path, seen, after = f"{ROOM}batches/{batch.number}/history/", [], ""
    while True:
        page = browser.get(path, {"after": after}).context["page"]
        seen += [words for words, _one in page.rows]
        after = page.next
        if not after:
            break
    assert (len(seen), seen[-1]) == (61, "编制")


def test_refused_rows_of_a_bank_s_answer_are_paged_and_counted(city, batch, browser):
    refused = [{"row": n, "number": f"o{n}", "why": "没有这一指令", "value": "x"} for n in range(2, 122)]
    made = ResultFile.objects.create(
        batch=batch, name="r", sha256="x", read=120, paid=0, failed=0, unchanged=0, refused=refused, total_paid=0,
        imported_by=city.officer,
    )  # fmt: skip
    Batch.objects.filter(pk=batch.pk).update(status="approved")
    path, seen, after = f"{ROOM}batches/{batch.number}/orders/results/{made.pk}/", [], ""
    while True:
        page = browser.get(path, {"after": after}).context["page"]
        assert page.count == "共 120 条"
        seen += [one["row"] for one in page.rows]
        after = page.next
        if not after:
            break
    assert seen == list(range(2, 122))


def test_a_what_if_shows_every_beneficiary_it_keeps_and_says_how_many_it_does_not():
    moved = [
        {"name": f"单位{n:03d}", "beneficiary": "x", "difference": 1, "reasons": ["一"]} for n in range(200)
    ]
    shown = render_to_string("incentives/simulation/_moved.html", {"moved": moved, "all": 345})
    assert all(f"单位{n:03d}" in shown for n in range(200))
    assert "保留差额最大的 200 家" in shown
    assert "保留" not in render_to_string("incentives/simulation/_moved.html", {"moved": moved[:3], "all": 3})


def test_words_that_name_too_many_are_refused_instead_of_answered_in_part(city, monkeypatch):
    monkeypatch.setattr(evaluations, "MOST_NAMED", 1)
    with pytest.raises(Refusal, match="有 2 个，超过 1 个"):
        current_evaluation(AS_OF).page(Asked(words="公司"))


def test_a_page_of_values_goes_on_behind_its_key_and_begins_anew_where_the_key_is_gone():
    first = page_of_values("abcde", "", size=2, key=str)
    assert (first.rows, first.next, first.back) == (["a", "b"], "b", False)
    second = page_of_values("xabcde", "b", size=2, key=str)
    assert (second.rows, second.next, second.back) == (["c", "d"], "d", True)
    assert page_of_values("abcde", "gone", size=9, key=str).rows == list("abcde")
