"""A figure found in the raw file is highlighted where it stands in the repaired text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zhicheng.apps.intelligence.spans import in_text, origin_of, pieces, runs_of

ORIGINS = st.lists(st.integers(0, 60), max_size=40)


@given(ORIGINS)
def test_runs_carry_the_whole_map(origin):
    assert origin_of(runs_of(origin), len(origin)) == origin


@given(
    st.text(max_size=40),
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50), st.integers(1, 9)), max_size=6),
)
def test_pieces_put_together_are_the_text(text, spans):
    assert "".join(one.text for one in pieces(text, spans)) == text


def test_figures_that_overlap_share_what_they_share():
    found = pieces("共42.07亿元。", [(1, 8, 1), (6, 8, 2)])
    assert [(one.text, one.keys) for one in found] == [
        ("共", ()), ("42.07", (1,)), ("亿元", (1, 2)), ("。", ()),
    ]  # fmt: skip


def test_a_span_follows_the_repair_and_a_cut_one_disappears():
    # raw: 協(xié)12件 ; text: 协12件
    origin = [0, 6, 7, 8]
    assert in_text([(6, 8, 5)], runs_of(origin), 4) == [(1, 3, 5)]
    assert in_text([(1, 5, 6)], runs_of(origin), 4) == []
