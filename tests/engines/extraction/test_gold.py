"""Quality is measured: our own articles on every clone, the gold set of other articles where its texts lie."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from tests.engines.extraction.short import HERE, shared
from zhicheng.apps.intelligence.commands import news


def scored(gold, *more, part):
    result = CliRunner().invoke(news, ["score", str(gold), "--format", "json", *map(str, more)])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)[part]


def percent(share):
    return float(share.rstrip("%"))


def test_our_own_articles_are_read_without_a_mistake():
    row = scored(HERE / "own" / "gold.jsonl", part="own")
    assert (row["all"]["missed"], row["all"]["wrong"], row["traps_fallen_into"]) == (0, 0, 0)
    assert row["all"]["base_values"].split("/")[0] == row["all"]["base_values"].split("/")[1]
    assert row["all"]["offsets"].split("/")[0] == row["all"]["offsets"].split("/")[1]


@pytest.mark.parametrize("part", ["tune", "unseen"])
def test_recall_and_precision_on_other_articles_reach_the_aim(part):
    texts = shared("fixtures", "news")
    row = scored(HERE / "gold" / f"{part}.jsonl", "--texts", texts, part=part)["all"]
    assert percent(row["recall"]) >= 95
    assert percent(row["precision"]) >= 97
    for exact in ("offsets", "base_values"):
        right, of = row[exact].split("/")
        assert right == of


def test_the_gold_set_holds_offsets_and_labels_but_no_words():
    rows = [
        json.loads(line)
        for path in (HERE / "gold").glob("*.jsonl")
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    assert {key for row in rows for key in row} <= {
        "file", "item", "field", "sha256", "part", "start", "end", "label", "kind", "base_value", "base_unit", "approx", "indicator_id",
    }  # fmt: skip
    assert sum(row["label"] == "figure" for row in rows) >= 150
    assert sum(row["label"] == "trap" for row in rows) >= 100


def test_no_article_lies_in_both_parts():
    parts = {}
    for path in (HERE / "gold").glob("*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            parts.setdefault((row["file"], row["item"]), set()).add(row["part"])
    assert all(len(of) == 1 for of in parts.values())


def test_a_text_that_changed_since_it_was_labelled_is_refused(tmp_path):
    (tmp_path / "文.txt").write_text("全市有专利12件。", encoding="utf-8")
    gold = tmp_path / "gold.jsonl"
    row = {"file": "文.txt", "sha256": "0" * 64, "start": 4, "end": 6, "label": "figure", "kind": "metric"}
    gold.write_text(json.dumps(row), encoding="utf-8")
    result = CliRunner().invoke(news, ["score", str(gold)])
    assert result.exit_code != 0
    assert "标注时不同" in str(result.exception or result.output)


def test_mistakes_are_listed_one_by_one(tmp_path):
    (tmp_path / "文.txt").write_text("全市有专利12件，商标30件。", encoding="utf-8")
    gold = tmp_path / "gold.jsonl"
    rows = [
        {"file": "文.txt", "start": 5, "end": 7, "label": "trap"},
        {"file": "文.txt", "start": 11, "end": 13, "label": "figure", "kind": "metric", "base_value": "31"},
    ]
    gold.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    output = CliRunner().invoke(news, ["score", str(gold), "--mistakes"]).output
    assert "wrong" in output
    assert "value" in output
    assert "陷阱 1 处，误入 1 处" in output
