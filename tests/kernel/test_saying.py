"""A source nobody has checked says so in the language of whoever reads it, and in no other."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from zhicheng.engines.incentives.rules import Citation
from zhicheng.kernel.refusals import Refusal, Source


@pytest.mark.parametrize(
    ("language", "said", "unsaid"), [("zh-hans", "未核实", "unverified"), ("en", "unverified", "未核实")]
)
def test_an_unchecked_source_says_so_in_one_language(language, said, unsaid):
    law = Source("标准化法", unverified=True)
    for shown in (law, Citation("演示办法", unverified=True), Refusal("不可。", fix="请改正。", source=law)):
        with override(language):
            assert said in str(shown)
            assert unsaid not in str(shown)


def test_a_checked_source_says_nothing_of_it():
    assert str(Source("标准化法", article="第一条")) == "《标准化法》第一条"
    assert str(Citation("演示办法")) == "《演示办法》"
