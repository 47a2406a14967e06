"""How well recurrences are found: measured on hand-labelled pairs, and held to what docs/consultation.md says."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from zhicheng.engines.resemblance import (
    RECURS_FROM,
    copied_share,
    most_copied,
    nearest,
    resemblance,
    terms_of,
)

HERE = Path(__file__).parent


def pairs(name: str) -> list[tuple[str, str, bool]]:
    return [tuple(one) for one in yaml.safe_load((HERE / name).read_text(encoding="utf-8"))]


def measured(rows: list[tuple[str, str, bool]], among: list[str]) -> tuple[float, float]:
    """Precision and recall at the threshold the house uses."""
    found = [(resemblance(a, b, among=among) >= RECURS_FROM, same) for a, b, same in rows]
    right = sum(hit and same for hit, same in found)
    hits, wanted = sum(hit for hit, _ in found), sum(same for _, same in found)
    return right / hits, right / wanted


@pytest.fixture(scope="module")
def among() -> list[str]:
    return sorted({text for a, b, _ in pairs("pairs.yaml") for text in (a, b)})


def test_the_labelled_set_is_large_enough_and_holds_both_kinds():
    rows = pairs("pairs.yaml")
    assert len(rows) >= 60
    assert 0.4 <= sum(same for *_, same in rows) / len(rows) <= 0.6


def test_precision_and_recall_on_the_measuring_half_are_those_the_docs_tell(among):
    precision, recall = measured(pairs("pairs.yaml")[1::2], among)
    assert precision >= 0.90
    assert recall >= 0.90


def test_on_wordings_nobody_foresaw_few_are_found_so_that_a_person_must_still_be_able_to_link(among):
    """Held-out pairs avoid the known subjects on purpose; the docs tell these two figures beside the good ones."""
    precision, recall = measured(pairs("held_out.yaml"), among)
    assert precision >= 0.6
    assert recall >= 0.2


def test_the_earlier_texts_are_given_best_first_and_never_more_than_asked():
    earlier = {1: "电费太贵。", 2: "商标在国外被抢注，维权费用高。", 3: "国外有人抢注商标。"}
    found = nearest("出口商标被境外公司抢先注册，打官司花费大。", earlier, limit=1)
    assert [one.key for one in found] == [2]


def test_nothing_resembles_a_text_of_common_words_only():
    assert nearest("希望政府进一步加强支持。", {1: "希望政府进一步加强支持力度。"}) == []
    assert not terms_of("希望政府进一步加强支持。").words


def test_a_template_with_other_figures_and_dates_is_a_copy():
    one = "我局于2025年3月1日召开专题会议，走访企业12家，制定工作方案，下一步将持续推进落实。"
    other = "我局于2025年9月20日召开专题会议，走访企业8家，制定工作方案，下一步将持续推进落实。"
    assert copied_share(one, other) == 1.0


def test_two_answers_of_their_own_are_no_copies_and_a_short_one_says_nothing():
    one = "已在两个园区设维权援助点，为三家企业做了可行性研判，两家决定起诉。"
    other = "预审中心把平均用时和排队数放上网站，每周一更新，辅导四十家企业。"
    assert copied_share(one, other) < 0.1
    assert copied_share("已办结。", "已办结。") == 0.0


def test_the_most_copied_of_several_answers_is_named():
    text = "召开推介会一场，发布海外参展目录，组织二十家企业报名参加展会。"
    found = most_copied(text, {7: "别的事情，别的答复，完全没有关系的一段文字放在这里。", 9: text})
    assert found is not None
    assert (found.key, found.share) == (9, 1.0)
