"""What keeps cases quick whatever else is stored: few statements, counts that stop, documents made from one frame."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from docx import Document

from zhicheng.apps.cases import queries
from zhicheng.apps.cases.actions import act
from zhicheng.apps.cases.definitions import matter_in_force
from zhicheng.apps.cases.models import Handling
from zhicheng.apps.cases.testing import filed
from zhicheng.apps.cases.writing import document

DAY = date(2026, 7, 16)
ACCEPT = {"known_within_three_years": "true", "panel_size": "three"}


def accepting(office) -> int:
    case = filed(office).case
    with CaptureQueriesContext(connection) as asked:
        act(case=case.pk, action="accept", by=office.head, on=DAY, values=ACCEPT)
    return len(asked)


@pytest.mark.django_db
def test_an_action_asks_the_database_no_more_when_other_cases_are_there(office):
    accepting(office)  # begins the series of numbers
    first = accepting(office)
    for _ in range(5):
        filed(office)
    assert accepting(office) == first
    assert first <= 75


@pytest.mark.django_db
def test_the_board_counts_no_further_than_it_says_and_every_light_by_itself(office, monkeypatch):
    monkeypatch.setattr(queries, "COUNTED", 3)
    kinds = [
        ("red", {"due_on": date(2026, 7, 1), "warn_on": date(2026, 6, 20)}, 5),
        ("yellow", {"due_on": date(2026, 7, 20), "warn_on": date(2026, 7, 16)}, 2),
        ("green", {"due_on": date(2026, 8, 20), "warn_on": date(2026, 8, 1)}, 1),
        ("stopped", {"due_on": None, "warn_on": None, "stopped": True}, 3),
    ]
    for _light, where, many in kinds:
        for _ in range(many):
            Handling.objects.filter(pk=filed(office).case.pk).update(**where)
    found = {matter.code: counts for matter, counts in queries.board(office.officer, DAY)}
    assert found["admin_adjudication"] == {"red": 4, "yellow": 2, "green": 1, "stopped": 3}
    assert not any(found["mediation"].values())


def words_of(content: bytes) -> list[str]:
    return [one.text for one in Document(io.BytesIO(content)).paragraphs]


def test_documents_made_one_after_another_and_side_by_side_hold_only_their_own_words(settings, tmp_path):
    settings.ZHICHENG_HOME = tmp_path
    matter = matter_in_force("admin_adjudication", DAY)
    template = replace(matter.templates[0], text="编号 {{ number }}", source=None)

    def made(place: int) -> bytes:
        return document(
            template, matter=matter, facts={"number": f"第{place}号"}, number="", office="演示局", on=DAY
        )

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(made, range(12)))
    for place, content in enumerate(found):
        assert words_of(content) == [str(template.title), f"编号 第{place}号", "演示局", "2026年7月16日"]
    assert made(3) == found[3]
