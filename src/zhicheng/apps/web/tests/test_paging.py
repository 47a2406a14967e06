"""A page of any list: an honest count, a cursor, and the first page for a cursor that cannot be."""

from __future__ import annotations

import pytest

from zhicheng.apps.accounts.models import User
from zhicheng.apps.web.public import count_words, page_of

pytestmark = pytest.mark.django_db


def people(count):
    User.objects.bulk_create(User(username=f"u{number}", display_name="演示") for number in range(count))
    return User.objects.all()


def test_pages_follow_each_other_without_a_gap_in_either_order():
    rows = people(5)
    for falling in (True, False):
        seen, after = [], ""
        while True:
            page = page_of(rows, after, size=2, falling=falling)
            seen += [one.pk for one in page.rows]
            if not page.next:
                break
            after = page.next
        assert seen == sorted(rows.values_list("pk", flat=True), reverse=falling)


@pytest.mark.parametrize("after", ["x", "-1", "9" * 40])
def test_a_cursor_that_cannot_be_begins_at_the_first_page(after):
    assert len(page_of(people(3), after).rows) == 3


def test_a_count_is_said_honestly():
    assert (count_words(3), count_words(3, "条"), count_words(10_001, "条")) == (
        "共 3",
        "共 3 条",
        "1 万以上",
    )
