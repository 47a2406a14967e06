"""Numbers on pages, as people read them."""

from __future__ import annotations

import pytest

from zhicheng.apps.web.templatetags.zhicheng import signed


@pytest.mark.parametrize(
    ("value", "words"),
    [("1234.5", "+1,234.50"), ("-3", "−3.00"), ("0", "0.00"), ("-0.001", "0.00"), (None, "—")],
)
def test_a_change_is_written_with_its_sign_and_no_change_without(value, words):
    assert signed(value, 2) == words
