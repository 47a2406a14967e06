"""The JSON that other programs rely on: keys, kinds, and offsets in code points of the raw file, end exclusive."""

from __future__ import annotations

import hashlib
import json

import pytest
from click.testing import CliRunner

from tests.engines.extraction.short import HERE, taken_from
from zhicheng.apps.intelligence.commands import news

FIGURE = {
    "value", "unit", "base_value", "base_unit", "approx", "indicator", "indicator_id", "subject", "region", "region_code",
    "period", "qualifiers", "rank", "sentence", "start", "end", "confidence", "kind",
}  # fmt: skip
KINDS = {"metric", "change", "rank", "policy_amount", "time_commitment", "count", "date"}
OWN = sorted((HERE / "own").glob("*.txt"))


@pytest.fixture(scope="module")
def data():
    result = CliRunner().invoke(
        news, ["extract", str(HERE / "own" / "press_conference.txt"), "--format", "json"]
    )
    assert result.exit_code == 0
    return json.loads(result.stdout)


def test_the_top_level_has_exactly_the_keys_of_the_contract(data):
    assert set(data) == {"file", "sha256", "article", "figures", "policies", "people", "repairs"}
    assert data["file"] == "press_conference.txt"
    assert data["sha256"] == hashlib.sha256((HERE / "own" / "press_conference.txt").read_bytes()).hexdigest()


def test_every_figure_has_exactly_the_keys_of_the_contract(data):
    assert all(set(one) == FIGURE for one in data["figures"])
    assert {one["kind"] for one in data["figures"]} == KINDS - {"rank"}
    assert all(
        one["rank"] is None or set(one["rank"]) == {"text", "value", "bound", "scope"}
        for one in data["figures"]
    )
    assert all(
        one["period"] is None or set(one["period"]) == {"text", "kind", "start", "end"}
        for one in data["figures"]
    )


def test_numbers_are_strings_and_confidence_is_a_share(data):
    for one in data["figures"]:
        assert isinstance(one["value"], str)
        assert isinstance(one["base_value"], str)
        assert 0 < one["confidence"] <= 1


def test_what_the_text_does_not_say_is_null(data):
    dates = [one for one in data["figures"] if one["kind"] == "date"]
    assert all(one["indicator"] is None and one["indicator_id"] is None for one in dates)


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_offsets_are_code_points_of_the_decoded_file_whatever_its_encoding(path, encoding):
    text = path.read_text(encoding="utf-8").replace("\ufffd", "?")
    found = taken_from(text.encode(encoding), path.name)
    raw = found.reading.raw
    for one in found.figures:
        if one.kind not in ("date", "rank", "time_commitment"):
            assert raw[one.start : one.end].lstrip("-")[0] in "0123456789一二两三四五六七八九十百千近", one


def test_a_span_covers_the_number_as_written_through_notes_and_scripts():
    text = "市場(chǎng)監(jiān)管局查處專利商標(biāo)違法案件１２３件，接受咨詢４０００多人次，銷毀產(chǎn)品１．１萬件。"
    found = taken_from(text.encode()).figures
    assert [text[one.start : one.end] for one in found] == ["１２３", "４０００多", "１．１萬"]
    assert [one.base_value for one in found] == ["123", "4000", "11000"]


def test_characters_beyond_the_first_plane_count_as_one_code_point():
    text = "𠀀𠀁企业有专利950件，𠮷祥公司有商标60件。"
    assert [text[one.start : one.end] for one in taken_from(text.encode()).figures] == ["950", "60"]


def test_several_files_give_a_list_and_a_missing_one_a_refusal():
    result = CliRunner().invoke(news, ["extract", *map(str, OWN), "--format", "json"])
    assert [one["file"] for one in json.loads(result.stdout)] == [path.name for path in OWN]
    assert CliRunner().invoke(news, ["extract", "没有这个文件.txt"]).exit_code != 0


def test_repairs_in_the_output_hold_raw_offsets():
    text = "市政協(xié)召開會議，辦理案件１２件。"
    found = taken_from(text.encode())
    for one in found.as_data()["repairs"]:
        assert text[one["start"] : one["end"]] == one["before"]
